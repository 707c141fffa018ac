"""The control store: the small transactional state beside the warehouse, through SQLAlchemy.

A SQLite file of the data folder, or, where several machines share it, a PostgreSQL database that PLIMSOLL_CONTROL names.
dbt never sees it; a refresh freezes what it needs of it into Parquet.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    Select,
    Table,
    create_engine,
    event,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError

from models.builds.data_dir import DataDir
from models.builds.placement import shared_folder
from models.errors import PlimsollError
from pipeline.store import alert_tables
from pipeline.store.migrating import bring_to_newest, newer_than_known, revision_of, revision_on_server, revisions
from pipeline.store.server import connecting, locks
from pipeline.store.server.columns import LargeInteger, String, Text

_metadata = MetaData()

batches = Table(
    "batches",
    _metadata,
    Column("batch_id", String, primary_key=True),
    Column("feed", String, nullable=False),
    Column("status", String, nullable=False),  # BatchStatus
    Column("file_name", String, nullable=False),  # as handed in; shown escaped, never used as a path
    Column("content_hash", String, nullable=False),  # SHA-256 of the original bytes
    Column("size_bytes", LargeInteger, nullable=False),
    Column("source_system", String, nullable=False),  # the tool, by the name of its dialect; generic
    Column("project_hint", String),  # --project or the inbox folder's name
    Column("mapping", JSON, nullable=False),  # {source header: canonical column}
    Column("report", JSON, nullable=False),  # the JSON that `load` printed for this file and feed
    Column("rows_accepted", Integer, nullable=False),
    Column("rows_quarantined", Integer, nullable=False),
    Column("covers_projects", JSON, nullable=False),  # project codes as written in the file
    Column("covers_from", String),  # ISO dates
    Column("covers_to", String),
    Column("is_full_snapshot", Integer, nullable=False, default=0),
    Column("snapshot_scope", String),  # what the snapshot is complete for, e.g. "project=YB"
    Column("exported_at", String, nullable=False),  # ISO UTC: from the file where it says so, else when it was landed
    Column("landed_at", String, nullable=False),  # ISO UTC
    Column("landed_by", String, nullable=False),  # cli, upload, inbox, sample
    Column("mends_batch", String),  # the batch whose rejected rows this file brings back, mended
    Column(
        "landed_hash", String
    ),  # SHA-256 of the landed file; of batches of earlier versions: as first met by a build
)
aliases = Table(
    "aliases",
    _metadata,
    Column("alias_id", Integer, primary_key=True, autoincrement=True),
    Column("system", String, nullable=False, default="*"),
    Column("kind", String, nullable=False, default="project"),
    Column("external_code", String, nullable=False),
    Column("project_key", String, nullable=False),
    Column("valid_from", String),
    Column("edited_at", String, nullable=False),
)
mapping_profiles = Table(
    "mapping_profiles",
    _metadata,
    Column("name", String, primary_key=True),
    Column("feed", String, nullable=False),
    Column("header_fingerprint", String, nullable=False),  # of the normalised header row: the same export comes again
    Column("mapping", JSON, nullable=False),
    Column("options", JSON, nullable=False),  # date_order and the like
    Column("saved_at", String, nullable=False),
)
word_mappings = Table(
    "word_mappings",
    _metadata,
    Column("feed", String, primary_key=True),
    Column("column", String, primary_key=True),  # status, issue_type, severity, resolution, priority, activity, …
    Column("word", String, primary_key=True),  # normalized: NFKC, trimmed, case-folded
    Column("canonical", String, nullable=False),
    Column("edited_at", String, nullable=False),
)
account_edits = Table(
    "account_edits",
    _metadata,
    Column("ledger_book", String, primary_key=True),  # "" for any book
    Column("account_code", String, primary_key=True),  # the code and all below it
    Column("account_name", String),
    Column("category", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("edited_at", String, nullable=False),
)
project_settings = Table(
    "project_settings",
    _metadata,
    # the newest of a project, name and first day counts
    Column("setting_id", Integer, primary_key=True, autoincrement=True),
    Column("project_key", String, nullable=False),  # "*" for all projects
    Column("name", String, nullable=False),
    Column("value", String),  # empty: taken back, so that the one of all projects, else the usual one, counts
    Column("valid_from", String),  # ISO date; empty: for the whole history
    Column("reason", Text, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("changed_at", String, nullable=False),
)
closings = Table(
    "closings",
    _metadata,
    Column("closing_id", Integer, primary_key=True, autoincrement=True),  # the newest of a project and period counts
    Column("period", String, nullable=False),  # YYYY-MM: the month in which the accounting period ends
    Column("project_key", String, nullable=False),  # "*" for all projects
    Column("is_closed", Integer, nullable=False),  # 0: reopened
    Column("person", String, nullable=False),
    Column("reason", Text),  # of a closing a note, which may be empty
    Column("said_at", String, nullable=False),
)
saved_views = Table(
    "saved_views",
    _metadata,
    Column("viewer", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("page", String, nullable=False),  # the last part of its path
    Column("query", Text, nullable=False),  # of its address
    Column("saved_at", String, nullable=False),
)
closed_books = Table(
    "closed_books",
    _metadata,
    Column("book_id", Integer, primary_key=True, autoincrement=True),
    Column("project_key", String, nullable=False),
    Column("closed_from", String),  # ISO date: the day before the first one; empty: from the beginning
    Column("closed_to", String, nullable=False),  # ISO date: the last day
    Column("closing_id", Integer, nullable=False),  # the newest word of finance that the build knew
    Column("content_hash", String, nullable=False),  # SHA-256 of the kept lines' file
    Column("build_id", String, nullable=False),  # the first build that published them as closed
    Column("kept_at", String, nullable=False),
)
loss_acceptances = Table(
    "loss_acceptances",
    _metadata,
    Column("acceptance_id", Integer, primary_key=True, autoincrement=True),
    Column("project_key", String, nullable=False),
    Column("kpi_key", String, nullable=False),
    Column("build_id", String, nullable=False),  # that told the loss: what is lost later is not accepted by this
    Column("loss_rows", Integer, nullable=False),
    Column("loss_amount", Float, nullable=False),
    Column("person", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("accepted_at", String, nullable=False),
)
baselines = Table(
    "baselines",
    _metadata,
    Column("baseline_id", Integer, primary_key=True, autoincrement=True),
    Column("project_code", String, nullable=False),  # as written in the file; "" where the rows name none
    Column("source_system", String, nullable=False),  # with project_hint: what the code is told apart by
    Column("project_hint", String),
    Column("baseline", String, nullable=False),  # as written in the file; "" where the rows name none
    Column("name", String, nullable=False),  # shown; no two frozen ones of a project share it
    Column("batch_id", String, nullable=False),  # the batch whose rows these are
    Column("content_hash", String, nullable=False),  # SHA-256 of the rows, whatever their order
    Column("status", String, nullable=False),  # BaselineStatus
    Column("is_active", Integer, nullable=False, default=0),
    Column("frozen_at", String),  # ISO UTC; of a proposal: empty
    Column("frozen_by", String),  # refresh, or screen
    Column("reason", Text),
    Column("change_id", String),  # of the change request that allowed it
    Column("approved_by", String),  # the person who approved or rejected it; empty for what was loaded first
    Column("first_build", String),  # the build that published it first: never forgotten from then on
    Column("met_at", String, nullable=False),
)
runs = Table(
    "runs",
    _metadata,
    Column("run_id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),  # refresh
    Column("asked_by", String, nullable=False),  # cli, screen, schedule, inbox, sample
    Column("started_at", String, nullable=False),
    Column("ended_at", String),
    Column("status", String, nullable=False),  # running, published, failed, interrupted
    Column("build_id", String),
    Column("step", String),  # the step under way, for progress on screen
    Column("steps", JSON, nullable=False),  # [{"step": …, "seconds": …}]
    Column("failed_tests", JSON, nullable=False),
    Column("error", Text),
    Column("process_id", Integer),
)
requests = Table(
    "requests",
    _metadata,
    Column("request_id", Integer, primary_key=True, autoincrement=True),
    Column("asked_by", String, nullable=False),
    Column("asked_at", String, nullable=False),
    Column("taken_at", String),
)
facts = Table("facts", _metadata, Column("name", String, primary_key=True), Column("value", Text, nullable=False))
audit = Table(
    "audit",
    _metadata,
    Column("audit_id", Integer, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),  # load, refuse, undo, redo, accept, refresh, publish, rollback, alias, …
    Column("subject", String, nullable=False),
    Column("details", JSON, nullable=False),
)

DECLARED = [_metadata, alert_tables.metadata]
_IN_EVERY_VERSION = {"batches", "runs", "audit"}
# by file, with its number: a store that was restored is another file; by the address of a server
_engines: dict[Path | str, tuple[int, Engine]] = {}


def clock() -> dt.datetime:
    """What the clock of this machine shows; somebody may set it back."""
    return dt.datetime.now(dt.UTC)


def now_utc() -> dt.datetime:
    return clock().replace(microsecond=0)


def iso(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def engine(data_dir: DataDir) -> Engine:
    """The engine of this data folder's control store; made, with its tables, at the first call in a process."""
    if server := connecting.address():
        return _server_engine(server)
    return file_engine(data_dir)


def file_engine(data_dir: DataDir) -> Engine:
    """The same of its file, whatever PLIMSOLL_CONTROL says."""
    path = data_dir.control_store
    if shared := shared_folder(data_dir):
        raise shared
    if path not in _engines or not path.exists() or path.stat().st_ino != _engines[path][0]:
        path.parent.mkdir(parents=True, exist_ok=True)
        _keep_private(path)
        _leave_others_alone(path)
        made = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        event.listen(made, "connect", _harden)
        with made.connect() as connection:
            if not _is_newest(connection):  # who only reads takes no lock and leaves the file as it is
                connection.exec_driver_sql("begin immediate")  # two processes may open a new folder at once
                if not _is_newest(connection):
                    if refused := not_ours(path, _sqlite(connection)):
                        raise refused
                    bring_to_newest(connection, DECLARED)
                connection.commit()
        _engines[path] = (path.stat().st_ino, made)
    return _engines[path][1]


def _server_engine(server: str) -> Engine:
    if server not in _engines:
        made = connecting.new_engine(server)
        with made.begin() as connection:
            if revision_on_server(connection) != revisions()[-1]:
                locks.hold_writing(connection)  # two machines may open a new database at once
                if refused := not_ours_on(server, connection):
                    raise refused
                if revision_on_server(connection) != revisions()[-1]:
                    bring_to_newest(connection, DECLARED)
        _engines[server] = (0, made)
    return _engines[server][1]


def not_ours_on(server: str, connection: Connection) -> PlimsollError | None:
    """Of a server what `not_ours` says of a file."""
    tables = set(inspect(connection).get_table_names())
    if tables and not tables >= _IN_EVERY_VERSION:
        return connecting.foreign(server)
    found = revision_on_server(connection)
    return connecting.newer(server, found, revisions()[-1]) if found and found not in revisions() else None


def exists(data_dir: DataDir) -> bool:
    """Whether a store has been made: who only reads makes none."""
    server = connecting.address()
    if not server:
        return data_dir.control_store.exists()
    if server in _engines:
        return True
    with looking(server) as connection:
        return inspect(connection).has_table("batches")


@contextmanager
def looking(server: str) -> Iterator[Connection]:
    """A connection for one look, which makes no tables."""
    known = _engines.get(server)
    made = known[1] if known else connecting.new_engine(server)
    try:
        with connecting.in_words(server), made.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")
    finally:
        if known is None:
            made.dispose()


def not_ours(path: Path, connection: sqlite3.Connection) -> PlimsollError | None:
    """Why this database is none that this version may write to: another program's, or a newer version's."""
    tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    if tables and not tables >= _IN_EVERY_VERSION:
        return foreign(path)
    found = newer_than_known(connection)
    return newer(path, found) if found else None


def _is_newest(connection: Connection) -> bool:
    return revision_of(_sqlite(connection)) == revisions()[-1]


def _sqlite(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _leave_others_alone(path: Path) -> None:
    """Before the engine sets the mode of the file, which would write to it."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as connection:
            refused = not_ours(path, connection)
    except sqlite3.OperationalError:  # locked, or a folder without a right to write: the engine says it
        return
    except sqlite3.DatabaseError as error:
        refused = damaged(path, str(error))
    if refused:
        raise refused


def damaged(path: Path, reason: str) -> PlimsollError:
    return PlimsollError(
        "control.damaged",
        "{path} is damaged and cannot be read ({reason}): alerts, rules, batches and settings are in it. What is published stays "
        "on screen; nothing can be loaded, answered or refreshed. Restore the data folder from a backup.",
        path=str(path),
        reason=reason,
    )


def foreign(path: Path) -> PlimsollError:
    return PlimsollError(
        "control.foreign",
        "{path} is a database of another program: it holds tables, and none of Plimsoll's. It was left as it is. "
        "Name the right data folder with --data-dir or PLIMSOLL_DATA, or restore this one from a backup.",
        path=str(path),
    )


def newer(path: Path, found: str) -> PlimsollError:
    return PlimsollError(
        "control.newer",
        "{path} was written by a newer Plimsoll (schema {found}, this one knows {known}). "
        "Start the newer version, or restore an older copy of the folder.",
        path=str(path),
        found=found,
        known=revisions()[-1],
    )


@contextmanager
def _damage_in_words(path: Path) -> Iterator[None]:
    """What SQLite says of a file that is none, is cut or has lost a table, as one sentence; locks and full disks pass."""
    try:
        yield
    except DatabaseError as error:
        reason = str(error.orig)
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or reason.startswith("no such table"):
            raise damaged(path, reason) from error
        raise


def _keep_private(path: Path) -> None:
    """Addresses and tokens lie in the store: its owner alone may read it. SQLite gives its log files the same mode."""
    with suppress(PermissionError):  # somebody else's store: whoever may read it here does
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        for kept in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            if kept.exists():
                kept.chmod(0o600)


def _harden(connection, _record) -> None:
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("pragma busy_timeout = 30000")


@contextmanager
def writing(data_dir: DataDir) -> Iterator:
    """One transaction: committed at the end of the block, rolled back on any error. A server has one writer at a time too."""
    if server := connecting.address():
        with connecting.in_words(server), engine(data_dir).begin() as connection:
            locks.hold_writing(connection)
            yield connection
        return
    with _damage_in_words(data_dir.control_store), engine(data_dir).begin() as connection:
        yield connection


@contextmanager
def reading(data_dir: DataDir) -> Iterator:
    if server := connecting.address():
        with connecting.in_words(server), engine(data_dir).connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")  # as SQLite reads
        return
    with _damage_in_words(data_dir.control_store), engine(data_dir).connect() as connection:
        yield connection


def hold(connection: Connection) -> None:
    """Nobody else writes from here to the end of this transaction of `writing`: what is read there decides what is written."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("begin immediate")


def insert_into(connection: Connection, table: Table) -> Any:
    """An insert that knows `on_conflict_do_update`, in the words of this database."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)


def rows(data_dir: DataDir, query: Select) -> list[dict]:
    """What a query finds; nothing where no store has been made yet."""
    if not exists(data_dir):
        return []
    with reading(data_dir) as connection:
        return rows_of(connection, query)


def rows_of(connection: Connection, query: Select) -> list[dict]:
    return [dict(row) for row in connection.execute(query).mappings()]


def first_of(connection: Connection, query: Select) -> dict | None:
    row = connection.execute(query.limit(1)).mappings().first()
    return None if row is None else dict(row)


def seconds(connection: Connection) -> float:
    """Seconds since 1970, by the clock that all who share this store share."""
    return clock().timestamp() if connection.dialect.name == "sqlite" else connecting.seconds(connection)


def fact(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(facts.c.value).where(facts.c.name == name))


def write_fact(connection: Connection, name: str, value: str) -> None:
    statement = insert_into(connection, facts).values(name=name, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def note(connection, actor: str, action: str, subject: str, **details: object) -> None:
    """One line of the audit, in the transaction of the act itself."""
    details = json.loads(json.dumps(details, default=str))
    connection.execute(
        audit.insert().values(at=iso(now_utc()), actor=actor, action=action, subject=subject, details=details)
    )
