"""Rules that people set: what is refused, what replaces what, what the history keeps, and levels of an earlier version."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError
from pipeline.store import control
from pipeline.store.rules import Rule, retire_rule, rules, rules_in_force, set_rule
from tests.databases import on_a_file, on_both_databases
from tests.store.earlier import store_of_schema

pytestmark = on_both_databases

NOVEMBER = dt.date(2026, 11, 1)
COVERAGE = Rule("level", "test_coverage", NOVEMBER, warning_at=0.85, critical_at=0.8)
KPIS = {
    "test_coverage": SimpleNamespace(better="higher", status_from=None, beside=None),
    "code_defect_rate": SimpleNamespace(better="lower", status_from=None, beside=None),
    "technical_debt_share": SimpleNamespace(better="band", status_from=None, beside=None),
    "percent_complete": SimpleNamespace(better="none", status_from=None, beside=None),
    "cost_variance": SimpleNamespace(better="higher", status_from="cost_performance_index", beside=None),
    "technical_debt_share_other": SimpleNamespace(better="band", status_from=None, beside="technical_debt_share"),
}


def said(data_dir: DataDir, rule: Rule, **words: object) -> int:
    return set_rule(data_dir, rule, **({"reason": "contract", "person": "PMO", "known_kpis": KPIS} | words))


def in_force(data_dir: DataDir) -> list[int]:
    with control.reading(data_dir) as connection:
        return [rule["rule_id"] for rule in rules_in_force(connection)]


def test_a_rule_is_retired_by_its_equal_and_stays_in_the_history(data_dir: DataDir) -> None:
    first = said(data_dir, COVERAGE)
    elsewhere = said(data_dir, replace(COVERAGE, project_key="YB"))
    later = said(data_dir, replace(COVERAGE, valid_from=dt.date(2026, 12, 1)))
    second = said(data_dir, replace(COVERAGE, warning_at=0.9), reason="tightened", person="director")
    assert in_force(data_dir) == [elsewhere, later, second]  # another scope and another first day stay
    by_id = {row["rule_id"]: row for row in rules(data_dir)}
    assert [row["rule_id"] for row in rules(data_dir)] == [second, later, elsewhere, first]
    assert by_id[first]["retired_by"] == "director" and by_id[first]["retired_reason"] == "tightened"
    assert by_id[second]["warning_at"] == 0.9 and by_id[first]["warning_at"] == 0.85
    retire_rule(data_dir, second, reason="agreed otherwise", person="PMO")
    assert in_force(data_dir) == [elsewhere, later]
    with pytest.raises(InputError, match="not in force any more"):
        retire_rule(data_dir, second, reason="again", person="PMO")
    with control.reading(data_dir) as connection:
        audited = connection.execute(sa.select(control.audit).where(control.audit.c.action == "rule")).mappings().all()
    assert [row["actor"] for row in audited] == ["PMO", "PMO", "PMO", "director", "PMO"]
    assert audited[3]["details"]["replaced"] == [first]


@pytest.mark.parametrize("words", [{"reason": "  "}, {"person": ""}])
def test_a_rule_has_a_reason_and_a_person(data_dir: DataDir, words: dict) -> None:
    with pytest.raises(InputError, match="needs a reason and the person"):
        said(data_dir, COVERAGE, **words)
    rule_id = said(data_dir, COVERAGE)
    with pytest.raises(InputError, match="needs a reason and the person"):
        retire_rule(data_dir, rule_id, **({"reason": "r", "person": "p"} | words))
    assert in_force(data_dir) == [rule_id]


DEFECTS = Rule("level", "code_defect_rate", NOVEMBER, warning_at=0.004, critical_at=0.005)
DEBT = Rule("level", "technical_debt_share", NOVEMBER, warning_at=0.2, low_warning_at=0.08)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (replace(COVERAGE, warning_at=None, critical_at=None), "needs a level"),
        (replace(COVERAGE, critical_at=0.9), "contradict each other"),  # below: critical lies lower
        (replace(COVERAGE, clear_at=0.84), "contradict each other"),  # … and it ends higher
        (replace(DEFECTS, critical_at=0.003), "contradict each other"),
        (replace(DEFECTS, clear_at=0.0041), "contradict each other"),
        (replace(DEBT, low_warning_at=0.3), "contradict each other"),
        (replace(DEBT, clear_at=0.21), "contradict each other"),
        (replace(DEBT, low_clear_at=0.07), "contradict each other"),
        (replace(COVERAGE, low_warning_at=0.5), "belong to a band"),
        (replace(COVERAGE, direction="sideways"), "not 'sideways'"),
        (replace(COVERAGE, kind="mood"), "no kind of rule"),
        (replace(COVERAGE, kind="early", name="omens"), "no early warning"),
        (replace(COVERAGE, name="mood"), "no KPI of the published build"),
        (replace(COVERAGE, name="mood", direction="below"), "no KPI of the published build"),
        (replace(DEBT, name="technical_debt_share_other"), "goes by the levels of technical_debt_share"),
        (replace(COVERAGE, name="cost_variance"), "goes by the levels of cost_performance_index"),
        (replace(COVERAGE, name="percent_complete"), "neither better high nor better low"),
        (replace(COVERAGE, pending_dates=0), "counted from 1 on"),
        (replace(COVERAGE, is_portfolio=True, customer="A"), "names no customer"),
        (replace(COVERAGE, module="core"), "belongs to a project"),
        (replace(COVERAGE, site="H001"), "belongs to a project"),
        (replace(COVERAGE, project_key="YB", module="core", phase="testing"), "not for two of them"),
    ],
)
def test_what_says_nothing_or_contradicts_itself_is_refused(data_dir: DataDir, rule: Rule, message: str) -> None:
    with pytest.raises(InputError, match=message):
        said(data_dir, rule)
    assert rules(data_dir) == []


@pytest.mark.parametrize(
    "rule",
    [
        replace(COVERAGE, clear_at=0.85),
        replace(COVERAGE, warning_at=0.8),  # one level for both
        replace(COVERAGE, warning_at=None, critical_at=None, is_off=True),
        replace(DEFECTS, clear_at=0.0035, warning_at=None),
        replace(DEBT, low_clear_at=0.09, clear_at=0.18, low_critical_at=0.05, critical_at=0.3),
        replace(COVERAGE, name="percent_complete", direction="below"),
        replace(COVERAGE, phase="testing"),  # a phase is the same in every project
        replace(COVERAGE, kind="last_period", name="percent_complete", warning_at=0.1, critical_at=0.2),
        Rule("early", "trend_crosses", NOVEMBER, warning_at=2),
        replace(COVERAGE, is_portfolio=True),
    ],
)
def test_what_makes_sense_is_kept_as_it_was_said(data_dir: DataDir, rule: Rule) -> None:
    rule_id = said(data_dir, rule)
    [row] = rules(data_dir)
    assert row["rule_id"] == rule_id
    assert row["valid_from"] == "2026-11-01"
    assert (row["warning_at"], row["clear_at"], row["low_clear_at"]) == (
        rule.warning_at,
        rule.clear_at,
        rule.low_clear_at,
    )
    assert (bool(row["is_off"]), bool(row["is_portfolio"])) == (rule.is_off, rule.is_portfolio)


def test_nothing_is_made_by_looking(data_dir: DataDir) -> None:
    assert rules(data_dir) == []
    assert not data_dir.control_store.exists()


@on_a_file
def test_levels_of_an_earlier_version_become_rules(data_dir: DataDir) -> None:
    """A store of schema 4 kept levels in a table of their own, one row per KPI and project, * for all."""
    with closing(store_of_schema(data_dir, "4")) as store:
        store.executescript(
            """
            insert into thresholds values
                ('test_coverage', '*', 0.9, 0.8, 'contract', '2026-01-05T08:00:00Z'),
                ('throughput', 'YB', null, 10, null, '2026-02-05T08:00:00Z');
            """
        )
    kept = {row["name"]: row for row in rules(data_dir)}
    assert kept.keys() == {"test_coverage", "throughput"}
    every, own = kept["test_coverage"], kept["throughput"]
    assert (every["kind"], every["project_key"], every["warning_at"], every["critical_at"]) == ("level", "*", 0.9, 0.8)
    assert (every["reason"], every["changed_at"]) == ("contract", "2026-01-05T08:00:00Z")
    assert (own["project_key"], own["warning_at"], own["critical_at"]) == ("YB", None, 10)
    # they held for every period there is, and what a rule may leave out stands as usual
    assert {row["valid_from"] for row in kept.values()} == {"1990-01-01"}
    assert {(row["customer"], row["module"], row["pending_dates"], row["is_off"]) for row in kept.values()} == {
        ("*", "*", 1, 0)
    }
    with control.reading(data_dir) as connection:
        assert not sa.inspect(connection).has_table("thresholds")
    assert len(rules(data_dir)) == 2  # once
