"""Every KPI of sample projects, recomputed by the second statement (benchmarks/by_hand): it shares no SQL with the product.

What differs is an error of one of the two. A software project, one of bought equipment and a roll-out: the roll-out's last data
date lies in the middle of a month whose books are open, between them they have every rule of earning and cost of every kind.
"""

from __future__ import annotations

import duckdb
import pytest

from models.builds.data_dir import DataDir
from models.kpis.catalogue import catalogue
from tests.stated_twice import differences, stated_twice

SOFTWARE, EQUIPMENT, ROLL_OUT = "P2025-003", "P2025-004", "P2025-001"


@pytest.fixture(scope="module")
def told(sample_data_dir: DataDir) -> duckdb.DuckDBPyConnection:
    return stated_twice(sample_data_dir)


def test_every_kpi_is_stated(told, small_warehouse) -> None:
    stated = told.execute("select distinct kpi_key from kpi_values").fetchall()
    assert {key for (key,) in stated} == set(catalogue(small_warehouse))


@pytest.mark.parametrize("project", [SOFTWARE, EQUIPMENT, ROLL_OUT])
def test_every_value_of_a_project_is_the_same(told, small_warehouse, project: str) -> None:
    of_project = f"grain = 'project' and project_key = '{project}'"
    assert differences(told, of_project) == []

    compared = told.execute(f"""
        select
            count(distinct kpi_key), count(distinct period_end) filter (period_kind = 'week'),
            count(distinct period_end) filter (period_kind = 'month'), count(value)
        from told where {of_project}
    """)
    kpis, weeks, months, values = compared.fetchone()
    assert kpis == len(catalogue(small_warehouse))
    assert weeks > 70
    assert months > 17
    assert values > 2_000


def test_values_in_the_middle_of_a_period_are_among_them(told) -> None:
    """An open month stands at a data date inside it, and the weeks of a month at the report before them."""
    counted = told.execute(f"""
        select count(*) filter (valued_on between period_start and period_end - 1), count(*) filter (valued_on < period_start)
        from told
        where grain = 'project' and project_key = '{ROLL_OUT}' and kpi_key = 'cost_performance_index'
            and own_value is not null
    """)
    inside, before = counted.fetchone()
    assert inside > 0
    assert before > 0


def test_modules_phases_and_the_portfolio_are_the_same(told) -> None:
    assert differences(told, "grain in ('module', 'phase')") == []
    assert differences(told, "grain = 'portfolio'", with_terms=False) == []
