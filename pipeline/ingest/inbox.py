"""The watched folder: complete files are loaded, then moved to .done or, with the reason beside them, to .refused.

The name of a sub-folder is the project of rows that name none.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from models.builds.data_dir import DataDir
from models.intake import LoadReport
from models.vocabulary import FileStatus
from pipeline.ingest import load as loading
from pipeline.ingest.contracts.options import LoadOptions

QUIET_SECONDS = 2.0  # a file whose size and time stand still for so long is taken to be complete
LONGEST_NAME_BYTES = 220
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")


def pick_up(data_dir: DataDir, wait: Callable[[float], None] = time.sleep) -> list[LoadReport]:
    """The reports of every file that was complete; files still being written are left for the next time."""
    before = {path: _state(path) for path in _waiting(data_dir.inbox)}
    if not before:
        return []
    youngest = max(state[1] for state in before.values() if state) if any(before.values()) else 0
    if time.time() - youngest < QUIET_SECONDS:
        wait(QUIET_SECONDS)
    entries: list[LoadReport] = []
    for path, state in sorted(before.items()):
        if state is None or _state(path) != state:
            continue
        entries += _take(data_dir, path)
    return entries


def _waiting(inbox: Path) -> list[Path]:
    if not inbox.is_dir():
        return []
    return [
        path
        for path in inbox.rglob("*")
        if path.is_file()
        and not path.is_symlink()
        and not any(part.startswith((".", "~$")) for part in path.relative_to(inbox).parts)
        and not path.name.lower().endswith(UNFINISHED)
    ]


def _state(path: Path) -> tuple[int, float] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime


def _take(data_dir: DataDir, path: Path) -> list[LoadReport]:
    inside = path.relative_to(data_dir.inbox)
    project = inside.parts[0] if len(inside.parts) > 1 else None
    entries = loading.load_paths(data_dir, [path], LoadOptions(project=project, landed_by="inbox"))
    refused = [entry for entry in entries if entry.status == FileStatus.REFUSED]
    folder = data_dir.inbox / (".refused" if refused else ".done") / inside.parent
    folder.mkdir(parents=True, exist_ok=True)
    target = _free(folder / _kept_name(path.name))
    os.replace(path, target)
    if refused:
        reasons = [reason.message for entry in refused for reason in entry.reasons]
        target.with_name(target.name + ".reason.txt").write_text("\n".join(reasons) + "\n", encoding="utf-8")
    return entries


def _kept_name(name: str) -> str:
    """The name, or so much of it that a number and `.reason.txt` still fit behind it: file systems allow 255 bytes."""
    if len(os.fsencode(name)) <= LONGEST_NAME_BYTES:
        return name
    suffix = Path(name).suffix[:16]
    stem = os.fsencode(name)[: LONGEST_NAME_BYTES - len(os.fsencode(suffix))]
    return stem.decode("utf-8", "ignore") + suffix


def _free(path: Path) -> Path:
    """The path itself, or with a number before its suffix where a file of that name lies there already."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free
