"""One fact from two sources counts once, what was left out is named (rows: tests/warehouse/evidence/double_counted_rows.py)."""

from __future__ import annotations

import polars as pl
import pytest

from models.builds.published import current_build
from models.builds.snapshot import Snapshot, open_snapshot
from models.evidence.double_counted import double_counted, double_counted_of_kpi
from models.kpis.catalogue import catalogue
from tests.warehouse.edges import day
from tests.warehouse.evidence.double_counted_rows import make_double_counted


@pytest.fixture(scope="module")
def build(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("double_counted", make_double_counted)))


@pytest.mark.parametrize(
    ("project", "total", "why"),
    [
        # Jira 3 + 7 + 1 + 2 + 1 + 1 = 15. Tempo's own: 1.5 (other hours), 2 (another person), 1 of three equal ones
        ("H", 19.5, "entries"),
        ("N", 14, "4 + 4 + 6 under other names, all of which agree"),
        ("D", 24, "three days of 4 + 4; the hour sheet's 8 a day are the same"),
        ("S", 8, "one equal day proves nothing: 4 + 4"),
        ("L", 7.5, "5 from Tempo, which was chosen, and 2.5 that only Jira has"),
    ],
)
def test_hours_that_two_tools_tell_count_once(build, project, total, why):
    found = build.query("select sum(hours) as h from fct_worklogs where project_key = $p", {"p": project})["h"].item()
    assert float(found) == total, why


def test_the_source_a_project_chose_leads(build):
    rows = double_counted(build).filter(pl.col("project_key") == "L")
    assert rows.select("source", "leading_source", "led_by", "amount").rows() == [("jira", "tempo", "chosen", 5.0)]


@pytest.mark.parametrize(
    ("project", "cost"),
    [
        (
            "C",
            1_480,
        ),  # books 1,000 + 250; of the list P-2 (no such document in the books) 200 and P-3 30; P-1 is the books'
        (
            "M",
            1_070,
        ),  # software of March: 600 + 400 in the list are the 1,000 of the books; travel 70 is only in the list
    ],
)
def test_a_cost_list_beside_the_ledger_gives_way_to_it(build, project, cost):
    found = build.query(
        "select sum(amount) as c from fct_costs where project_key = $p and cost_source = 'booked'", {"p": project}
    )["c"].item()
    assert float(found) == cost
    assert {*double_counted(build).filter(pl.col("project_key") == project)["leading_source"]} == {"ledger"}


def test_an_issue_of_two_trackers_is_one(build):
    rows = build.query("select issue_key, source_system from fct_issues where project_key = 'I' order by all").rows()
    # I-1 by key and summary, 'Menu wrong' by summary and day; I-3 names two things, on two days; I-9 is new
    assert rows == [("I-1", "jira"), ("I-2", "jira"), ("I-3", "jira"), ("I-3", "pingcode"), ("I-9", "pingcode")]


def test_what_is_left_out_is_named_with_file_and_line_of_both(build):
    row = (
        double_counted(build)
        .filter((pl.col("project_key") == "H") & (pl.col("happened_on") == day(3)))
        .row(0, named=True)
    )
    assert (row["file"], row["line"], row["leading_file"], row["leading_line"]) == (
        "worklogs-2.csv",
        3,
        "worklogs-1.csv",
        3,
    )
    kpi = catalogue(build)["technical_debt_share"]
    # of H: 3 and 7 h, and two of the three entries of the 6th
    assert [line["amount"] for line in double_counted_of_kpi(build, kpi, ("H",), day(31))] == [3.0, 7.0, 1.0, 1.0]
