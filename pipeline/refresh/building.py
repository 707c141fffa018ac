"""One build in a child process that ends, so that nothing keeps the finished file open.

The child comes from a fork server: a worker forks one per build; a one-off command starts the server while the inputs are being
frozen. It runs what dbt compiled of the project; dbt itself is imported where the project or its settings have changed.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import multiprocessing.forkserver
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import duckdb
import structlog
from filelock import FileLock, Timeout

from models.builds.data_dir import DataDir
from models.errors import PlimsollError
from pipeline.refresh import child
from pipeline.refresh.basis import Basis
from pipeline.refresh.freezing import FrozenInputs
from pipeline.refresh.graph import check_whole, settled
from pipeline.refresh.job import DbtJob
from pipeline.settings import Settings

ROWS_KEPT_OF_A_FAILED_TEST = 1_000  # enough to see the pattern, small enough to open in a spreadsheet
_GOOD = {"success", "pass", "warn"}  # a test that its author declared a warning does not stop a build
_PATIENCE_SECONDS = 20  # for the child of a killed refresh to notice that its parent is gone; it takes milliseconds

OnStep = Callable[[str, int, int], None]
log = structlog.get_logger("plimsoll.building")


@dataclass(frozen=True)
class BuildResult:
    """Every planned node once: unique_id, name, resource_type, status, seconds, message, failures, compiled_sql, is_kept."""

    nodes: list[dict]

    @property
    def failed(self) -> list[dict]:
        return [node for node in self.nodes if node["status"] not in _GOOD]

    @property
    def kept(self) -> list[dict]:
        return [node for node in self.nodes if node["is_kept"]]

    @property
    def warned(self) -> list[dict]:
        return [node for node in self.nodes if node["status"] == "warn"]


def warm() -> None:
    """Starts the fork server and, in it, the imports of a build; returns at once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipeline.refresh.child"])
    with _no_program():
        multiprocessing.forkserver.ensure_running()


@contextmanager
def _no_program() -> Iterator[None]:
    """Hides the running program from multiprocessing, which would run its file once more in the child.

    The child needs nothing of it, and not every program can be run twice: a page under test, a script without a main guard.
    """
    program = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


def sweep(data_dir: DataDir) -> None:
    """Empties building/ of whatever an earlier run left there, once its child is gone.

    Raises: PlimsollError 'build.child_lingers' if the child of an earlier run does not end.
    """
    data_dir.warehouse.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(_child_lock(data_dir), timeout=_PATIENCE_SECONDS):
            shutil.rmtree(data_dir.building, ignore_errors=True)
            data_dir.building.mkdir()
    except Timeout:
        raise PlimsollError(
            "build.child_lingers",
            "An earlier build is still writing to {path}. Wait for it to end, then refresh again.",
            path=str(data_dir.building),
        ) from None


def build(
    data_dir: DataDir, inputs: FrozenInputs, settings: Settings, on_step: OnStep, basis: Basis | None = None
) -> BuildResult:
    """Builds building/plimsoll.duckdb: models, seeds and data tests. Steps told: parse, build.

    basis: the build that this one starts from, of which only what differs is made again; None: all is made.
    Returns when the child has ended and the file is closed. Failed nodes are in the result, not raised.
    Raises: PlimsollError when dbt could not run (build.dbt_broken), died (build.child_died), built nothing (build.nothing_built)
    or left out nodes that were planned (build.nodes_missing).
    """
    context = multiprocessing.get_context("forkserver")
    warm()
    database = build_database(data_dir)
    database.unlink(missing_ok=True)  # of an attempt that failed
    receiving, sending = context.Pipe(duplex=False)
    parsed = _parsed_project(data_dir, settings, inputs.manifest["catalogue_hash"])
    job = DbtJob(
        project=settings.dbt_project.resolve(),
        database=database,
        target=data_dir.building / "target",
        parsed=parsed,
        compiled=parsed / f"compiled-{_print_of(settled(inputs.dbt_vars))}.json",
        logs=data_dir.building / "logs",
        lock=_child_lock(data_dir),
        variables=inputs.dbt_vars,
        threads=settings.threads,
        memory_limit=settings.memory_limit,
        basis=basis,
    )
    process = context.Process(target=child.build, args=(job, sending), name="plimsoll-build")
    with _no_program():
        process.start()
    sending.close()
    planned: list[str] = []
    results: list[dict] | None = None
    try:
        while True:
            try:
                message = receiving.recv()
            except EOFError:
                break
            match message:
                case ("step", name):
                    on_step(name, 0, 0)
                case ("planned", unique_ids):
                    planned = unique_ids
                case ("node", done, total):
                    on_step("build", done, total)
                case ("results", nodes):
                    results = nodes
                case ("broken", error):
                    raise PlimsollError.of(error)
        process.join()
    finally:
        if process.is_alive():
            process.kill()
            process.join()
        receiving.close()
    if results is None:
        raise _child_died(process.exitcode, data_dir)
    return _counted(planned, results)


def build_database(data_dir: DataDir) -> Path:
    """Always the same name: the catalog name inside the views comes from it."""
    return data_dir.building / "plimsoll.duckdb"


def save_failing_rows(data_dir: DataDir, result: BuildResult, run_id: int) -> dict[str, Path]:
    """Up to 1,000 rows of every failed data test as warehouse/failed/<run>/<test>.parquet, for people to look at."""
    saved: dict[str, Path] = {}
    tests = [node for node in result.failed if node["resource_type"] == "test" and node["compiled_sql"]]
    if not tests or not build_database(data_dir).exists():
        return saved
    folder = data_dir.warehouse / "failed" / str(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(build_database(data_dir)), read_only=True) as database:
        for test in tests:
            path = folder / f"{test['name'][:120]}.parquet"
            try:
                rows = database.sql(f"select * from ({test['compiled_sql']}\n) limit {ROWS_KEPT_OF_A_FAILED_TEST}")
                rows.write_parquet(str(path))
            except duckdb.Error as error:  # a test that failed because its SQL is wrong has no rows to show
                log.warning("no_failing_rows", test=test["name"], reason=str(error))
            else:
                saved[test["name"]] = path
    return saved


def _counted(planned: list[str], results: list[dict]) -> BuildResult:
    """dbt ends well when it ran nothing, or less than it should: the nodes are counted against the plan."""
    if not planned or not results:
        raise PlimsollError(
            "build.nothing_built",
            "dbt ended without an error but built nothing ({planned} nodes planned, {found} built). "
            "The dbt project is empty or damaged: restore it, then refresh again.",
            planned=len(planned),
            found=len(results),
        )
    by_id = {node["unique_id"]: node for node in results}
    check_whole(planned, by_id)
    return BuildResult([by_id[unique_id] for unique_id in planned])


def _child_died(exit_code: int | None, data_dir: DataDir) -> PlimsollError:
    if exit_code == -signal.SIGKILL:
        return PlimsollError(
            "build.child_killed",
            "The build was killed from outside, most often because memory ran out. Nothing was published. "
            "Set PLIMSOLL_MEMORY_LIMIT (for example 2GB) and refresh again.",
        )
    return PlimsollError(
        "build.child_died",
        "The build ended with code {exit_code} and without a result. Nothing was published. Its output is in {path}.",
        exit_code=exit_code,
        path=str(data_dir.building / "logs" / "dbt_output.log"),
    )


def _parsed_project(data_dir: DataDir, settings: Settings, catalogue_hash: str) -> Path:
    """The folder with dbt's parsed copy of exactly this project; copies of earlier ones go, unless others may use them."""
    folder = (settings.parsed_dir or data_dir.warehouse / "parsed").resolve()  # the child works in another folder
    folder.mkdir(parents=True, exist_ok=True)
    parsed = folder / f"{catalogue_hash[:16]}-{version('dbt-core')}"
    for earlier in () if settings.parsed_dir else folder.glob("*"):
        if not earlier.name.startswith(parsed.name):
            shutil.rmtree(earlier, ignore_errors=True)
    return parsed


def _print_of(settled: dict) -> str:
    return hashlib.sha256(json.dumps(settled, sort_keys=True).encode()).hexdigest()[:16]


def _child_lock(data_dir: DataDir) -> Path:
    return data_dir.warehouse / "building.lock"
