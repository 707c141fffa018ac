"""The small worlds of the edges, recomputed by the second statement (benchmarks/by_hand): reports and books in the middle of
periods, payroll cut at data dates, amounts in foreign currencies, one fact from two sources."""

from __future__ import annotations

import pytest

from tests.stated_twice import differences, stated_twice
from tests.warehouse.cost.cost_edges import make_cost_edges
from tests.warehouse.cost.money import make_money
from tests.warehouse.dates import make_dates
from tests.warehouse.edges import make_edges
from tests.warehouse.evidence.double_counted_rows import make_double_counted

WORLDS = {
    "dates": make_dates,
    "edges": make_edges,
    "cost_edges": make_cost_edges,
    "money": make_money,
    "double_counted": make_double_counted,
}


@pytest.mark.parametrize("name", WORLDS)
def test_every_value_of_every_project_is_the_same(made_once, name: str) -> None:
    told = stated_twice(made_once(name, WORLDS[name]))
    assert differences(told, "grain = 'project'") == []
    assert told.execute("select count(value) from told where grain = 'project'").fetchone()[0] > 20
