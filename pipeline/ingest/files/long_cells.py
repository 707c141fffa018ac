"""Cells longer than anything a person reads: their rows are held back before they are cast, checked or shown."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.raw_table import RejectedRow

LONGEST_NAME = 4_000  # characters of a code, a person, a module: they are grouped by, and shown in one line
LONGEST_TEXT = 1_000_000  # of what is written in sentences
_SENTENCES = frozenset({"summary", "description", "comment", "note", "reason", "response", "mitigation"})


def without_long_cells(chunk: pl.DataFrame) -> tuple[pl.DataFrame, list[RejectedRow]]:
    """The chunk without rows that hold a cell beyond the limit, and those rows, each with the first of its columns."""
    too_long = {
        name: (pl.col(name).str.len_chars() > most(name)).fill_null(False)
        for name, kind in chunk.schema.items()
        if kind == pl.String
    }
    if not too_long:
        return chunk, []
    found = chunk.select(pl.any_horizontal(*too_long.values()).alias("long"))["long"]
    if not found.any():
        return chunk, []
    rejected = []
    for row in (
        chunk.filter(found).select("source_row", *(test.alias(name) for name, test in too_long.items())).to_dicts()
    ):
        column = next(name for name in too_long if row[name])
        cell = chunk.filter(pl.col("source_row") == row["source_row"])[column][0]
        rejected.append(
            RejectedRow(
                row["source_row"],
                "ingest.long_cell",
                "{column} holds {characters} characters; at most {most} are kept. Shorten it and load the row again.",
                {"column": column, "characters": len(cell), "most": most(column)},
                column=column,
                value=cell[:200],
            )
        )
    return chunk.filter(~found), rejected


def most(column: str) -> int:
    """How many characters a cell of this column may have."""
    return LONGEST_TEXT if column in _SENTENCES else LONGEST_NAME
