"""What a grid gives to the browser, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.grids import grids
from ui.grid.cells import Cell, Column, Kind

PAGE = Path(__file__).resolve().parents[2] / "browser" / "grid_page.py"


def test_a_portfolio_is_one_grid():
    """The project with its phase, the worst KPI of a dimension as a mark, days late, margin, course, alerts."""
    app = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not app.exception
    portfolio = grids(app)[0]
    assert portfolio.key == "portfolio"
    assert [cell.label for cell in portfolio.cells("project")][0] == "测试与联调 · 周"
    cost = portfolio.cells("cost")
    assert [(cell.label, cell.text, cell.value, cell.status) for cell in cost] == [
        ("CPI", "0.87", 0.87, "critical"),
        ("CPI", "0.97", 0.97, "ok"),
        ("CPI", "1.03", 1.03, "ok"),
        ("CPI", "no data", None, "no_data"),
    ]
    assert all(cell.mark.startswith("<svg ") for cell in cost) and cost[0].address == "./evidence?kpi=cpi&of=ERP 迁移"
    assert [cell.value for cell in portfolio.cells("finish")] == [38, 118, -61, None]
    assert portfolio.cells("course")[1].course == [0.99, None, 0.97]
    assert portfolio.texts("margin") == ["4.1%", "14.2%", "21.0%", "–"]
    assert not portfolio.columns["tags"]["isShown"]


def test_plain_values_reach_the_browser_as_numbers_days_and_nothing():
    def page() -> None:
        import datetime as dt
        from decimal import Decimal

        from ui.shell.tables import day, figure, number, table, text

        rows = [
            {"name": None, "amount": Decimal("12.50"), "share": float("nan"), "on": dt.date(2026, 11, 22)},
            {"name": "=cmd()", "amount": None, "share": 0.25, "on": None},
        ]
        share = figure("Share", lambda row: f"{row['share']:.0%}", value=lambda row: row["share"])
        columns = {"name": text("Name"), "amount": number("Amount", format="%.2f", help="of all"), "share": number("S")}
        table(rows[1:], {"share": share}, key="worded")
        table(rows, columns | {"on": day("On")}, key="plain")

    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    worded, plain = grids(app)
    assert [(cell.text, cell.value) for cell in worded.cells("share")] == [("25%", 0.25)]
    assert plain.cells("name") == [None, "=cmd()"]
    assert plain.cells("amount") == [12.5, None]
    assert plain.cells("share") == [None, 0.25]  # what is no number is unknown
    assert plain.cells("on") == ["2026-11-22", None]
    amount = plain.columns["amount"]
    assert (amount["kind"], amount["format"], amount["hover"]) == ("figure", "%.2f", "of all")


def test_a_mark_is_svg_of_ours_and_nothing_else():
    with pytest.raises(TypeError, match="Markup"):
        Column("KPI", lambda row: Cell(mark=row), Kind.MARK).of(["<img src=x onerror=alert(1)>"])
