"""For which period, or at which day, numbers stand: said the same way on cards, charts, grids, in downloads and their names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from models.document import Row
from models.vocabulary import PeriodKind
from models.words.catalog import msgid, sentence
from models.words.numbers import date_text, period_text

DAY = "day"


@dataclass(frozen=True)
class Moment:
    """Weeks or months by their ends, or days; of several from the first to the last."""

    first: dt.date
    last: dt.date
    kind: str = DAY

    def words(self, language: str) -> str:
        """'Jun 2026', 'Jun 2026 – Oct 2026', 'data as of 20 Nov 2026'."""
        if self.kind == DAY:
            shown = [date_text(day, language) for day in (self.first, self.last)]
        else:
            shown = [period_text(self.kind, end, language) for end in (self.first, self.last)]
        told = shown[0] if shown[0] == shown[1] else " – ".join(shown)
        return sentence(msgid("data as of {date}"), {"date": told}, language) if self.kind == DAY else told

    @property
    def mark(self) -> str:
        """The same in the name of a file and in a column: '2026-06', '2026-W23', '2026-06-15'; two of them with '_' between."""
        shown = [_mark(self.kind, end) for end in (self.first, self.last)]
        return shown[0] if shown[0] == shown[1] else "_".join(shown)


def over(kind: str, days: Iterable[dt.date | None]) -> Moment | None:
    """Of these ends of weeks or months, or these days; None where there are none."""
    known = [day for day in days if day is not None]
    return Moment(min(known), max(known), str(kind)) if known else None


def at(day: dt.date | None) -> Moment | None:
    return over(DAY, [day])


def of_rows(rows: Iterable[Row]) -> Moment | None:
    """The periods of rows of kpi_values."""
    rows = [row for row in rows if row["period_end"] is not None]
    return over(str(rows[0]["period_kind"]), [row["period_end"] for row in rows]) if rows else None


def _mark(kind: str, end: dt.date) -> str:
    if kind == DAY:
        return end.isoformat()
    if kind == PeriodKind.WEEK:
        year, week, _weekday = end.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{end:%Y-%m}"
