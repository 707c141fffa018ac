"""The cost page in two worlds and both languages: bad news first, every view, lines behind the cells."""

from __future__ import annotations

import pytest

from tests.grids import grids
from tests.pages.test_worlds import opened, words  # noqa: F401 - a fixture

COST = "pages/cost/cost.py"


def test_a_budget_that_is_gone_is_the_first_thing_said(opened):  # noqa: F811
    text = words(opened("critical", COST))
    # 125,000 a month against 600,000: 625,000 in the fifth
    assert "The budget was used up in May 2026" in text
    assert "预算已于 2026年5月用完" in words(opened("critical", COST, "zh"))
    assert "used up" not in words(opened("healthy", COST))


def test_the_basis_of_earned_value_and_cost_is_said(opened):  # noqa: F811
    text = words(opened("critical", COST))
    assert "EV: progress at each data date" in text
    assert "AC: the books up to 30 Jun 2026, the end of the last closed period" in text
    assert "nothing is accrued at arrival" in text


@pytest.mark.parametrize(("name", "language"), [("critical", "zh"), ("critical", "en"), ("empty_project", "en")])
def test_every_view_opens(opened, name, language):  # noqa: F811
    app = opened(name, COST, language)
    for view in ("cells", "parts", "overruns", "performance", "categories", "figures"):
        if language == "zh":  # AppTest cannot run a page again that holds a choice in Chinese
            app = opened(name, COST, language)
        app.session_state["cost_view"] = view
        app.session_state["cost_chart_unit"] = "hours"
        app.run()
        assert not app.exception, view
        assert "Error id" not in words(app) and "错误编号" not in words(app), view


def test_the_worst_cell_lies_open_with_its_lines(opened):  # noqa: F811
    app = opened("critical", COST)
    assert "CNY\u00a0750 K of a budget of CNY\u00a0600 K is spent: 125\u00a0%" in words(app).replace("\u00a0K", " K")
    lines = grids(app)[-1].value
    assert lines["amount"].to_list() == [125000.0] * 6
    assert set(lines["document_no"]) == {f"V{number}" for number in range(1, 7)}
    assert lines["file_name"].str.endswith(".csv").all()


def test_overruns_are_in_words(opened):  # noqa: F811
    app = opened("critical", COST)
    app.session_state["cost_view"] = "overruns"
    app.run()
    table = grids(app)[-1].value
    # each of six elements earned 100,000 for 125,000
    assert table["words"].to_list() == ["1.25 spent for every 1 earned"] * 6
