"""Which published warehouse file readers should open: the pointer CURRENT, and what to do when it lies.

A build is whole when its manifest lies in history/ and its file is the one that was published: a DuckDB file of the size the
manifest recorded. Only files are looked at; nothing here opens a database.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.builds.data_dir import DataDir

BUILD_ID = re.compile(r"b-\d{6,}")
_DUCKDB_MARK = b"DUCK"  # bytes 8 to 11 of every DuckDB file


# Files that this process could not read, as (path, modified): they count as damaged until they are written anew.
_unreadable: set[tuple[Path, int]] = set()


@dataclass(frozen=True)
class Build:
    """One published warehouse file. `published_at` is UTC; `manifest` says what went in (see pipeline.refresh.freezing)."""

    build_id: str
    path: Path
    published_at: dt.datetime
    manifest: dict[str, Any] = field(hash=False, compare=False)


def mark_unreadable(build_file: Path) -> None:
    """From now on this process sees the build before: a file may look whole and hold a block that the disk has spoilt."""
    with suppress(OSError):
        _unreadable.add((build_file, build_file.stat().st_mtime_ns))


def build_number(build_id: str) -> int:
    """12 of b-000012."""
    return int(build_id.removeprefix("b-"))


def current_build(data_dir: DataDir) -> Build | None:
    """The build that CURRENT names; the newest whole one where CURRENT is missing, damaged or names a bad file.

    None when nothing was published yet. `named_build` tells whether this is the one that CURRENT names.
    """
    named = named_build(data_dir)
    build = _whole_build(data_dir, named) if named else None
    if build:
        return build
    kept = kept_builds(data_dir)
    return kept[0] if kept else None


def named_build(data_dir: DataDir) -> str | None:
    """The build id written in CURRENT, whether or not its file is any good; None where CURRENT says nothing readable."""
    try:
        text = data_dir.current_pointer.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text if BUILD_ID.fullmatch(text) else None


def kept_builds(data_dir: DataDir) -> list[Build]:
    """Every whole build whose file is still there, newest first."""
    found = []
    for path in data_dir.warehouse.glob("plimsoll_b-*.duckdb"):
        build_id = path.stem.removeprefix("plimsoll_")
        if BUILD_ID.fullmatch(build_id) and (build := _whole_build(data_dir, build_id)):
            found.append(build)
    return sorted(found, key=lambda build: build_number(build.build_id), reverse=True)


def _whole_build(data_dir: DataDir, build_id: str) -> Build | None:
    path = data_dir.build_file(build_id)
    manifest_path = data_dir.history / f"{build_id}.json"
    try:
        stat = path.stat()
        manifest = _manifest(manifest_path, manifest_path.stat().st_mtime_ns)
        published_at = dt.datetime.fromisoformat(manifest["published_at"])
        whole = stat.st_size == manifest["file_bytes"] and _is_duckdb(path, stat.st_mtime_ns, stat.st_size)
        whole = whole and (path, stat.st_mtime_ns) not in _unreadable
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Build(build_id, path, published_at, manifest) if whole else None


@lru_cache(maxsize=32)
def _manifest(path: Path, _mtime_ns: int) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def _is_duckdb(path: Path, _mtime_ns: int, _size: int) -> bool:
    with path.open("rb") as file:
        return file.read(12)[8:] == _DUCKDB_MARK
