"""Working days as numbers: vectorised arithmetic over the Chinese calendar, holidays and make-up days included."""

from __future__ import annotations

import datetime as dt
from functools import cache

import chinese_calendar
import numpy as np

FIRST = dt.date(2024, 1, 1)
LAST = dt.date(2029, 12, 31)
PUBLISHED_THROUGH = 2026  # later years go by the weekday rule, so that a newer calendar package changes no sample file


@cache
def working_flags() -> np.ndarray:
    """bool per day from FIRST to LAST."""
    days = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    return np.array(
        [chinese_calendar.is_workday(day) if day.year <= PUBLISHED_THROUGH else day.weekday() < 5 for day in days]
    )


@cache
def _cumulative() -> np.ndarray:
    return np.concatenate([[0], np.cumsum(working_flags())])


@cache
def _working_dates() -> np.ndarray:
    return np.flatnonzero(working_flags())


def working_days(begin: dt.date, end: dt.date) -> int:
    """Working days in [begin, end]."""
    if end < begin:
        return 0
    return int(_cumulative()[(end - FIRST).days + 1] - _cumulative()[(begin - FIRST).days])


def working_dates(begin: dt.date, end: dt.date) -> list[dt.date]:
    """The working days of [begin, end]."""
    first = int(np.searchsorted(_working_dates(), (begin - FIRST).days))
    last = int(np.searchsorted(_working_dates(), (end - FIRST).days, side="right"))
    return [FIRST + dt.timedelta(days=int(n)) for n in _working_dates()[first:last]]


def nth_working_day(begin: dt.date, count: float) -> dt.date:
    """The date of the working day number `count` (1 = the first working day on or after `begin`), rounded up."""
    first = int(np.searchsorted(_working_dates(), (begin - FIRST).days))
    position = first + max(int(np.ceil(count - 1e-9)), 1) - 1
    return FIRST + dt.timedelta(days=int(_working_dates()[min(position, len(_working_dates()) - 1)]))


def month_start(day: dt.date) -> dt.date:
    return day.replace(day=1)


def next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def month_end(day: dt.date) -> dt.date:
    return next_month(day) - dt.timedelta(days=1)


def months(begin: dt.date, end: dt.date) -> list[dt.date]:
    """First days of the months from `begin` to `end`."""
    found = [month_start(begin)]
    while next_month(found[-1]) <= end:
        found.append(next_month(found[-1]))
    return found
