"""Cost where its formulas end, against numbers worked out by hand (see tests/warehouse/cost_edges.py for the rows)."""

from __future__ import annotations

import pytest

from models.builds import current_build
from models.catalogue import catalogue
from models.combined import history
from models.earned_value_grains import part_values
from models.selection import Selection
from models.snapshot import Snapshot, open_snapshot
from models.vocabulary import Grain
from tests.warehouse.cost_edges import make_cost_edges
from tests.warehouse.edges import day


@pytest.fixture(scope="module")
def build(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("cost_edges", make_cost_edges)))


def row_of(build: Snapshot, kpi_key: str, project: str) -> dict:
    """The row of the closed month of February."""
    rows = build.query(
        "select * from kpi_values where kpi_key = $kpi and project_key = $project and grain = 'project' and period_kind = 'month'"
        " and period_end = $end",
        {"kpi": kpi_key, "project": project, "end": day(28, 2)},
    )
    return rows.row(0, named=True)


def judged(row: dict) -> tuple:
    return (None if row["value"] is None else round(row["value"], 4), row["status"], row["reason"])


def everywhere(build: Snapshot, kpi_key: str, project: str) -> list[tuple]:
    """The value of one project with its status and reason: as published, as its only element, and as a choice of projects."""
    kpi = catalogue(build)[kpi_key]
    wbs = part_values(build, Grain.WBS, [project], until=day(28, 2), kpi_keys=[kpi_key])
    chosen = history(build, kpi, (project,), Selection(projects=(project,), period_end=day(28, 2)))
    return [judged(row_of(build, kpi_key, project)), *(judged(frame.row(-1, named=True)) for frame in (wbs, chosen))]


@pytest.mark.parametrize(
    ("project", "told"),
    [
        ("NEAR", (1.0989, "unrated", "unrated:small_overrun")),  # 100 ÷ 91; EAC 1,000 × 909 ÷ 900 = 1,010: 1 % over
        ("LINE", (1.3699, "unrated", "unrated:small_overrun")),  # 100 ÷ 73; 1,030: 3 % and not above
        ("OVER", (1.8182, "critical", None)),  # 100 ÷ 55; 1,050: 5 % over
        ("LESS", (1.0554, "warning", None)),  # 160 ÷ 151.6; 1 % over, but 84 % complete
        ("LAST", (None, "unrated", "not_achievable")),  # 10 left to earn, nothing to spend; 1 % over
    ],
)
def test_near_the_end_tcpi_is_judged_only_where_the_estimate_leaves_the_budget(build, project, told):
    assert everywhere(build, "to_complete_performance_index", project) == [told] * 3
