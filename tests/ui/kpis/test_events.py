"""Events on an axis of time: which are drawn, which are named, what they say."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import cast

import polars as pl

from models.intake import UndoneFile
from ui.kpis.events import event_marks, happened
from ui.shell.data import BuildView
from ui.shell.figures import WORDS_HEIGHT, Along, drawn
from ui.shell.theme import LIGHT

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 4, 11)  # 100 days


def found(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["day", "kind", "name", "days"], orient="row")


def test_what_lies_outside_the_axis_is_not_drawn():
    marks = event_marks(
        found((dt.date(2025, 12, 31), "freeze", None, None), (dt.date(2026, 2, 1), "go_live", None, None)),
        FIRST,
        LAST,
        LIGHT,
    )
    assert [line["x0"] for line in marks.shapes] == [dt.date(2026, 2, 1)]
    assert [note["text"] for note in marks.notes] == ["go-live"]
    assert marks.lines[0]["text"] == ["1 Feb 2026<br>The first site went live"]


def test_a_file_undone_is_an_event_of_the_projects_it_told_of():
    told = found((dt.date(2026, 2, 1), "go_live", None, None)).cast({"name": pl.String, "days": pl.Float64})
    view = cast(BuildView, SimpleNamespace(ask=lambda question, project_key: told))
    files = [
        UndoneFile("<a>.csv", "2026-01-20T08:00:00Z", frozenset({"P1"})),
        UndoneFile("other.csv", "2026-01-21T08:00:00Z", frozenset({"P2"})),
        UndoneFile("all.csv", "2026-03-01T08:00:00Z", frozenset()),
    ]
    rows = happened(view, "P1", files)
    # that of P2 is none of P1; one that names no project is everybody's; the oldest first
    assert rows["name"].to_list() == ["<a>.csv", None, "all.csv"]
    marks = event_marks(rows, FIRST, LAST, LIGHT)
    # the word of 20 January takes 11 x 6 + 8 = 74 pixels from 19 x 3.8 = 72.2 on, over the 117.8 of 1 February
    assert [note["text"] for note in marks.notes] == ["file undone", "file undone"]
    assert marks.lines[0]["text"][0] == "20 Jan 2026<br>File undone: &lt;a&gt;.csv"


def test_words_keep_apart_and_every_event_has_its_sentence():
    # 380 pixels for 100 days. "+30 days" takes 8 x 6 + 8 = 56 of them from 31 x 3.8 = 117.8 to 173.8; 16 February is at 174.8
    days = [dt.date(2026, 2, day) for day in (1, 15, 16)]
    marks = event_marks(
        found(
            (days[0], "extension", None, 30.0), (days[1], "baseline", "B2", None), (days[2], "milestone", "<b>UAT</b>", None)
        ),
        FIRST,
        LAST,
        LIGHT,
    )  # fmt: skip
    assert [note["text"] for note in marks.notes] == ["+30 days", "&lt;b&gt;UAT&lt;/b&gt;"]
    assert len(marks.shapes) == 3
    assert [words.partition("<br>")[2] for words in marks.lines[0]["text"]] == [
        "Approved changes extend the contract by 30 days",
        "Baseline B2 frozen",
        "Milestone reached: &lt;b&gt;UAT&lt;/b&gt;",
    ]


def test_a_word_that_would_leave_the_plot_ends_at_its_line():
    # "冻结" as the name of a baseline takes 2 x 10 + 8 = 28 pixels: from 4 April (93 x 3.8 = 353.4) on it would end after 380
    days = [dt.date(2026, 4, 3), dt.date(2026, 4, 10)]
    marks = event_marks(found(*((day, "baseline", "冻结", None) for day in days)), FIRST, LAST, LIGHT)
    # that of the 10th would begin at 99 x 3.8 - 28 = 348.2, where that of the 3rd (92 x 3.8 = 349.6) stands
    assert [(note["x"], note["xanchor"]) for note in marks.notes] == [(days[0], "left")]
    last = event_marks(found((days[1], "baseline", "冻结", None)), FIRST, LAST, LIGHT)
    assert [(note["x"], note["xanchor"]) for note in last.notes] == [(days[1], "right")]


def test_the_words_have_a_row_of_their_own_between_legend_and_plot():
    lines = [{"type": "scatter", "x": [FIRST, LAST], "y": [0, 1], "name": name} for name in ("EV", "AC")]
    marks = event_marks(found((dt.date(2026, 2, 1), "go_live", None, None)), FIRST, LAST, LIGHT)
    plain, told = drawn(LIGHT, lines), drawn(LIGHT, lines, along=marks)
    assert told.layout.margin.t == plain.layout.margin.t + WORDS_HEIGHT
    assert (told.layout.legend.yref, plain.layout.legend.yanchor) == ("container", "bottom")
    assert len(told.data) == 3 and told.data[2].showlegend is False


def test_without_events_nothing_is_drawn():
    for none in (None, pl.DataFrame()):
        assert event_marks(none, FIRST, LAST, LIGHT) == Along()
