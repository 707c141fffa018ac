"""Cost where its formulas end, against numbers worked out by hand (see tests/warehouse/cost/cost_edges.py for the rows)."""

from __future__ import annotations

import datetime as dt

import pytest

from models.builds.published import current_build
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_snapshot
from models.cost.by_grain import part_values
from models.kpis import caveats
from models.kpis.catalogue import catalogue
from models.kpis.combined import history
from models.vocabulary import Grain
from pipeline.settings import Settings
from tests.warehouse.cost.cost_edges import make_cost_edges
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


def test_a_day_is_the_day_of_the_projects_zone(build):
    # 13 March 00:00 and 02:00 in Shanghai; 11 at night of the 12th in New York
    days = dict(build.query("select project_key, status_on from dim_projects").iter_rows())
    assert (days["DAWN"], days["PAST"]) == (day(13), day(12))
    ran = dict(build.query("select project_key, run_on from fct_test_results").iter_rows())
    assert (ran["DAWN"], ran["PAST"]) == (day(13), day(12))
    current = build.query(
        "select kpi_key, value from kpi_values where project_key = 'DAWN' and grain = 'project' and period_kind = 'week'"
        " and is_current"
    )
    values = dict(current.iter_rows())
    # the item closed on the 13th, the one case of that night: nothing of the newest day is lost
    assert (values["throughput"], values["test_pass_rate"]) == (1, 1)


def test_the_day_of_an_instant_is_that_of_the_installation():
    half_past_midnight = dt.datetime(2026, 3, 12, 16, 30, tzinfo=dt.UTC)  # in Shanghai
    assert Settings(time_zone="Asia/Shanghai").day_of(half_past_midnight) == day(13)
    assert Settings(time_zone="UTC").day_of(half_past_midnight) == day(12)


RESTS_ON_COST = (
    "cost_performance_index", "estimate_at_completion", "estimate_at_completion_rest_at_budget",
    "estimate_at_completion_cost_and_schedule", "estimate_to_complete", "variance_at_completion", "gross_margin_forecast",
)  # fmt: skip


@pytest.mark.parametrize("kpi_key", RESTS_ON_COST)
@pytest.mark.parametrize("project", ["NOTHING", "CREDIT"])
def test_without_cost_above_zero_nothing_that_rests_on_it_has_a_value(build, kpi_key, project):
    told = (
        everywhere(build, kpi_key, project)
        if kpi_key != "gross_margin_forecast"
        else [judged(row_of(build, kpi_key, project))]
    )
    assert told == [(None, "no_data", "no_cost")] * len(told)


@pytest.mark.parametrize("kpi_key", RESTS_ON_COST)
def test_without_a_budget_above_zero_neither(build, kpi_key):
    row = row_of(build, kpi_key, "FREE")
    assert (row["value"], row["status"]) == (None, "no_data")


def test_an_estimate_by_the_pace_of_the_schedule_needs_a_plan_to_date(build):
    # EV 200 and AC 100 of BAC 1,000, PV 0: at the pace of cost 1,000 x 100 / 200 = 500; SPI = 200 / 0 is no pace, and AC alone
    # would say that the 800 left cost nothing
    assert [value for value, _, _ in everywhere(build, "estimate_at_completion", "SOONER")] == [500] * 3
    told = everywhere(build, "estimate_at_completion_cost_and_schedule", "SOONER")
    assert told == [(None, "no_data", "zero:denominator")] * 3
    # with nothing left to earn it needs none
    told = everywhere(build, "estimate_at_completion_cost_and_schedule", "SOONEST")
    assert [value for value, _, _ in told] == [100] * 3


def test_a_negative_estimate_is_said(build):
    for kpi_key in ("estimate_at_completion_bottom_up", "to_complete_performance_index_eac"):
        assert judged(row_of(build, kpi_key, "MINUS")) == (None, "no_data", "negative_estimate")


def test_without_planned_value_the_delay_says_nothing_of_the_rest(build):
    """UNPLANNED: 200 of 1,000 earned for 100 before any of it is planned: SPI is unknown, and so is what it would multiply."""
    row = row_of(build, "estimate_at_completion_cost_and_schedule", "UNPLANNED")
    assert (row["value"], row["status"]) == (None, "no_data")
    assert row_of(build, "estimate_at_completion", "UNPLANNED")["value"] == 500  # 1,000 x 100 / 200


@pytest.mark.parametrize(
    ("project", "status", "reason"),
    [
        ("WEEK1", "too_early", "small:plan"),  # 90 of 1,000 planned, nothing earned, no element due
        ("TENTH", "critical", None),  # 100 of 1,000: exactly a tenth
        ("DUE", "critical", None),  # 50 planned, but an element of 10 was due in February
        ("EARNED", "ok", None),  # 100 of 1,000 earned for 40
    ],
)
def test_cost_performance_is_too_early_until_a_tenth_is_planned_or_earned_or_an_element_is_due(
    build, project, status, reason
):
    value = 2.5 if project == "EARNED" else 0  # 100 ÷ 40
    told = everywhere(build, "cost_performance_index", project)
    assert [told[0], told[2]] == [(value, status, reason)] * 2
    # in hours too: 0 or 100 of them earned for 40
    told = everywhere(build, "cost_performance_index_hours", project)
    assert [told[0], told[2]] == [(value, status, reason)] * 2
    # what takes its status from CPI waits with it
    assert (
        row_of(build, "cost_variance", project)["status"]
        == row_of(build, "cost_variance_hours", project)["status"]
        == status
    )
    index = row_of(build, "to_complete_performance_index", project)  # 1,000 ÷ 960 = 1.042; EARNED 900 ÷ 960
    assert index["status"] == ("too_early" if reason else "ok")


def test_more_than_the_whole_buffer_is_a_value(build):
    row = build.query(
        "select value, status from kpi_values where kpi_key = 'buffer_consumption' and project_key = 'BUFFER' and is_current"
    )
    assert row.rows() == [
        (pytest.approx(1.2), "critical"),
        (pytest.approx(1.2), "critical"),
    ]  # 12 of 10 days, week and month


OF_KINDS = tuple(f"cost_performance_index_{kind}" for kind in ("labor", "equipment", "subcontract", "other"))


def kinds_of(build: Snapshot, project: str) -> list[tuple]:
    return [judged(row_of(build, kpi_key, project)) for kpi_key in OF_KINDS]


def test_cpi_by_kind_is_told_where_what_is_earned_is_known_by_kind(build):
    nothing = (None, "no_data", "no_budget_of_kind")
    # 300 ÷ 250; nothing bought; a subcontract without budget; 400 ÷ 380
    assert kinds_of(build, "KINDS") == [(1.2, "ok", None), nothing, nothing, (1.0526, "ok", None)]
    # 30 of 660 is 4.5 % of cost; 60 of 690 is 8.7 %
    unrated = ("unrated", "unrated:cost_without_budget")
    assert kinds_of(build, "LOOSE") == [(1.2, *unrated), nothing, nothing, (1.0526, *unrated)]
    assert kinds_of(build, "NONE") == [nothing] * 4
    mixed = (None, "no_data", "mixed_element")
    assert kinds_of(build, "MIXED") == [mixed, mixed, nothing, nothing]


@pytest.mark.parametrize(("project", "value"), [("KINDS", 30), ("LOOSE", 60), ("NONE", 250), ("MIXED", 0)])
def test_cost_without_a_budget_of_its_kind_is_a_line(build, project, value):
    assert row_of(build, "cost_without_budget_of_its_kind", project)["value"] == value
    # with the kinds that have a budget it is actual cost (assert_kinds_of_cost_sum_to_actual_cost holds it for every cell)
    cell = build.query(
        "select actual_cost, actual_cost_labor + actual_cost_bought + actual_cost_subcontract + actual_cost_other as kinds"
        " from kpi_cells where project_key = $project and grain = 'project' and period_kind = 'month' and period_end = $end",
        {"project": project, "end": day(28, 2)},
    ).row(0, named=True)
    assert cell["kinds"] == cell["actual_cost"]


def test_days_of_a_year_without_published_holidays_are_said(build):
    assert caveats.unpublished_years(build, ["AHEAD"]) == [2027]
    assert caveats.unpublished_years(build, ["KINDS"]) == []  # all of it in 2026
    assert caveats.years_told(build, Selection(projects=("AHEAD",)))["details"] == {"years": ["2027"]}
    assert caveats.holidays_known_until(build) == dt.date(2026, 12, 31)  # as chinesecalendar 1.11.0 ends


def test_a_schedule_that_gives_no_value_says_so(build):
    told = {said["details"]["project"]: said["template"] for said in caveats.schedules_apart(build)}
    assert (told["ELSEWHERE"], told["UNDATED"]) == (caveats.NO_ELEMENT, caveats.NO_DATES)
    assert "KINDS" not in told
    said = {line["details"].get("project") for line in caveats.of_build(build)}  # as the refresh and data health say it
    assert {"ELSEWHERE", "UNDATED", None} <= said
