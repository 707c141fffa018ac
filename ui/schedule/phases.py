"""The schedule of a project on half a page: its phases and milestones against the baseline.

Baseline outlined above, done solid below it, forecast hatched, milestones as diamonds; between the two ends, apart, how late or
early in vermilion or blue-green.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from models.document import Row
from models.schedule import network
from models.schedule.network import ProjectSchedule
from models.words import moments
from ui.schedule.rows import BY_PHASE, group_lines, opens_of
from ui.shell.data import BuildView
from ui.shell.figures import DAY, MONTHS, Chart, drawn, line_across, note, plain, plotly_text, rows_axis, trace
from ui.shell.markup import address
from ui.shell.numbers import date_text
from ui.shell.theme import CRITICAL, OK, QUIET, Ink, ink
from ui.shell.wording import _, phase_word, safe

MILESTONES_SHOWN = 4
ROW_HEIGHT = 30
NAME_LENGTH = 14
ABOVE, BELOW = 0.2, -0.14  # where in a row baseline and actual lie
_CLEAR = "rgba(0,0,0,0)"


def phases_chart(view: BuildView, project: Row) -> Chart:
    """Phases and typed milestones of a project at its newest data date. project: a row of dim_projects."""
    planned = view.ask(network.project_schedule, project["project_key"])
    if planned is None:
        return Chart.empty(_("No schedule has been loaded for this project"))
    key = str(project["project_key"])
    whole = (_("Schedule centre"), address("schedule/schedule", project=key))
    return phases_of(planned, opens_of(key), whole)


def phases_of(planned: ProjectSchedule, opens: Callable[[Row], str | None], whole: tuple[str, str]) -> Chart:
    """The chart of one schedule. opens: the address of the tasks of a phase, or of a milestone. whole: where all of them are."""
    rows = _rows(planned.tasks)
    if not rows:
        return Chart.empty(_("No task to show"))
    paper = ink()
    places = list(range(len(rows)))[::-1]
    words = [_words(row) for row in rows]
    ways = [opens(row) for row in rows]
    common: dict[str, Any] = {"places": places, "words": words, "ways": ways}
    bars = [row for row in rows if not row["is_milestone"]]
    first = min(day for row in rows for day in (row["baseline_start"], row["start"], row["finish"]) if day)
    last = max(day for row in rows for day in (row["baseline_finish"], row["finish"]) if day)
    outlined = {"color": _CLEAR, "line": {"color": paper.text, "width": 1.2}}
    hatched = {
        "color": QUIET,
        "pattern": {"shape": "/", "size": 4, "fillmode": "replace"},
        "line": {"color": QUIET, "width": 0.8},
    }
    ends = [CRITICAL if (row["finish_slip_days"] or 0) > 0 else OK for row in rows]
    data = [
        _bars([_span(row, "baseline_start", "baseline_finish") for row in rows], outlined, ABOVE, 0.26, **common),
        _bars([_part(row, planned, is_done=False) for row in rows], hatched, BELOW, 0.3, **common),
        _bars([_part(row, planned, is_done=True) for row in rows], {"color": paper.text}, BELOW, 0.3, **common),
        _bars([_slip(row) for row in rows], {"color": ends}, -0.38, 0.1, **common),
        *_diamonds(rows, paper, **common),
    ]
    labels = [
        note(
            max(row["finish"], row["baseline_finish"]),
            place,
            f"<b>{_slip_word(row)}</b>",
            paper.text,
            xanchor="left",
            xshift=8,
            bgcolor=paper.surface,  # the line of the data date may stand there
        )
        for row, place in zip(rows, places, strict=True)
        if row["finish_slip_days"]
    ]
    shapes = []
    if planned.status_on is not None and first <= planned.status_on:
        shapes.append(line_across(paper.text, 1.5, x=planned.status_on))
        labels.append(note(planned.status_on, 1, _("data date"), paper.muted, size=11, yref="paper", yanchor="bottom"))
    figure = drawn(
        paper,
        data,
        shapes=shapes,
        annotations=labels,
        xaxis=MONTHS | {"type": "date", "range": [first, max(last, planned.status_on)]},
        yaxis=rows_axis(places, [_name(row) for row in rows], paper, range=[-0.7, len(rows) - 0.4]),
        barmode="overlay",
        height=max(150, ROW_HEIGHT * len(rows) + 60),
        margin={"r": 96, "t": 22, "b": 30},
    )
    subtitle = _("outlined: baseline · solid: done · hatched: forecast · ◆ milestone · thin: late or early")
    return Chart(
        _title([*bars, *(row for row in rows if row["is_milestone"])]),
        subtitle,
        figure,
        moments.at(planned.status_on),
        [whole, *((plain(said), way) for said, way in zip(words, ways, strict=True) if way)],
    )


def _rows(tasks: pl.DataFrame) -> list[dict]:
    """Phases and the latest typed milestones, by the finish of their baseline."""
    phases = group_lines(tasks.filter(~pl.col("is_milestone")), BY_PHASE).with_columns(phase="group")
    typed = tasks.filter(pl.col("milestone_type").is_not_null() & pl.col("is_milestone"))
    shown = typed.sort("baseline_finish", nulls_last=False).tail(MILESTONES_SHOWN)
    known = [
        row
        for frame in (phases, shown)
        for row in frame.iter_rows(named=True)
        if row["finish"] is not None and row["baseline_finish"] is not None
    ]
    return sorted(known, key=lambda row: (row["baseline_finish"], row["is_milestone"]))


def _name(row: Row) -> str:
    name = plotly_text(str(row["task_name"]), NAME_LENGTH) if row["is_milestone"] else phase_word(row["phase"])
    return f"{name} ◆" if row["is_milestone"] else name


def _slip_word(row: Row) -> str:
    return _("{days} days", days=f"{row['finish_slip_days']:+d}".replace("-", "−"))


def _words(row: Row) -> str:
    name = row["task_name"] if row["is_milestone"] else phase_word(row["phase"])
    then = _("baseline {span}", span=date_text(row["baseline_finish"]))
    now = _("now {span}", span=date_text(row["finish"]))
    slip = f"<br>{_slip_word(row)}" if row["finish_slip_days"] else ""
    return f"<b>{plotly_text(str(name), 60)}</b><br>{then}<br>{now}{slip}"


def _span(row: Row, first: str, last: str) -> tuple:
    if row["is_milestone"] or row[first] is None or row[last] is None:
        return None, None
    return row[first], ((row[last] - row[first]).days + 1) * DAY


def _part(row: Row, planned: ProjectSchedule, *, is_done: bool) -> tuple:
    """Up to the data date what has been done, from there on what is forecast; a finished phase is done whole."""
    start, length = _span(row, "start", "finish")
    if start is None:
        return None, None
    passed = length if row["actual_finish"] else min(max((planned.status_on - start).days * DAY, 0), length)
    if is_done:
        return (start, passed) if passed else (None, None)
    return (max(start, planned.status_on), length - passed) if length > passed else (None, None)


def _slip(row: Row) -> tuple:
    """From the end of the baseline to that of now."""
    days = row["finish_slip_days"]
    return (None, None) if not days else (min(row["finish"], row["baseline_finish"]), abs(days) * DAY)


def _bars(spans: list, marker: dict, shift: float, width: float, *, places: list, words: list, ways: list) -> dict:
    return {
        "type": "bar",
        "orientation": "h",
        "base": [start for start, _length in spans],
        "x": [length for _start, length in spans],
        "y": [place + shift for place in places],
        "width": width,
        "marker": marker,
        "text": words,
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "customdata": ways,
    }


def _diamonds(rows: list[dict], paper: Ink, *, places: list[int], words: list[str], ways: list) -> list[dict]:
    """The baseline's outlined, the reached one solid, the forecast one outlined in a heavier line."""
    found = [place for place, row in enumerate(rows) if row["is_milestone"]]
    look: dict[str, Any] = {"mode": "markers", "customdata": [ways[place] for place in found]}
    said = [words[place] for place in found]
    at = [places[place] for place in found]
    symbols = ["diamond" if rows[place]["actual_finish"] else "diamond-open" for place in found]
    plan = {"symbol": "diamond-open", "size": 10, "color": paper.muted, "line": {"width": 1}}
    now = {"symbol": symbols, "size": 11, "color": paper.text, "line": {"width": 2}}
    return [
        trace(
            [rows[place]["baseline_finish"] for place in found],
            [place + ABOVE for place in at],
            said,
            {},
            marker=plan,
            **look,
        ),
        trace(
            [rows[place]["finish"] for place in found], [place + BELOW for place in at], said, {}, marker=now, **look
        ),
    ]


def _title(rows: list[dict]) -> str:
    late = sorted((row for row in rows if (row["finish_slip_days"] or 0) > 0), key=lambda row: -row["finish_slip_days"])
    if not late:
        return _("All phases and milestones are on or before their baseline")
    worst = late[0]
    name = safe(worst["task_name"]) if worst["is_milestone"] else phase_word(worst["phase"])
    return _(
        "{count} of {total} phases and milestones are later than planned; the worst, {name}, by {days} days",
        count=len(late),
        total=len(rows),
        name=name,
        days=worst["finish_slip_days"],
    )
