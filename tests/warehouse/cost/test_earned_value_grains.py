"""Parts sum to their project for every additive measure at every date, and are judged as it is (edges.py, PARTS)."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from models.builds.published import current_build
from models.builds.snapshot import Snapshot, open_snapshot
from models.cost.by_grain import HOURS, MEASURES, MONEY, part_lines, part_values
from models.vocabulary import Grain, PeriodKind
from tests.warehouse.edges import make_edges

FEBRUARY, MARCH = dt.date(2026, 2, 28), dt.date(2026, 3, 31)
PARTS = (Grain.PROJECT, Grain.PHASE, Grain.MODULE, Grain.LAYER, Grain.WBS)


@pytest.fixture(scope="module")
def edges(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("edges", make_edges)))


def one(rows: pl.DataFrame, kpi_key: str, part: str) -> dict:
    return rows.filter((pl.col("kpi_key") == kpi_key) & (pl.col("part") == part)).row(0, named=True)


def test_on_every_day_elements_add_up_to_the_rows_that_count_on_it(edges):
    rows = edges.query(
        "select * from kpi_measure_rows where list_contains($measures, measure_key)", {"measures": list(MEASURES)}
    )
    deltas = edges.query("select * from earned_value_deltas")
    keys = ["project_key", "wbs_code", "module", "phase", "measure_key"]
    status = dict(edges.query("select project_key, status_on from dim_projects").iter_rows())
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in range(80)]
    found = 0
    for project, last in status.items():
        ours = rows.filter(pl.col("project_key") == project)
        for day in (day for day in days if last is not None and day <= last):
            counting = ours.filter(
                (pl.col("counts_from") <= day) & (pl.col("counts_until").is_null() | (pl.col("counts_until") > day))
            )
            told = (
                deltas.filter((pl.col("project_key") == project) & (pl.col("delta_on") <= day))
                .group_by(keys)
                .agg(pl.col("delta").sum().alias("amount"))
                .filter(pl.col("amount") != 0)
            )
            direct = counting.group_by(keys).agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
            assert told.sort(keys).rows() == direct.sort(keys).select(told.columns).rows(), (project, day)
            found += told.height
    assert found > 500


@pytest.mark.parametrize("grain", PARTS)
@pytest.mark.parametrize("kind", list(PeriodKind))
def test_parts_sum_to_the_project_at_the_end_of_every_week_and_month(edges, grain, kind):
    cells = edges.query("select * from kpi_cells where grain = 'project' and period_kind = $kind", {"kind": kind.value})
    cells = cells.filter(pl.col("project_key").is_in(["PARTS", "COST", "SPENT"]))
    assert cells["project_key"].n_unique() == 3
    assert sum(cells[f"{measure}__schedule"].is_not_null().sum() for measure in MEASURES) > 0
    for cell in cells.iter_rows(named=True):
        rows = part_values(
            edges,
            grain,
            [cell["project_key"]],
            period_kind=kind,
            holds=cell["period_end"],
            kpi_keys=["schedule_performance_index"],
        )
        for measure in MEASURES:
            whole = cell[f"{measure}__schedule"]  # at the data date of SPI
            if whole is None:
                assert rows[measure].null_count() == rows.height  # what the project does not know, no part knows
            else:
                assert rows[measure].sum() == pytest.approx(float(whole), abs=1e-6), (cell, measure)


def test_the_whole_as_its_only_part_is_the_published_value(edges):
    projects = edges.query("select project_key from dim_projects")["project_key"].to_list()
    for kind in PeriodKind:
        whole = part_values(edges, Grain.PROJECT, projects, period_kind=kind).filter(pl.col("is_known"))
        published = edges.query(
            "select * from kpi_values where grain = 'project' and period_kind = $kind and is_current",
            {"kind": kind.value},
        )
        columns = ["kpi_key", "project_key", "period_end", "value", "numerator", "denominator", "status", "reason"]
        columns += ["warning_at", "critical_at", "is_provisional", "is_incomplete"]
        both = published.join(whole, on=["kpi_key", "project_key"], how="semi")
        assert both.height == whole.height > 30
        assert both.select(columns).sort(columns[:2]).rows() == whole.select(columns).sort(columns[:2]).rows()


def test_an_element_above_others_is_the_sum_of_all_below_it(edges):
    plain = part_values(edges, Grain.WBS, ["PARTS"], until=MARCH, kpi_keys=["cost_variance"])
    rolled = part_values(edges, Grain.WBS, ["PARTS"], until=MARCH, kpi_keys=["cost_variance"], rolled_up=True)
    # 3.1.7 is alone below 3 and 3.1, which therefore are not shown
    assert rolled["part"].to_list() == ["-", "2", "2.1", "2.1.1", "2.2", "2.2.3", "3.1.7"]
    assert rolled["elements"].to_list() == [1, 5, 2, 1, 2, 1, 1]
    for part in ("2", "2.1", "2.2.3"):
        below = plain.filter((pl.col("part") == part) | pl.col("part").str.starts_with(f"{part}."))
        for measure in MEASURES:
            assert one(rolled, "cost_variance", part)[measure] == pytest.approx(below[measure].sum())


@pytest.mark.parametrize("grain", PARTS[1:])
def test_the_lines_of_a_part_add_up_to_its_measures(edges, grain):
    rows = part_values(edges, grain, ["PARTS"], until=MARCH, kpi_keys=["cost_variance"], rolled_up=True)
    assert rows.height >= 2
    for row in rows.iter_rows(named=True):
        lines = part_lines(edges, grain, "PARTS", row["part"], period_end=MARCH, measures=MEASURES)
        for measure in MEASURES:
            amounts = lines.filter(pl.col("measure_key") == measure)["amount"]
            assert amounts.sum() == pytest.approx(row[measure], abs=1e-6), (row["part"], measure)
        assert lines["file_name"].null_count() == 0 and lines["source_row"].min() >= 2


def test_layers_come_from_the_budget_else_from_the_words_of_a_module(edges):
    rows = edges.query("select module, layer from int_modules where project_key = 'PARTS'")
    layers = dict(rows.iter_rows())
    stated = edges.query("select distinct module from fct_budget where project_key = 'PARTS' and wbs_code = '3.1.7'")
    named = {"业务层-订单": "business", "接口层网关": "interface", "portal": "-", "-": "-"}
    assert layers == named | {module: "展示层" for module in stated["module"] if module != "-"}


def test_an_element_is_judged_by_the_formulas_and_levels_of_the_project(edges):
    # 28 February: all of COST's money is on one element (1.10 by an alias): EV 4,000 for AC 6,000; 8 h are logged on none
    rows = part_values(edges, Grain.WBS, ["COST"], until=FEBRUARY)
    cpi = one(rows, "cost_performance_index", "1.10")
    assert (cpi["value"], cpi["status"]) == (pytest.approx(4_000 / 6_000), "critical")
    assert (cpi["warning_at"], cpi["critical_at"]) == (0.95, 0.90)
    variance = one(rows, "cost_variance", "1.10")
    assert (variance["value"], variance["status"]) == (-2_000, "critical")  # the status of CPI
    tcpi = one(rows, "to_complete_performance_index", "1.10")
    assert (tcpi["value"], tcpi["status"]) == (pytest.approx(28_000 / 26_000), "warning")
    assert [cpi[name] for name in MONEY] == [32_000, 10_000, 4_000, 6_000]
    assert [cpi[name] for name in HOURS] == [100, 40, 0]
    # no cost and no plan: nothing that could be judged, and never a zero that looks like a value
    nothing = one(rows, "cost_performance_index", "-")
    assert (nothing["value"], nothing["status"], nothing["reason"]) == (None, "no_data", "unplanned")
    assert nothing["hours_logged"] == 8
    # hours: 40 earned, 100 planned to date
    assert one(rows, "schedule_variance_hours", "1.10")["value"] == -60
    assert one(rows, "schedule_performance_index_hours", "1.10")["status"] == "critical"


def test_a_week_is_cut_at_the_status_date(edges):
    rows = part_values(edges, Grain.WBS, ["COST"], period_kind=PeriodKind.WEEK, holds=dt.date(2026, 3, 11))
    row = one(rows, "schedule_performance_index", "1.10")
    assert (row["period_start"], row["period_end"]) == (dt.date(2026, 3, 9), dt.date(2026, 3, 15))  # Monday to Sunday
    # cut on Friday the 13th: 10,000 + 22,000 x 10 of 22 working days
    assert (row["as_of"], row["planned_value"], row["value"]) == (dt.date(2026, 3, 13), 20_000, pytest.approx(0.7))
    assert row["is_incomplete"]
