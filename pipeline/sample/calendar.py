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
def _calendar() -> np.busdaycalendar:
    days = np.arange(np.datetime64(FIRST), np.datetime64(LAST + dt.timedelta(days=1))).tolist()
    known = [day for day in days if day.year <= PUBLISHED_THROUGH]
    off = [day for day in known if not chinese_calendar.is_workday(day)]
    return np.busdaycalendar("1111111", off + [day for day in days[len(known) :] if day.weekday() >= 5])


def working_days(begin: dt.date, end: dt.date) -> int:
    """Working days in [begin, end]."""
    return max(int(np.busday_count(begin, end + dt.timedelta(days=1), busdaycal=_calendar())), 0)


def working_dates(begin: dt.date, end: dt.date) -> list[dt.date]:
    """The working days of [begin, end]."""
    days = np.arange(np.datetime64(begin), np.datetime64(end + dt.timedelta(days=1)))
    return days[np.is_busday(days, busdaycal=_calendar())].tolist()


def nth_working_day(begin: dt.date, count: float) -> dt.date:
    """The date of the working day number `count` (1 = the first working day on or after `begin`), rounded up."""
    after = max(int(np.ceil(count - 1e-9)), 1) - 1
    return np.busday_offset(begin, after, roll="forward", busdaycal=_calendar()).astype(object)


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
