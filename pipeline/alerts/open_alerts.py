"""The open alerts as every page names them: one small read, kept until something happens, and never a page's end.

A file is read past the engine of the control store, which makes its tables and would wait for a writer: a store that is
missing, older, locked or read-only gives what it can, else nothing. On a server nobody waits for a writer. The page of warnings
itself reads through `answering`, and says what fails.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
import structlog

from models.alerts.alert import AlertToday
from models.builds.data_dir import DataDir
from models.errors import PlimsollError
from pipeline.settings import Settings
from pipeline.store import control
from pipeline.store.server import connecting

PATIENCE_SECONDS = 0.05  # for a writer that is just ending; a page does not wait longer for its banner
ASKED_AGAIN_AFTER_SECONDS = (
    15  # a server that is gone: each look may take the seconds of a connection that nobody answers
)
log = structlog.get_logger("plimsoll.alerts")
_kept: dict[str, tuple[tuple, tuple[AlertToday, ...]]] = {}  # by server: of which last change, and the alerts

_LAST_CHANGE = """
    select
        (select max(event_id) from alert_events),
        (select build_id || ' ' || evaluated_at from evaluations order by rowid desc limit 1)
"""
_STANDING = "json_extract(machine, '$.course.standing')"
_OPEN = f"""
    select
        alert_key, kind, name, kpi_key, grain, project_key, module, phase, site, state, severity, machine, data_date, value,
        level, sentence, since_on, acknowledged_on, acknowledged_until, snoozed_until, escalated_on, last_build
    from alerts
    where {_STANDING} in ('firing', 'recovering')
"""


def open_alerts(data_dir: DataDir, today: dt.date | None = None) -> tuple[AlertToday, ...]:
    """Every alert that was told as firing and not yet as over, without cause and owner; none where the store cannot be read."""
    path = data_dir.control_store
    today = today or Settings().today()
    if server := connecting.address():
        return _of_server(data_dir, server, today)
    try:
        if not path.is_file():
            return ()
        with _read_only(path) as connection:
            last = connection.execute(_LAST_CHANGE).fetchone()
        return _open_alerts(path, tuple(last), today)
    except (sqlite3.Error, OSError, ValueError, KeyError, TypeError) as error:
        _note_once(str(path), f"{type(error).__name__}: {error}")
        return ()


def _of_server(data_dir: DataDir, server: str, today: dt.date) -> tuple[AlertToday, ...]:
    try:
        if not control.exists(data_dir):
            return ()
        with control.reading(data_dir) as connection:
            last = (*connection.execute(sa.text(_LAST_CHANGE.replace("rowid", "evaluation_no"))).one(), today)
            if server not in _kept or _kept[server][0] != last:
                rows = connection.execute(
                    sa.text(_OPEN.replace(_STANDING, "machine #>> '{course,standing}'"))
                ).mappings()
                _kept[server] = last, tuple(AlertToday(**row, today=today) for row in rows)
            return _kept[server][1]
    except PlimsollError as error:
        _note_once(server, str(error))
        return ()


@lru_cache(maxsize=16)
def _open_alerts(path: Path, last: tuple, today: dt.date) -> tuple[AlertToday, ...]:
    """`last` is only a part of the key: with each event and each evaluation the answer is another one."""
    with _read_only(path) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute(_OPEN)]
    parsed = (row | {name: json.loads(row[name]) for name in ("machine", "sentence")} for row in rows)
    return tuple(AlertToday(**row, today=today) for row in parsed)


@contextmanager
def _read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """In a folder that cannot be written there are no lock files: the store is read as it lies, if no writer left a log."""
    address = path.absolute().as_uri()
    with closing(sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=PATIENCE_SECONDS)) as connection:
        try:
            connection.execute("select 1 from sqlite_master limit 1").fetchone()
            readable = True
        except sqlite3.OperationalError:
            beside = path.with_name(path.name + "-wal")
            if beside.exists() and beside.stat().st_size:
                raise
            readable = False
        if readable:
            yield connection
            return
    with closing(sqlite3.connect(f"{address}?immutable=1", uri=True)) as connection:
        yield connection


@lru_cache(maxsize=64)
def _note_once(path: str, message: str) -> None:
    """Every rerun of every page asks: one line in the log is enough."""
    log.warning("open_alerts_not_read", path=path, message=message)
