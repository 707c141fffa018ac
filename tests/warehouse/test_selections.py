"""One number, three ways: as published, as the sum of its evidence, and as several projects added up."""

from __future__ import annotations

import polars as pl
import pytest

from models.builds.selection import Selection
from models.evidence import rows as evidence
from models.kpis import combined
from models.kpis import values as kpis
from models.kpis.catalogue import catalogue
from models.vocabulary import PeriodKind

SELECTIONS = {
    "portfolio": Selection(),
    "one project": Selection(projects=("P2025-007",)),
    "several projects": Selection(projects=("P2025-005", "P2025-007")),
    "a module of several": Selection(projects=("P2025-003", "P2025-005"), module="-"),
    "a module": Selection(projects=("P2025-005",), module="影像阅片"),
    "weeks": Selection(projects=("P2025-003",), period_kind=PeriodKind.WEEK),
}


@pytest.mark.parametrize("name", SELECTIONS)
def test_evidence_rows_make_the_value(small_warehouse, name):
    """The totals of the rows, put through the published formula by DuckDB, give the published value."""
    selection = SELECTIONS[name]
    definitions = catalogue(small_warehouse)
    checked = 0
    for row in kpis.kpi_values(small_warehouse, selection).iter_rows(named=True):
        kpi = definitions[row["kpi_key"]]
        if row["value"] is None or kpi.percentile is not None:
            continue
        totals = evidence.evidence_totals(small_warehouse, kpi.kpi_key, selection)
        terms = ", ".join(
            f"cast({amount} as decimal(28, 4)) as {measure}"
            for measure, amount in totals.select("measure_key", "amount").iter_rows()
        )
        value = small_warehouse.query(f"select {kpi.formula_sql} as value from (select {terms})")["value"][0]
        assert value == pytest.approx(row["value"], rel=1e-9, abs=1e-9), kpi.kpi_key
        checked += 1
    assert checked >= (5 if selection.module else 12)


def test_a_module_of_several_names_whom_it_leaves_out(small_warehouse):
    """Nobody has estimated what is left of the imaging system: the value is the bank's alone, and says so."""
    key, module = "to_complete_performance_index_eac", "-"
    both = kpis.kpi_row(small_warehouse, Selection(projects=("P2025-003", "P2025-005"), module=module), key)
    bank = kpis.kpi_row(small_warehouse, Selection(projects=("P2025-003",), module=module), key)
    assert (both["value"], both["left_out"]) == (bank["value"], ["P2025-005"])
    # the imaging system's own modules have no budget of hours, and neither has the bank: no row says so
    assert kpis.kpi_row(small_warehouse, SELECTIONS["a module of several"], "cost_performance_index_hours") is None


def test_a_percentile_is_that_of_its_evidence_rows(small_warehouse):
    selection = Selection(projects=("P2025-003",))
    row = kpis.kpi_values(small_warehouse, selection).filter(pl.col("kpi_key") == "cycle_time_days_p85")
    rows = evidence.evidence(small_warehouse, "cycle_time_days_p85", selection, limit=10_000)
    rows = rows.filter(pl.col("measure_key") == "item_cycle_time")  # beside it stand the items it is taken of
    assert row["value"][0] == pytest.approx(rows["amount"].quantile(0.85, "linear"), abs=1e-4)


@pytest.mark.parametrize("kind", list(PeriodKind))
def test_all_projects_added_up_are_the_portfolio(small_warehouse, kind):
    """What the reader sums for a choice of projects is what the build summed for all of them, in every period."""
    selection = Selection(period_kind=kind)
    every = kpis.selected_projects(small_warehouse, selection)
    for key, kpi in catalogue(small_warehouse).items():
        published = kpis.kpi_history(small_warehouse, key, selection)
        added = combined.history(small_warehouse, kpi, every, selection)
        both = published.join(added, on="period_end", how="inner", suffix="_added")
        if "portfolio" not in kpi.grains:
            assert published.is_empty()
            assert added.is_empty()
            continue
        assert both.height == added.height > 0, key
        is_one_unknown = pl.col("value").is_null() != pl.col("value_added").is_null()
        is_far = (pl.col("value") - pl.col("value_added")).abs() > 1e-9 * pl.col("value").abs().clip(1e-9)
        differs = both.filter(is_one_unknown | is_far.fill_null(False))
        assert differs.is_empty(), (key, differs)
        if kpi.status_from is None:
            assert both["status"].to_list() == both["status_added"].to_list(), key


def test_months_of_several_plans_are_no_sum(small_warehouse):
    """SV(t) of one project is months of its own plan; of several, or of all, there is no such number."""
    of = "schedule_variance_time"
    assert kpis.kpi_row(small_warehouse, SELECTIONS["one project"], of)["value"] is not None
    assert kpis.kpi_row(small_warehouse, SELECTIONS["several projects"], of) is None
    assert kpis.kpi_row(small_warehouse, SELECTIONS["portfolio"], of) is None
    told = small_warehouse.query("""
        select kpi_key, grain from kpi_values inner join dim_kpis using (kpi_key)
        where not list_contains(grains, grain) group by all
    """)
    assert told.is_empty()


def test_evidence_names_a_file_and_a_line_that_hold_the_row(sample_data_dir, small_warehouse, repository):
    """Line 1 of the file is its header; the issue key stands on the line that the evidence names."""
    rows = evidence.evidence(small_warehouse, "open_critical_defects", Selection(projects=("P2025-007",)), limit=50)
    seen = rows.filter(pl.col("file_name").str.ends_with(".csv"))
    assert not seen.is_empty()
    for file_name, line, issue_key in seen.select("file_name", "source_row", "row_key").iter_rows():
        path = next((repository / "data" / "sample").rglob(file_name.rsplit("/", 1)[-1]))
        text = path.read_bytes().decode("utf-8-sig").splitlines()[line - 1]
        assert issue_key in text
