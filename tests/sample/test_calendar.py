"""Working days as the sample counts them."""

from __future__ import annotations

import datetime as dt

from pipeline.sample.calendar import months, nth_working_day, working_dates, working_days


def test_october_2026_has_eighteen_working_days():
    # 22 weekdays − 5 of the National Day holiday (1, 2, 5, 6, 7 October) + 1 make-up Saturday (10 October) = 18
    assert working_days(dt.date(2026, 10, 1), dt.date(2026, 10, 31)) == 18


def test_the_days_are_those_that_are_counted():
    days = working_dates(dt.date(2026, 10, 1), dt.date(2026, 10, 12))
    assert days == [dt.date(2026, 10, 8), dt.date(2026, 10, 9), dt.date(2026, 10, 10), dt.date(2026, 10, 12)]


def test_years_not_published_yet_go_by_weekday():
    # 1 to 31 October 2027: 21 weekdays, and no holiday is known
    assert working_days(dt.date(2027, 10, 1), dt.date(2027, 10, 31)) == 21


def test_nth_working_day_skips_the_holiday():
    assert nth_working_day(dt.date(2026, 10, 1), 1) == dt.date(2026, 10, 8)
    assert nth_working_day(dt.date(2026, 10, 1), 3) == dt.date(2026, 10, 10)


def test_months_run_over_the_year():
    assert months(dt.date(2025, 11, 15), dt.date(2026, 2, 1)) == [
        dt.date(2025, 11, 1),
        dt.date(2025, 12, 1),
        dt.date(2026, 1, 1),
        dt.date(2026, 2, 1),
    ]
