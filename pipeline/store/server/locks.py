"""Locks that machines share: advisory locks of the server, which frees them when the session of their holder ends.

A lock is of one schema of one database. A pooler that gives each transaction another session loses it: connect directly.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

_TRY_EVERY_SECONDS = 0.2
_HELD = """
    select exists (
        select 1 from pg_locks
        where locktype = 'advisory' and granted and classid = :kind and objid = :schema and objsubid = 2
            and database = (select oid from pg_database where datname = current_database())
    )
"""


class Lock(IntEnum):
    """What is held. The number is the first half of the key; other programs of the database keep off these."""

    WRITING = 0x504C0001  # until the transaction ends: one writer at a time, as SQLite has it
    REFRESH = 0x504C0002
    WORKER = 0x504C0003


def _key(connection: sa.Connection, lock: Lock) -> dict[str, int]:
    schema = connection.info.get("schema of the locks")
    if schema is None:
        named = connection.scalar(sa.text("select current_schema()")) or ""
        schema = connection.info["schema of the locks"] = zlib.crc32(named.encode()) & 0x7FFFFFFF
    return {"kind": int(lock), "schema": schema}


def hold_writing(connection: sa.Connection) -> None:
    """Until the transaction ends; waits for another writer."""
    connection.execute(sa.text("select pg_advisory_xact_lock(:kind, :schema)"), _key(connection, Lock.WRITING))


def is_held(connection: sa.Connection, lock: Lock) -> bool:
    """Whether some session of any machine holds it."""
    return bool(connection.scalar(sa.text(_HELD), _key(connection, lock)))


def take(connection: sa.Connection, lock: Lock) -> bool:
    """Whether this session holds it from now on, until it ends. Never waits."""
    return bool(connection.scalar(sa.text("select pg_try_advisory_lock(:kind, :schema)"), _key(connection, lock)))


class Kept:
    """A lock for as long as a process lives: taken again where its session broke, unless another process was faster."""

    def __init__(self, engine: sa.Engine, lock: Lock) -> None:
        self._engine, self._lock = engine, lock
        self._session: sa.Connection | None = None

    def session(self) -> sa.Connection | None:
        """The session that holds it, seen alive; None where another holds it, or the server does not answer."""
        try:
            if self._session is None:
                opened = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                if not take(opened, self._lock):
                    opened.close()
                    return None
                self._session = opened
            self._session.execute(sa.text("select 1"))
        except DBAPIError:
            self.let_go()
        return self._session

    def let_go(self) -> None:
        if self._session is not None:
            self._session.invalidate()
            self._session.close()
        self._session = None


@contextmanager
def session(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection whose locks go when the block ends; each statement is a transaction of its own."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            yield connection
        finally:
            connection.invalidate()  # closes the session, which no statement could do after a broken network


@contextmanager
def held(engine: sa.Engine, lock: Lock, wait_seconds: float = 0) -> Iterator[sa.Connection | None]:
    """The session that holds the lock for the length of the block; None where another still holds it after so long."""
    deadline = time.monotonic() + wait_seconds
    with session(engine) as connection:
        while not (taken := take(connection, lock)) and time.monotonic() < deadline:
            time.sleep(_TRY_EVERY_SECONDS)
        yield connection if taken else None
