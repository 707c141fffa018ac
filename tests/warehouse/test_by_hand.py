"""The small worlds of the edges, recomputed by the second statement (benchmarks/by_hand): reports and books in the middle of
periods, payroll cut at data dates, amounts in foreign currencies, one fact from two sources, levels that persons set."""

from __future__ import annotations

import pytest

from benchmarks.stated_twice import differences, differing_rows, stated_twice
from tests.warehouse.cost.cost_edges import make_cost_edges
from tests.warehouse.cost.money import make_money
from tests.warehouse.cost.technical_debt import make_technical_debt
from tests.warehouse.dates import make_dates
from tests.warehouse.edges import make_edges
from tests.warehouse.evidence.double_counted_rows import make_double_counted
from tests.warehouse.levels import RULES, make_levels

WORLDS = {
    "dates": make_dates,
    "edges": make_edges,
    "cost_edges": make_cost_edges,
    "money": make_money,
    "double_counted": make_double_counted,
    "technical_debt": make_technical_debt,
    "levels": make_levels,
}


@pytest.mark.parametrize("name", WORLDS)
def test_every_value_is_the_same(made_once, name: str) -> None:
    told = stated_twice(made_once(name, WORLDS[name]))
    assert differences(told) == []
    assert differing_rows(told, "fct_baselines") == []
    assert differing_rows(told, "reference_codes") == []
    assert told.execute("select count(value) from told where grain = 'project'").fetchone()[0] > 20


def test_levels_that_persons_set_are_among_them(made_once) -> None:
    """Every rule judges something, and takes verdicts of other KPIs along."""
    told = stated_twice(made_once("levels", make_levels))
    by_rule = told.execute("select count(distinct rule_id) from told where rule_id is not null").fetchone()
    assert by_rule == (len(RULES),)
    along = told.execute(
        "select distinct status from told where kpi_key = 'cost_variance' and grain = 'project'"
    ).fetchall()
    assert {("critical",), ("ok",), ("unrated",)} <= set(along)
