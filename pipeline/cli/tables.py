"""Tables for people: aligned text on a terminal, CSV that a spreadsheet may open without harm."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from models.errors import PlimsollError

_WIDEST = 48  # columns of a terminal; the whole text is in --json
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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


def write_mendable_csv(rows: pl.DataFrame, path: Path) -> None:
    """The rows as CSV in UTF-8 with a byte-order mark. Text that a spreadsheet would run as a formula gets a leading quote.

    Raises: PlimsollError 'quarantine.cannot_write'.
    """
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(rows.columns)
            writer.writerows([[_neutral(value) for value in row] for row in rows.iter_rows()])
    except OSError as error:
        raise PlimsollError(
            "quarantine.cannot_write",
            "{path} could not be written: {reason}. Choose another file.",
            path=str(path),
            reason=error.strerror or str(error),
        ) from error


def _neutral(value: object) -> object:
    if isinstance(value, str) and value.startswith(_STARTS_A_FORMULA) and not _is_number(value):
        return "'" + value
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


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
