"""The page of codes and words: what nothing knows is shown with a proposal, and only what is ticked is saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models.builds.data_dir import DataDir
from pipeline.ingest.mapped_words import mapped_words
from pipeline.store.aliases import aliases

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def page(made_once, monkeypatch, tmp_path):
    """page(language): the page over the small portfolio that has unknown codes; its control store is a copy."""
    from tests.warehouse.edges import make_edges

    source = made_once("edges", make_edges)

    def run(language: str = "en") -> tuple[AppTest, DataDir]:
        import shutil

        folder = tmp_path / "data"
        if not folder.exists():
            shutil.copytree(source.root, folder)
        monkeypatch.setenv("PLIMSOLL_DATA", str(folder))
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        app.run()
        return app.switch_page("pages/data/matching.py").run(), DataDir(folder)

    return run


def test_the_unknown_are_counted_and_nothing_is_ticked(page):
    app, _ = page()
    assert not app.exception
    # nobody of NAMES, M1 of MERGE, E1 of COST and of PARTS; work of PARTS on no element of its plan
    assert [tab.label for tab in app.tabs] == [
        "Projects (1)",
        "People (4)",
        "Modules",
        "WBS elements (1)",
        "Words of the exports",
    ]
    app.button("matching_save_project").click().run()
    assert "Tick a row" in app.warning[0].value


def test_a_code_is_tied_by_hand_and_the_saved_ones_are_listed(page):
    app, folder = page("zh")
    before = len(aliases(folder))  # the edges have three
    app.text_input("matching_other_code").set_value("YB-2")
    app.selectbox("matching_other_stands_for").set_value("BOOK")
    next(button for button in app.button if button.label == "添加别名").click()
    app.run()
    assert not app.exception
    assert [(row["external_code"], row["project_key"], row["kind"]) for row in aliases(folder)][0] == (
        "YB-2",
        "BOOK",
        "project",
    )
    assert len(aliases(folder)) == before + 1
    assert {row["word"] for row in mapped_words(folder)} == {
        "ticket",
        "waiting for cab",
        "p1",
        "shelved",
        "stabilization",
    }
