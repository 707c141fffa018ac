"""PLIMSOLL_CONTROL: which server holds the control store, and how it is spoken to."""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from models.errors import InputError, PlimsollError
from pipeline.settings import Settings

_CONNECT_SECONDS = 5
_SILENT_AFTER_SECONDS = (
    10  # a connection that carries nothing is asked by the operating system, then each 5 s, three times
)
_LOCK_WAIT = "30s"  # as long as SQLite waits for another writer
_SLOW_SECONDS = 1  # a server that answers, or a port where none listens, takes less
_ASKED_AGAIN_AFTER_SECONDS = 15
_REFUSED = ("25006", "42501", "42P01", "3F000")  # read-only, no right, table or schema gone
_silent: dict[str, tuple[float, PlimsollError]] = {}  # by address: until when nobody asks again, and what was said


def address() -> str:
    """The database that PLIMSOLL_CONTROL, or a line of .env, names; "" where the control store is a file of the data folder."""
    return os.environ.get("PLIMSOLL_CONTROL", _of_env_file()).strip()


@cache
def _of_env_file() -> str:
    return Settings().control


def url_of(named: str) -> sa.URL:
    """Raises: InputError 'control.setting' where it names no PostgreSQL database, 'control.no_driver' without psycopg."""
    try:
        url = sa.make_url(named)
    except ArgumentError:
        url = None
    if url is None or url.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise InputError(
            "control.setting",
            "PLIMSOLL_CONTROL names no PostgreSQL database. It reads postgresql://PERSON@HOST/DATABASE, "
            "or is left out where the control store is a file of the data folder.",
        )
    if importlib.util.find_spec("psycopg") is None:
        raise InputError(
            "control.no_driver",
            "PLIMSOLL_CONTROL names a PostgreSQL database, and psycopg is not installed. "
            "Run `pip install -r requirements-postgresql.txt`, or leave the setting out.",
        )
    return url.set(drivername="postgresql+psycopg")


def shown(named: str) -> str:
    """The address without its password, for people."""
    return sa.make_url(named).render_as_string(hide_password=True)


def new_engine(named: str) -> sa.Engine:
    """A pool of connections to the server. Whoever has one waits at most 30 s for what another holds."""
    asked = {"connect_timeout": _CONNECT_SECONDS, "application_name": "plimsoll"}
    made = sa.create_engine(url_of(named), connect_args=asked, pool_pre_ping=True, max_overflow=20)
    sa.event.listen(made, "connect", _harden)
    return made


def _harden(connection, _record) -> None:
    """A machine that lost its power, or its network, holds no lock for longer than half a minute."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"set lock_timeout = '{_LOCK_WAIT}'; set tcp_keepalives_idle = {_SILENT_AFTER_SECONDS};"
            "set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3"
        )
    connection.commit()


def seconds(connection: sa.Connection) -> float:
    """Seconds since 1970 by the clock of the server: the one that all machines share."""
    return float(connection.scalar(sa.text("select extract(epoch from clock_timestamp())")))


@contextmanager
def in_words(named: str) -> Iterator[None]:
    """What a server says that is gone, refuses, or lost a table, as one sentence: 'control.no_server'.

    One that does not answer at all is not asked again for 15 s: every rerun of every page would wait for it.
    """
    until, known = _silent.get(named, (0.0, None))
    began = time.monotonic()
    if known and began < until:
        raise known
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        failed, now = no_server(named, error), time.monotonic()
        if getattr(error.orig, "sqlstate", None) is None and now - began > _SLOW_SECONDS:
            _silent[named] = now + _ASKED_AGAIN_AFTER_SECONDS, failed
        raise failed from error
    except DBAPIError as error:
        if error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _REFUSED:
            raise no_server(named, error) from error
        raise


def no_server(named: str, error: DBAPIError) -> PlimsollError:
    return PlimsollError(
        "control.no_server",
        "The control store on {server} cannot be used: {reason}. What is published stays on screen; nothing can be loaded, "
        "answered or refreshed until it can.",
        server=shown(named),
        reason=" ".join(str(error.orig).split()),
    )


def foreign(named: str) -> PlimsollError:
    return PlimsollError(
        "control.foreign_server",
        "{server} holds tables of another program, and none of Plimsoll's. It was left as it is. "
        "Name another database or schema in PLIMSOLL_CONTROL.",
        server=shown(named),
    )


def newer(named: str, found: str, known: str) -> PlimsollError:
    return PlimsollError(
        "control.newer_server",
        "{server} was written by a newer Plimsoll (schema {found}, this one knows {known}). Start the newer version.",
        server=shown(named),
        found=found,
        known=known,
    )
