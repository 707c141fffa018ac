"""Whether the control store is what this data folder was built from: sound, ours, knowing what was landed and published.

Read without making the tables that are missing: a store that was emptied must not look like a new one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.builds.placement import shared_folder
from models.builds.published import current_build
from models.errors import PlimsollError
from models.feeds import FEEDS
from pipeline.store import control
from pipeline.store.server import connecting

_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_KNOWN = ("select batch_id from batches", "select build_id from runs")
_sound: dict[Path, tuple] = {}


def store_trouble(data_dir: DataDir) -> PlimsollError | None:
    """Why this store must not be worked with, in words; None where it may. A store that is only locked is not in trouble.

    Codes: folder.shared where the folder must not hold data; control.damaged, control.foreign, control.newer; control.lost where
    it does not know what was landed or built; of a server control.no_server, control.foreign_server, control.newer_server, and
    control.not_moved where it is empty and the file is not.
    """
    if shared := shared_folder(data_dir):
        return shared
    if server := connecting.address():
        return _trouble_of_server(data_dir, server)
    path = data_dir.control_store
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as connection:
            return _trouble(path, connection) or _lost(data_dir, *_known(connection), str(path))
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _CORRUPT:
            return control.damaged(path, str(error))
        return (
            None if path.exists() else _lost(data_dir, (), (), str(path))
        )  # locked or not to be written to: the command itself says so


def check_store(data_dir: DataDir) -> None:
    """Raises: PlimsollError, as `store_trouble` has it."""
    if trouble := store_trouble(data_dir):
        raise trouble


def _trouble_of_server(data_dir: DataDir, server: str) -> PlimsollError | None:
    try:
        with control.looking(server) as connection:
            known: list[str] = []
            runs: list[str] = []
            has_tables = server in control._engines  # seen to be ours when this process opened it
            if not has_tables:
                if refused := control.not_ours_on(server, connection):
                    return refused
                has_tables = sa.inspect(connection).has_table("batches")
            if has_tables:
                known = list(connection.scalars(sa.select(control.batches.c.batch_id)))
                runs = list(connection.scalars(sa.select(control.runs.c.build_id)))
            if not (known or runs) and data_dir.control_store.exists():
                return _not_moved(data_dir, server)
            return _lost(data_dir, known, runs, connecting.shown(server))
    except PlimsollError as error:
        return error


def _not_moved(data_dir: DataDir, server: str) -> PlimsollError:
    return PlimsollError(
        "control.not_moved",
        "{server} is empty, and {path} holds what was entered so far. Run `python -m pipeline control move`, "
        "or leave PLIMSOLL_CONTROL out.",
        server=connecting.shown(server),
        path=str(data_dir.control_store),
    )


def _trouble(path: Path, connection: sqlite3.Connection) -> PlimsollError | None:
    state = path.stat()
    if refused := control.not_ours(path, connection):
        return refused
    seen = (state.st_ino, state.st_mtime_ns, state.st_size)
    if _sound.get(path) != seen:  # every page of the file is read: once for each state of it
        found = connection.execute("pragma quick_check(1)").fetchone()[0]
        if found != "ok":
            return control.damaged(path, found)
        _sound[path] = seen
    return None


def _known(connection: sqlite3.Connection) -> tuple[list[str], list[str]]:
    """Batches and builds that the store knows; none of a new file."""
    if not connection.execute("select 1 from sqlite_master limit 1").fetchone():
        return [], []
    batches, builds = ([key for (key,) in connection.execute(query)] for query in _KNOWN)
    return batches, builds


def _lost(data_dir: DataDir, batches: Iterable[str], builds: Iterable[str], store: str) -> PlimsollError | None:
    """Landed files, or batches of the published build, that the store does not know: it was emptied, or is older than they."""
    known, runs = set(batches), set(builds)
    landed = {file.stem for feed in FEEDS for file in (data_dir.landing / feed).glob("*.parquet")}
    files = landed - known
    if files:
        files -= _being_landed(data_dir)
    build = current_build(data_dir)
    built = {batch["batch_id"] for batch in build.manifest.get("batches", [])} - known if build else set()
    if not (files or built or (build and build.build_id not in runs)):
        return None
    return PlimsollError(
        "control.lost",
        "{path} does not belong to what lies beside it: it was emptied, made anew or taken from an older backup. It does not "
        "know {files} landed files and {built} batches of the published build {build_id}. Nothing was built; what is published "
        "stays. Restore the whole data folder from one backup. Without a backup, move landing/ and warehouse/ aside and load the "
        "originals again: landing/originals holds them as they were loaded.",
        path=store,
        files=len(files),
        built=len(built),
        build_id=build.build_id if build else "-",
    )


def _being_landed(data_dir: DataDir) -> set[str]:
    """Batches that a load is about to write down, or that a killed one never did: the next load sweeps these."""
    named: set[str] = set()
    for intent in (data_dir.landing / "staging").glob("*.intent"):
        try:
            named |= set(json.loads(intent.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
    return named
