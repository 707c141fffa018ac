"""Ingest: files come in, are recognized, checked and landed, or refused with a reason.

Importing this is light; what reads and checks files is imported when a file is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from models.builds.data_dir import DataDir
from models.intake import FeedRule, LoadReport
from pipeline.ingest.contracts.options import LoadOptions
from pipeline.ingest.landing.batches import (
    accept_batch,
    batches,
    quarantined,
    redo_batch,
    undo_batch,
    undone,
)
from pipeline.ingest.mapping.profiles import (
    delete_profile,
    keep_answers,
    profile_yaml,
    profiles,
    rename_profile,
    save_mapping_profile,
    save_profile_yaml,
)
from pipeline.ingest.resubmission import mendable_csv

__all__ = [
    "LoadOptions",
    "accept_batch",
    "batches",
    "delete_profile",
    "expected_of",
    "keep_answers",
    "load_bytes",
    "load_paths",
    "mendable_csv",
    "pick_up_inbox",
    "profile_yaml",
    "profiles",
    "quarantined",
    "redo_batch",
    "rename_profile",
    "save_mapping_profile",
    "save_profile_yaml",
    "undo_batch",
    "undone",
]


def load_paths(data_dir: DataDir, paths: Iterable[Path | str], options: LoadOptions | None = None) -> list[LoadReport]:
    """Loads files, folders and archives: one report per file and feed, in the shape of `load --json` (DESIGN).

    Never raises for what is wrong with a file: its report then has status refused and says why.
    """
    from pipeline.ingest import load as loading  # noqa: PLC0415

    return loading.load_paths(data_dir, [Path(path) for path in paths], options or LoadOptions())


def load_bytes(data_dir: DataDir, name: str, content: bytes, options: LoadOptions | None = None) -> list[LoadReport]:
    """The same for one uploaded file; `name` is what the person called it, and never becomes a path."""
    from pipeline.ingest import load as loading  # noqa: PLC0415

    return loading.load_bytes(data_dir, name, content, options or LoadOptions(landed_by="upload"))


def pick_up_inbox(data_dir: DataDir) -> list[LoadReport]:
    """Loads what lies complete in the watched folder, and moves it to .done or .refused there."""
    from pipeline.ingest import inbox  # noqa: PLC0415

    return inbox.pick_up(data_dir)


def expected_of(feed: str) -> list[FeedRule]:
    """The rules of a feed in the order in which they are judged."""
    from pipeline.ingest.checks.expectations import feed_rules  # noqa: PLC0415 (reads the engines that judge them)

    return feed_rules(feed)
