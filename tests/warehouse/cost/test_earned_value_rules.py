"""Earned value by the rules of the elements of RULES (see tests/warehouse/edges.py), and which rules stand behind it."""

from __future__ import annotations

import pytest

from models.builds.published import current_build
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_snapshot
from models.cost.earning_rules import earning_rules
from tests.warehouse.edges import day, make_edges


@pytest.fixture(scope="module")
def edges(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("edges", make_edges)))


def test_every_task_earns_by_the_rule_of_its_element(edges):
    rows = edges.query(
        """
        select task_id, earned_value_rule, rule_source, cast(earned_value as double), is_circular, rule_changed
        from fct_earned_value where project_key = 'RULES' order by task_id
        """
    ).rows()
    assert rows == [
        ("T1", "issues_done", "budget", 500.0, False, False),
        ("T2", "effort", "budget", 400.0, True, False),
        ("T3", "issues_done", "budget", None, False, False),
        ("T4", "60/30/10", "schedule", 600.0, False, False),
        ("T5", "60/30/10", "schedule", 300.0, False, False),
    ]


def test_what_nobody_can_know_is_no_part_of_the_kpi(edges):
    # 500 + 400 + 900 of a budget of 4,000
    row = edges.query(
        """
        select numerator, denominator from kpi_values
        where kpi_key = 'percent_complete' and project_key = 'RULES' and grain = 'project'
            and period_kind = 'month' and is_current
        """
    ).row(0)
    assert row == (1_800.0, 4_000.0)


def test_the_rules_are_told_by_what_they_earned(edges):
    told = earning_rules(edges, Selection(projects=("RULES",)))
    assert told.earned == {"60/30/10": 900.0, "issues_done": 500.0, "effort": 400.0}
    assert (told.total, told.circular, told.unknown, told.changed.height) == (1_800.0, 400.0, 1_000.0, 0)


def test_they_stand_at_the_chosen_period(edges):
    told = earning_rules(edges, Selection(projects=("RULES",), period_end=day(28, 2)))
    assert (told.earned, told.total, told.circular, told.unknown) == ({}, 0, 0.0, 0.0)
    # COST: 14,000 of percent as reported at 13 March, 4,000 at 28 February
    assert earning_rules(edges, Selection(projects=("COST",), period_end=day(28, 2))).earned == {"": 4_000.0}
    assert earning_rules(edges, Selection(projects=("COST",))).earned == {"": 14_000.0}
