"""Eight status dates of one project: indices, estimates and earned schedule against figures worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from models.cost.estimates import Edge, Method, estimates
from models.schedule.earned_schedule import TimePerformance, TimeStatus, forecast_finish
from tests.worked_project import BUDGET, WORKED, Month

EIGHT = [pytest.param(number, month, id=f"{month.status_on:%Y-%m}") for number, month in enumerate(WORKED, start=1)]


@pytest.mark.parametrize(("number", "month"), EIGHT)
def test_estimates_of_the_month(small_warehouse, number: int, month: Month):
    found = estimates(
        small_warehouse,
        budget_at_completion=BUDGET,
        planned_value=month.planned,
        earned_value=month.earned,
        actual_cost=month.spent,
        bottom_up_to_complete=month.rest,
    )
    assert found.cost_performance_index.value == pytest.approx(month.cost_index, abs=1e-6)
    assert found.schedule_performance_index.value == pytest.approx(month.schedule_index, abs=1e-6)
    expected = {
        Method.AT_PACE_OF_COST: month.at_pace_of_cost,
        Method.AT_BUDGET: month.at_budget,
        Method.AT_PACE_OF_COST_AND_SCHEDULE: month.at_both_paces,
        Method.BOTTOM_UP: month.bottom_up,
    }
    for method, value in expected.items():
        assert found.estimate_at_completion[method].value == pytest.approx(value, abs=1e-6), method
        assert found.variance_at_completion[method].value == pytest.approx(BUDGET - value, abs=1e-6), method
        assert found.estimate_to_complete[method].value == pytest.approx(value - month.spent, abs=1e-6), method
    if month.to_complete is None:
        # January: 670 of 600 are spent with 42 to earn; February: all is earned
        assert found.to_complete_at_budget.edge is (Edge.NOT_ACHIEVABLE if number == 7 else Edge.FINISHED)
    else:
        assert found.to_complete_at_budget.value == pytest.approx(month.to_complete, abs=1e-6)


def test_the_index_of_money_forgets_the_delay_and_that_of_time_does_not():
    assert [month.schedule_index for month in WORKED[-3:]] == [0.82, 0.93, 1.0]
    assert [month.time_index for month in WORKED[-3:]] == [0.766667, 0.757143, 0.75]


def test_the_finish_told_in_october():
    # 184 days planned from 1 July to 31 December; SPI(t) 0.83: 184 ÷ 0.83 = 221.7, so the 222nd day, 7 February 2026
    found = TimePerformance(TimeStatus.RATED, 3.32, 4.0, 6.0, -0.68, 0.83, 6 / 0.83)
    assert forecast_finish(dt.date(2025, 7, 1), dt.date(2025, 12, 31), found) == dt.date(2026, 2, 7)
