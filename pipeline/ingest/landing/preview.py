"""What a person is shown of a file before it counts: its first rows, two examples of every column, how a date was read.

Everything is text, cut short: these lines are kept with the batch, in the control store.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from models.feeds import FEEDS
from models.intake import DateExample
from pipeline.ingest.values.cast import DATED

LONGEST = 200  # characters kept of one cell
FIRST_ROWS = 5
EXAMPLES = 2  # of each column
LOOKED_AT = 40  # rows in which examples are looked for


def in_zone(rows: pl.DataFrame, time_zone: str) -> pl.DataFrame:
    """The rows with their instants (landed as naive UTC) as clocks in `time_zone` show them: as they stand in the file."""
    instants = [name for name, kind in rows.schema.items() if isinstance(kind, pl.Datetime)]
    local = pl.col(instants).dt.replace_time_zone("UTC").dt.convert_time_zone(time_zone).dt.replace_time_zone(None)
    return rows.with_columns(local) if instants else rows


def first_rows(rows: pl.DataFrame) -> list[dict[str, str]]:
    """The first accepted rows as text, {canonical column: text}; empty cells are left out."""
    return [
        {name: shortened(text) for name, value in row.items() if (text := _text(value)) and name != "batch_id"}
        for row in rows.head(FIRST_ROWS).to_dicts()
    ]


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _text(value: object) -> str:
    if value is None or value == []:
        return ""
    if isinstance(value, list):
        return "; ".join(str(member) for member in value)
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def examples(cells: Mapping[int, Mapping[str, str]]) -> dict[str, list[str]]:
    """{header: at most two different values as they stand in the file}. cells: {line: {header: text}}."""
    found: dict[str, list[str]] = {}
    for row in cells.values():
        for header, text in row.items():
            known = found.setdefault(header, [])
            shown = shortened(" ".join(text.split()))
            if shown and shown not in known and len(known) < EXAMPLES:
                known.append(shown)
    return found


def date_example(
    feed: str, cells: Mapping[int, Mapping[str, str]], rows: pl.DataFrame, columns_mapped: Mapping[str, str]
) -> DateExample | None:
    """One date as it stands in the file and as it was read; None without dates.

    A date whose day is above twelve says least about the order, so that one with a smaller day is preferred.
    """
    kinds = {column.name: column.kind for column in FEEDS[feed].columns}
    headers = {canonical: header for header, canonical in columns_mapped.items() if kinds.get(canonical) in DATED}
    best: tuple[bool, DateExample] | None = None
    for row in rows.to_dicts():
        for canonical, header in headers.items():
            text = cells.get(row["source_row"], {}).get(header, "").strip()
            read = row.get(canonical)
            if not text or read is None:
                continue
            one = DateExample(header=header, column=canonical, text=shortened(text), read=read.isoformat()[:10])
            if best is None or (best[0] and read.day <= 12):
                best = (read.day > 12, one)
    return best[1] if best else None
