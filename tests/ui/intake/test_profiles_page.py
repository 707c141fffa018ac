"""The page of mapping profiles: listed, edited, renamed, taken from YAML, deleted; what is wrong with a text is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models.builds.data_dir import DataDir
from pipeline.ingest.mapping.profiles import profile_yaml, profiles, save_mapping_profile

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def page(data_dir: DataDir, monkeypatch):
    def run(language: str = "en") -> AppTest:
        monkeypatch.setenv("PLIMSOLL_DATA", str(data_dir.root))
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        app.run()
        return app.switch_page("pages/data/profiles.py").run()

    return run


def test_without_profiles_the_page_says_where_they_come_from(page):
    assert "upload page" in page().info[0].value
    assert "上传页" in page("zh").info[0].value


def test_a_profile_is_renamed_and_deleted(page, data_dir: DataDir):
    save_mapping_profile(data_dir, "ours", "worklogs", {"Wer": "person"}, header=("Wer", "Datum"), date_order="dmy")
    app = page()
    app.text_input("profiles_name_ours").set_value("hours of Munich")
    app.button("profiles_save").click().run()
    assert not app.exception
    (kept,) = profiles(data_dir)
    assert (kept.name, kept.mapping, kept.options) == (
        "hours of Munich",
        {"Wer": "person"},
        {"date_order": "dmy"},
    )
    app.button("profiles_delete").click().run()
    assert profiles(data_dir) == []


def test_a_profile_comes_back_from_its_text_and_a_bad_text_is_named(page, data_dir: DataDir):
    save_mapping_profile(data_dir, "ours", "worklogs", {"Wer": "person"}, header=("Wer", "Datum"))
    text = profile_yaml(data_dir, "ours").replace("ours", "theirs")
    app = page()
    app.text_area("profiles_yaml").set_value(text)
    app.button("profiles_import").click().run()
    assert {profile.name for profile in profiles(data_dir)} == {"ours", "theirs"}
    app.text_area("profiles_yaml").set_value("just words")
    app.button("profiles_import").click().run()
    assert "no mapping profile" in app.error[0].value
