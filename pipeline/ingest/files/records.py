"""Records as they stand in the file, cell by cell: for examples on screen, and for rejected rows that go out to be mended."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from models.feeds import Feed
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.files.text.scanning import split_record


def records_of(rows: pl.DataFrame, feed: Feed) -> tuple[list[str], dict[int, list[list[str]]]]:
    """Rows under the feed's own column names, each as text."""
    names = [column.name for column in feed.columns if column.name in rows.columns]
    found: dict[int, list[list[str]]] = {}
    for row in rows.select("source_row", *names).to_dicts():
        cells = [row[name] for name in names]
        texts = ["; ".join(cell) if isinstance(cell, list) else str("" if cell is None else cell) for cell in cells]
        found.setdefault(row["source_row"], []).append(texts)
    return names, found


def cells_of(table: RawTable, source_rows: Iterable[int]) -> dict[int, dict[str, str]]:
    """{line: {header: text}} of these rows; of columns with one name, the first filled cell."""
    found: dict[int, dict[str, str]] = {}
    for line, cells in record_cells(table, source_rows).items():
        row = found.setdefault(line, {})
        for header, cell in zip(table.header, cells, strict=False):
            if header.strip() and not row.get(header):
                row[header] = cell
    return found


def record_cells(table: RawTable, source_rows: Iterable[int]) -> dict[int, list[str]]:
    """{line: cells} as they stand in the file, ragged rows with as many as they have."""
    texts = table.raw_text(source_rows)
    if table.delimiter is None:  # a sheet's cells come joined by tabs
        return {line: text.split("\t") for line, text in texts.items()}
    return {line: split_record(text, table.delimiter) for line, text in texts.items()}
