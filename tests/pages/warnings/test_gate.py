"""The release gate on screen: it stops, people sign, waive and change it, and every verdict stands in the history."""

from __future__ import annotations

import shutil

import pytest
from streamlit.testing.v1 import AppTest

from models.builds.data_dir import DataDir
from pipeline.gate import gate_verdicts
from tests.grids import grids
from tests.pages.test_worlds import REPOSITORY, words

ITEMS = (
    "roll5fback5fplan",
    "security5fscan",
    "customer5fsignature",
    "cut5fover5fwindow",
)  # as ui.kpis.cards.slug has them


@pytest.fixture
def gate(world, tmp_path, monkeypatch):
    """A project with 70 % coverage, the page open in a language."""
    shutil.copytree(world("critical").root, tmp_path / "world")
    monkeypatch.setenv("PLIMSOLL_DATA", str(tmp_path / "world"))

    def run(language: str) -> AppTest:
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        return app.run().switch_page("pages/warnings/gate.py").run()

    return run


def test_the_gate_is_signed_waived_and_recorded_on_screen(gate, tmp_path):
    before = gate_verdicts(DataDir(tmp_path / "world"), "QT")
    app = gate("en")
    assert "■</span> stop" in words(app)
    assert "Conditions that stop it (5)" in words(app)
    assert "Modules at fault" in words(app)
    assert gate_verdicts(DataDir(tmp_path / "world"), "QT") == before  # opening the page records nothing
    app.button(key="gate_record").click().run()
    app.button(key=f"gate_sign_{ITEMS[0]}").click().run()
    assert "needs the name of the person who signs" in words(app)
    for item in ITEMS:
        app.text_input(key=f"gate_sign_person_{item}").set_value("张三 [x](http://e)").run()
        app.button(key=f"gate_sign_{item}").click().run()
    assert "Conditions that stop it (1)" in words(app)
    assert "[x](http://e)" not in words(app)

    app.text_input(key="gate_waive_reason").set_value("pilot").run()
    app.text_input(key="gate_waive_person").set_value("director").run()
    app.button(key="gate_waive").click().run()
    assert "▲</span> go with waivers" in words(app)
    app.button(key="gate_record").click().run()
    app.text_input(key="gate_withdraw_person_waiver_1").set_value("director").run()
    app.button(key="gate_withdraw_waiver_1").click().run()
    assert "■</span> stop" in words(app)
    app.button(key="gate_record").click().run()

    app.segmented_control(key="gate_edit_way_measured_test5fcoverage").set_value("level").run()
    app.number_input(key="gate_edit_level_test_coverage").set_value(70.0).run()
    app.text_input(key="gate_edit_reason").set_value("agreed").run()
    app.text_input(key="gate_edit_person").set_value("PMO").run()
    app.button(key="gate_edit").click().run()
    assert not app.exception
    assert "●</span> go" in words(app)  # exactly on its level
    app.button(key="gate_record").click().run()
    app.button(key="gate_record").click().run()  # the same verdict is kept once
    given = [row["verdict"] for row in gate_verdicts(DataDir(tmp_path / "world"), "QT")]
    assert given[: len(given) - len(before)] == ["go", "stop", "waived", "stop"]
    shown = grids(app)[-1].value
    assert shown["verdict"].to_list()[0] == "● go"
    assert len(shown["hash"].to_list()[0]) == 64

    chinese = words(gate("zh"))
    assert "●</span> 放行" in chinese
    assert "上线门禁" in chinese


def test_nothing_published_is_stop(data_dir, monkeypatch):
    monkeypatch.setenv("PLIMSOLL_DATA", str(data_dir.root))
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    app.query_params["lang"] = "zh"
    app.run().switch_page("pages/warnings/gate.py").run()
    assert "■</span> 不放行" in words(app)
    assert not data_dir.control_store.exists()
