"""The schedule as a chart: baseline outlined, done solid, what is left hatched, float as a thin tail.

The critical path is told twice, by a darker bar and by a sign before the name (◆ critical, ◇ near-critical).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from models.document import Row
from models.words import moments
from ui.shell.figures import MONTHS, Chart, drawn, line_across, note, plain, plotly_text, rows_axis, trace
from ui.shell.numbers import date_text, percent_text
from ui.shell.theme import NO_DATA, QUIET, Ink, ink
from ui.shell.wording import _

CRITICAL_SIGN, NEAR_SIGN = "◆", "◇"
LABEL_LENGTH = 18  # characters of a name; the rest is in the hover text and in the table
ROW_HEIGHT, TIGHT_ROW_HEIGHT = 22, 17  # pixels; beyond this many rows they move closer
ROWS_WITH_ROOM = 30
_DAY = 86_400_000
_CLEAR = "rgba(0,0,0,0)"


def gantt(
    lines: pl.DataFrame,
    status_on: dt.date | None,
    total: pl.DataFrame | None = None,
    opens: Callable[[Row], str | None] | None = None,
) -> Chart:
    """One row per line: baseline outlined, work done solid, work left hatched, total float as a tail.

    lines: rows of ProjectSchedule.tasks in the order they are to stand in, from the top; `is_group` marks the sum of a group,
    `before_start` and `before_finish` (optional) draw a dotted ghost. total: all tasks of the project, which the title counts.
    opens: the address of a line's rows.
    """
    dated = lines.filter(pl.col("start").is_not_null() | pl.col("baseline_start").is_not_null())
    if dated.is_empty():
        return Chart.empty(_("No task to show"))
    paper = ink()
    rows = list(reversed(list(dated.iter_rows(named=True))))  # Plotly counts from the bottom
    places = list(range(len(rows)))
    words = _words(rows)
    ways = [opens(row) if opens else None for row in rows]
    told: dict[str, Any] = {"words": words, "ways": ways}
    colors = [_color(row, paper) for row in rows]
    height = ROW_HEIGHT if len(rows) <= ROWS_WITH_ROOM else TIGHT_ROW_HEIGHT
    outlined = {"color": _CLEAR, "line": {"color": paper.muted, "width": 1.3}}
    hatched = {"color": colors, "pattern": {"shape": "/", "size": 4, "fillmode": "replace"}}
    edges = {"color": colors, "width": [1.6 if row["is_critical"] else 0.6 for row in rows]}
    data = [
        _bars(places, [_span(row, "baseline_start", "baseline_finish") for row in rows], outlined, 0.78, **told),
        _bars(places, [_tail(row) for row in rows], {"color": colors, "opacity": 0.55}, 0.1, **told),
        _bars(places, [_left(row) for row in rows], hatched | {"line": edges}, 0.44, **told),
        _bars(places, [_done(row) for row in rows], {"color": colors}, 0.44, **told),
        _milestones(places, rows, colors, **told),
        _slips(places, rows, paper),
    ]
    if "before_start" in lines.columns:
        ghost = {"color": _CLEAR, "line": {"color": paper.text, "width": 1}}
        data.insert(1, _bars(places, [_span(row, "before_start", "before_finish") for row in rows], ghost, 0.6, **told))
    figure = drawn(
        paper,
        data,
        shapes=[line_across(paper.text, 2, x=status_on)] if status_on is not None else [],
        annotations=_data_date(status_on, paper),
        xaxis=MONTHS | {"type": "date", "side": "top"},
        yaxis=rows_axis(places, [_label(row) for row in rows], paper, range=[-0.7, len(places) - 0.3]),
        barmode="overlay",
        height=max(160, height * len(rows) + 60),
        margin={"r": 56, "t": 30, "b": 24},
    )
    shown = [(plain(words[place]), way) for place, way in reversed(list(enumerate(ways))) if way]
    title = _title(lines if total is None else total)
    return Chart(title, _subtitle(dated, status_on), figure, moments.at(status_on), shown)


def _title(tasks: pl.DataFrame) -> str:
    counted = tasks.filter(~pl.col("is_buffer").fill_null(False) & ~pl.col("is_summary").fill_null(False))
    late = counted.filter(pl.col("finish_slip_days") > 0)
    if late.is_empty():
        return _("All {total} tasks finish on or before the baseline", total=len(counted))
    return _(
        "{count} of {total} tasks finish later than the baseline, the worst by {days} days",
        count=len(late),
        total=len(counted),
        days=late["finish_slip_days"].max(),
    )


def _subtitle(lines: pl.DataFrame, status_on: dt.date | None) -> str:
    words = [
        _("outline: baseline · solid: done · hatched: to do · thin tail: total float"),
        _(
            "{critical} critical · {near} near-critical · gray: buffer · +n: days late",
            critical=CRITICAL_SIGN,
            near=NEAR_SIGN,
        ),
    ]
    if "before_start" in lines.columns:
        words.append(_("inner outline: before the change"))
    if status_on is not None:
        words.append(_("line: data date"))
    return " · ".join(words)


def _data_date(status_on: dt.date | None, paper: Ink) -> list[dict]:
    if status_on is None:
        return []
    return [note(status_on, 0, _("data date"), paper.text, size=11, yref="paper", yanchor="top")]


def _label(row: Row) -> str:
    name = plotly_text(str(row["task_name"] or row["task_id"]), LABEL_LENGTH)
    if row.get("is_group"):
        return f"<b>{name}</b>"
    sign = CRITICAL_SIGN if row["is_critical"] else NEAR_SIGN if row["is_near_critical"] else ""
    return f"{sign} {name}" if sign else name


def _color(row: Row, paper: Ink) -> str:
    if row["is_buffer"]:
        return NO_DATA
    if row.get("is_group"):
        return paper.muted
    if row["is_critical"]:
        return paper.text
    return paper.muted if row["is_near_critical"] else QUIET


def _bars(places: list[int], spans: list, marker: dict, width: float, *, words: list[str], ways: list) -> dict:
    return {
        "type": "bar",
        "base": [start for start, _length in spans],
        "x": [length for _start, length in spans],
        "y": places,
        "orientation": "h",
        "width": width,
        "marker": marker,
        "text": words,
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "customdata": ways,
    }


def _span(row: Row, first: str, last: str) -> tuple:
    start, end = row[first], row[last]
    if start is None or end is None or end < start or row["is_milestone"]:
        return None, None
    return start, ((end - start).days + 1) * _DAY  # the day of the finish counts whole


def _share_done(row: Row) -> float:
    """0 … 1. What is eaten of a buffer is done from its baseline's start; see `_done`."""
    return 1.0 if row["actual_finish"] else min(max(row["progress"] or 0.0, 0.0), 1.0)


def _done(row: Row) -> tuple:
    """The part of the bar that is complete; of a buffer nothing: it shows what is left of it."""
    start, length = _span(row, "start", "finish")
    share = 0.0 if row["is_buffer"] else _share_done(row)
    return (start, length * share) if length and share else (None, None)


def _left(row: Row) -> tuple:
    start, length = _span(row, "start", "finish")
    share = 0.0 if row["is_buffer"] else _share_done(row)
    if not length or share >= 1:
        return None, None
    return dt.datetime.combine(start, dt.time()) + dt.timedelta(milliseconds=length * share), length * (1 - share)


def _tail(row: Row) -> tuple:
    """Total float: from the finish to the latest finish that leaves the project's finish alone."""
    late, finish = row["late_finish"], row["finish"]
    if row["is_buffer"] or row.get("is_group") or row["actual_finish"] or not late or not finish or late <= finish:
        return None, None
    return finish + dt.timedelta(days=1), (late - finish).days * _DAY


def _milestones(
    places: list[int], rows: list[dict], colors: list[str], *, words: list[str], ways: list[str | None]
) -> dict:
    points = [place for place in places if rows[place]["is_milestone"] and rows[place]["finish"]]
    marker = {
        "symbol": ["diamond" if rows[place]["actual_finish"] else "diamond-open" for place in points],
        "size": 10,
        "color": [colors[place] for place in points],
    }
    days = [rows[place]["finish"] for place in points]
    more: dict[str, Any] = {"marker": marker, "customdata": [ways[place] for place in points]}
    return trace(days, points, [words[place] for place in points], {}, mode="markers", **more)


def _slips(places: list[int], rows: list[dict], paper: Ink) -> dict:
    """Days late, beside the end of the bar and of its tail."""
    late = [place for place in places if (rows[place]["finish_slip_days"] or 0) > 0 and not rows[place]["is_buffer"]]
    ends = {}
    for place in late:
        ends[place] = max(rows[place]["finish"], rows[place]["baseline_finish"])
        tail_start, tail = _tail(rows[place])
        if tail:
            ends[place] = max(ends[place], tail_start + dt.timedelta(milliseconds=tail))
    return trace(
        [ends[place] + dt.timedelta(days=2) for place in late],
        late,
        [f"+{rows[place]['finish_slip_days']}" for place in late],
        {},
        mode="text",
        textposition="middle right",
        textfont={"size": 11, "color": paper.text},
        hoverinfo="skip",
        cliponaxis=False,
    )


def _words(rows: Sequence[Row]) -> list[str]:
    """What is told of each line under the pointer."""
    said = {
        "baseline": _("baseline {span}"), "now": _("now {span}"), "late": _("{days} days later than the baseline"),
        "on time": _("on time"), "used": _("{share} of the buffer used"), "complete": _("{share} complete"),
        "float": _("total float {days} working days"),
    }  # fmt: skip
    return [_told(row, said) for row in rows]


def _told(row: Row, said: Mapping[str, str]) -> str:
    def span(first: object, last: object) -> str:
        return " – ".join(date_text(day) for day in (first, last) if day)

    told = [f"<b>{plotly_text(str(row['task_name'] or row['task_id']), 60)}</b>"]
    if row["baseline_start"] or row["baseline_finish"]:
        told.append(said["baseline"].format(span=span(row["baseline_start"], row["baseline_finish"])))
    if row["start"] or row["finish"]:
        told.append(said["now"].format(span=span(row["start"], row["finish"])))
    slip = row["finish_slip_days"]
    if slip is not None:
        told.append(said["late"].format(days=slip) if slip > 0 else said["on time"])
    if row["is_buffer"]:
        told.append(said["used"].format(share=percent_text(row["progress"])))
    else:
        told.append(said["complete"].format(share=percent_text(_share_done(row))))
    if row["total_float_days"] is not None:
        told.append(said["float"].format(days=f"{row['total_float_days']:.4g}"))
    return "<br>".join(told)
