"""A value that is better because rows are gone says so until they are back or somebody accepts it (rows: losses.py)."""

from __future__ import annotations

import pytest

from models.builds.published import kept_builds
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_snapshot
from models.evidence.losses import lost_rows
from models.kpis.values import kpi_row
from tests.warehouse.edges import day
from tests.warehouse.evidence.losses import KEYS, make_losses

CPI = "cost_performance_index"


def flagged(build: Snapshot, kpi_key: str) -> dict[str, tuple]:
    """{project: (value, rows, amount, value with them)} of the projects whose current value carries a loss."""
    rows = build.query(
        "select project_key, value, loss_rows, loss_amount, value_with_lost_rows from kpi_values where kpi_key = $kpi"
        " and grain = 'project' and period_kind = 'month' and is_current and is_better_by_loss order by 1",
        {"kpi": kpi_key},
    )
    return {key: tuple(None if reason is None else round(reason, 4) for reason in told) for key, *told in rows.rows()}


@pytest.fixture(scope="module")
def builds(made_once) -> dict[str, Snapshot]:
    kept = sorted(kept_builds(made_once("losses", make_losses)), key=lambda build: build.build_id)
    return dict(zip(("before", "after", "same", "accepted", "back"), map(open_snapshot, kept), strict=True))


def test_a_first_build_compares_with_nothing(builds):
    assert flagged(builds["before"], CPI) == {}


LOST = {
    "TENTH": (8.0, 10, 900.0, 0.8),  # 800 ÷ 100; ten documents of 100 that are 10 now; 800 ÷ 1,000
    "FIFTH": (1.3333, 4, 400.0, 0.8),  # 800 ÷ 600; two of five lines a month
    "ACROSS": (0.9009, 1, 2.0, 0.8989),  # 800 ÷ 888, a fifth of a percent, but from critical to warning
    "UNDONE": (1.6, 1, 500.0, 0.8),  # 800 ÷ 500; whoever undid the batch knows why, the value does not
}


@pytest.mark.parametrize("build", ["after", "same"])
def test_rows_gone_or_smaller_are_told_until_somebody_accepts_them(builds, build):
    """Not told: GROWN, whose lines became more; RENAMED, the same amounts under another name; PUTRIGHT, 5 of 1,000."""
    assert flagged(builds[build], CPI) == LOST


def test_the_same_rows_are_told_of_every_kpi_they_count_in(builds):
    # EAC 1,000 ÷ 8 = 125 instead of 1,000 ÷ 0.8; TCPI (1,000 − 800) ÷ (1,000 − 100) instead of a budget that is spent
    assert flagged(builds["after"], "estimate_at_completion")["TENTH"] == (125.0, 10, 900.0, 1250.0)


def test_a_difference_is_told_with_the_index_it_takes_its_status_from(builds):
    # 5 of 1,000 are half a percent of CPI, and 5 of a variance of −200
    assert {*flagged(builds["after"], "cost_variance")} == {"TENTH", "FIFTH", "UNDONE"}


def test_an_issue_that_is_gone_is_a_loss_and_one_that_is_closed_is_none(builds):
    assert flagged(builds["after"], "open_critical_defects") == {"DELETED": (0.0, 1, 1.0, 1.0)}


def test_the_portfolio_carries_what_its_members_lost(builds):
    rows = builds["after"].query(
        "select loss_rows, loss_amount from kpi_values where kpi_key = $kpi and grain = 'portfolio' and period_kind = 'month'"
        " and period_end = $end",
        {"kpi": CPI, "end": day(28, 2)},
    )
    # PUTRIGHT among them: 10 + 4 + 1 + 1 + 1 rows; 900 + 400 + 2 + 500 + 5
    assert rows.row(0) == (17, 1807.0)


def test_the_rows_are_named_with_file_and_line(builds):
    rows = lost_rows(builds["after"], CPI, ("FIFTH",)).sort("counts_from")
    assert rows.select("counts_from", "lost_amount", "is_gone", "file_name").rows()[0] == (
        day(8, 1),
        100.0,
        True,
        "costs-1.csv",
    )
    small = lost_rows(builds["after"], CPI, ("TENTH",)).row(0, named=True)
    assert (small["row_key"], small["amount"], small["lost_amount"], small["is_gone"]) == (
        "TENTH-0",
        100.0,
        90.0,
        False,
    )


def test_what_is_accepted_is_accepted_in_every_kpi(builds):
    assert {*flagged(builds["accepted"], CPI)} == {*LOST} - {"TENTH"}
    assert "TENTH" not in flagged(builds["accepted"], "estimate_at_completion")


def test_rows_that_are_back_are_lost_no_more(builds):
    assert {*flagged(builds["back"], CPI)} == {*LOST} - {"TENTH", "FIFTH"}


def test_labor_that_waits_for_its_period_to_be_closed_is_not_gone(builds):
    of_grown = "select count(*) from fct_costs where project_key = 'GROWN' and kind = 'actual'"
    assert builds["back"].query(of_grown).item() < builds["same"].query(of_grown).item()
    assert builds["back"].query("select count(*) from kpi_lost_rows where project_key = 'GROWN'").item() == 0


def test_every_project_is_there(builds):
    assert {*builds["after"].query("select project_key from dim_projects")["project_key"]} >= {*KEYS}


def test_projects_that_are_chosen_together_carry_it_too(builds):
    chosen = Selection(projects=("FIFTH", "ACROSS"), period_end=day(28, 2))
    row = kpi_row(builds["after"], chosen, CPI)
    assert (row["is_better_by_loss"], row["loss_rows"], row["loss_amount"]) == (True, 5, 402.0)
    whole = Selection(projects=("GROWN", "PUTRIGHT"), period_end=day(28, 2))
    assert not kpi_row(builds["after"], whole, CPI)["is_better_by_loss"]
