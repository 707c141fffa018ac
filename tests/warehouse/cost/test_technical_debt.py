"""The share of hours on technical debt by all hours and by development and test hours: which counts, and what the other says.

The rows stand in tests/warehouse/cost/technical_debt.py.
"""

from __future__ import annotations

import datetime as dt

import pytest

from models.alerts.kinds.levels import level_signals
from models.alerts.vocabulary import AlertLevel
from models.builds.published import current_build
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_snapshot
from models.evidence.rows import evidence_totals
from models.kpis import combined
from models.kpis.catalogue import catalogue
from models.kpis.other_basis import other_readings, verdict
from models.kpis.values import kpi_values
from models.reference.project_settings import settings_in_use
from models.vocabulary import PeriodKind
from models.words.wording import reason_text
from pipeline.cli.explaining import explanation, explanation_in_words
from tests.warehouse.cost.technical_debt import SPLIT, make_technical_debt
from tests.warehouse.edges import day

SHARE, OTHER = "technical_debt_share", "technical_debt_share_other"
FEBRUARY, MARCH = day(28, 2), day(31)


@pytest.fixture(scope="module")
def build(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("technical-debt", make_technical_debt)))


def both(build: Snapshot, project: str, period_end: dt.date = MARCH, kind: str = "month", grain: str = "project"):
    """(numerator, denominator, status, reason) of the share and of the one by the other basis."""
    rows = build.query(
        "select * from kpi_values where kpi_key in ($share, $other) and project_key = $project and period_kind = $kind"
        " and period_end = $end and grain = $grain order by kpi_key",
        {"share": SHARE, "other": OTHER, "project": project, "kind": kind, "end": period_end, "grain": grain},
    ).to_dicts()
    return [tuple(row[name] for name in ("numerator", "denominator", "status", "reason")) for row in rows]


def said(build: Snapshot, selection: Selection, language: str = "en") -> str:
    rows = kpi_values(build, selection).to_dicts()
    projects = selection.projects or ()
    told = other_readings(build, rows, projects)
    [sentence] = [told for row, told in zip(rows, told, strict=True) if row["kpi_key"] == SHARE]
    return plain(reason_text(sentence, language))


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(
    ("project", "share", "other"),
    [
        # 13 ÷ 200 = 6.5 %, under the band of 8 to 20 %; 13 ÷ 143 = 9.1 %, within it
        ("ALL", (13, 200, "warning", None), (13, 143, "unrated", "other_basis:ok")),
        ("DEV", (13, 143, "ok", None), (13, 200, "unrated", "other_basis:warning")),
        # its rule says 5 to 7 %: 6.5 % is within, 9.1 % above
        ("RULED", (13, 200, "ok", None), (13, 143, "unrated", "other_basis:warning")),
        # March by development hours: 2 ÷ (2 + 8) = 20 %, on the level; 2 ÷ 20 = 10 % of all
        ("TURN", (2, 10, "ok", None), (2, 20, "unrated", "other_basis:ok")),
        # equipment: judged only where something is developed: 5 ÷ 50 = 10 %, 5 ÷ 20 = 25 %
        (
            "BOX",
            (None, None, "not_applicable", "profile:equipment"),
            (None, None, "not_applicable", "profile:equipment"),
        ),
        ("MADE", (5, 50, "ok", None), (5, 20, "unrated", "other_basis:warning")),
        # no development hours at all: 0 ÷ 40 by all hours, and nothing to divide by
        ("IDLE", (0, 40, "warning", None), (0, 0, "no_data", "zero:denominator")),
        # 70 of 100 hours under an unknown word: 10 % as read, 80 % if it were technical debt
        (
            "WORDS",
            (10, 100, "too_early", "words:activity=stabilization"),
            (10, 30, "too_early", "words:activity=stabilization"),
        ),
    ],
)
def test_the_basis_that_counts_is_judged_and_the_other_says_what_it_would_be(build, project, share, other):
    assert both(build, project) == [share, other]


def test_a_choice_counts_from_its_month_on(build):
    # February by all hours: 2 ÷ 10 = 20 %, on the level; by the other 2 ÷ 2, above it
    assert both(build, "TURN", FEBRUARY) == [(2, 10, "ok", None), (2, 2, "unrated", "other_basis:warning")]
    # the week of 23 February to 1 March: 10 of all hours + 10 of development; the other way 2 + 20; 4 ÷ 20, 4 ÷ 22
    assert both(build, "TURN", SPLIT, "week") == [(4, 20, "ok", None), (4, 22, "unrated", "other_basis:ok")]


def test_both_denominators_are_measures_of_every_cell(build):
    rows = build.query(
        "select project_key, hours_in_period, own_code_hours from kpi_cells where grain = 'project' and period_kind = 'month'"
        " and period_end = $end and project_key in ('ALL', 'DEV') order by 1",
        {"end": MARCH},
    ).rows()
    assert [(key, float(every), float(own)) for key, every, own in rows] == [("ALL", 200, 143), ("DEV", 200, 143)]


def test_the_portfolio_sums_each_project_by_its_own_basis(build):
    # debt: 13 × 3 + 2 + 5 + 0 + 10 = 56. Hours of ALL 200 + DEV 143 + RULED 200 + TURN 10 + MADE 50 + IDLE 40 + WORDS 100 +
    # PAST 1 = 744, without the 40 of BOX, to which the share does not apply. The other way 143 + 200 + 143 + 20 + 20 + 0 + 30 + 0
    share, other = both(build, "*", grain="portfolio")
    assert share[:2] == (56, 744)
    assert other[:2] == (56, 556)
    totals = dict(
        evidence_totals(build, SHARE, Selection(period_end=MARCH)).select("measure_key", "amount").iter_rows()
    )
    assert (totals["technical_debt_hours"], totals["technical_debt_base_hours"]) == (56, 744)


def test_projects_chosen_together_too(build):
    kpis = {key: catalogue(build)[key] for key in (SHARE, OTHER)}
    rows = {row["kpi_key"]: row for row in combined.values(build, kpis, ("ALL", "DEV"), Selection()).to_dicts()}
    # 26 ÷ (200 + 143) = 7.6 %, and 26 ÷ (143 + 200) the other way
    assert (rows[SHARE]["denominator"], rows[SHARE]["status"]) == (343, "warning")
    assert (rows[OTHER]["denominator"], rows[OTHER]["status"], verdict(rows[OTHER])) == (343, "unrated", "warning")


def test_the_other_basis_takes_rules_of_the_chosen_one_where_projects_are_put_together(build):
    kpi = catalogue(build)[OTHER]
    rule = {"rule_id": 9, "valid_from": day(1, 1), "is_off": False, "direction": "outside", "critical_at": None}
    rule |= {"warning_at": 0.07, "low_warning_at": 0.05, "low_critical_at": None}
    row = combined.history(build, kpi, ("ALL",), Selection(), rules=[rule]).row(-1, named=True)
    assert (row["status"], row["reason"]) == ("unrated", "other_basis:warning")  # 9.1 % above 7 %


def test_the_page_names_the_basis_and_the_verdict_of_the_other(build):
    assert said(build, Selection(projects=("ALL",))) == "counts: all hours; by development and test hours 9.1 % (● ok)"
    assert said(build, Selection(projects=("DEV",))) == (
        "counts: development and test hours; by all hours 6.5 % (▲ warning)"
    )
    assert said(build, Selection(projects=("ALL",)), "zh") == "计入口径：全部工时；按开发与测试工时为 9.1 %（● 正常）"
    assert said(build, Selection(projects=("IDLE",))) == (
        "counts: all hours; by development and test hours there is no value"
    )
    assert said(build, Selection(projects=("ALL", "DEV"))) == (
        "counts: the basis of each project; by the other basis of each 7.6 % (▲ warning)"
    )
    week = Selection(projects=("TURN",), period_kind=PeriodKind.WEEK, period_end=SPLIT)
    # 4 ÷ 22 = 18.2 %
    assert said(build, week) == ("counts: the basis chosen for the month of each day; by the other basis 18.2 % (● ok)")


def test_an_alert_names_both_and_the_other_basis_raises_none(build):
    found = {
        (signal.name, signal.scope.project_key): signal
        for signal in level_signals(build, [])
        if signal.name.startswith(SHARE)
    }
    assert {name for name, _project in found} == {SHARE}
    # of what is counted in a period the last month that is over is told: February. PAST: 13 ÷ 200 and 13 ÷ 143
    signal = found[SHARE, "PAST"]
    assert (signal.reading, signal.value) == (AlertLevel.WARNING, 13 / 200)
    sentence = {"template": signal.template, "details": signal.details}
    assert plain(reason_text(sentence, "en")) == (
        "technical_debt_share is beyond its level; counts: all hours; by development and test hours 9.1 % (● ok)"
    )
    assert found[SHARE, "TURN"].details == {"kpi": SHARE}  # 20 %, on the level: nothing is said of the other


def test_explain_says_it_in_both_languages(build):
    explained = explanation(build, SHARE, "ALL", None, 10)
    assert explained.other_basis["en"].startswith("counts: all hours; by development and test hours")
    assert explained.other_basis["zh"].startswith("计入口径：全部工时")
    assert explained.other_basis["en"] in explanation_in_words(explained, 3)
    assert explanation(build, OTHER, "ALL", None, 10).reason == "other_basis:ok"


def test_the_settings_page_shows_the_basis_in_use(build):
    rows = settings_in_use(build, ["ALL", "DEV", "TURN"])
    assert rows.select("project_key", "technical_debt_basis").rows() == [
        ("ALL", "all_hours"),
        ("DEV", "development_hours"),
        ("TURN", "development_hours"),
    ]
