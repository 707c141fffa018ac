"""Every KPI, baseline and reference code of the sample portfolio, recomputed by the second statement (benchmarks/by_hand): it
shares no SQL with the product.

What differs is an error of one of the two. Between them the projects have every rule of earning and cost of every kind; the
roll-out's last data date lies in the middle of a month whose books are open.
"""

from __future__ import annotations

import duckdb
import pytest

from benchmarks.stated_twice import differences, differing_rows, stated_twice
from models.builds.data_dir import DataDir
from models.kpis.catalogue import catalogue

ROLL_OUT = "P2025-001"


@pytest.fixture(scope="module")
def told(sample_data_dir: DataDir) -> duckdb.DuckDBPyConnection:
    return stated_twice(sample_data_dir)


def test_every_kpi_is_stated(told, small_warehouse) -> None:
    stated = told.execute("select distinct kpi_key from kpi_values where value is not null").fetchall()
    assert {key for (key,) in stated} == set(catalogue(small_warehouse))


@pytest.mark.parametrize("grain", ["project", "module", "phase", "portfolio"])
def test_every_value_is_the_same(told, grain: str) -> None:
    assert differences(told, f"grain = '{grain}'") == []


def test_they_are_values_of_every_project_in_weeks_and_months(told, small_warehouse) -> None:
    """Eight projects of at least seventeen months; a KPI has a row in each, whether it is known or not."""
    for project, kpis, weeks, months, values in told.execute("""
        select
            project_key, count(distinct kpi_key), count(distinct period_end) filter (period_kind = 'week'),
            count(distinct period_end) filter (period_kind = 'month'), count(value)
        from told where grain = 'project' and project_key <> 'unallocated' group by 1
    """).fetchall():
        assert kpis == len(catalogue(small_warehouse)), project
        assert weeks > 70, project
        assert months >= 17, project
        assert values > 2_000, project


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


@pytest.mark.parametrize(("table", "key"), [("fct_baselines", "baseline_id"), ("reference_codes", "code")])
def test_baselines_and_reference_codes_are_the_same(told, table: str, key: str) -> None:
    assert differing_rows(told, table) == []
    assert told.execute(f"select count(distinct {key}) from {table}").fetchone()[0] > 7


@pytest.mark.parametrize(
    "changed",
    [
        "update kpi_values set value = value * (1 + 1e-8) where {cell}",
        "update kpi_values set denominator = denominator + 1 where {cell}",
        "update kpi_values set status = 'unrated' where {cell}",
        "update kpi_values set as_of = as_of - 1 where {cell}",
        "delete from kpi_values where {cell}",
    ],
)
def test_one_value_that_differs_is_noticed(told, changed: str) -> None:
    """The index of the last month in the portfolio: of about a million, judged."""
    cell = "kpi_key = 'cost_performance_index' and grain = 'portfolio' and period_kind = 'month' and period_end = '2026-10-31'"
    told.execute("begin")
    try:
        told.execute(changed.format(cell=cell))
        assert len(differences(told, "grain = 'portfolio'")) == 1
    finally:
        told.execute("rollback")


def test_one_baseline_month_that_differs_is_noticed(told) -> None:
    told.execute("begin")
    try:
        told.execute("update fct_baselines set planned_value_due = planned_value_due + 0.01 where rowid = 0")
        assert len(differing_rows(told, "fct_baselines")) == 2  # as published, and by hand
    finally:
        told.execute("rollback")
