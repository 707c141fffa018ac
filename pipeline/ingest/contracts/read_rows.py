"""Readers of exports that are not tables: each turns one file, or one folder of files, into rows of canonical columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from models.builds.snapshot import Columns
from models.feeds import FEEDS, Kind
from pipeline.ingest.contracts.reasons import Reason


@dataclass
class ReadRows:
    """What a reader took from one file for one feed.

    rows: canonical column names, still text (list columns are lists of text), and source_row (Int64, as the user sees it).
    records: how many rows the file itself says or shows it holds, counted apart from `rows`.
    columns: {name in the file: canonical column}; reasons: what is worth telling;
    cut: the same, for what makes the export look cut off; exported_at: naive UTC, where the file says it.
    """

    feed: str
    system: str
    rows: pl.DataFrame
    records: int
    columns: dict[str, str] = field(default_factory=dict)
    unmapped: list[str] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    cut: list[Reason] = field(default_factory=list)
    exported_at: dt.datetime | None = None
    is_full_snapshot: bool = False


def text_frame(feed: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of text as a frame with every canonical column of the feed that any row holds, and source_row."""
    columns = FEEDS[feed].columns
    held = {name for row in rows for name, value in row.items() if value is not None}
    kinds = {column.name: column.kind for column in columns if column.name in held or column.required}
    schema: Columns = {name: pl.List(pl.String) if kind is Kind.LIST else pl.String for name, kind in kinds.items()}
    schema["source_row"] = pl.Int64
    return pl.DataFrame({name: [row.get(name) for row in rows] for name in schema}, schema=schema)
