"""One refresh at a time: a lock that the operating system frees when its holder dies, whatever way it dies.

Beside the lock lies a small note for people and screens: who holds it, since when, and how far it is. The note may outlive its
writer; the lock cannot, so the note is believed only while its process lives.

Where machines share a control store, its server holds a lock for all of them, and the note: it is believed while some session
holds that lock. The note is written through this very session, so that a refresh which lost it goes no step further.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock, Timeout

from models.builds.data_dir import DataDir
from models.builds.placement import refuse_writing
from models.errors import PlimsollError
from pipeline.store import control
from pipeline.store.control import iso, now_utc
from pipeline.store.server import connecting, locks

NOTE_FACT = "refresh_note"


class RefreshNote:
    """What the holder of the refresh lock says about itself, rewritten as it goes: {machine, process_id, since, asked_by, …}."""

    def __init__(self, asked_by: str, keep: Callable[[str], None]):
        self._keep = keep
        self._stated: dict[str, Any] = {
            "machine": platform.node(),
            "process_id": os.getpid(),
            "process_started": psutil.Process().create_time(),
            "since": iso(now_utc()),
            "asked_by": asked_by,
        }

    @property
    def process_id(self) -> int:
        return self._stated["process_id"]

    def update(self, **progress: object) -> None:
        """Adds to, or replaces in, the note: step, done, total."""
        self._stated |= progress
        self._keep(json.dumps(self._stated))


@contextmanager
def refresh_lock(data_dir: DataDir, asked_by: str, wait_seconds: float = 0) -> Iterator[RefreshNote]:
    """Holds the refresh lock of this data folder for the length of the block.

    Raises: PlimsollError 'refresh.running', saying since when and by whom, if another holds it after `wait_seconds`; as
    `refuse_writing` has it.
    """
    refuse_writing(data_dir)
    data_dir.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data_dir.refresh_lock, fallback_to_soft=False)
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise _running(data_dir) from None
    try:
        with _note_on_server(data_dir, wait_seconds) if connecting.address() else _note_beside(data_dir) as keep:
            note = RefreshNote(asked_by, keep)
            note.update(step="start")
            yield note
    finally:
        lock.release()


def _running(data_dir: DataDir) -> PlimsollError:
    holder = refresh_holder(data_dir) or {}
    return PlimsollError(
        "refresh.running",
        "A refresh is already running since {since} (asked by {asked_by}, process {process_id} on {machine}). "
        "Wait until it has ended; `python -m pipeline status` shows how far it is.",
        since=holder.get("since", "a moment ago"),
        asked_by=holder.get("asked_by", "?"),
        process_id=holder.get("process_id", "?"),
        machine=holder.get("machine", "?"),
    )


@contextmanager
def _note_beside(data_dir: DataDir) -> Iterator[Callable[[str], None]]:
    path = _note_path(data_dir)

    def keep(stated: str) -> None:
        beside = path.with_suffix(".writing")
        beside.write_text(stated, encoding="utf-8")
        os.replace(beside, path)

    try:
        yield keep
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _note_on_server(data_dir: DataDir, wait_seconds: float) -> Iterator[Callable[[str], None]]:
    server, engine = connecting.address(), control.engine(data_dir)
    with locks.held(engine, locks.Lock.REFRESH, wait_seconds) as session:
        if session is None:
            raise _running(data_dir)

        def keep(stated: str) -> None:
            with connecting.in_words(server):
                control.write_fact(session, NOTE_FACT, stated)

        yield keep


def refresh_holder(data_dir: DataDir) -> dict | None:
    """The note of the refresh that runs now: {machine, process_id, since, asked_by, step, done?, total?}; None when none runs.

    Raises: PlimsollError 'control.no_server'.
    """
    if connecting.address():
        return _holder_on_server(data_dir)
    try:
        stated = json.loads(_note_path(data_dir).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stated if is_alive(stated.get("process_id"), stated.get("process_started")) else None


def _holder_on_server(data_dir: DataDir) -> dict | None:
    if not control.exists(data_dir):
        return None
    with control.reading(data_dir) as connection:
        if not locks.is_held(connection, locks.Lock.REFRESH):
            return None
        return json.loads(control.fact(connection, NOTE_FACT) or "{}")


def is_alive(process_id: int | None, process_started: float | None) -> bool:
    """Whether that very process still runs; another one that was given the same number does not count."""
    if process_id is None or process_started is None:
        return False
    try:
        process = psutil.Process(process_id)
        # 1 s: both clocks tick in hundredths, and a number is not given out again within a second
        return abs(process.create_time() - process_started) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _note_path(data_dir: DataDir) -> Path:
    return data_dir.refresh_lock.with_suffix(".json")
