"""Work that was begun ends, and what follows on it is done, whatever becomes of the tab."""

from __future__ import annotations

import threading

import pytest
from streamlit.runtime.scriptrunner import StopException

from ui.shell.carried import carried_through


def test_what_work_returns_and_tells_is_handed_on():
    shown, after = [], []
    going_on = threading.Event()

    def work(say):
        say("half", 1)
        assert going_on.wait(10)
        return "done"

    def show(*words):
        shown.append(words)
        going_on.set()

    assert carried_through(work, then=lambda: after.append("refresh"), show=show) == "done"
    assert (shown, after) == ([("half", 1)], ["refresh"])


def test_a_tab_that_closes_stops_the_page_and_not_the_work():
    """Streamlit raises StopException in the next word that the script says to the page."""
    closed, ended, after = threading.Event(), [], threading.Event()

    def work(say):
        say("first file")
        assert closed.wait(10)
        ended.append("second file")

    def show(*_words):
        raise StopException

    with pytest.raises(StopException):
        carried_through(work, then=after.set, show=show)
    assert ended == [] and not after.is_set()  # the page has stopped while the work goes on
    closed.set()
    assert after.wait(10) and ended == ["second file"]


def test_an_error_of_the_work_is_raised_after_what_follows_on_it():
    after = []

    def work(_say):
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        carried_through(work, then=lambda: after.append("refresh"), show=print)
    assert after == ["refresh"]
