"""Which earlier batch a new one is to be compared with: the last export of the same list."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from models.builds.data_dir import DataDir
from models.intake import Batch, Covers
from models.vocabulary import BatchStatus
from pipeline.ingest.landing.batches import batches
from pipeline.ingest.landing.staging import Staged
from pipeline.store import control

SAME_LIST_SHARE = 0.5  # bugs and tasks of one project come in two files: a list that shares few keys is another list
_STEM = re.compile(r"[\d_\-.()\s年月日]+")


@dataclass(frozen=True)
class Arriving:
    """One feed of one file, staged, not yet landed."""

    staged: Staged
    about: Covers
    system: str
    file: str
    is_full_snapshot: bool = False
    exported_at: dt.datetime | None = None

    @property
    def feed(self) -> str:
        return self.staged.feed.name

    def rows(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.staged.rows_file)


def landed(data_dir: DataDir, staged: Staged) -> list[Batch]:
    """The batches of its feed that count, newest first; without mended rows, which belong to another batch of these, and
    without what was landed of the same bytes before, which gives way when a file is read again."""
    table = control.batches
    return batches(
        data_dir,
        table.c.feed == staged.feed.name,
        table.c.status == BatchStatus.LANDED,
        table.c.mends_batch.is_(None),
        table.c.content_hash != staged.content_hash,
    )


def file_of(data_dir: DataDir, batch: Batch) -> Path | None:
    path = data_dir.landed_file(batch.feed, batch.batch_id)
    return path if path.exists() else None


def same_source(data_dir: DataDir, arriving: Arriving) -> list[Batch]:
    """Landed batches of the feed from the same tool, newest first."""
    return [batch for batch in landed(data_dir, arriving.staged) if batch.source_system == arriving.system]


def last_of_same_list(data_dir: DataDir, arriving: Arriving) -> Batch | None:
    """The newest batch about these projects or more that has the same name but for its digits; else about exactly these."""
    projects = set(arriving.about.projects)
    others = [
        batch
        for batch in same_source(data_dir, arriving)
        if bool(batch.is_full_snapshot) == arriving.is_full_snapshot
        and projects <= set(batch.covers_projects)
        and file_of(data_dir, batch)
    ]
    named = (batch for batch in others if stem(batch.file_name) == stem(arriving.file))
    equal = (batch for batch in others if set(batch.covers_projects) == projects)
    return next(named, None) or next(equal, None)


def shares_projects(batch: Batch, arriving: Arriving) -> bool:
    covered, projects = set(batch.covers_projects), set(arriving.about.projects)
    return bool(covered & projects) or not (covered or projects)


def stem(file_name: str) -> str:
    """A file's name without what changes from export to export: digits, dates, counters, its ending."""
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return _STEM.sub("", name).casefold()
