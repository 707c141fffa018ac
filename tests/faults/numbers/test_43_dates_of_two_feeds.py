"""Fault 43: feeds with different data dates in one ratio, a newest day before eight in the morning → the right date and value."""

from __future__ import annotations

import datetime as dt

import pytest

from models.builds.published import current_build
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_snapshot
from models.kpis.values import kpi_row
from tests.faults.numbers.silently_wrong import make_silently_wrong


@pytest.fixture(scope="module")
def build(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("silently-wrong", make_silently_wrong)))


@pytest.mark.parametrize(
    ("period_end", "data_date", "planned"),
    [
        (dt.date(2026, 6, 30), dt.date(2026, 6, 15), 52_380.95),  # 100,000 x 11/21
        (dt.date(2026, 7, 31), dt.date(2026, 7, 15), 147_826.09),  # 100,000 + 100,000 x 11/23
    ],
)
def test_a_plan_that_is_kept_is_never_late(build, period_end, data_date, planned):
    """It was shown as 0.524 critical and 0.791 critical: because the month went on, and an issue was updated on 28 July."""
    row = kpi_row(build, Selection(projects=("DATES",), period_end=period_end), "schedule_performance_index")
    assert (row["value"], row["status"], row["valued_on"]) == (pytest.approx(1, abs=1e-6), "ok", data_date)
    assert row["denominator"] == pytest.approx(planned, abs=0.005)


def test_what_was_done_before_eight_in_the_morning_of_the_newest_day_counts(build):
    """07:30 in Shanghai is the day before in UTC."""
    row = kpi_row(build, Selection(projects=("DATES",), period_end=dt.date(2026, 7, 31)), "throughput")
    assert (row["value"], row["as_of"]) == (1, dt.date(2026, 7, 28))
