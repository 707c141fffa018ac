"""A refresh from end to end, asking for one, and telling how far it is.

Pages call `ask_for_refresh` and `refresh_state`; importing this module imports neither dbt nor Great Expectations.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time
from collections.abc import Callable

import structlog
from filelock import FileLock, Timeout
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from models.builds.data_dir import DataDir
from models.builds.placement import followed_source
from models.builds.published import current_build
from models.builds.snapshot import open_snapshot
from models.errors import InputError, PlimsollError, kept_message
from models.kpis.caveats import of_build
from models.vocabulary import BatchStatus
from models.words.wording import translate
from pipeline.alerts.evaluating import catch_up, evaluate_published
from pipeline.logs import unexpected
from pipeline.refresh import basis, building, publishing
from pipeline.refresh.baselines.baselines import mark_published, settle
from pipeline.refresh.closed_books import keep_closed_books
from pipeline.refresh.freezing import FrozenInputs, freeze
from pipeline.refresh.locking import RefreshNote, is_alive, refresh_holder, refresh_lock
from pipeline.refresh.result import RefreshResult, RefreshStatus
from pipeline.settings import HOUSE, Settings
from pipeline.store import control
from pipeline.store.health import check_store
from pipeline.store.landed_hashes import check_landed_files
from pipeline.store.server import connecting, locks
from pipeline.store.storage_errors import REFUSALS, as_sentence, in_sentences

HEARTBEAT_FACT = "worker_heartbeat"
HEARTBEAT_TRUSTED_SECONDS = 15  # five missed beats
_NOTE_EVERY_SECONDS = 0.25  # progress on screen is polled once a second

_PROGRESS = ("step", "done", "total", "since", "asked_by")
_LAST_RUNS = 10  # that a screen lists
_QUEUE_PATIENCE_SECONDS = 3_600  # longer than any refresh on the machine this is for

OnStep = Callable[[str, int, int], None]
log = structlog.get_logger("plimsoll.refreshing")


def refresh(
    data_dir: DataDir,
    as_of: dt.date | None = None,
    asked_by: str = "cli",
    on_step: OnStep | None = None,
    *,
    settings: Settings | None = None,
    wait_seconds: float = 0,
    whole: bool = False,
) -> RefreshResult:
    """Freezes, builds, tests and publishes; all that was asked for until now is served by it.

    whole: makes everything of the landed files, where otherwise what has not changed since the build before is kept.
    on_step(step, done, total) is called at the beginning of each step, and during `build` after each node.
    Raises: PlimsollError 'refresh.running' if another one runs (after waiting that long); 'refresh.nothing_landed'; as
    `store_health` has it where the control store is damaged or does not belong to what lies beside it.
    """
    settings = settings or Settings()
    check_store(data_dir)
    _something_to_build(data_dir)
    building.warm()  # dbt is imported over there while the inputs are frozen here
    with in_sentences(data_dir), refresh_lock(data_dir, asked_by, wait_seconds) as note:
        publishing.recover(data_dir)
        catch_up(data_dir)
        run = _Run(data_dir, asked_by, note, on_step)
        try:
            return _refresh(data_dir, as_of, settings, run, whole=whole)
        except PlimsollError as error:
            return run.stop("failed", error)
        except REFUSALS as error:
            return run.stop("failed", as_sentence(error, str(data_dir.root)))
        except Exception as error:
            return run.stop("failed", unexpected(error))
        except BaseException as error:  # Ctrl-C and SIGTERM: the run must not look as if it went on
            run.stop(
                "interrupted", PlimsollError("interrupted", "Interrupted ({signal}).", signal=type(error).__name__)
            )
            raise


def _refresh(data_dir: DataDir, as_of: dt.date | None, settings: Settings, run: _Run, *, whole: bool) -> RefreshResult:
    run.on_step("freeze", 0, 0)
    building.sweep(data_dir)
    take_requests(data_dir)  # they are answered by this run, however often they were asked
    check_landed_files(data_dir)
    keep_closed_books(data_dir, current_build(data_dir))  # where a kill came between publishing and keeping
    run.facts["baselines_waiting"] = settle(data_dir)
    inputs = freeze(data_dir, run.build_id, as_of, settings)
    run.facts["rows_per_feed"] = inputs.manifest["rows_per_feed"]
    before = current_build(data_dir)
    start = None if whole else basis.found(data_dir, inputs)
    result = _from(start, data_dir, inputs, settings, run) if start else None
    if result is None:
        start, result = None, building.build(data_dir, inputs, settings, run.on_step)
    run.facts["nodes"] = len(result.nodes)
    run.facts["nodes_kept"] = len(result.kept)
    run.facts["warned_tests"] = [node["name"] for node in result.warned]
    if result.failed:
        run.on_step("failing rows", 0, 0)
        return _failed(data_dir, run, result)
    counts = {"nodes": len(result.nodes), "nodes_kept": len(result.kept)}
    build = publishing.publish(data_dir, run.build_id, inputs.manifest | counts, run.on_step)
    basis.keep(data_dir, inputs, result.warned, start)
    run.on_step("compare", 0, 0)
    mark_published(data_dir, inputs.manifest)
    keep_closed_books(data_dir, build)
    run.facts["changes"] = publishing.changed_statuses(data_dir, build, before)
    run.facts["deleted_builds"] = publishing.keep_newest(data_dir, settings.builds_kept)
    run.on_step("alerts", 0, 0)
    run.facts["alerts"] = evaluate_published(data_dir, build)
    run.facts["caveats"] = [
        caveat | {"message": translate(caveat["template"], caveat["details"], "en")}
        for caveat in of_build(open_snapshot(build))
    ]
    return run.end("published")


def _from(
    start: basis.Basis, data_dir: DataDir, inputs: FrozenInputs, settings: Settings, run: _Run
) -> building.BuildResult | None:
    """The build that starts from the one before; None where it fails: that file may be what is wrong, so all is made then."""
    try:
        result = building.build(data_dir, inputs, settings, run.on_step, start)
    except PlimsollError as error:
        log.warning("whole_build_follows", build_id=run.build_id, reason=str(error))
        return None
    if result.failed:
        log.warning("whole_build_follows", build_id=run.build_id, reason=[node["name"] for node in result.failed][:5])
        return None
    return result


def _failed(data_dir: DataDir, run: _Run, result: building.BuildResult) -> RefreshResult:
    saved = building.save_failing_rows(data_dir, result, run.run_id)
    run.facts["failed_tests"] = [
        {
            "name": node["name"],
            "kind": node["resource_type"],
            "status": node["status"],
            "message": node["message"],
            "failures": node["failures"],
            "rows_file": str(saved[node["name"]].relative_to(data_dir.root)) if node["name"] in saved else None,
        }
        for node in sorted(result.failed, key=lambda node: node["status"] == "skipped")  # causes before consequences
    ]
    broken = [test for test in run.facts["failed_tests"] if test["status"] != "skipped"]
    first = broken[0] if broken else run.facts["failed_tests"][0]
    error = PlimsollError(
        "refresh.tests_failed",
        "{failed} of {nodes} nodes failed, the first one {name}: {message}. Nothing was published; the last good build stays.",
        failed=len(run.facts["failed_tests"]),
        nodes=len(result.nodes),
        name=first["name"],
        message=" ".join(str(first["message"]).split()),
    )
    return run.end("failed", error)


class _Run:
    """One row of `runs`, and the note beside the lock, kept up to date while a refresh goes on."""

    def __init__(self, data_dir: DataDir, asked_by: str, note: RefreshNote, on_step: OnStep | None):
        self.data_dir = data_dir
        self.build_id = publishing.next_build_id(data_dir)
        self.facts: dict = {"rows_per_feed": {}, "failed_tests": [], "warned_tests": [], "nodes": 0}
        self._note = note
        self._progress = on_step
        self._steps: list[dict] = []
        self._step_began = time.monotonic()
        self._noted = 0.0
        began = {"kind": "refresh", "asked_by": asked_by, "build_id": self.build_id, "process_id": note.process_id}
        empty = {"status": "running", "started_at": control.iso(control.now_utc()), "steps": [], "failed_tests": []}
        with control.writing(data_dir) as connection:
            inserted = connection.execute(control.runs.insert().values(**began, **empty))
            self.run_id: int = inserted.inserted_primary_key[0]
            control.note(connection, asked_by, "refresh", self.build_id, run_id=self.run_id)

    def on_step(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if not self._steps or self._steps[-1]["step"] != step:
            self._close_step(now)
            self._steps.append({"step": step, "seconds": 0.0})
            self._save(step=step, steps=self._steps)
            self._noted = 0.0
            log.info("step", build_id=self.build_id, step=step)
        if now - self._noted >= _NOTE_EVERY_SECONDS:
            self._note.update(step=step, done=done, total=total)
            self._noted = now
        if self._progress:
            self._progress(step, done, total)

    def stop(self, status: str, error: PlimsollError) -> RefreshResult:
        """Ends a run that did not come to its end; published all the same if its pointer was written already."""
        published = publishing.clear_unpublished(self.data_dir, self.build_id)
        stopped = {"build_id": self.build_id, "status": status, "published": published}
        log.warning("refresh_stopped", **stopped, code=error.code, reason=str(error))
        return self.end("published" if published else status, error)

    def end(self, status: str, error: PlimsollError | None = None) -> RefreshResult:
        message = error and error.as_json()
        kept = message and json.dumps(message, ensure_ascii=False, default=str)
        self._close_step(time.monotonic())
        ended = {"status": status, "ended_at": control.iso(control.now_utc()), "error": kept, "step": None}
        with control.writing(self.data_dir) as connection:
            connection.execute(
                update(control.runs)
                .where(control.runs.c.run_id == self.run_id)
                .values(**ended, steps=self._steps, failed_tests=self.facts["failed_tests"])
            )
            action = "publish" if status == "published" else f"refresh {status}"
            control.note(connection, "pipeline", action, self.build_id, run_id=self.run_id, error=error and str(error))
        log.info("refresh_ended", build_id=self.build_id, status=status, error=error and str(error))
        facts = self.facts | ({"error": message} if message else {})
        return RefreshResult(
            build_id=self.build_id,
            status=RefreshStatus(status),
            run_id=self.run_id,
            seconds={step["step"]: step["seconds"] for step in self._steps},
            **facts,
        )

    def _close_step(self, now: float) -> None:
        if self._steps:
            self._steps[-1]["seconds"] = round(now - self._step_began, 3)
        self._step_began = now

    def _save(self, **values: object) -> None:
        with control.writing(self.data_dir) as connection:
            connection.execute(update(control.runs).where(control.runs.c.run_id == self.run_id).values(**values))


def anything_landed(data_dir: DataDir) -> bool:
    """Whether a batch would count in the next build. A folder without a control store holds none, and is not made here."""
    landed = select(control.batches.c.batch_id).where(control.batches.c.status == BatchStatus.LANDED).limit(1)
    with in_sentences(data_dir):
        return bool(control.rows(data_dir, landed))


def _something_to_build(data_dir: DataDir) -> None:
    if not anything_landed(data_dir) and not current_build(data_dir):
        raise InputError(
            "refresh.nothing_landed",
            "Nothing has been loaded into {path} yet. Load exports with `python -m pipeline load FILE…`, "
            "or the sample portfolio with `python -m pipeline sample`.",
            path=str(data_dir.root),
        )


def ask_for_refresh(data_dir: DataDir, asked_by: str) -> None:
    """Queues a refresh and returns at once: a living worker takes it within a second, else a detached process does; of a folder
    that follows another's builds, the next worker.

    Asking twice before it begins is asking once.
    """
    with control.writing(data_dir) as connection:
        connection.execute(control.requests.insert().values(asked_by=asked_by, asked_at=control.iso(control.now_utc())))
    if not worker_is_alive(data_dir) and not followed_source(data_dir):
        data_dir.logs.mkdir(parents=True, exist_ok=True)
        with (data_dir.logs / "refresh_output.log").open("ab") as output:
            subprocess.Popen(
                [sys.executable, "-m", "pipeline", "refresh", "--queued", "--json", "--data-dir", str(data_dir.root)],
                cwd=HOUSE,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )


def serve_requests(data_dir: DataDir, settings: Settings | None = None) -> list[RefreshResult]:
    """Refreshes until nothing asked for is left; waits for a refresh that runs. Returns the results.

    One process serves; the others end at once, since the serving one looks again after it has let go.
    """
    results: list[RefreshResult] = []
    while asked_by := pending_request(data_dir):
        serving = FileLock(data_dir.root / "serving.lock", timeout=0, fallback_to_soft=False)
        try:
            with serving:
                while asked_by:
                    results.append(
                        refresh(data_dir, None, asked_by, settings=settings, wait_seconds=_QUEUE_PATIENCE_SECONDS)
                    )
                    asked_by = pending_request(data_dir)
        except Timeout:
            break
    return results


def pending_request(data_dir: DataDir) -> str | None:
    """Who asked first for a refresh that has not begun; None when nobody did."""
    waiting = select(control.requests.c.asked_by).where(control.requests.c.taken_at.is_(None))
    found = control.rows(data_dir, waiting.order_by(control.requests.c.request_id).limit(1))
    return found[0]["asked_by"] if found else None


def take_requests(data_dir: DataDir) -> None:
    """What was asked for until now waits no longer."""
    waiting = update(control.requests).where(control.requests.c.taken_at.is_(None))
    with control.writing(data_dir) as connection:
        connection.execute(waiting.values(taken_at=control.iso(control.now_utc())))


def worker_is_alive(data_dir: DataDir) -> bool:
    """Whether a worker of this data folder beat within the last seconds and its process still lives, or, where machines share
    a control store, the session that holds its lock."""
    if not control.exists(data_dir):
        return False
    with control.reading(data_dir) as connection:
        found = control.fact(connection, HEARTBEAT_FACT)
        if found is None:
            return False
        beat = json.loads(found)
        if abs(control.seconds(connection) - beat["at"]) > HEARTBEAT_TRUSTED_SECONDS:
            return False
        if connecting.address():
            return locks.is_held(connection, locks.Lock.WORKER)
    return is_alive(beat["process_id"], beat["process_started"])


def refresh_state(data_dir: DataDir) -> dict:
    """What a screen needs to tell about refreshing.

    Returns: {running, step, done, total, since, asked_by (None when none runs), pending, worker_alive, last_runs: newest first
    [{run_id, asked_by, started_at, ended_at, status, build_id, steps, failed_tests, error: {code, message, template, details},
    of an earlier version {message}, or None}], problem: None, or why the control
    store cannot be read}.
    """
    state = {"running": False} | dict.fromkeys(_PROGRESS)
    try:
        holder = refresh_holder(data_dir)
        state |= {"running": holder is not None} | {name: (holder or {}).get(name) for name in _PROGRESS}
        return state | {
            "pending": pending_request(data_dir) is not None,
            "worker_alive": worker_is_alive(data_dir),
            "last_runs": _last_runs(data_dir, holder),
            "problem": None,
        }
    except (
        OperationalError,
        PlimsollError,
    ) as error:  # a read-only folder, a damaged store: readers do not break over it
        problem = str(getattr(error, "orig", error))
        return state | {"pending": False, "worker_alive": False, "last_runs": [], "problem": problem}


def _last_runs(data_dir: DataDir, holder: dict | None) -> list[dict]:
    newest_first = select(control.runs).order_by(control.runs.c.run_id.desc())
    last_runs = control.rows(data_dir, newest_first.limit(_LAST_RUNS))
    for run in last_runs:
        run["error"] = kept_message(run["error"])
        if run["status"] == "running" and (holder is None or holder["process_id"] != run["process_id"]):
            run["status"] = "interrupted"  # its process is gone; the next refresh writes this down
    return last_runs
