"""Months, quarters and weeks as column names: a budget or a cost list that puts its periods side by side."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from itertools import pairwise

from pipeline.ingest.dialects.names import normal_header

FEWEST = 2  # one column named after a month may be anything; two are a table laid out by period
_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_MONTHS_ZH = "一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月".split()  # noqa: SIM905
_QUARTERS_ZH = {"一": 1, "二": 2, "三": 3, "四": 4}
_UNITS = re.compile(r"\s*[(\[](?:人民币)?(?:元|万元|千元|百万元|亿元|cny|rmb|k|万)[)\]]$")
_YEAR = r"(?P<year>(?:19|20)\d\d)"


@dataclass(frozen=True)
class Period:
    """first: the first day. is_quarter: the column stands for three months."""

    first: dt.date
    is_quarter: bool = False

    @property
    def months(self) -> tuple[dt.date, ...]:
        """The first days of its months."""
        count = 3 if self.is_quarter else 1
        return tuple(self.first.replace(month=self.first.month + step) for step in range(count))

    @property
    def last_of_month(self) -> dt.date:
        """The last day of its first month."""
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])


def period_of_column(name: str, year: str | None = None) -> Period | None:
    """2026-01, 2026年1月, 202601, Jan 2026, Jan-26, 1月, 一月, Jan, 2026Q1, 2026年第1季度, Q1, 一季度; None for other names.

    year: what the title or the preamble says, for names without one.
    """
    normal = _UNITS.sub("", normal_header(name))
    if match := re.fullmatch(
        rf"{_YEAR}[-/.年]?\s*(?P<month>0[1-9]|1[0-2]|[1-9])月?(?:[-/.]0?1日?)?(?: 00:00:00)?", normal
    ):
        return Period(dt.date(int(match["year"]), int(match["month"]), 1))
    if match := re.fullmatch(r"(?P<month>[a-z]{3,9})\.?[ '\-/]+(?P<year>(?:19|20)?\d\d)", normal):
        return _english(match["month"], match["year"])
    if match := re.fullmatch(rf"{_YEAR}[ \-/](?P<month>[a-z]{{3,9}})", normal):
        return _english(match["month"], match["year"])
    if quarter := _quarter(normal):
        number, told = quarter
        if of_year := told or year:
            return Period(dt.date(int(of_year), 3 * number - 2, 1), is_quarter=True)
        return None
    if year is None:
        return None
    month = _month_alone(normal)
    return Period(dt.date(int(year), month, 1)) if month else None


_WEEK = re.compile(
    r"(?P<year>20\d\d)[ \-/]?(?:w|wk|week|年?第)\s*(?P<week>\d\d?)周?"
    r"|w(?:k|eek)?\s*(?P<week2>\d\d?)[ \-/](?P<year2>20\d\d)"
)
_DAY = re.compile(
    r"(?:week of |w/c )?(?P<year>20\d\d)[-/.年](?P<month>\d\d?)[-/.月](?P<day>\d\d?)日?(?: 00:00:00)?(?:\s*周|起|~|～)?"
)


def weeks_side_by_side(headers: dict[int, str]) -> tuple[dict[int, dt.date], int]:
    """Index → first day, and how many days each column stands for, where columns are weeks: ISO weeks (2026-W05, 2026年第5周) or
    first days that lie one or two weeks apart. Nothing, 0 where they are not: two dates may be anything, and months are no weeks.
    """
    found = {index: day for index, name in headers.items() if (day := _first_day(name))}
    days = sorted(found.values())
    steps = {(after - before).days for before, after in pairwise(days)}
    return (found, steps.pop()) if len(days) > FEWEST and steps in ({7}, {14}) else ({}, 0)


def _first_day(name: str) -> dt.date | None:
    normal = _UNITS.sub("", normal_header(name))
    try:
        if match := _WEEK.fullmatch(normal):
            return dt.date.fromisocalendar(
                int(match["year"] or match["year2"]), int(match["week"] or match["week2"]), 1
            )
        if match := _DAY.fullmatch(normal):
            return dt.date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:  # week 54, 30 February
        return None
    return None


def _english(word: str, year: str) -> Period | None:
    if word[:3] not in _MONTH_NAMES:
        return None
    number = int(year) if len(year) == 4 else 2000 + int(year)
    return Period(dt.date(number, _MONTH_NAMES.index(word[:3]) + 1, 1))


def _quarter(normal: str) -> tuple[int, str | None] | None:
    """(1..4, the year it names)."""
    for pattern in (
        r"(?:(?P<year>(?:19|20)\d\d)\s*[-/年]?\s*)?(?:q|第?)(?P<quarter>[1-4一二三四])(?:季度?)?",
        r"(?P<quarter>[1-4])\s*q(?:\s*[-/']?\s*(?P<year>(?:19|20)\d\d))?",
        r"q(?P<quarter>[1-4])[ \-/']+(?P<year>(?:19|20)\d\d)",
    ):
        match = re.fullmatch(pattern, normal)
        if match and ("季" in normal or "q" in normal):
            return _QUARTERS_ZH.get(match["quarter"]) or int(match["quarter"]), match["year"]
    return None


def _month_alone(normal: str) -> int | None:
    if match := re.fullmatch(r"0?([1-9]|1[0-2])月(?:份)?", normal):
        return int(match[1])
    if normal.removesuffix("份") in _MONTHS_ZH:
        return _MONTHS_ZH.index(normal.removesuffix("份")) + 1
    word = normal.rstrip(".")
    return _MONTH_NAMES.index(word[:3]) + 1 if word[:3] in _MONTH_NAMES and word in _FULL_NAMES else None


_FULL_NAMES = frozenset(
    [*_MONTH_NAMES, "sept"]
    + "january february march april june july august september october november december".split()  # noqa: SIM905
)
