"""Worklogs in the cells of a list of issues: one column for each, `comment;date;author;seconds`."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import FeedInCells
from pipeline.ingest.contracts.raw_table import RawTable, RejectedRow
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.names import normal_header

_SHARED = frozenset({"issue_key", "project", "module"})


def worklogs_in_cells(table: RawTable, mapping: Mapping) -> FeedInCells | None:
    indices = log_work_indices(table, mapping)
    return FeedInCells("worklogs", "hours", "seconds", indices, _SHARED, log_work_rows) if indices else None


def log_work_indices(table: RawTable, mapping: Mapping) -> list[int]:
    """The columns of a list of issues that hold worklogs: by their name, or by the shape of their cells in whatever language."""
    names = [normal_header(name) for name in table.header]
    found = {name for name in names if name in dialects().worklog_cells}
    others = [index for index, name in enumerate(names) if name not in found and index not in mapping.indices]
    if not found and others and table.records:
        frame = next(iter(table.chunks(others)), pl.DataFrame()).head(_LOOKED_AT)
        for index in others:
            cells = frame[f"c{index}"].drop_nulls() if f"c{index}" in frame.columns else pl.Series(dtype=pl.String)
            if len(cells) and cells.str.contains(_LOG_WORK_SHAPE).all():
                found.add(names[index])
    return [index for index, name in enumerate(names) if name in found]


_LOOKED_AT = 20_000  # rows of which the shape of a column is told
_LOG_WORK_SHAPE = r"(?s)^(?:.*;)?[^;]*\d{1,4}[-/.年][^;]*\d[^;]*;[^;]+;\d+\s*$"
_LOG_WORK_CELL = r"(?s)^(?:(?P<description>.*);)?(?P<work_date>[^;]*);(?P<person>[^;]*);(?P<seconds>\d+)\s*$"
SECONDS_PER_HOUR = 3600


def log_work_rows(
    raw: pl.DataFrame, indices: list[int], issues: pl.DataFrame
) -> tuple[pl.DataFrame, list[RejectedRow], int]:
    """Cells `comment;date;author;seconds` (the comment may be empty or hold semicolons) as rows of the feed worklogs.

    issues: the same rows in canonical columns, for key, project and module; those held back have none. Returns the rows,
    the cells that do not read, and the count of cells.
    """
    shared = [name for name in ("issue_key", "project", "module") if name in issues.columns]
    cells = (
        raw.select(*(f"c{index}" for index in indices), "source_row")
        .join(issues.select(*shared, "source_row"), on="source_row", how="inner", maintain_order="left")
        .unpivot([f"c{index}" for index in indices], index=[*shared, "source_row"], value_name="cell")
        .filter(pl.col("cell").str.strip_chars().fill_null("") != "")
        .sort("source_row", maintain_order=True)
    )
    parts = cells.with_columns(pl.col("cell").str.extract_groups(_LOG_WORK_CELL).alias("parts")).unnest("parts")
    is_read = pl.col("seconds").is_not_null()
    rows = parts.filter(is_read).select(
        *shared,
        pl.col("work_date").str.strip_chars(),
        pl.col("person").str.strip_chars(),
        (pl.col("seconds").cast(pl.Float64) / SECONDS_PER_HOUR).cast(pl.String).alias("hours"),
        pl.when(pl.col("description").str.strip_chars() != "").then(pl.col("description")).alias("description"),
        "source_row",
    )
    rejected = [
        RejectedRow(
            line,
            "ingest.unreadable_worklog",
            "A worklog reads 'comment;date;author;seconds', and this cell does not: {value}",
            {"value": cell[:200]},
            raw=cell,
            column="Log Work",
            value=cell[:200],
        )
        for line, cell in parts.filter(~is_read).select("source_row", "cell").iter_rows()
    ]
    return rows, rejected, cells.height
