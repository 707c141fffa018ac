"""Suppliers as bars: which are shown, that they add up, what they open."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from models.vocabulary import UNALLOCATED
from ui.cost.vendors import BARS_SHOWN, vendor_chart


def rows_of(*rows: tuple[str, int, int | None]) -> pl.DataFrame:
    money = pl.Decimal(18, 2)
    return pl.DataFrame(
        [(vendor, Decimal(actual), None if signed is None else Decimal(signed)) for vendor, actual, signed in rows],
        schema={"vendor": pl.String, "actual": money, "signed": money},
        orient="row",
    )


def way(vendor: str) -> str:
    return f"?vendor={vendor}"


def test_each_bar_opens_its_supplier_and_what_names_none_is_the_last():
    chart = vendor_chart(rows_of(("<A>", 6_000_000, 7_000_000), (UNALLOCATED, 2_000_000, 0)), None, way)
    signed, cost = chart.figure.data
    # one unit for all: CNY M; Plotly counts from the bottom
    assert (list(signed.x), list(cost.x)) == ([0.0, 7.0], [2.0, 6.0])
    assert list(cost.customdata) == [way(UNALLOCATED), way("<A>")]
    assert list(chart.figure.layout.yaxis.ticktext) == [
        "no supplier named  <b>CNY\u00a02\u00a0M</b>",
        "&lt;A&gt;  <b>CNY\u00a06\u00a0M</b>",
    ]
    # 2 of 8 million name nobody
    assert "CNY\u00a06\u00a0M" in chart.title and "25.0\u00a0% of all cost names none" in chart.title
    assert [to for _words, to in chart.opens] == [way("<A>"), way(UNALLOCATED)]


def test_suppliers_without_a_bar_of_their_own_are_one_and_nothing_is_lost():
    # 14 suppliers with 14, 13 ... 1 thousand: 105 thousand in all, 2 + 1 in the bar of the others; 5 thousand name nobody
    rows = rows_of(
        *((f"V{number:02}", (15 - number) * 1000, None) for number in range(1, 15)), (UNALLOCATED, 5000, None)
    )
    chart = vendor_chart(rows, None, way)
    (cost,) = chart.figure.data  # nothing is signed: no outline
    assert len(cost.x) == BARS_SHOWN + 2
    assert sum(cost.x) == pytest.approx(110)
    assert (list(cost.x)[1], list(cost.customdata)[1]) == (pytest.approx(3), None)
    assert chart.figure.layout.yaxis.ticktext[1].startswith("others (2)")


def test_without_cost_the_chart_says_so():
    assert vendor_chart(rows_of(), None, way).figure is None
    assert vendor_chart(rows_of((UNALLOCATED, 500, None)), None, way).title == "No cost names a supplier yet"
