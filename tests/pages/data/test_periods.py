"""Accounting periods on screen: closed with a person, reopened with a reason, refused without, and kept."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from pipeline.store.closings import closings
from tests.grids import grids
from tests.pages.test_worlds import REPOSITORY, words
from tests.pipeline.refresh.closed_books import adjusted_once


def test_a_period_is_closed_and_reopened(data_dir, monkeypatch):
    monkeypatch.setenv("PLIMSOLL_DATA", str(data_dir.root))
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run().switch_page("pages/data/periods.py").run()
    assert "Finance has closed no period here yet" in words(app)
    app.text_input(key="periods_period").set_value("2026-01").run()
    app.button(key="periods_save").click().run()
    assert "needs its project and the person" in words(app)
    app.text_input(key="periods_person").set_value("Zhou").run()
    app.button(key="periods_save").click().run()
    assert not app.exception
    [row] = closings(data_dir)
    assert (row["period"], row["project_key"], row["is_closed"], row["person"]) == ("2026-01", "*", True, "Zhou")
    assert grids(app)[-1].value["state"].to_list() == ["closed"]


def test_adjustments_of_closed_periods_are_listed(made_once, monkeypatch):
    """A1 is 110 in a later export, 100 in the books that finance closed: 100 taken back, 110 added, with file and line."""
    monkeypatch.setenv("PLIMSOLL_DATA", str(made_once("adjusted-books", adjusted_once).root))
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    app.query_params["lang"] = "zh"
    app.run().switch_page("pages/data/periods.py").run()
    assert not app.exception and "财务已结账的期间保持已报告的数值" in words(app)
    [listed] = [frame.value for frame in grids(app) if "stated_on" in frame.value.columns]
    assert listed[["document_no", "amount", "file_name", "source_row"]].to_numpy().tolist() == [
        ["A1", -100, "costs-1.csv", 2],
        ["A1", 110, "costs-2.csv", 2],
        ["A3", 7, "costs-2.csv", 3],
    ]
