"""The reader: one published build, open read-only and hardened. Nothing else reads a warehouse file."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from models.builds.answers import Answers, plain
from models.builds.data_dir import DataDir
from models.builds.published import Build, current_build, mark_unreadable
from models.document import Row
from models.errors import PlimsollError

_HARDENED = (
    "set enable_external_access = false",
    "set autoload_known_extensions = false",
    "set autoinstall_known_extensions = false",
    "set python_enable_replacements = false",
    "set threads = 2",  # a page's query is small; more threads only contend with the other readers
    "set memory_limit = '1GB'",
    "set lock_configuration = true",
)
_KEPT_ANSWERS, _KEPT_BYTES = 1024, 256 * 1024  # of a build; each at most so large
_LONG = 8192  # a select that is longer is kept in mind by its hash
_KEPT_OPEN = 3  # the current build, the one before it for comparison, and one that a reader may still hold

_log = logging.getLogger("plimsoll.snapshot")
_lock = threading.Lock()
_open: dict[Path, Snapshot] = {}


# What DuckDB raises over a file whose bytes have changed: a checksum, a header or a structure that cannot be.
_DAMAGED = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)


Columns = dict[str, pl.DataType | type[pl.DataType]]  # of a frame, by name


class Snapshot:
    """One build, read-only. Every query runs on a cursor of its own: two threads on one connection mix their rows."""

    def __init__(self, build: Build) -> None:
        self.build_id = build.build_id
        self.path = build.path
        self._answers = Answers(_KEPT_ANSWERS, lambda frame: frame.estimated_size() <= _KEPT_BYTES)
        try:
            self._connection = duckdb.connect()
            self._connection.execute(
                f"attach '{str(build.path).replace(chr(39), chr(39) * 2)}' as plimsoll (read_only)"
            )
            self._connection.execute("use plimsoll")
            for setting in _HARDENED:
                self._connection.execute(setting)
        except duckdb.Error as error:
            raise PlimsollError(
                "snapshot.unreadable",
                "Build {build_id} cannot be opened: {path} is damaged or missing. Roll back to an earlier build, or refresh.",
                build_id=build.build_id,
                path=str(build.path),
            ) from error

    def query(self, sql: str, params: Row | Sequence[object] | None = None) -> pl.DataFrame:
        """The rows of one select, as a frame. `params` fill $names or ? in order; text from people never goes into `sql`.

        A build never changes: a small answer is kept, and shared by all who ask the same.
        Raises: PlimsollError 'snapshot.other_version' where the build has no such table or column.
        """
        question = sql if len(sql) < _LONG else hashlib.sha256(sql.encode()).digest()
        return self._answers.of((question, plain(params)), lambda: self._read(sql, params))

    def _read(self, sql: str, params: Row | Sequence[object] | None) -> pl.DataFrame:
        cursor = self._connection.cursor()
        try:
            cursor.execute("use plimsoll")
            return cursor.execute(sql, params).pl() if params else cursor.execute(sql).pl()
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            _log.warning("build %s: %s", self.build_id, error)
            raise PlimsollError(
                "snapshot.other_version",
                "Build {build_id} lacks what is asked for here: another version of Plimsoll made it. "
                "Refresh, then look again; nothing loaded is lost.",
                build_id=self.build_id,
            ) from error
        except _DAMAGED as error:
            _log.error("build %s is damaged: %s", self.build_id, error)
            _forget(self.path)
            raise PlimsollError(
                "snapshot.damaged",
                "Build {build_id} is damaged: {path} has changed on the disk. The build before it is shown from now on; reload "
                "the page. Refresh to make the build anew, and have the disk looked at.",
                build_id=self.build_id,
                path=str(self.path),
            ) from error
        finally:
            cursor.close()

    def close(self) -> None:
        self._connection.close()


def open_current(data_dir: DataDir) -> tuple[Build, Snapshot] | None:
    """The current build and its reader; one that does not open gives way to the build before. None: nothing is published.

    `named_build` tells that a build gave way. Raises: PlimsollError 'snapshot.unreadable' when no kept build opens.
    """
    refused = None
    while (build := current_build(data_dir)) is not None:
        try:
            return build, open_snapshot(build)
        except PlimsollError as error:
            _log.error("%s", error)
            _forget(build.path)
            refused = error
    if refused is not None:
        raise refused
    return None


def _forget(path: Path) -> None:
    mark_unreadable(path)
    with _lock:
        _open.pop(path, None)


def open_snapshot(build: Build) -> Snapshot:
    """The reader of this build, opened once per process and shared by its threads. The oldest of several is let go."""
    with _lock:
        if build.path not in _open:
            _open[build.path] = Snapshot(build)
            while len(_open) > _KEPT_OPEN:
                _open.pop(next(iter(_open)))  # closed when the last reader that holds it is done
        else:
            _open[build.path] = _open.pop(build.path)
        return _open[build.path]
