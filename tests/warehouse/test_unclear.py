"""What is not understood, too little, or a fragment is never fine; worked out by hand (rows in tests/warehouse/unclear.py)."""

from __future__ import annotations

import datetime as dt

import pytest

from models.builds.published import current_build
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_snapshot
from models.gate.measures import findings
from models.gate.verdict import asked_of
from models.kpis import combined
from models.kpis.catalogue import catalogue
from models.kpis.judging import counted_text
from tests.warehouse.unclear import PAIRS, make_unclear


@pytest.fixture(scope="module")
def build(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("unclear", make_unclear)))


def row_of(build: Snapshot, kpi_key: str, project: str) -> dict:
    rows = build.query(
        "select * from kpi_values where kpi_key = $kpi and project_key = $project and grain = 'project' and period_kind = 'month'"
        " and is_current",
        {"kpi": kpi_key, "project": project},
    )
    return rows.row(0, named=True)


@pytest.mark.parametrize(
    ("kpi_key", "project", "value", "status", "reason"),
    [
        # none is known to be critical, one may be: 0 is ok, 1 fatal is critical
        ("open_critical_defects", "SEV", 0, "too_early", "words:severity=1 - kritisk"),
        # 0 of 10,000 lines; 60 of 10,000 = 0.6 % over 0.5 % if the type means a defect
        ("code_defect_rate", "TYPE", 0, "too_early", "words:issue_type=feil"),
        ("open_critical_defects", "TWO", 0, "too_early", "words:severity=1 - kritisk"),
        # a fatal one is open whatever the other is: critical either way, and no better for being unclear
        ("open_critical_defects", "SURE", 1, "critical", None),
        ("open_critical_defects", "PARK", 0, "too_early", "words:resolution=parkert"),
        # 19 of 19; 19 of 20 = 95 % is a warning
        ("test_pass_rate", "HUNG", 1, "too_early", "words:outcome=maybe"),
        ("test_pass_rate", "SAFE", 1, "ok", None),  # 299 of 300 = 99.7 % at worst, 1 of 300 rows
        ("test_pass_rate", "BARE", None, "no_data", "words:outcome=maybe"),
        # one started change; whether it was approved nobody can say: 0 of 1 or 1 of 1
        ("unapproved_change_rate", "SEV", 1, "too_early", "words:decision=sanctioned"),
        ("throughput", "FEW", 21, "unrated", None),  # 1 of 21 rows
        ("throughput", "MANY", 23, "too_early", "words:issue_type=feil"),  # 3 of 23 are over a tenth
        # under 10 items, or under half of them
        ("cycle_time_days_p85", "NINE", None, "too_early", "few:items"),
        ("cycle_time_days_p85", "HALF", None, "too_early", "few:half"),
        ("test_pass_rate", "FOUR", 0.75, "unrated", "few:items"),
        # 10 of 10 lines beside 10,000 that no report measures; 10 coverable lines of a module of 10,000
        ("test_coverage", "FRAG", 1, "too_early", "fragment:modules"),
        ("test_coverage", "THIN", 1, "too_early", "fragment:lines"),
        ("test_coverage", "REST", 0.95, "ok", None),  # 1,000 of 10,000 lines without a report: a tenth, not more
        # 10 of 20, then 1 of 1 twice: held against the largest of the three rounds before
        ("test_pass_rate", "PART", 1, "too_early", "fragment:cases"),
        ("test_pass_rate", "FULL", 1, "ok", None),  # 18 of 20 cases
    ],
)
def test_what_is_unclear_is_never_fine(build, kpi_key, project, value, status, reason):  # noqa: PLR0917
    row = row_of(build, kpi_key, project)
    if kpi_key != "cycle_time_days_p85":
        assert row["value"] == (None if value is None else pytest.approx(value))
    assert (row["status"], row["reason"]) == (status, reason)
    # the same where the project is put together when it is read
    kpi = catalogue(build)[kpi_key]
    read = combined.history(build, kpi, (project,), Selection()).filter(period_end=row["period_end"]).row(0, named=True)
    assert (read["status"], read["value"]) == (row["status"], row["value"])
    assert value is None or read["reason"] == row["reason"]


def test_a_module_that_no_report_measures_is_named(build):
    assert row_of(build, "test_coverage", "FRAG")["left_out"] == ["FRAG/core"]
    assert row_of(build, "test_coverage", "REST")["left_out"] == ["REST/tiny"]


@pytest.mark.parametrize(
    ("kpi_key", "project", "counted", "every", "turned", "told"),
    [
        ("cycle_time_days_p85", "NINE", 9, 9, 0, "P85 of 9 of 9"),
        ("cycle_time_days_p85", "HALF", 12, 30, 0, "P85 of 12 of 30"),
        # 12 tasks, one of them turned round, and 3 defects without a start: 11 of 15
        ("cycle_time_days", "TURN", 11, 15, 1, "P50 of 11 of 15 (1 finish before they start)"),
        ("defect_resolution_days", "TURN", 2, 3, 1, "mean of 2 of 3 (1 finish before they start)"),
        ("test_pass_rate", "FOUR", 3, 4, None, "3 of 4"),
    ],
)
def test_a_value_says_of_how_many_it_is_made(build, kpi_key, project, counted, every, turned, told):  # noqa: PLR0917
    row = row_of(build, kpi_key, project)
    assert (row["counted"], row["counted_of"], row["reversed_items"]) == (counted, every, turned)
    assert counted_text(row, catalogue(build)[kpi_key], "en") == told


RANK = {"ok": 0, "unrated": 0, "warning": 1, "critical": 2, "too_early": 3, "no_data": 3}


def test_an_unknown_word_never_improves_a_status(build):
    """Ten projects as they are and with words that map to nothing: what they hide makes no KPI look better."""
    pairs = build.query(
        """
        select known.kpi_key, known.project_key, known.status as known_status, hidden.status as hidden_status
        from kpi_values as known
        inner join kpi_values as hidden
            using (kpi_key, grain, module, phase, period_kind, period_end)
        where known.grain in ('project', 'module') and known.project_key like 'K_'
            and hidden.project_key = replace(known.project_key, 'K', 'U')
            and known.status not in ('too_early', 'no_data', 'not_applicable')
        """
    ).to_dicts()
    assert len({row["project_key"] for row in pairs}) == PAIRS
    better = [row for row in pairs if RANK[row["hidden_status"]] < RANK[row["known_status"]]]
    assert not better
    assert any(row["hidden_status"] == "too_early" for row in pairs)


@pytest.mark.parametrize(
    ("project", "condition", "words"),
    [
        ("SEV", "open_fatal_defects", "kritisk"),
        ("TYPE", "open_defect_rate", "feil"),
        ("HUNG", "test_pass_rate", "maybe"),
        ("PART", "test_pass_rate", "fragment:cases"),
        ("FRAG", "test_coverage", "fragment:modules"),
        ("FOUR", "test_pass_rate", "few:items"),
    ],
)
def test_the_gate_stops_and_says_why(build, project, condition, words):
    found = findings(build, project, asked_of([], project), None, dt.datetime(2026, 3, 15, tzinfo=dt.UTC))
    one = next(finding for finding in found if finding.name == condition)
    assert one.status == "unknown" and one.stops
    assert words in one.why
