"""What is said of a table of hours after its rows were read."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.ingest.feeds.hours.layouts import HoursLayout


@dataclass
class Counted:
    """sums: rows whose total is not the sum of their days (line, total, sum). words: cells of presence without hours."""

    sums: list[tuple[int, float, float]] = field(default_factory=list)
    ticks: int = 0
    words: int = 0
    first_word: str | None = None
    from_above: int = 0
    spans: int = 0


def reading_notes(
    counted: Counted, layout: HoursLayout, headers: dict[int, str], refused: int
) -> list[tuple[str, str, dict]]:
    """(code, template, details) of everything that was understood beyond single columns."""
    said: list[tuple[str, str, dict]] = []
    days = sorted(layout.days.values())
    if days:
        source = layout.period.words if layout.period else headers[min(layout.run)]
        details = {"first": days[0].isoformat(), "last": days[-1].isoformat(), "source": source}
        said.append((*_MATRIX, details))
    if counted.sums:
        line, stated, total = counted.sums[0]
        sums = {"rows": len(counted.sums), "line": line, "stated": f"{stated:g}", "days": f"{total:g}"}
        said.append((*_SUMS, sums))
    if counted.ticks:
        said.append((*_TICKS, {"cells": counted.ticks}))
    if counted.words:
        said.append((*_WORDS, {"cells": counted.words, "first": (counted.first_word or "")[:60]}))
    if counted.from_above:
        said.append((*_FROM_ABOVE, {"rows": counted.from_above}))
    if counted.spans:
        names = {role: headers[layout.roles[role]] for role in ("start", "end")}
        said.append((*_SPANS, {"rows": counted.spans} | names))
    if layout.is_by_month:
        said.append((*_MONTHS, {"column": headers[layout.roles["month"]]}))
    if refused:
        said.append((*_REFUSED, {"rows": refused}))
    return said


_MATRIX = (
    "ingest.days_as_columns",
    "The columns are days, {first} to {last} (from '{source}'): every filled cell is one row. Totals beside them are not.",
)
_SUMS = (
    "ingest.row_sum_differs",
    "{rows} rows have a total that is not the sum of their days, the first in line {line} ({stated} and {days}). "
    "The days count.",
)
_TICKS = ("ingest.ticks_as_days", "{cells} cells hold a tick; each was read as one person-day of 8 hours.")
_WORDS = (
    "ingest.words_of_presence",
    "{cells} cells hold words or a single stamp of the clock and no hours, the first '{first}'. "
    "The days are kept, their hours are unknown.",
)
_FROM_ABOVE = ("ingest.filled_from_above", "{rows} empty cells of merged labels were filled from the row above.")
_SPANS = (
    "ingest.hours_from_clock",
    "No column holds the hours: in {rows} rows they were counted from '{start}' to '{end}', over midnight where the end is "
    "earlier.",
)
_MONTHS = (
    "ingest.rows_of_months",
    "Each row stands for a month ('{column}'): it is dated on the first day of the month, and not spread over its days.",
)
_REFUSED = (
    "ingest.refused_left_out",
    "{rows} rows were refused or withdrawn by whoever approves them, and were left out.",
)
