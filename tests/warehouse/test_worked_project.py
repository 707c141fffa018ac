"""The worked project of eight months, loaded and built: the KPIs of each month are the figures worked out by hand."""

from __future__ import annotations

import pytest

from models.builds.published import current_build
from models.builds.snapshot import Snapshot, open_snapshot
from tests.warehouse.edges import make_edges
from tests.worked_project import WORKED, Month


@pytest.fixture(scope="module")
def told(made_once) -> dict[tuple, dict]:
    """Rows of the project's monthly KPI values by month end and KPI."""
    snapshot: Snapshot = open_snapshot(current_build(made_once("edges", make_edges)))
    rows = snapshot.query(
        """
        select period_end, kpi_key, value, status from kpi_values
        where project_key = 'EIGHT' and period_kind = 'month' and grain = 'project'
        """
    )
    return {(row["period_end"], row["kpi_key"]): row for row in rows.iter_rows(named=True)}


@pytest.mark.parametrize("month", [pytest.param(month, id=f"{month.status_on:%Y-%m}") for month in WORKED])
def test_every_kpi_of_the_month(told, month: Month):
    expected = {
        "cost_performance_index": month.cost_index,
        "cost_variance": month.earned - month.spent,
        "schedule_performance_index": month.schedule_index,
        "schedule_variance": month.earned - month.planned,
        "schedule_performance_index_time": month.time_index,
        "schedule_variance_time": month.earned_schedule - (WORKED.index(month) + 1),
        "estimate_at_completion": month.at_pace_of_cost,
        "estimate_at_completion_rest_at_budget": month.at_budget,
        "estimate_at_completion_cost_and_schedule": month.at_both_paces,
        "estimate_at_completion_bottom_up": month.bottom_up,
        "to_complete_performance_index": month.to_complete,
        "to_complete_performance_index_eac": month.to_complete_at_estimate,
        "percent_complete": month.percent,
        "cost_performance_index_subcontract": month.cost_index,
    }
    if month.time_index is None:  # one month: the index stands there, and is not judged
        expected["schedule_performance_index_time"] = month.earned_schedule
    found = {kpi_key: told[month.status_on, kpi_key]["value"] for kpi_key in expected}
    assert found == {
        kpi_key: None if value is None else pytest.approx(value, abs=1e-4) for kpi_key, value in expected.items()
    }


def test_the_levels_of_the_months(told):
    # CPI 0.96, 0.923, 0.9 and then under 0.90; SPI(t) under 0.90 from the first month on that it is rated
    statuses = [told[month.status_on, "cost_performance_index"]["status"] for month in WORKED]
    assert statuses == ["ok", "warning", "warning", *["critical"] * 5]
    in_time = [told[month.status_on, "schedule_performance_index_time"]["status"] for month in WORKED]
    assert in_time == ["too_early", *["critical"] * 7]
    # the last month of SPI hides the two months of delay
    assert told[WORKED[-1].status_on, "schedule_performance_index"]["status"] == "ok"
    assert told[WORKED[-2].status_on, "to_complete_performance_index"]["status"] == "critical"
