"""The control store from the file of a data folder to the server that PLIMSOLL_CONTROL names, or back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import sqlalchemy as sa
from filelock import FileLock, Timeout

from models.builds.data_dir import DataDir
from models.errors import InputError, PlimsollError
from pipeline.refresh.locking import NOTE_FACT
from pipeline.refresh.refreshing import HEARTBEAT_FACT
from pipeline.store import control
from pipeline.store.server import connecting, locks

_ROWS_AT_ONCE = 1_000
_OF_PROCESSES = (HEARTBEAT_FACT, NOTE_FACT)  # what running programs say of themselves
Counted = dict[str, int]


def move(data_dir: DataDir, *, back: bool = False) -> tuple[str, Counted]:
    """Copies every row of every table in one transaction, and counts them again where they went.

    The file is renamed control.db.moved afterwards, so that nothing goes on writing to it; what was on the server stays there.
    Returns: where the rows are now, and {table: rows}.
    Raises: InputError 'control.no_setting', 'control.no_file', 'control.not_empty', 'control.in_use'; as `control` has it.
    """
    server, path = connecting.address(), data_dir.control_store
    if not server:
        raise InputError(
            "control.no_setting",
            "PLIMSOLL_CONTROL is not set: it names the PostgreSQL database that the control store moves to, or back from.",
        )
    if not back and not path.exists():
        raise InputError("control.no_file", "{path} does not exist: there is nothing to move.", path=str(path))
    if back and path.exists():
        raise _not_empty(str(path))
    with _nobody_works(data_dir, server):
        there, here = control.engine(data_dir), control.file_engine(data_dir)
        if back:
            return str(path), _copy(there, here, str(path))
        counted = _copy(here, there, connecting.shown(server))
        _retire(data_dir, here)
        return connecting.shown(server), counted


@contextmanager
def _nobody_works(data_dir: DataDir, server: str) -> Iterator[None]:
    """Worker and refresh are kept out of the folder and the server for the length of the block. Dashboards cannot be."""
    with ExitStack() as stack, connecting.in_words(server):
        for name in ("worker.lock", data_dir.refresh_lock.name):
            try:
                stack.enter_context(FileLock(data_dir.root / name, timeout=0, fallback_to_soft=False))
            except Timeout:
                raise _in_use(str(data_dir.root)) from None
        for lock in (locks.Lock.WORKER, locks.Lock.REFRESH):
            if stack.enter_context(locks.held(control.engine(data_dir), lock)) is None:
                raise _in_use(connecting.shown(server))
        yield


def _copy(source: sa.Engine, target: sa.Engine, where: str) -> Counted:
    tables = [table for metadata in control.DECLARED for table in metadata.sorted_tables]
    counted = {}
    with source.begin() as reading, target.begin() as writing:
        if reading.dialect.name == "sqlite":
            control.hold(reading)
        else:
            locks.hold_writing(reading)
        if any(writing.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables):
            raise _not_empty(where)
        for table in tables:
            rows = sa.select(table)
            if table is control.facts:
                rows = rows.where(table.c.name.not_in(_OF_PROCESSES))
            copied = 0
            for part in reading.execute(rows).mappings().partitions(_ROWS_AT_ONCE):
                writing.execute(table.insert(), [dict(row) for row in part])
                copied += len(part)
            counted[table.name] = writing.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            if counted[table.name] != copied:
                raise PlimsollError(
                    "control.rows_differ",
                    "{table} has {copied} rows, and {counted} after it was copied. Nothing was moved.",
                    table=table.name,
                    copied=copied,
                    counted=counted[table.name],
                )
            if writing.dialect.name == "postgresql":
                _go_on_counting(writing, table)
    return counted


def _go_on_counting(connection: sa.Connection, table: sa.Table) -> None:
    """The next row gets a number after the highest one; the sequence of the server counts the rows that it numbered itself."""
    number = table.autoincrement_column
    if number is not None:
        highest = sa.select(sa.func.max(number)).scalar_subquery()
        sequence = sa.func.pg_get_serial_sequence(table.name, number.name)
        connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1), highest.is_not(None))))


def _retire(data_dir: DataDir, engine: sa.Engine) -> None:
    path = data_dir.control_store
    with engine.connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    engine.dispose()
    path.rename(path.with_name("control.db.moved"))
    for log in ("-wal", "-shm"):
        path.with_name(path.name + log).unlink(missing_ok=True)


def _not_empty(where: str) -> InputError:
    return InputError(
        "control.not_empty",
        "{where} holds a control store already. Nothing was moved. Name another database or schema, or put this one aside.",
        where=where,
    )


def _in_use(where: str) -> InputError:
    return InputError(
        "control.in_use",
        "A worker or a refresh works on {where}. Stop it, and every dashboard of this data folder, then move.",
        where=where,
    )
