"""All terms of one KPI stand at one date, worked out by hand (see tests/warehouse/dates.py for the rows)."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from models.builds.published import current_build
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_snapshot
from models.evidence.rows import cost_bridge, evidence, evidence_totals
from models.kpis.values import kpi_row
from pipeline.cli.explaining import explanation
from tests.warehouse.dates import day, make_dates

JUNE, JULY, AUGUST = day(6, 30), day(7, 31), day(8, 31)


@pytest.fixture(scope="module")
def dates(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("dates", make_dates)))


def row_of(dates: Snapshot, kpi_key: str, project: str, period_end: dt.date | None = None, kind: str = "month") -> dict:
    rows = dates.query(
        """
        select * from kpi_values
        where kpi_key = $kpi and project_key = $project and grain = 'project' and period_kind = $kind
        """,
        {"kpi": kpi_key, "project": project, "kind": kind},
    )
    rows = rows.filter(pl.col("is_current") if period_end is None else pl.col("period_end") == period_end)
    assert rows.height == 1
    return rows.row(0, named=True)


def test_what_is_earned_and_what_is_planned_stand_at_the_data_date(dates):
    # 15 June: 100,000 x 11/21; 15 July: 100,000 + 100,000 x 11/23; an issue was updated on 28 July
    for period_end, on, planned in ((JUNE, day(6, 15), 52_380.95), (JULY, day(7, 15), 147_826.09)):
        row = row_of(dates, "schedule_performance_index", "PLAN", period_end)
        assert (row["valued_on"], row["numerator"], row["denominator"]) == (on, planned, planned)
        assert (row["value"], row["status"]) == (1.0, "ok")
        assert row_of(dates, "schedule_variance", "PLAN", period_end)["value"] == 0
    assert row_of(dates, "schedule_performance_index", "PLAN", JULY)["as_of"] == day(7, 28)
    # a week without a report shows the last one, with its date
    week = row_of(dates, "schedule_performance_index", "PLAN", day(7, 12), kind="week")
    assert (week["valued_on"], week["value"]) == (day(6, 15), 1.0)
    time = row_of(dates, "schedule_performance_index_time", "PLAN", JULY)
    assert time["valued_on"] == day(7, 15)


def test_what_was_worked_on_an_issue_happened_in_its_project(dates):
    days = dict(dates.query("select project_key, status_on from dim_projects").iter_rows())
    assert days["HOMED"] == day(6, 12)  # the hours, not the 10th of the issue: else its newest hours count nowhere
    row = row_of(dates, "technical_debt_share", "HOMED", JUNE)
    assert (row["numerator"], row["denominator"]) == (0, 8)


def test_cost_is_taken_to_the_data_date_and_bridged_to_the_books(dates):
    row = row_of(dates, "cost_performance_index", "PAY")
    # 20,000 of the 10th + 60 of 100 h x (100,000 + 10,000)
    assert (row["period_end"], row["valued_on"], row["numerator"], row["denominator"]) == (
        JULY,
        day(7, 15),
        100_000,
        86_000,
    )
    assert row["is_estimated"] and not row["is_provisional"]
    assert row_of(dates, "budget_consumption", "PAY")["value"] == pytest.approx(0.43)
    chosen = Selection(projects=("PAY",), period_end=JULY)
    bridge = cost_bridge(dates, "cost_performance_index", chosen)
    # 86,000 + 40 of 100 h x 110,000 + the subcontract of the 25th = all the books hold of July
    assert bridge == {
        "stands_on": day(7, 15),
        "cost_until": JULY,
        "at_data_date": 86_000.0,
        "rest_of_estimated": 44_000.0,
        "booked_after": 30_000.0,
        "accruals": 0.0,
        "at_close": 160_000.0,
    }
    totals = dict(evidence_totals(dates, "cost_performance_index", chosen).select("measure_key", "amount").iter_rows())
    assert totals["actual_cost"] == 86_000
    rows = evidence(dates, "cost_performance_index", chosen).filter(pl.col("measure_key") == "actual_cost")
    assert sorted(rows["amount"]) == [6_000, 20_000, 60_000]
    told = explanation(dates, "cost_performance_index", "PAY", JULY, 100)
    assert (told.valued_on, told.bridge.at_close, told.flags) == (
        day(7, 15),
        160_000.0,
        ["presumed_closed", "estimated"],
    )


def test_without_hours_payroll_is_spread_over_working_days_to_the_cent(dates):
    row = row_of(dates, "cost_performance_index", "DAYS")
    assert (row["denominator"], row["is_estimated"]) == (47.83, True)  # 100 x 11/23
    slices = dates.query("select counts_on, amount from fct_costs where project_key = 'DAYS' order by 1").rows()
    assert [(on, float(amount)) for on, amount in slices] == [(day(7, 15), 47.83), (JULY, 52.17)]


def test_a_data_date_on_the_day_of_the_close_needs_no_estimate(dates):
    row = row_of(dates, "cost_performance_index", "FINISH")
    assert (row["valued_on"], row["denominator"], row["is_estimated"]) == (JULY, 100, False)


def test_labor_booked_as_it_goes_is_never_spread(dates):
    row = row_of(dates, "cost_performance_index", "WEEKS")
    assert (row["denominator"], row["is_estimated"]) == (200, False)  # of the 3rd and the 10th


def test_earned_value_is_never_interpolated_nor_older_than_the_cost(dates):
    row = row_of(dates, "cost_performance_index", "JUMP")
    assert (row["period_end"], row["valued_on"], row["numerator"], row["denominator"]) == (JULY, day(7, 15), None, None)
    assert row["value"] is None  # no cost is known yet
    later = row_of(dates, "cost_performance_index", "JUMP", AUGUST)
    assert (later["valued_on"], later["value"], later["is_provisional"]) == (day(8, 10), 1.0, True)


def test_a_data_date_more_than_a_period_before_the_close_is_not_rated(dates):
    old, even = (row_of(dates, "cost_performance_index", key) for key in ("OLD", "EVEN"))
    for row in (old, even):
        assert (row["period_end"], row["numerator"], row["denominator"], row["value"]) == (JULY, 500, 400, 1.25)
    assert (old["status"], old["reason"]) == ("unrated", "outdated:data_date")
    assert (even["status"], even["reason"]) == ("ok", None)


def test_once_all_is_earned_later_cost_still_counts(dates):
    row = row_of(dates, "cost_performance_index", "DONE")
    assert (row["valued_on"], row["numerator"], row["denominator"]) == (JULY, 1_000, 800)


@pytest.mark.parametrize(
    ("project", "planned"),
    [
        ("WEEKLY", 1_600),  # the week of 6 July, and Monday to Wednesday of the next: 1,000 + 1,000 x 3/5
        ("SPAN", 800),  # 6 to 17 July are ten working days, eight of them to the 15th
        ("CAL", 900),  # July has 23 working days less the 13th and 14th: 2,100 x 9/21
        ("BASE", 1_020),  # 2,000 x (300 of A, done by plan, + 700 of B x 3/10 working days) / 1,000
    ],
)
def test_planned_value_is_finer_than_a_month(dates, project, planned):
    row = row_of(dates, "schedule_performance_index", project, JULY)
    assert (row["valued_on"], row["denominator"]) == (day(7, 15), planned)
    whole = dates.query(
        """
        select cast((select sum(planned_value) from fct_planned_value where project_key = $project) as double) as phased,
            cast((select sum(planned_value) from fct_budget where project_key = $project) as double) as budget
        """,
        {"project": project},
    )
    assert whole["phased"][0] == whole["budget"][0]


def test_several_projects_stand_at_the_same_days_as_each_of_them(dates):
    chosen = Selection(projects=("PAY", "DAYS"), period_end=JULY)
    row = kpi_row(dates, chosen, "cost_performance_index")
    assert (row["numerator"], row["denominator"]) == (100_500, pytest.approx(86_047.83))
    assert (row["valued_from"], row["valued_on"], row["is_estimated"]) == (day(7, 15), day(7, 15), True)
    totals = dict(evidence_totals(dates, "cost_performance_index", chosen).select("measure_key", "amount").iter_rows())
    assert totals["actual_cost"] == pytest.approx(86_047.83)
    both = kpi_row(dates, Selection(projects=("PAY", "FINISH"), period_end=JULY), "cost_performance_index")
    assert (both["valued_from"], both["valued_on"], both["denominator"]) == (day(7, 15), JULY, 86_100)
