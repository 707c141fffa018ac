"""Working days around holidays and make-up days, counted by hand on a calendar."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.schedule.working_time import WorkingCalendar
from tests.models.schedule.calendars import china, march


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2025-{text}")


def test_a_task_finishes_at_the_end_of_its_last_day():
    # Mo 22, Tu 23, We 24, Th 25, Fr 26, Su 28 (make-up), Mo 29, Tu 30 September, Th 9, Fr 10, Sa 11 (make-up), Mo 13 October
    calendar = china()
    assert calendar.finish_of(day("09-22"), 1) == day("09-22")
    assert calendar.finish_of(day("09-22"), 6) == day("09-28")
    assert calendar.finish_of(day("09-22"), 10) == day("10-10")
    assert calendar.finish_of(day("09-22"), 11) == day("10-11")
    assert calendar.finish_of(day("09-22"), 12) == day("10-13")
    assert calendar.finish_of(day("09-22"), 0) == day("09-22")


def test_parts_of_days():
    calendar = china()
    assert calendar.finish_of(day("09-30"), 0.5) == day("09-30")
    assert calendar.finish_of(day("09-30"), 1.5) == day("10-09")
    assert calendar.shifted(day("09-29"), 1.5) == day("09-30")
    assert calendar.shifted(day("09-29"), -1) == day("09-28")
    assert calendar.shifted(day("09-29"), -1.5) == day("09-26")
    # Ten tenths are one day, though 0.1 added ten times is not quite 1.
    assert calendar.last_day(calendar.start_of(day("09-29")) + sum([0.1] * 10)) == day("09-29")


def test_distances():
    calendar = china()
    assert calendar.distance(day("09-26"), day("09-29")) == 2  # the 26th and the make-up Sunday
    assert calendar.distance(day("09-29"), day("09-26")) == -2
    assert calendar.working_days(day("09-22"), day("10-10")) == 10
    assert calendar.working_days(day("10-01"), day("10-08")) == 0
    assert march().working_days(day("03-03"), day("03-16")) == 10


def test_days_off_count_as_the_next_or_the_last_working_day():
    calendar = china()
    assert calendar.start_of(day("10-03")) == calendar.start_of(day("10-09"))
    assert calendar.end_of(day("10-03")) == calendar.end_of(day("09-30"))
    assert not calendar.is_working(day("10-03"))
    assert calendar.is_working(day("10-11"))


def test_whole_columns_say_what_single_dates_say():
    calendar = china()
    dates = pl.Series([day("09-26"), None, day("10-03")])
    assert calendar.starts_of(dates)[[0, 2]].tolist() == [calendar.start_of(d) for d in (dates[0], dates[2])]
    assert calendar.ends_of(dates)[[0, 2]].tolist() == [calendar.end_of(d) for d in (dates[0], dates[2])]
    assert np.isnan(calendar.starts_of(dates)[1])
    assert np.isnat(calendar.first_days(np.array([np.nan])))[0]


def test_the_clock_reads_a_position_as_beginning_and_as_end():
    calendar = china()
    position = calendar.start_of(day("10-09"))
    clock = (day("10-09") - dt.date(1970, 1, 1)).days
    assert calendar.opening(position) == clock
    assert calendar.closing(position) == clock - 8  # the end of 30 September
    assert calendar.position(clock) == calendar.position(clock - 8) == position
    assert calendar.position(clock + 0.25) == position + 0.25


def test_beyond_the_calendar_the_plain_rule_holds_and_nothing_breaks():
    calendar = china()
    assert calendar.finish_of(dt.date(2030, 1, 4), 2) == dt.date(2030, 1, 7)  # Friday, Monday
    assert calendar.last_day(1e12) == calendar.first_day(calendar.end - 1)
    assert calendar.start_of(dt.date(1900, 1, 1)) == 0
    with pytest.raises(ValueError, match="at least one day"):
        WorkingCalendar(pl.DataFrame({"calendar_date": [], "is_working_day": []}))
