"""One page, one scope: of all that is chosen, or of one project; and the finish dates of one project beside each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.grids import grids

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = "pages/schedule/schedule.py"


@pytest.fixture
def app(sample_data_dir, monkeypatch) -> AppTest:
    monkeypatch.setenv("PLIMSOLL_DATA", str(sample_data_dir.root))
    opened = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    opened.query_params["lang"] = "en"
    return opened.run()


def whose(app: AppTest) -> set[str]:
    """Whom the cards of the page are of: the first word of their captions."""
    return {caption.value.split(" · ")[0] for caption in app.caption if " · Nov 2026" in caption.value}


def test_the_schedule_page_is_of_all_or_of_one_project(app):
    app.switch_page(PAGE).run()
    assert not app.get("plotly_chart") and "Portfolio" in whose(app)
    [line] = [box for box in app.selectbox if box.key == "schedule_project_line"]
    line.select("P2025-007").run()
    assert app.session_state["filter_projects"] == ["P2025-007"]
    assert len(app.get("plotly_chart")) == 1
    assert "Portfolio" not in whose(app) and "ERP 迁移" in whose(app)
    [back] = [button for button in app.button if button.key == "schedule_all"]
    back.click().run()
    assert app.session_state["filter_projects"] == [] and not app.get("plotly_chart")


@pytest.mark.parametrize("page", [PAGE, "pages/schedule/pace.py"])
def test_the_finish_dates_of_a_project_stand_side_by_side(app, page):
    """ERP migration: contract 31 March 2027; the planner says 29 April, 29 days later; his links and calendars say 17 May."""
    app.session_state["filter_projects"] = ["P2025-007"]
    app.run().switch_page(page).run()
    [table] = [frame.value for frame in grids(app) if "assumes" in frame.value.columns]
    told = {row["what"]: (row["finish"], row["contract"]) for row in table.to_dict("records")}
    assert told["Contract"] == ("31 Mar 2027", "")
    assert told["Forecast of the plan"] == ("29 Apr 2027", "+29")
    assert told["By links and calendars"] == ("17 May 2027", "+47")  # 31 March + 30 days of April + 17
    assert list(told) == ["Contract", "Baseline", "Forecast of the plan", "By links and calendars", "By pace, SPI(t)"]
    assert all(table["assumes"].str.len() > 20)
