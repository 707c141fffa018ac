"""The schedule as a chart: baseline outlined, actual solid, what is left hatched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from ui.figures import Chart, drawn, line_across, plotly_text
from ui.numbers import date_text
from ui.theme import CRITICAL, NO_DATA, QUIET, ink
from ui.wording import _, language

TASKS_SHOWN = 24


def gantt(tasks: pl.DataFrame, status_on: dt.date | None) -> Chart:
    """Baseline outlined, actual solid, what is left hatched; buffers gray; one line at the status date.

    tasks: schedule_tasks rows of one project. With many tasks, those that finish latest against the baseline are shown.
    """
    dated = tasks.filter(pl.col("baseline_start").is_not_null() | pl.col("forecast_start").is_not_null())
    if dated.is_empty():
        return Chart(_("No schedule has been loaded for this project"), "", None)
    dated = dated.with_columns(pl.col("finish_slip_days").fill_null(0).alias("slip"))
    shown = dated.sort("slip", descending=True, maintain_order=True).head(TASKS_SHOWN)
    shown = shown.sort(pl.coalesce("baseline_start", "forecast_start"), descending=True, maintain_order=True)
    paper = ink()
    labels = [plotly_text(name, 18) for name in shown["task_name"]]
    places = list(range(len(labels)))
    rows = list(shown.iter_rows(named=True))
    words = [_task_words(row) for row in rows]
    started = [(row["actual_start"], row["actual_finish"] or status_on) for row in rows]
    colors = [_task_color(row) for row in rows]
    outlined = {"color": "rgba(0,0,0,0)", "line": {"color": paper.muted, "width": 1.3}}
    hatched = {"color": colors, "pattern": {"shape": "/", "size": 5, "fillmode": "replace"}}
    layers = (
        ([(row["baseline_start"], row["baseline_finish"]) for row in rows], outlined, 0.72),
        ([span if span[0] else (None, None) for span in started], {"color": colors}, 0.4),
        ([_left_to_do(row, status_on) for row in rows], hatched, 0.4),
    )
    figure = drawn(
        paper,
        [_bars(places, spans, words, marker, width) for spans, marker, width in layers],
        shapes=[line_across(paper.text, 2, x=status_on)] if status_on is not None else [],
        xaxis={"type": "date", "tickformat": "%Y-%m", "nticks": 8},
        yaxis={
            "tickvals": places,
            "ticktext": labels,
            "showgrid": False,
            "zeroline": False,
            "range": [-0.6, len(places) - 0.4],
        },
        barmode="overlay",
        height=max(200, 22 * len(labels) + 60),
        margin={"r": 16},
    )
    late = dated.filter((pl.col("slip") > 0) & ~pl.col("is_buffer").fill_null(False))
    if len(late):
        title = _(
            "{count} of {total} tasks finish later than the baseline, the worst by {days} days",
            count=len(late),
            total=len(dated),
            days=late["slip"].max(),
        )
    else:
        title = _("All {total} tasks finish on or before the baseline", total=len(dated))
    subtitle = _("outline: baseline · solid: actual · hatched: forecast · gray: buffer")
    if status_on is not None:
        subtitle += " · " + _("line: data as of {date}", date=date_text(status_on, language()))
    return Chart(title, subtitle, figure)


def _bars(places: list[int], spans: list, words: list[str], marker: dict, width: float) -> dict:
    return {
        "type": "bar",
        "base": [start for start, _end in spans],
        "x": [_milliseconds(start, end) for start, end in spans],
        "y": places,
        "orientation": "h",
        "width": width,
        "marker": marker,
        "text": words,
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }


def _milliseconds(start: dt.date | None, end: dt.date | None) -> float | None:
    """The length of a bar on a date axis; the day of the finish counts whole."""
    return None if start is None or end is None else ((end - start).days + 1) * 86_400_000


def _left_to_do(row: Mapping[str, object], status_on: dt.date | None) -> tuple:
    """From the status date (or the planned start) to the forecast finish of a task that is not finished."""
    if row["actual_finish"] or not row["forecast_finish"]:
        return None, None
    start = row["forecast_start"] or row["baseline_start"]
    if row["actual_start"] and status_on:
        start = max(status_on, row["actual_start"])
    return (start, row["forecast_finish"]) if start and start <= row["forecast_finish"] else (None, None)


def _task_color(row: Mapping[str, object]) -> str:
    if row["is_buffer"]:
        return NO_DATA
    return CRITICAL if row["slip"] > 0 else QUIET


def _task_words(row: Mapping[str, object]) -> str:
    dates = " – ".join(date_text(day, language()) for day in (row["baseline_start"], row["baseline_finish"]) if day)
    slip = _("{days} days later than the baseline", days=row["slip"]) if row["slip"] > 0 else _("on time")
    return f"{plotly_text(row['task_name'], 60)}<br>{dates}<br>{slip}"
