"""Notification settings on screen: recipients are added, tested and retired; what could not be sent stands there."""

from __future__ import annotations

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.notices import inbox, not_sent, recipients, send_waiting
from tests.grids import grids
from tests.notices.receivers import web_server
from tests.notices.told import NOW, by_hook, event_row, happen, settings
from tests.pages.test_worlds import REPOSITORY, words


@pytest.fixture
def page(data_dir, monkeypatch):
    monkeypatch.setenv("PLIMSOLL_DATA", str(data_dir.root))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("PLIMSOLL_NOTICE_INTERNAL_HOSTS", "127.0.0.1")

    def run(language: str) -> AppTest:
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        return app.run().switch_page("pages/warnings/notifications.py").run()

    return run


def labelled(elements, label: str):
    return next(element for element in elements if element.label == label)


def test_a_recipient_is_added_tested_and_retired(page, data_dir):
    app = page("en")
    assert "Nothing has been told yet" in words(app)
    app.button(key="notices_save").click().run()
    assert "Say who makes this change" in words(app) or "needs a name" in words(app)
    with web_server() as hook:
        labelled(app.selectbox, "Way").set_value("webhook").run()
        labelled(app.text_input, "Name").set_value("ops *hook*")
        labelled(app.text_input, "Address that takes JSON by POST").set_value(f"{hook.url}/in?key=SECRET")
        app.text_input(key="notices_person").set_value("tester")
        app.button(key="notices_save").click().run()
        assert not app.exception
        office, added = recipients(data_dir)
        assert (office["channel"], added["channel"]) == ("inbox", "webhook")
        assert "SECRET" not in words(app) + str([frame.value.to_dict() for frame in grids(app)])
        app.selectbox(key="notices_chosen").set_value(added["recipient_id"]).run()
        app.button(key="notices_test").click().run()
        assert "The test message was taken" in app.success[0].value
        assert len(hook.requests) == 1
    app.button(key="notices_test").click().run()
    assert "could not be reached" in app.error[0].value
    app.button(key="notices_retire").click().run()
    assert [row["is_active"] for row in recipients(data_dir)] == [1, 0]


def test_what_could_not_be_sent_is_shown_and_decided_and_the_inbox_is_read(page, data_dir):
    with web_server() as hook:
        by_hook(data_dir, f"{hook.url}/in", language="zh")
        hook.break_off = True
        happen(data_dir, event_row())
        assert send_waiting(data_dir, settings(), NOW)["unknown"] == 1
        app = page("zh")
        said = words(app)
        assert "需要人工处理的消息" in said and "可能已送达" in said
        assert [told["is_stuck"] for told in not_sent(data_dir, dt.datetime.now(dt.UTC))] == [True]
        hook.break_off = False
        app.text_input(key="notices_outbox_person").set_value("陈工")
        app.button(key="notices_again_1").click().run()
        assert not app.exception
        assert len(hook.requests) == 2
        assert not_sent(data_dir, dt.datetime.now(dt.UTC)) == []
    assert "需要人工处理的消息" not in words(app)
    app.button(key="notices_read_all").click().run()
    read = [bool(notice["read_at"]) for notice in inbox(data_dir)]
    assert read and set(read) == {True}
