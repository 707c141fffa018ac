"""One fact from two sources, on the data health page, beside the evidence and among the settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.warehouse.evidence.double_counted_rows import make_double_counted

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_left_out_is_listed_and_the_source_that_leads_can_be_chosen(made_once, monkeypatch, language):
    monkeypatch.setenv("PLIMSOLL_DATA", str(made_once("double_counted", make_double_counted).root))
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    app.query_params["lang"] = language
    app = app.run().switch_page("pages/data/health.py").run()
    assert not app.exception
    # hours: 4 of H, 3 of N, 3 of D, 1 of L; cost lines: 1 of C, 2 of M; issues: 2
    told = {"en": "16 rows do not count", "zh": "16 行不计入"}[language]
    assert any(told in warning.value for warning in app.warning)
    if language == "zh":
        return  # the test's own widgets know the options by their English words
    app = app.switch_page("pages/data/settings.py").run()
    app.selectbox(key="settings_name").select_index(-1).run()  # costs, issues and worklogs follow what is always chosen
    assert not app.exception
    assert (
        len(app.selectbox(key="settings_value_leading_source_of_worklogs").options) == 4
    )  # Jira, Tempo, DingTalk, none
    app.query_params["kpi"] = "cost_performance_index"
    app.query_params["project"] = "M"
    app = app.switch_page("pages/overview/evidence.py").run()
    assert not app.exception
