"""Tables for people: aligned text on a terminal, CSV that a spreadsheet may open without harm."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from models.errors import PlimsollError
from models.spreadsheets import neutral

_WIDEST = 48  # columns of a terminal; the whole text is in --json


def table_in_words(rows: Sequence[dict], columns: Sequence[str], when_empty: str, in_all: int | None = None) -> str:
    """The rows as aligned text under their column names; says how many there are in all where some are left out."""
    if not rows:
        return when_empty
    cells = [[column.replace("_", " ") for column in columns]]
    cells += [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [max(_width(line[index]) for line in cells) for index in range(len(columns))]
    lines = [
        "  ".join(text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    if in_all is not None and in_all > len(rows):
        lines.append(f"… {in_all - len(rows)} more: --json has them all.")
    return "\n".join(lines)


def write_csv(rows: pl.DataFrame, path: Path) -> None:
    """The rows as CSV in UTF-8 with a byte-order mark. Text that a spreadsheet would run as a formula gets a leading quote.

    Raises: PlimsollError 'quarantine.cannot_write'.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([neutral(name) for name in rows.columns])
    writer.writerows([[neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in rows.iter_rows()])
    write_file(text.getvalue().encode("utf-8-sig"), path)


def write_file(content: bytes, path: Path) -> None:
    """Raises: PlimsollError 'quarantine.cannot_write'."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise PlimsollError(
            "quarantine.cannot_write",
            "{path} could not be written: {reason}. Choose another file.",
            path=str(path),
            reason=error.strerror or str(error),
        ) from error


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    while _width(text) > _WIDEST:
        text = text[:-2].rstrip("…") + "…"
    return text


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
