"""The worker: refreshes by schedule and on request, watches the inbox, and says that it lives.

The schedule only asks; the main loop refreshes, one at a time. dbt stays imported in the fork server, so that a refresh on
request need not wait for it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import psutil
import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from filelock import FileLock, Timeout
from sqlalchemy import Connection, delete, select

from models.builds.data_dir import DataDir
from models.builds.placement import refuse_writing
from models.builds.published import current_build
from models.errors import InputError, PlimsollError
from models.vocabulary import FileStatus
from pipeline.logs import note_error
from pipeline.notices import send_waiting
from pipeline.refresh import building
from pipeline.refresh.freezing import catalogue_hash
from pipeline.refresh.refreshing import HEARTBEAT_FACT, anything_landed, pending_request, refresh, take_requests
from pipeline.settings import Settings
from pipeline.store import control
from pipeline.store.server import connecting, locks

HEARTBEAT_EVERY_SECONDS = 3
_LOOK_EVERY_SECONDS = 0.5  # a request waits at most this long
_INBOX_EVERY_SECONDS = 2  # people drop files by hand: they do not notice two seconds
_NOTICES_EVERY_SECONDS = 5  # a look into the outbox is one query
_AFTER_STUMBLING_SECONDS = 60
_NOTICES_END_WITHIN_SECONDS = 5  # a message under way may come to its end; one cut off would need a person

log = structlog.get_logger("plimsoll.worker")


class _Stopped(BaseException):
    """SIGTERM: ends whatever the main loop does, a refresh under way included; its run is marked interrupted."""


def work(data_dir: DataDir, settings: Settings) -> None:
    """Works until SIGTERM or Ctrl-C.

    Raises: PlimsollError 'worker.running' if another worker works on this data folder; InputError 'worker.cron'; as
    `refuse_writing` has it.
    """
    schedule = refresh_schedule(settings)
    refuse_writing(data_dir)
    data_dir.root.mkdir(parents=True, exist_ok=True)
    data_dir.inbox.mkdir(exist_ok=True)
    try:
        lock = FileLock(data_dir.root / "worker.lock", timeout=0, fallback_to_soft=False).acquire()
    except Timeout:
        raise _works_already(str(data_dir.root)) from None
    signal.signal(signal.SIGTERM, _stop)
    scheduler = BackgroundScheduler(timezone=ZoneInfo(settings.time_zone))
    stopping = threading.Event()
    with lock, _seat(data_dir) as seat:
        sending = (data_dir, settings, seat, stopping)
        notices = threading.Thread(target=_send_notices, args=sending, name="notices", daemon=True)
        try:
            building.warm()
            scheduler.add_job(seat.beat, "interval", seconds=HEARTBEAT_EVERY_SECONDS, max_instances=1)
            if schedule:
                # a machine that slept through a run wakes up to one run, however many it missed
                scheduler.add_job(
                    seat.ask, schedule, ["schedule"], coalesce=True, misfire_grace_time=None, max_instances=1
                )
            scheduler.start()
            now = dt.datetime.now(ZoneInfo(settings.time_zone))
            if missed_run(data_dir, schedule, now) or made_by_another_version(data_dir, settings):
                seat.ask("schedule")
            notices.start()
            log.info("worker_started", schedule=settings.refresh_cron, time_zone=settings.time_zone)
            _loop(data_dir, settings, seat)
        except (_Stopped, KeyboardInterrupt):
            log.info("worker_stopped")
        finally:
            stopping.set()
            if scheduler.running:
                scheduler.shutdown(wait=False)
            if notices.is_alive():
                notices.join(_NOTICES_END_WITHIN_SECONDS)


def _works_already(place: str) -> PlimsollError:
    return PlimsollError("worker.running", "Another worker works on {path} already. One is enough.", path=place)


class Seat:
    """The place of the one worker, and the beat that says it is taken. Of a file, whoever holds its lock has it."""

    def __init__(self, data_dir: DataDir) -> None:
        self.data_dir = data_dir
        self.is_ours = True

    def beat(self) -> None:
        """Writes that this process is alive, now."""
        with control.writing(self.data_dir) as connection:
            control.write_fact(connection, HEARTBEAT_FACT, _beat(connection))

    def ask(self, asked_by: str) -> None:
        if self.is_ours:
            ask(self.data_dir, asked_by)

    def leave(self) -> None:
        with control.writing(self.data_dir) as connection:
            connection.execute(delete(control.facts).where(control.facts.c.name == HEARTBEAT_FACT))


class SeatAmongMachines(Seat):
    """The lock is one of the server. A worker that lost it does nothing until it has it again."""

    def __init__(self, data_dir: DataDir) -> None:
        super().__init__(data_dir)
        self._lock = locks.Kept(control.engine(data_dir), locks.Lock.WORKER)

    def beat(self) -> None:
        session, had = self._lock.session(), self.is_ours
        self.is_ours = session is not None
        if self.is_ours != had:
            log.warning("worker_lock", is_ours=self.is_ours)
        if session is not None:
            control.write_fact(session, HEARTBEAT_FACT, _beat(session))

    def leave(self) -> None:
        if self.is_ours:
            super().leave()
        self._lock.let_go()


@contextmanager
def _seat(data_dir: DataDir) -> Iterator[Seat]:
    server = connecting.address()
    seat = SeatAmongMachines(data_dir) if server else Seat(data_dir)
    seat.beat()
    if not seat.is_ours:
        raise _works_already(connecting.shown(server))
    try:
        yield seat
    finally:
        seat.leave()


def refresh_schedule(settings: Settings) -> CronTrigger | None:
    """The cron expression (minute hour day month weekday) in the set zone; None where it is empty.

    Raises: InputError 'worker.cron'.
    """
    if not settings.refresh_cron.strip():
        return None
    try:
        return CronTrigger.from_crontab(_named_weekdays(settings.refresh_cron), timezone=ZoneInfo(settings.time_zone))
    except ValueError as error:
        raise InputError(
            "worker.cron",
            "PLIMSOLL_REFRESH_CRON is no cron expression: {cron} ({reason}). "
            "It has five parts, for example 30 6 * * 1-5 for half past six on weekdays.",
            cron=settings.refresh_cron,
            reason=str(error),
        ) from error


def missed_run(data_dir: DataDir, schedule: CronTrigger | None, now: dt.datetime) -> bool:
    """Whether a scheduled refresh fell due since the last one began, or there are batches that no build ever read."""
    if not anything_landed(data_dir):
        return False
    with control.reading(data_dir) as connection:
        last = connection.execute(
            select(control.runs.c.started_at)
            .where(control.runs.c.status.in_(("published", "failed")))
            .order_by(control.runs.c.run_id.desc())
            .limit(1)
        ).scalar()
    if last is None:
        return current_build(data_dir) is None
    if schedule is None:
        return False
    # the run of 06:30:00 began at 06:30:00 by the store's clock, which has no fractions: it must not count as missed
    due = schedule.get_next_fire_time(None, dt.datetime.fromisoformat(last) + dt.timedelta(seconds=1))
    return due is not None and due <= now


def made_by_another_version(data_dir: DataDir, settings: Settings) -> bool:
    """Whether the published build was made from another catalogue than this version has: its pages may lack what they read."""
    build = current_build(data_dir)
    if build is None or not anything_landed(data_dir):
        return False
    return build.manifest.get("catalogue_hash") != catalogue_hash(settings.dbt_project)


def ask(data_dir: DataDir, asked_by: str) -> None:
    """Puts a request into the queue, unless one waits already."""
    if pending_request(data_dir) is None:
        with control.writing(data_dir) as connection:
            asked_at = control.iso(control.now_utc())
            connection.execute(control.requests.insert().values(asked_by=asked_by, asked_at=asked_at))


def _beat(connection: Connection) -> str:
    here = {"machine": platform.node(), "process_id": os.getpid(), "process_started": psutil.Process().create_time()}
    return json.dumps({"at": control.seconds(connection)} | here)


def _loop(data_dir: DataDir, settings: Settings, seat: Seat) -> None:
    look = threading.Event()  # never set: waiting on it ends early at a signal
    inbox_looked_at = 0.0
    while True:
        if not seat.is_ours:
            look.wait(HEARTBEAT_EVERY_SECONDS)
            continue
        try:
            if time.monotonic() - inbox_looked_at >= _INBOX_EVERY_SECONDS:
                _look_into_inbox(data_dir)
                inbox_looked_at = time.monotonic()
            if asked_by := pending_request(data_dir):
                _refresh(data_dir, asked_by, settings)
        except Exception as error:
            # the control store may be locked or the disk full: a worker that ends helps nobody
            log.error("worker_stumbled", error_id=note_error(error), kind=type(error).__name__)
            look.wait(HEARTBEAT_EVERY_SECONDS)
        look.wait(_LOOK_EVERY_SECONDS)


def _send_notices(data_dir: DataDir, settings: Settings, seat: Seat, stopping: threading.Event) -> None:
    """On a thread of its own: a mail server that does not answer holds no refresh."""
    while not stopping.wait(_NOTICES_EVERY_SECONDS):
        if not seat.is_ours:
            continue
        try:
            send_waiting(data_dir, settings, control.now_utc())
        except Exception as error:
            log.error("notices_stumbled", error_id=note_error(error), kind=type(error).__name__)
            stopping.wait(_AFTER_STUMBLING_SECONDS)


def _look_into_inbox(data_dir: DataDir) -> None:
    from pipeline.ingest import pick_up_inbox  # noqa: PLC0415 - brings polars and the readers

    entries = pick_up_inbox(data_dir)
    if any(entry.status == FileStatus.LANDED for entry in entries):
        ask(data_dir, "inbox")


def _refresh(data_dir: DataDir, asked_by: str, settings: Settings) -> None:
    try:
        result = refresh(data_dir, None, asked_by, settings=settings)
    except PlimsollError as error:
        log.warning("refresh_not_done", code=error.code, reason=str(error))
        if error.code == "refresh.running":
            time.sleep(_INBOX_EVERY_SECONDS)  # a refresh from the command line: the request waits for its end
        else:
            take_requests(data_dir)  # what cannot be served (nothing is loaded) is not asked again every half second
    else:
        log.info("refreshed", build_id=result.build_id, status=result.status, seconds=result.seconds)


def _named_weekdays(cron: str) -> str:
    """Weekdays as cron counts them (0 and 7 are Sunday) in the names that APScheduler reads; it counts from Monday."""
    parts = cron.split()
    if len(parts) == 5 and parts[4] != "*":
        names = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
        day, *step = parts[4].split("/")
        day = ",".join(
            "-".join(names[int(end)] if end.isdigit() and int(end) <= 7 else end for end in span.split("-"))
            for span in day.split(",")
        )
        parts[4] = "/".join([day, *step])
    return " ".join(parts)


def _stop(_signal_number, _frame) -> None:
    raise _Stopped
