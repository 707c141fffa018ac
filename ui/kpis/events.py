"""Events of a project on an axis of time: a thin line each, a short word above the plot where there is room, the sentence under
the pointer."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterable
from typing import Any

import polars as pl

from models.document import Row
from models.intake import UndoneFile
from models.reference.events import events
from ui.shell.data import BuildView
from ui.shell.figures import Along, line_across, note, plotly_text, trace
from ui.shell.numbers import date_text
from ui.shell.theme import Ink
from ui.shell.wording import _

NARROWEST = 380  # pixels that the axis of a chart has at least: words that fit there touch nowhere
WIDE, SLIM, GAP = 10, 6, 8  # pixels of a Chinese letter, of any other, and between two words
NAME_LENGTH = 12


def happened(view: BuildView, project_key: str, undone: Iterable[UndoneFile] = ()) -> pl.DataFrame:
    """The events of a project, and the files undone that told of it, oldest first: columns of models.reference.events."""
    found = view.ask(events, project_key)
    days = [
        (dt.datetime.fromisoformat(file.undone_at).date(), "undone", file.file_name, None)
        for file in undone
        if not file.projects or project_key in file.projects
    ]
    return pl.concat([found, pl.DataFrame(days, schema=found.schema, orient="row")]).sort("day", maintain_order=True)


def event_marks(
    found: pl.DataFrame | None, first: dt.date, last: dt.date, paper: Ink, *, low: float | dt.date = 0.0
) -> Along:
    """Those between the two ends of an axis, for `figures.drawn`. found: `happened`, or None; low: where on the other axis their
    signs stand."""
    rows = found.iter_rows(named=True) if found is not None and found.height else ()
    inside = [row for row in rows if first <= row["day"] <= last]
    if not inside:
        return Along()
    pixels_a_day = NARROWEST / ((last - first).days or 1)
    notes, free_from = [], 0.0
    for row in inside:
        word, at = _short(row), (row["day"] - first).days * pixels_a_day
        width = sum(WIDE if letter > "\u2e7f" else SLIM for letter in html.unescape(word)) + GAP
        ends_at_its_line = at + width > NARROWEST
        begin = at - width if ends_at_its_line else at
        if not word or begin < free_from:
            continue
        free_from = begin + width
        side = "right" if ends_at_its_line else "left"
        notes.append(note(row["day"], 1, word, paper.muted, size=10, yref="paper", xanchor=side, yanchor="bottom"))
    look: dict[str, Any] = {
        "mode": "markers",
        "marker": {"symbol": "triangle-up", "size": 8, "color": paper.muted},
        "cliponaxis": False,
    }
    words = [f"{date_text(row['day'])}<br>{_sentence(row)}" for row in inside]
    signs = trace([row["day"] for row in inside], [low] * len(inside), words, {}, **look)
    return Along([line_across(paper.grid, 1, x=row["day"]) for row in inside], notes, [signs])


def _short(row: Row) -> str:
    words = {
        "freeze": _("frozen"),
        "go_live": _("go-live"),
        "baseline": plotly_text(row["name"] or "", NAME_LENGTH),
        "milestone": plotly_text(row["name"] or "", NAME_LENGTH),
        "undone": _("file undone"),
        "extension": _("{days} days", days=f"+{row['days']:g}") if row["days"] else "",
    }
    return words[row["kind"]]


def _sentence(row: Row) -> str:
    name = plotly_text(row["name"] or "", 60)
    if row["kind"] == "freeze":
        return _("Requirements frozen")
    if row["kind"] == "go_live":
        return _("The first site went live")
    if row["kind"] == "baseline":
        return _("Baseline {name} frozen", name=name)
    if row["kind"] == "undone":
        return _("File undone: {name}", name=name)
    if row["kind"] == "extension":
        return _("Approved changes extend the contract by {days} days", days=f"{row['days']:g}")
    return _("Milestone reached: {name}", name=name)
