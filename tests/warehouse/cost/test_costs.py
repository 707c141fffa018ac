"""Cells, overruns and the S-curve of a project worked out by hand (see tests/warehouse/edges.py, COST)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from models.builds.published import current_build
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_snapshot
from models.cost.causes import causes, split_of_labor
from models.cost.cells import VENDOR, budget_and_cost, cost_by_vendor, cost_lines, overruns
from models.cost.estimates import Method
from models.cost.series import earned_value
from models.kpis.values import kpi_values, projects
from tests.warehouse.edges import make_edges

FEBRUARY = Selection(projects=("COST",))  # the last closed month
MARCH = Selection(projects=("COST",), period_end=dt.date(2026, 3, 31))


@pytest.fixture(scope="module")
def edges(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("edges", make_edges)))


def test_cells_hold_budget_cost_and_what_is_left_at_the_closed_month(edges):
    cells = budget_and_cost(edges, FEBRUARY, "module", "phase")
    # 10,000 + 22,000 planned; 5,000 + 1,000 accrued; the commitment came in March
    assert cells.rows() == [
        ("-", "development", Decimal("32000.00"), Decimal("6000.00"), None, Decimal("26000.00"), 0.1875)
    ]
    by_category = budget_and_cost(edges, FEBRUARY, "project_key", "category")
    assert by_category.select("category", "budget", "actual").rows() == [("equipment", 0, 6000), ("labor", 32000, 0)]
    assert by_category["spent_share"].to_list() == [None, 0.0]


def test_an_open_month_adds_provisional_labor_and_commitments(edges):
    cells = budget_and_cost(edges, MARCH, "module", "phase")
    # 6,000 + 2,000 on the element; 10 h x 150 on none; of 9,000 signed 2,000 are in cost: 32,000 - 8,000 - 7,000 is left
    assert cells.select("phase", "actual", "committed", "left").rows() == [
        ("development", 8000, 7000, 17000),
        ("unallocated", 1500, 0, -1500),
    ]


def test_a_cell_opens_its_lines_with_document_file_and_line(edges):
    lines = cost_lines(edges, FEBRUARY, {"module": "-", "phase": "development"})
    assert lines.select("document_no", "kind", "amount", "file_name", "source_row").rows() == [
        ("V0", "actual", 5000, "costs-1.csv", 2),
        ("V1", "accrual", 1000, "costs-1.csv", 3),
    ]
    assert cost_lines(edges, FEBRUARY, {"phase": "testing"}).is_empty()
    assert cost_lines(edges, MARCH, {"category": "labor"})["kind"].to_list() == ["provisional"]


def test_suppliers_add_up_to_the_cost_of_the_page_and_what_names_none_is_a_row_of_its_own(edges):
    february = cost_by_vendor(edges, FEBRUARY)
    # V1 names one; V0 does not; the commitment came in March
    assert february.rows() == [("Supplier A", 1000, None), ("unallocated", 5000, None)]
    march = cost_by_vendor(edges, MARCH)
    # 5,000 + 2,000 of equipment and 10 h x 150 name nobody
    assert march.rows() == [("Supplier A", 1000, 9000), ("unallocated", 8500, 0)]
    for rows, chosen in ((february, FEBRUARY), (march, MARCH)):
        assert rows["actual"].sum() == budget_and_cost(edges, chosen, "module", "phase")["actual"].sum()
    assert cost_lines(edges, FEBRUARY, {VENDOR: "Supplier A"})["document_no"].to_list() == ["V1"]
    assert cost_lines(edges, FEBRUARY, {VENDOR: "unallocated"})["document_no"].to_list() == ["V0"]


def test_overruns_are_earned_less_cost_and_add_up_to_the_variance(edges):
    rows = overruns(edges, FEBRUARY)
    # 4,000 earned, 6,000 spent; 1.10 is what an alias of that world makes of 1.1
    assert rows.select("code", "budget", "earned", "actual", "variance").rows() == [("1.10", 32000, 4000, 6000, -2000)]
    march = overruns(edges, MARCH)
    # 14,000 - 8,000 on the element; 1,500 of provisional labor on none stands after it
    assert march.select("code", "variance").rows() == [("1.10", 6000), ("unallocated", -1500)]
    assert overruns(edges, MARCH, "module").select("code", "variance").rows() == [("-", 4500)]


def test_labor_is_split_into_more_hours_and_dearer_hours():
    # 1,000 hours were planned for what was earned, at 100,000: 100 an hour. 1,200 were logged: 200 x 100 = 20,000 more. They
    # cost 126,000: 26,000 over, so 6,000 are 5 an hour more for 1,200 hours
    assert split_of_labor(100_000, 126_000, 1_000, 1_200) == (20_000, 6_000)


def test_the_variance_at_completion_is_taken_apart_and_adds_up(edges):
    # 6,000 spent for 4,000 earned is 2,000 too much, all on an element and without planned hours; the rest at CPI 2/3 makes
    # 32,000 into 48,000: 48,000 - 32,000 - 2,000 = 14,000 are still to come. One baseline: nothing was added to the budget
    found = causes(edges, FEBRUARY)
    assert (found.budget, found.estimate) == (32_000, pytest.approx(48_000))
    assert (found.quantity, found.price, found.on_no_element) == (None, None, 0)
    assert (found.not_split, found.rest_at_pace) == (2_000, pytest.approx(14_000))
    assert found.scope in (None, 0)
    # March is not closed: its 1,500 on no element are not in what is known of February
    assert causes(edges, MARCH) == found


def test_the_curve_stands_at_the_closed_month_and_ends_in_the_band_of_the_kpis(edges):
    told = earned_value(edges, FEBRUARY)
    assert told.curve.select("planned_value", "earned_value", "actual_cost", "provisional_cost").rows() == [
        (10000, 4000, 6000, 6000),
        (32000, 14000, None, 9500),
    ]
    values = {method: figure.value for method, figure in told.at_completion.estimate_at_completion.items()}
    assert values == pytest.approx(
        {
            Method.AT_BUDGET: 34_000,
            Method.AT_PACE_OF_COST: 48_000,
            Method.AT_PACE_OF_COST_AND_SCHEDULE: 111_000,
            Method.BOTTOM_UP: 36_000,
            # 4,000 of February's 10,000 are earned: 0.4 of its one month, so SPI(t) is 0.4 like SPI
            Method.AT_PACE_OF_SCHEDULE: 76_000,
            Method.AT_PACE_OF_TIME: 76_000,
            Method.AT_PACE_OF_COST_AND_TIME: 111_000,
            Method.MOSTLY_COST_AND_SCHEDULE: 6_000 + 28_000 / (0.8 * 2 / 3 + 0.08),
            Method.MOSTLY_COST_AND_TIME: 6_000 + 28_000 / (0.8 * 2 / 3 + 0.08),
        }
    )
    assert told.curve["forecast_high"][-1] == pytest.approx(111_000)
    # from 6,000 on 28 February to 48,000 on 31 March: 26,000 / 42,000 of 31 days = 19.2
    assert (told.used_up_on, told.is_used_up) == (dt.date(2026, 3, 19), False)
    assert told.history_methods == ("status_dates",)


def test_the_curve_in_hours(edges):
    told = earned_value(edges, FEBRUARY, in_hours=True)
    # 320 h planned, an eighth and then 43.75 % of them earned; 8 and then 10 h logged
    assert told.curve.select("planned_value", "earned_value", "actual_cost").rows() == [(100, 40, 8), (320, 140, 18)]
    assert earned_value(edges, Selection(projects=("ZERO",)), in_hours=True).budget is None


def test_without_earned_value_there_is_no_forecast(edges):
    told = earned_value(edges, Selection(projects=("ZERO",)))
    assert told.used_up_on is None
    assert told.curve["forecast"].null_count() == told.curve.height


@pytest.mark.parametrize("rows", ["module", "project_key"])
@pytest.mark.parametrize("across", ["phase", "category"])
def test_cells_overruns_and_lines_add_up_to_the_kpis_to_the_cent(small_warehouse, rows, across):
    everything = [Selection(), *(Selection(projects=(key,)) for key in projects(small_warehouse)["project_key"])]
    assert len(everything) == 1 + 8
    for selection in everything:
        values = {row["kpi_key"]: row for row in kpi_values(small_warehouse, selection).iter_rows(named=True)}
        cells = budget_and_cost(small_warehouse, selection, rows, across)
        spent = values["budget_consumption"]
        assert cells["actual"].sum() == Decimal(f"{spent['numerator']:.2f}")
        assert cells["budget"].sum() == Decimal(f"{spent['denominator']:.2f}")
        lines = cost_lines(small_warehouse, selection, {}, 100_000).filter(
            ~pl.col("kind").is_in(["commitment", "drawn"])
        )
        assert lines["amount"].sum() == cells["actual"].sum()
        found = causes(small_warehouse, selection)
        if found is not None:
            parts = (found.quantity or 0, found.price or 0, found.not_split, found.on_no_element, found.rest_at_pace)
            assert found.budget + sum(parts) == pytest.approx(found.estimate, abs=0.005)
        variance = overruns(small_warehouse, selection)["variance"].sum()
        assert variance == pytest.approx(values["cost_variance"]["value"], abs=0.005)
