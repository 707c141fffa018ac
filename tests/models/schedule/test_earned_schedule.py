"""The finish that follows from SPI(t), by hand. Earned schedule itself is held against its examples by a unit test of dbt."""

import datetime as dt

import pytest

from models.schedule.earned_schedule import TimePerformance, TimeStatus, forecast_finish


@pytest.mark.parametrize(
    ("index", "finish"),
    [
        (0.875, dt.date(2025, 4, 25)),  # 100 days planned ÷ 0.875 = 114.3 days, so the project ends on its 115th
        (1.0, dt.date(2025, 4, 10)),
        (1.25, dt.date(2025, 3, 21)),  # 80 days: 31 of January, 28 of February, 21
        (0.0, None),  # nothing is earned: no finish follows
        (None, None),
        (1e-12, None),  # out of the calendar
    ],
)
def test_forecast_finish_on_the_calendar(index: float | None, finish: dt.date | None):
    performance = TimePerformance(TimeStatus.RATED, 3.5, 4.0, 5.0, -0.5, index, None)
    assert forecast_finish(dt.date(2025, 1, 1), dt.date(2025, 4, 10), performance) == finish
