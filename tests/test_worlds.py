"""The small worlds that page tests stand on hold the numbers that were worked out for them by hand."""

from __future__ import annotations

import pytest

from models.builds.published import current_build
from models.builds.snapshot import open_snapshot


def current_values(data_dir) -> dict[str, tuple[float | None, str]]:
    """{kpi_key: (value, status)} of the one project, its latest month."""
    snapshot = open_snapshot(current_build(data_dir))
    rows = snapshot.query(
        """
        select kpi_key, value, status from kpi_values
        where grain = 'project' and period_kind = 'month' and is_current
        """
    )
    return {row["kpi_key"]: (row["value"], row["status"]) for row in rows.iter_rows(named=True)}


# Six months planned and earned at 100,000 each; costs of 95,000 or 125,000 a month; 9,000 or 7,000 of 10,000 lines covered.
EXPECTED = {
    "healthy": {
        "cost_performance_index": (600_000 / 570_000, "ok"),
        "cost_variance": (30_000, "ok"),
        "budget_consumption": (570_000 / 600_000, "unrated"),
        "test_coverage": (0.9, "ok"),
        "code_defect_rate": (10 / 10_000, "ok"),
        "schedule_performance_index": (1, "ok"),
        "defect_resolution_days": (2, "unrated"),
    },
    "critical": {
        "cost_performance_index": (600_000 / 750_000, "critical"),
        "cost_variance": (-150_000, "critical"),
        "estimate_at_completion": (600_000 / 0.8, "critical"),
        "test_coverage": (0.7, "critical"),
        "code_defect_rate": (10 / 10_000, "ok"),
    },
}


@pytest.mark.parametrize("name", EXPECTED)
def test_values_are_those_worked_out_by_hand(name: str, world) -> None:
    values = current_values(world(name))
    found = {key: values[key] for key in EXPECTED[name]}
    assert found == {key: (pytest.approx(value), status) for key, (value, status) in EXPECTED[name].items()}


def test_an_empty_project_is_never_rated(world) -> None:
    """Nothing but its name is known: no value at all, and above all no zero and no ok."""
    snapshot = open_snapshot(current_build(world("empty_project")))
    assert snapshot.query("select count(*) as n from dim_projects where project_key <> 'unallocated'")["n"][0] >= 1
    assert snapshot.query("select count(*) as n from dim_kpis")["n"][0] > 40
    rated = "select * from kpi_values where value is not null or status not in ('no_data', 'not_applicable')"
    assert snapshot.query(rated).height == 0


def test_nothing_published_is_an_empty_folder(world) -> None:
    assert current_build(world("nothing_published")) is None
