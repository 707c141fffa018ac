"""The sample portfolio, multiplied: more projects, and more rows in each, without a loop over rows."""

from __future__ import annotations

import math

import polars as pl

LEDGER_FACTOR = 2  # the sample holds fewer ledger lines than issues
PROJECTS_AT_MOST = 40  # copies of the eight projects: 320, a group "with hundreds of projects"
# columns that name a thing of one copy, by feed: `code-7` in the copy number 7
COPIED = {
    "projects": ("project_key",),
    "project_aliases": ("external_code", "project_key"),
    "people": ("person", "project"),
    "leaves": ("person",),
    "issues": ("project", "issue_key", "assignee", "reporter"),
    "issue_changes": ("project", "issue_key", "author"),
    "worklogs": ("project", "issue_key", "person"),
    "ledger": ("project", "voucher_no"),
    "costs": ("project", "document_no"),
    "contracts": ("project", "contract_no", "parent_contract"),
    "payment_terms": ("contract_no",),
}
SHARED = ("rates", "account_mapping", "fx_rates")
# columns that name a row inside a project: a second one with the volume
MULTIPLIED = {
    "issues": ("issue_key", "assignee", "reporter"),
    "issue_changes": ("issue_key", "author"),
    "worklogs": ("issue_key", "person"),
    "people": ("person",),
    "leaves": ("person",),
    "ledger": ("voucher_no",),
}


def scaled(frames: dict[str, pl.DataFrame], scale: int) -> dict[str, pl.DataFrame]:
    """`scale` times the rows: up to 40 copies of the portfolio, the rest as volume inside each project.

    Volume copies keep every ratio: code size grows with the defects, ledger amounts are divided.
    """
    copies = min(scale, PROJECTS_AT_MOST)
    volume = math.ceil(scale / copies)
    return {feed: _grown(feed, frame, copies, volume) for feed, frame in frames.items()}


def _grown(feed: str, frame: pl.DataFrame, copies: int, volume: int) -> pl.DataFrame:
    factor = volume * LEDGER_FACTOR if feed == "ledger" else volume
    grown = _numbered(frame, factor, MULTIPLIED[feed], "x") if feed in MULTIPLIED and factor > 1 else frame
    if feed == "ledger":
        shares = [(pl.col(name).cast(pl.Float64) / factor).cast(pl.Decimal(18, 2)) for name in ("debit", "credit")]
        grown = grown.with_columns(shares)
    if feed == "code_size":
        grown = grown.with_columns(pl.col("effective_lines") * volume)
    return grown if feed in SHARED else _numbered(grown, copies, COPIED.get(feed, ("project",)), "-")


def _numbered(frame: pl.DataFrame, copies: int, names: tuple[str, ...], mark: str) -> pl.DataFrame:
    """The frame `copies` times; the first copy keeps its names, the others add mark and number."""
    number = pl.DataFrame({"_copy": range(copies)}, schema={"_copy": pl.Int32})
    ending = pl.when(pl.col("_copy") == 0).then(pl.lit("")).otherwise(pl.lit(mark) + pl.col("_copy").cast(pl.String))
    return (
        number.join(frame, how="cross")
        .with_columns((pl.col(name) + ending).alias(name) for name in names)
        .select(frame.columns)
    )
