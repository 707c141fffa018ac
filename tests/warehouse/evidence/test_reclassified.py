"""Many defects that leave the count or become less grave at once are told, with who and when (rows: judged_anew.py)."""

from __future__ import annotations

import datetime as dt

import pytest

from models.builds.published import kept_builds
from models.builds.snapshot import Snapshot, open_snapshot
from models.evidence.losses import reclassified
from models.gate.measures import findings
from models.gate.verdict import asked_of
from models.gate.words import why_text
from tests.warehouse.edges import day
from tests.warehouse.judged_anew import make_judged_anew


@pytest.fixture(scope="module")
def builds(made_once) -> dict[str, Snapshot]:
    kept = sorted(kept_builds(made_once("judged_anew", make_judged_anew)), key=lambda build: build.build_id)
    return dict(zip(("before", "after", "later"), map(open_snapshot, kept), strict=True))


def values(build: Snapshot, kpi_key: str) -> dict[str, tuple]:
    """{project: (value, whether it is better by a loss, rows)}"""
    rows = build.query(
        "select project_key, value, is_better_by_loss, loss_rows from kpi_values where kpi_key = $kpi and grain = 'project'"
        " and period_kind = 'month' and is_current and project_key <> 'DUP'",
        {"kpi": kpi_key},
    )
    return {key: tuple(told) for key, *told in rows.rows()}


def test_sixty_defects_that_are_none_any_more_are_told_on_the_value(builds):
    # 60 of 10,000 lines = 0.6 %
    assert values(builds["before"], "code_defect_rate")["MASS"] == (0.006, False, None)
    after = values(builds["after"], "code_defect_rate")
    assert after["MASS"] == (0.0, True, 60)
    assert after["DUPS"] == (0.006, False, None)  # duplicates of nothing count on
    assert after["FEW"] == (0.0015, False, None)  # 15 of 10,000; five are triage
    assert after["MANY"] == (0.0092, False, None)  # 92 of 10,000; eight of a hundred are triage too
    assert after["SOLVED"] == (0.002, False, None)


def test_less_grave_is_better_too(builds):
    rows = values(builds["after"], "open_critical_defects")
    assert rows["LOWER"] == (14.0, True, 6)  # 20 fatal ones, 6 of them minor now


def test_five_and_one_within_two_weeks_are_six(builds):
    assert values(builds["later"], "code_defect_rate")["FEW"] == (0.0014, True, 6)  # 6 of 20
    assert values(builds["later"], "code_defect_rate")["MASS"] == (0.0, True, 60)  # until somebody accepts


def test_who_and_when(builds):
    told = reclassified(builds["after"], ("MASS",))
    assert (told["defects"], told["people"], told["first_on"], told["files"]) == (
        60,
        ["Zhang"],
        day(13),
        ["issues-4.csv"],
    )
    told = reclassified(builds["after"], ("LOWER",))
    assert (told["people"], told["first_on"]) == ([], day(15))  # no history is loaded: the export's day
    assert reclassified(builds["after"], ("MANY",)) is None


def test_the_gate_does_not_pass_on_it(builds):
    now = dt.datetime(2026, 3, 16, tzinfo=dt.UTC)
    told = {
        found_finding.name: found_finding
        for found_finding in findings(builds["after"], "MASS", asked_of([], "MASS"), None, now)
    }
    finding = told["open_defect_rate"]
    assert (finding.status, finding.why) == ("unknown", "loss:60:60")
    assert "60 open defects left the count or were lowered in severity, by Zhang" in why_text(finding, "en")
    assert "issues-4.csv" in why_text(finding, "en")
    assert finding.document()["reclassified"]["first_on"] == "2026-03-13"
