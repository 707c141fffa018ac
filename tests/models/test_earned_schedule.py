"""Earned schedule by hand: a plan of five periods with a plateau, and what is told at its edges."""

import datetime as dt

import polars as pl
import pytest

from models.earned_schedule import (
    TimeStatus,
    earned_schedule,
    forecast_finish,
    planned_duration,
    time_performance,
    time_performance_by_period,
)

# 100, 300, 300 (nothing planned in the third), 600, 1000; then the plan is over and stays at its budget.
PLAN = pl.DataFrame(
    {"period": [1, 2, 3, 4, 5, 6, 7], "planned_value_to_date": [100.0, 300.0, 300.0, 600.0, 1000.0, 1000.0, 1000.0]}
)


@pytest.mark.parametrize(
    ("earned", "time"),
    [
        (0, 0),
        (50, 0.5),
        (100, 1),
        (200, 1.5),
        (299.99, 1.99995),
        (300, 3),  # on the plateau: the latest period with as much planned
        (450, 3.5),
        (700, 4.25),
        (1000, 5),  # the plan reaches its budget in the fifth period, however long it stays there
        (1200, 5),
    ],
)
def test_time_at_which_as_much_was_planned(earned: float, time: float):
    assert earned_schedule(PLAN, earned) == pytest.approx(time, abs=1e-12)


def test_the_plan_is_a_plan():
    assert planned_duration(PLAN) == 5
    late = pl.DataFrame({"period": [3, 4], "planned_value_to_date": [0, 100]})
    assert (earned_schedule(late, 0), earned_schedule(late, 50)) == (3, 3.5)
    # A value that sums of floats put a hair below the plateau still stands on it.
    tenths = pl.DataFrame({"period": [1, 2, 3], "planned_value_to_date": [0.1 + 0.2, 0.1 + 0.2, 1.0]})
    assert earned_schedule(tenths, 0.3) == pytest.approx(2)
    for wrong in ([], [5.0, 4.0], [1.0, None]):
        with pytest.raises(ValueError, match="planned_value"):
            earned_schedule(pl.DataFrame({"period": range(len(wrong)), "planned_value_to_date": wrong}), 1)


def test_performance_within_the_plan():
    # 450 earned at the end of period 4: the plan had them at 3.5.
    found = time_performance(PLAN, 450, 4)
    assert (found.status, found.earned_schedule, found.schedule_variance_time) == (TimeStatus.RATED, 3.5, -0.5)
    assert found.schedule_performance_index_time == 0.875
    assert found.forecast_duration == pytest.approx(5 / 0.875)


def test_past_the_planned_end_the_index_keeps_falling():
    # SPI = 700 ÷ 1000 at both dates; SPI(t) is 4.25 ÷ 6, then 4.25 ÷ 7.
    assert time_performance(PLAN, 700, 6).schedule_performance_index_time == pytest.approx(4.25 / 6)
    assert time_performance(PLAN, 700, 7).schedule_performance_index_time == pytest.approx(4.25 / 7)
    assert time_performance(PLAN, 700, 7).forecast_duration == pytest.approx(5 * 7 / 4.25)


def test_time_stands_still_at_the_actual_finish():
    found = time_performance(PLAN, 1000, 11, actual_finish=8)
    assert (found.status, found.actual_time, found.schedule_variance_time) == (TimeStatus.FINISHED, 8, -3)
    assert (found.schedule_performance_index_time, found.forecast_duration) == (0.625, 8)
    # Before it, the later finish is not known yet.
    assert time_performance(PLAN, 700, 6, actual_finish=8).status is TimeStatus.RATED


def test_too_early_unknown_and_nothing_earned():
    early = time_performance(PLAN, 100, 1.5)
    assert (early.status, early.earned_schedule, early.schedule_performance_index_time) == (
        TimeStatus.TOO_EARLY,
        1,
        None,
    )
    assert time_performance(PLAN, None, 4).status is TimeStatus.UNKNOWN
    nothing = time_performance(PLAN, 0, 4)
    assert (nothing.schedule_performance_index_time, nothing.forecast_duration) == (0, None)


def test_every_status_date():
    earned = pl.DataFrame({"period": [3, 1, 2], "earned_value_to_date": [450.0, 50.0, None]})
    found = time_performance_by_period(PLAN, earned)
    assert found.select("period", "status", "earned_schedule", "schedule_performance_index_time").rows() == [
        (1, "too_early", 0.5, None),
        (2, "unknown", None, None),
        (3, "rated", 3.5, pytest.approx(3.5 / 3)),
    ]


def test_forecast_finish_on_the_calendar():
    # 100 days planned, SPI(t) 0.875: 114.3 days, so the project ends on its 115th.
    start = dt.date(2025, 1, 1)
    assert forecast_finish(start, dt.date(2025, 4, 10), time_performance(PLAN, 450, 4)) == dt.date(2025, 4, 25)
    assert forecast_finish(start, dt.date(2025, 4, 10), time_performance(PLAN, 0, 4)) is None
    assert forecast_finish(start, dt.date(2025, 4, 10), time_performance(PLAN, 1e-12, 4)) is None
