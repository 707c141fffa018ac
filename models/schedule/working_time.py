"""Working time: which days are worked, and how far apart two moments are in working days.

A moment is a position: a float, the working days done since the calendar began. The working day with position n runs from n
to n + 1, so a task of 3 days that starts with it occupies n … n + 3 and finishes at the end of the third day. One position
has two readings where days meet: n is the end of one working day and the beginning of the next, with a weekend in between
perhaps. `opening` and `first_day` read it as a beginning, `closing` and `last_day` as an end.

Beside positions there are clock positions, days since 1970-01-01 whether worked or not: they are what elapsed lags run in,
and what two calendars have in common. Both are floats; a part of a day is a part of its working time.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property

import numpy as np
import polars as pl

EPSILON = 1e-9  # days; sums of fractions of days differ by less, and a real difference is at least a second (1e-5)
# A date of a task may lie outside the published calendar: it goes on, Monday to Friday, for as long as anybody plans.
_YEARS_BEFORE, _YEARS_AFTER = 30, 80
_DAYS_OF_YEAR = 366
_MONDAY_TO_FRIDAY = "1111100"


class WorkingCalendar:
    """The working days of a project or site, with fast arithmetic on them.

    days: calendar_date (date, any order, no gaps needed), is_working_day (bool), as the published table dim_dates has them.
    exceptions: the same two columns; they win over `days`, as for a site with its own make-up days.
    A day that neither names follows the rule Monday to Friday. Raises: ValueError if `days` names no day.
    """

    def __init__(self, days: pl.DataFrame, exceptions: pl.DataFrame | None = None) -> None:
        named = _stated(days)
        if named.is_empty():
            raise ValueError("a calendar needs at least one day")
        if exceptions is not None:
            named = pl.concat([named, _stated(exceptions)])
        dates = named["calendar_date"].to_numpy().astype("datetime64[D]")
        first = dates.min() - np.timedelta64(_YEARS_BEFORE * _DAYS_OF_YEAR, "D")
        last = dates.max() + np.timedelta64(_YEARS_AFTER * _DAYS_OF_YEAR, "D")
        every = np.arange(first, last + np.timedelta64(1, "D"))
        works = np.is_busday(every, weekmask=_MONDAY_TO_FRIDAY)
        # Later rows win, so exceptions stand behind: NumPy assigns in order.
        works[(dates - first).astype(np.int64)] = named["is_working_day"].to_numpy()
        self.first_named_date: dt.date = dates.min().astype(object)
        self.first_date: dt.date = first.astype(object)
        self.last_date: dt.date = last.astype(object)
        self._first = first
        self._clock_of_first = int(first.astype(np.int64))
        self._works = works
        self._done_before = np.concatenate(([0], np.cumsum(works)))  # working days before each day, and before the end
        self._days = np.flatnonzero(works)

    @cached_property
    def _lists(self) -> tuple[list[bool], list[int], list[int]]:
        # One number at a time is read from lists five times as fast as from arrays.
        return self._works.tolist(), self._done_before.tolist(), self._days.tolist()

    # Dates

    def is_working(self, day: dt.date) -> bool:
        return bool(self._works[self._offset(day)])

    def start_of(self, day: dt.date) -> float:
        """The position at which `day` begins; of a day off, the beginning of the next working day."""
        return float(self._done_before[self._offset(day)])

    def end_of(self, day: dt.date) -> float:
        """The position at which `day` ends; of a day off, the end of the last working day."""
        return float(self._done_before[self._offset(day) + 1])

    def first_day(self, position: float) -> dt.date:
        """The day on which work begins that starts at `position`."""
        return self.first_days(np.array([position]))[0].astype(object)

    def last_day(self, position: float) -> dt.date:
        """The day on which work ends that finishes at `position`."""
        return self.last_days(np.array([position]))[0].astype(object)

    def finish_of(self, start: dt.date, working_days: float) -> dt.date:
        """The last day of a task: n working days from the beginning of `start` end with day n − 1 after it."""
        begins = self.start_of(start)
        return self.last_day(begins + working_days) if working_days > 0 else self.first_day(begins)

    def shifted(self, day: dt.date, working_days: float) -> dt.date:
        """The day that is `working_days` (negative: before) away from `day`; a day off counts as the next working day."""
        return self.first_day(self.start_of(day) + working_days)

    def working_days(self, first: dt.date, last: dt.date) -> float:
        """Working days from the beginning of `first` to the end of `last`; negative once `last` lies before `first`."""
        return self.end_of(last) - self.start_of(first)

    def distance(self, before: dt.date, after: dt.date) -> float:
        """Working days by which `after` is later than `before`: 1 from a Friday to the next Monday."""
        return self.start_of(after) - self.start_of(before)

    # Whole columns

    def starts_of(self, days: pl.Series) -> np.ndarray:
        """`start_of` for a column of dates; NaN where there is none."""
        return self._positions(days, 0)

    def ends_of(self, days: pl.Series) -> np.ndarray:
        """`end_of` for a column of dates; NaN where there is none."""
        return self._positions(days, 1)

    def first_days(self, positions: np.ndarray) -> np.ndarray:
        """`first_day` for an array of positions, as datetime64[D]; NaT for NaN."""
        return self._dates(np.floor(positions + EPSILON))

    def last_days(self, positions: np.ndarray) -> np.ndarray:
        """`last_day` for an array of positions, as datetime64[D]; NaT for NaN."""
        return self._dates(np.ceil(positions - EPSILON) - 1)

    @property
    def end(self) -> float:
        """The position behind the last day that this calendar knows; what lies beyond is shown as its last day."""
        return float(len(self._days))

    # Clock positions

    def position(self, clock: float) -> float:
        """The working days done at a clock position."""
        works, done_before, _days = self._lists
        clock = max(clock - self._clock_of_first, 0.0)
        day = int(clock + EPSILON)
        if day >= len(works):
            return float(done_before[-1])
        return done_before[day] + (max(0.0, clock - day) if works[day] else 0.0)

    def opening(self, position: float) -> float:
        """The clock position of `position` read as a beginning: the latest one with so much work done."""
        days = self._lists[2]
        day = min(max(int(position + EPSILON), 0), len(days) - 1)
        return self._clock_of_first + days[day] + min(max(0.0, position - day), 1.0)

    def closing(self, position: float) -> float:
        """The clock position of `position` read as an end: the earliest one with so much work done."""
        days = self._lists[2]
        day = min(max(-int(-(position - EPSILON) // 1) - 1, 0), len(days) - 1)
        return self._clock_of_first + days[day] + min(max(0.0, position - day), 1.0)

    # Inside

    def _offset(self, day: dt.date) -> int:
        return min(max((np.datetime64(day, "D") - self._first).astype(int), 0), len(self._works) - 1)

    def _positions(self, days: pl.Series, behind: int) -> np.ndarray:
        dates = days.cast(pl.Date).to_numpy().astype("datetime64[D]")
        missing = np.isnat(dates)
        offsets = np.where(missing, self._first, dates) - self._first
        offsets = np.clip(offsets.astype(np.int64), 0, len(self._works) - 1)
        return np.where(missing, np.nan, self._done_before[offsets + behind].astype(np.float64))

    def _dates(self, numbers: np.ndarray) -> np.ndarray:
        missing = np.isnan(numbers)
        numbers = np.clip(np.where(missing, 0, numbers), 0, len(self._days) - 1).astype(np.int64)
        return np.where(missing, np.datetime64("NaT"), self._first + self._days[numbers])


def _stated(days: pl.DataFrame) -> pl.DataFrame:
    return days.select(pl.col("calendar_date").cast(pl.Date), pl.col("is_working_day").cast(pl.Boolean)).drop_nulls()
