"""The project settings on screen: a choice is saved with its reason and person, refused without, and stands in the history."""

from __future__ import annotations

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.store.project_settings import project_settings
from tests.grids import grids
from tests.pages.test_worlds import REPOSITORY, words


@pytest.fixture
def settings(data_dir, monkeypatch):
    monkeypatch.setenv("PLIMSOLL_DATA", str(data_dir.root))

    def run(language: str) -> AppTest:
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        return app.run().switch_page("pages/data/settings.py").run()

    return run


def test_a_choice_needs_its_reason_and_person_and_is_kept(settings, data_dir):
    app = settings("en")
    assert "Nothing has been chosen yet" in words(app)
    app.button(key="settings_save").click().run()
    assert "needs its project, a reason and the person" in words(app).replace("\\", "")  # a page escapes what it shows
    app.selectbox(key="settings_name").set_value("period_ends_on").run()
    app.selectbox(key="settings_value_period_ends_on").set_value("25").run()
    app.text_input(key="settings_reason").set_value("closes early").run()
    app.text_input(key="settings_person").set_value("cost accountant").run()
    app.button(key="settings_save").click().run()
    assert not app.exception
    [row] = project_settings(data_dir)
    assert (row["project_key"], row["name"], row["value"]) == ("*", "period_ends_on", "25")
    assert grids(app)[-1].value["value"].to_list() == ["day 25 of the month"]
    assert "项目设置" in words(settings("zh"))


def test_a_dated_choice_asks_for_its_first_month(settings, data_dir):
    app = settings("en")
    assert not app.date_input  # the others count for the whole history
    # the box holds what fits on a phone, the whole sentence stands beneath it
    assert "books, then hours × rates" in app.selectbox(key="settings_value_actual_cost_source").options
    assert "the books; after the last closed period hours × rates for labor" in [told.value for told in app.caption]
    app.selectbox(key="settings_name").set_value("technical_debt_basis").run()
    app.selectbox(key="settings_value_technical_debt_basis").set_value("development_hours").run()
    app.date_input(key="settings_valid_from").set_value(dt.date(2026, 3, 10)).run()
    app.text_input(key="settings_reason").set_value("the contract says so").run()
    app.text_input(key="settings_person").set_value("PMO").run()
    app.button(key="settings_save").click().run()
    assert not app.exception
    [row] = project_settings(data_dir)
    assert (row["name"], row["value"], row["valid_from"]) == ("technical_debt_basis", "development_hours", "2026-03-10")
    shown = grids(app)[-1].value.iloc[0]
    assert (shown["value"], shown["from"]) == ("development and test hours of modules with own code", "Mar 2026")
