"""A view is kept under a name, opened by its link with all that was chosen, and removed."""

from __future__ import annotations

import shutil

from streamlit.testing.v1 import AppTest

from tests.conftest import REPOSITORY


def test_a_view_is_kept_linked_and_removed(world, tmp_path, monkeypatch):
    shutil.copytree(world("healthy").root, tmp_path / "world")
    monkeypatch.setenv("PLIMSOLL_DATA", str(tmp_path / "world"))
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    app.query_params["lang"] = "en"
    app.query_params["project"] = "QT"
    app.run().switch_page("pages/cost/cost.py").run()
    app.text_input(key="frame_view_name").set_value("Monday <b>").run()
    app.button(key="frame_view_keep").click().run()
    assert not app.exception and not app.error
    (kept,) = [element.proto.body for element in app.get("html") if '<ul class="frame-kept"' in element.proto.body]
    assert 'href="cost?' in kept and "project=QT" in kept and "Monday &lt;b&gt;" in kept
    app.selectbox(key="frame_view_gone").set_value("Monday <b>").run()
    assert not app.exception and not app.error
    assert not any('<ul class="frame-kept"' in element.proto.body for element in app.get("html"))
    app.text_input(key="frame_view_name").set_value("again").run()
    app.button(key="frame_view_keep").click().run()
    assert not app.exception and app.selectbox(key="frame_view_gone").value is None
