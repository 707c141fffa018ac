"""Accounting periods on screen: closed with a person, reopened with a reason, refused without, and kept."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from pipeline.closings import closings
from tests.pages.test_worlds import REPOSITORY, words


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
    assert app.dataframe[-1].value["state"].to_list() == ["closed"]
