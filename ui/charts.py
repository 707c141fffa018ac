"""The page's one chart: Plotly figures with sentences as titles, units beneath, direct labels instead of legends.

Lines and text are drawn with the ink of the session's theme; actual is solid, plan outlined or dashed, forecast hatched
or dashed (LOOK, "Notation").
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from models.kpis import Kpi
from models.vocabulary import KpiStatus
from ui.numbers import (
    date_text,
    index_text,
    kpi_value_text,
    money_text,
    period_text,
    unit_for,
    unit_label,
)
from ui.theme import CRITICAL, NO_DATA, QUIET, WARNING, Ink, bar_color, ink
from ui.wording import _, language, safe, status_word

HEIGHT = 320
LABEL_GAP = 15  # pixels between two labels at a line's end
_PLOT_HEIGHT = 250  # of a figure of HEIGHT, between its margins
BARS_SHOWN = 12
TASKS_SHOWN = 24
_NO_MODE_BAR = {"displayModeBar": False, "displaylogo": False}


@dataclass(frozen=True)
class Chart:
    """A figure with its sentence and its units. `figure` is None where there is nothing to draw, and `title` says why."""

    title: str
    subtitle: str
    figure: go.Figure | None


def show(chart: Chart, key: str) -> None:
    """Title and units as text, so that they wrap; then the figure."""
    st.markdown(f"**{chart.title}**")
    if chart.subtitle:
        st.caption(chart.subtitle)
    if chart.figure is not None:
        st.plotly_chart(chart.figure, key=key, config=_NO_MODE_BAR, alt=chart.title)


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """The positions moved apart so that neighbors are at least `gap` apart, as a block around their middle.

    Returns them in the order given. Used for labels at the ends of lines.
    """
    order = sorted(range(len(positions)), key=positions.__getitem__)
    blocks: list[list[float]] = []  # [sum of wanted first positions, members]
    members: list[list[int]] = []
    for index in order:
        blocks.append([positions[index], 1])
        members.append([index])
        while len(blocks) > 1 and _first(blocks[-2]) + blocks[-2][1] * gap > _first(blocks[-1]):
            wanted, count = blocks.pop()
            moved = members.pop()
            blocks[-1][0] += wanted - gap * blocks[-1][1] * count
            blocks[-1][1] += count
            members[-1] += moved
    placed = [0.0] * len(positions)
    for block, indices in zip(blocks, members, strict=True):
        for step, index in enumerate(indices):
            placed[index] = _first(block) + step * gap
    return placed


def _first(block: Sequence[float]) -> float:
    return block[0] / block[1]


# ---- one KPI over time ----------------------------------------------------------------------------------------------


def kpi_trend(history: pl.DataFrame, kpi: Kpi, period_kind: str) -> Chart:
    """The KPI over its periods with its levels. history: period_end, value, status, is_incomplete, …, oldest first."""
    history = history.sort("period_end")
    known = history.drop_nulls("value")
    name = safe(kpi.short(language()))
    if known.is_empty():
        return Chart(_("{kpi}: no value in any period yet", kpi=name), "", None)
    paper = ink()
    scale, unit = _scale(kpi, known["value"].to_list())
    figure = _figure(paper)
    words = [
        f"{period_text(period_kind, row['period_end'], language())}<br><b>"
        f"{kpi_value_text(row['value'], kpi.unit, language(), exact=True)}</b> {status_word(row['status'], language())}"
        for row in history.iter_rows(named=True)
    ]
    figure.add_scatter(
        x=history["period_end"],
        y=[None if value is None else value * scale for value in history["value"]],
        mode="lines+markers",
        line={"color": paper.text, "width": 2},
        marker={
            "size": 7,
            "color": [_marker_color(row, paper) for row in history.iter_rows(named=True)],
            "line": {"color": [_marker_line(row, paper) for row in history.iter_rows(named=True)], "width": 1.5},
        },
        text=words,
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )
    last = known.row(-1, named=True)
    _levels(figure, kpi, last, scale, paper)
    figure.update_yaxes(ticksuffix="" if kpi.unit != "percent" else " %", rangemode="tozero" if not scale else "normal")
    figure.update_xaxes(tickformat="%Y-%m" if period_kind == "month" else "%Y-%m-%d", nticks=8)
    return Chart(_trend_title(known, kpi, period_kind), _trend_subtitle(kpi, unit, history), figure)


def _trend_title(known: pl.DataFrame, kpi: Kpi, period_kind: str) -> str:
    last = known.row(-1, named=True)
    words = {
        "kpi": safe(kpi.short(language())),
        "value": kpi_value_text(last["value"], kpi.unit, language()),
        "period": period_text(period_kind, last["period_end"], language()),
    }
    run = 0
    for status in reversed(known["status"].to_list()):
        if status != last["status"]:
            break
        run += 1
    if last["status"] == KpiStatus.CRITICAL:
        return _("{kpi}: {value} in {period}, over the critical level; periods in a row: {run}", run=run, **words)
    if last["status"] == KpiStatus.WARNING:
        return _("{kpi}: {value} in {period}, over the warning level; periods in a row: {run}", run=run, **words)
    if last["status"] == KpiStatus.OK:
        return _("{kpi}: {value} in {period}, within its levels; periods in a row: {run}", run=run, **words)
    return _("{kpi}: {value} in {period}", **words)


def _trend_subtitle(kpi: Kpi, unit: str, history: pl.DataFrame) -> str:
    words = [unit] if unit else []
    if history["is_incomplete"].fill_null(False).any():
        words.append(_("hollow point: period still running"))
    if history["is_provisional"].fill_null(False).any():
        words.append(_("gray point: provisional, not closed"))
    return " · ".join(words)


def _marker_color(row: Mapping[str, object], paper: Ink) -> str:
    if row["is_incomplete"]:
        return paper.surface
    if row["is_provisional"]:
        return NO_DATA
    return bar_color(row["status"]) if row["status"] in (KpiStatus.WARNING, KpiStatus.CRITICAL) else paper.text


def _marker_line(row: Mapping[str, object], paper: Ink) -> str:
    return bar_color(row["status"]) if row["status"] in (KpiStatus.WARNING, KpiStatus.CRITICAL) else paper.text


def _levels(figure: go.Figure, kpi: Kpi, row: Mapping[str, object], scale: float, paper: Ink) -> None:
    """Level lines, each labeled at its right end; labels that would touch are moved apart."""
    levels = [
        (row.get("critical_at"), CRITICAL, _("critical")),
        (row.get("warning_at"), WARNING, _("warning")),
        (kpi.low_warning_at, WARNING, _("warning")),
    ]
    levels = [(level * scale, color, word) for level, color, word in levels if level is not None]
    if not levels:
        return
    drawn = [value for value in figure.data[0].y if value is not None] + [level for level, _color, _word in levels]
    low, high = min(drawn), max(drawn)
    margin = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    low, high = (min(low - margin, 0) if low < 0 else max(low - margin, 0)), high + margin
    figure.update_yaxes(range=[low, high])
    pixels = [(level - low) / (high - low) * _PLOT_HEIGHT for level, _color, _word in levels]
    for (level, color, word), pixel, place in zip(levels, pixels, spread(pixels, LABEL_GAP), strict=True):
        _line_across(figure, color, 2 if color == CRITICAL else 1, y=level)
        text = f"{word} {_level_text(level, kpi)}"
        _end_label(figure, 1, level, text=text, color=paper.text, shift=place - pixel, xref="paper")


def _level_text(scaled: float, kpi: Kpi) -> str:
    return f"{scaled:.4g}" + (" %" if kpi.unit == "percent" else "")


# ---- earned value ---------------------------------------------------------------------------------------------------


def earned_value_chart(curve: pl.DataFrame) -> Chart:
    """Plan dashed, earned and spent solid, forecast dotted. curve: period_end, planned_value, earned_value, actual_cost,
    forecast, currency; money, cumulative, excluding VAT."""
    series = ("planned_value", "earned_value", "actual_cost", "forecast")
    if curve.is_empty() or all(curve[name].is_null().all() for name in series):
        return Chart(_("No budget or cost has been loaded for this choice: no earned value to show"), "", None)
    paper = ink()
    currency = curve["currency"].drop_nulls().first() or "CNY"
    unit = unit_for([curve[name].max() for name in series], language())
    figure = _figure(paper)
    lines = {
        "planned_value": (_("PV"), {"color": paper.muted, "width": 2, "dash": "dash"}),
        "forecast": (_("EAC"), {"color": CRITICAL, "width": 2, "dash": "dot"}),
        "actual_cost": (_("AC"), {"color": CRITICAL, "width": 2.5}),
        "earned_value": (_("EV"), {"color": paper.accent, "width": 2.5}),
    }
    top = max(curve[name].max() or 0 for name in series) / unit.divisor * 1.06 or 1.0
    ends = []
    for name, (label, line) in lines.items():
        known = curve.select("period_end", name).drop_nulls()
        if known.is_empty():
            continue
        values = [value / unit.divisor for value in known[name]]
        figure.add_scatter(
            x=known["period_end"],
            y=values,
            mode="lines",
            line=line,
            text=[f"{label} {money_text(value, currency, language(), unit=unit)}" for value in known[name]],
            hovertemplate="%{text}<br>%{x|%Y-%m-%d}<extra></extra>",
            showlegend=False,
        )
        ends.append((known["period_end"][-1], values[-1], label, line["color"]))
    _label_ends(figure, ends, top)
    figure.update_yaxes(range=[min(0, *(end[1] for end in ends)), top])
    figure.update_xaxes(tickformat="%Y-%m", nticks=8)
    figure.update_layout(margin={"r": 60})
    title = _earned_value_title(curve, currency)
    subtitle = _("cumulative, {unit}, excluding VAT", unit=unit_label(unit, currency, language()))
    return Chart(title, subtitle, figure)


def _label_ends(figure: go.Figure, ends: list[tuple], top: float) -> None:
    """Names each line where it ends: at the right edge beside it; where other lines go on, above the upper one and
    below the lower one. ends: (day, value, label, color)."""
    last = max(day for day, *_rest in ends)
    pixels = [value / top * _PLOT_HEIGHT for _day, value, _label, _color in ends]
    outer = [index for index, end in enumerate(ends) if end[0] == last]
    for index, place in zip(outer, spread([pixels[index] for index in outer], LABEL_GAP), strict=True):
        day, value, label, color = ends[index]
        _end_label(figure, day, value, text=label, color=color, shift=place - pixels[index])
    inner = sorted((index for index in range(len(ends)) if index not in outer), key=pixels.__getitem__)
    for position, index in enumerate(inner):
        day, value, label, color = ends[index]
        is_upper = position > 0
        _end_label(figure, day, value, text=label, color=color, shift=12 if is_upper else -12, before=is_upper)


def _earned_value_title(curve: pl.DataFrame, currency: str) -> str:
    last = curve.drop_nulls(["earned_value", "actual_cost"]).tail(1)
    if last.is_empty() or not last["actual_cost"][0]:
        return _("The plan so far; nothing earned or spent is known yet")
    ratio = last["earned_value"][0] / last["actual_cost"][0]
    planned, forecast = curve["planned_value"].max(), curve["forecast"].max()
    sentence = _("Every 1 spent has earned {ratio}", ratio=index_text(ratio, language()))
    if planned is None or forecast is None:
        return sentence
    over = money_text(abs(forecast - planned), currency, language())
    more = _("at this rate the whole costs {over} more than planned", over=over)
    less = _("at this rate the whole costs {over} less than planned", over=over)
    return f"{sentence}{'; ' if language() == 'en' else '；'}{more if forecast > planned else less}"


# ---- members side by side -------------------------------------------------------------------------------------------


def bars_by_member(rows: pl.DataFrame, member_column: str, members: Mapping[str, str], kpi: Kpi) -> Chart:
    """One horizontal bar per project, module or phase, from zero, worst at the top, with the level lines."""
    known = rows.filter(pl.col(member_column).is_in(list(members))).drop_nulls("value")
    name = safe(kpi.short(language()))
    if known.is_empty():
        return Chart(_("{kpi}: no value to compare yet", kpi=name), "", None)
    paper = ink()
    ordered = known.sort("value", descending=kpi.better == "higher", maintain_order=True).tail(BARS_SHOWN)
    scale, unit = _scale(kpi, known["value"].to_list())
    figure = _figure(paper)
    values = [kpi_value_text(value, kpi.unit, language()) for value in ordered["value"]]
    labels = [
        f"{_plotly_text(members[member])}  <b>{value}</b>"
        for member, value in zip(ordered[member_column], values, strict=True)
    ]
    figure.add_bar(
        x=[value * scale for value in ordered["value"]],
        y=labels,
        orientation="h",
        width=0.55,
        marker={"color": [bar_color(status) for status in ordered["status"]]},
        hovertemplate="%{y}<extra></extra>",
        showlegend=False,
    )
    first = ordered.row(-1, named=True)
    for level, color in ((first["critical_at"], paper.text), (first["warning_at"], WARNING)):
        if level is not None:
            _line_across(figure, color, 2 if color == paper.text else 1, x=level * scale)
    largest = max(*(value * scale for value in ordered["value"]), (first["critical_at"] or 0) * scale, 0)
    smallest = min(*(value * scale for value in ordered["value"]), 0)
    room = (largest - smallest) * 0.04 or 1.0
    figure.update_xaxes(range=[smallest - (room if smallest < 0 else 0), largest + room], showgrid=False)
    figure.update_yaxes(showgrid=False, automargin=True, tickfont={"color": paper.text, "size": 13})
    figure.update_layout(height=max(160, 30 * len(labels) + 60), bargap=0.3, margin={"r": 16})
    bad = ordered.filter(pl.col("status").is_in([KpiStatus.CRITICAL, KpiStatus.WARNING]))
    if len(bad):
        title = _("{kpi}: {count} of {total} over a level", kpi=name, count=len(bad), total=len(known))
    else:
        title = _("{kpi}: {total} compared, worst on top", kpi=name, total=len(known))
    levels = [
        f"{word} {kpi_value_text(level, kpi.unit, language())}"
        for level, word in ((first["critical_at"], _("bold line: critical")), (first["warning_at"], _("thin: warning")))
        if level is not None
    ]
    return Chart(title, " · ".join([unit, *levels] if unit else levels), figure)


# ---- schedule -------------------------------------------------------------------------------------------------------


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
    figure = _figure(paper)
    labels = [_plotly_text(name, 18) for name in shown["task_name"]]
    places = list(range(len(labels)))
    rows = list(shown.iter_rows(named=True))
    words = [_task_words(row) for row in rows]
    started = [(row["actual_start"], row["actual_finish"] or status_on) for row in rows]
    colors = [_task_color(row) for row in rows]
    outlined = {"color": "rgba(0,0,0,0)", "line": {"color": paper.muted, "width": 1.3}}
    hatched = {"color": colors, "pattern": {"shape": "/", "size": 5, "fillmode": "replace"}}
    for spans, marker, width in (
        ([(row["baseline_start"], row["baseline_finish"]) for row in rows], outlined, 0.72),
        ([span if span[0] else (None, None) for span in started], {"color": colors}, 0.4),
        ([_left_to_do(row, status_on) for row in rows], hatched, 0.4),
    ):
        _spans(figure, places=places, spans=spans, words=words, marker=marker, width=width)
    if status_on is not None:
        _line_across(figure, paper.text, 2, x=status_on)
    figure.update_yaxes(
        tickvals=places, ticktext=labels, showgrid=False, automargin=True, range=[-0.6, len(places) - 0.4]
    )
    figure.update_xaxes(type="date", tickformat="%Y-%m", nticks=8)
    figure.update_layout(barmode="overlay", height=max(200, 22 * len(labels) + 60))
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


def _spans(figure: go.Figure, *, places: list[int], spans: list, words: list[str], marker: dict, width: float) -> None:
    figure.add_bar(
        base=[start for start, _end in spans],
        x=[_milliseconds(start, end) for start, end in spans],
        y=places,
        orientation="h",
        width=width,
        marker=marker,
        text=words,
        textposition="none",
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )


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
    return f"{_plotly_text(row['task_name'], 60)}<br>{dates}<br>{slip}"


# ---- shared ---------------------------------------------------------------------------------------------------------


def _figure(paper: Ink) -> go.Figure:
    """An empty figure in this ink. Everything in one layout: each later update costs Plotly a millisecond."""
    axis = {"fixedrange": True, "automargin": True}
    return go.Figure(
        layout={
            "height": HEIGHT,
            "margin": {"l": 8, "r": 120, "t": 12, "b": 40},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"color": paper.text, "size": 12},
            "hoverlabel": {"align": "left"},
            "dragmode": False,
            "xaxis": {**axis, "showgrid": False, "zeroline": False},
            "yaxis": {**axis, "gridcolor": paper.grid, "zerolinecolor": paper.grid},
        }
    )


def _line_across(figure: go.Figure, color: str, width: float, x: object = None, y: float | None = None) -> None:
    """A line over the whole plot: upright at `x`, or level at `y`."""
    line = {"color": color, "width": width}
    if x is not None:
        figure.add_shape(type="line", x0=x, x1=x, y0=0, y1=1, yref="paper", line=line)
    else:
        figure.add_shape(type="line", x0=0, x1=1, y0=y, y1=y, xref="paper", line=line)


def _end_label(
    figure: go.Figure,
    x: object,
    y: float,
    *,
    text: str,
    color: str,
    shift: float,
    xref: str = "x",
    before: bool = False,
) -> None:
    """A label right of a line's end (left of it, if `before`), moved by `shift` pixels upwards."""
    figure.add_annotation(
        x=x,
        y=y,
        xref=xref,
        text=text,
        showarrow=False,
        xanchor="right" if before else "left",
        xshift=-4 if before else 6,
        yshift=shift,
        font={"color": color, "size": 12},
    )


def _scale(kpi: Kpi, values: Sequence[float]) -> tuple[float, str]:
    """What values are multiplied by on an axis, and the unit's words for the subtitle."""
    if kpi.unit == "percent":
        return 100.0, "%"
    if kpi.unit == "money":
        unit = unit_for(values, language())
        return 1.0 / unit.divisor, unit_label(unit, None, language())
    return 1.0, _("days") if kpi.unit == "days" else ""


def _plotly_text(text: str, most: int = 24) -> str:
    """Text from a file inside a figure: Plotly reads a little HTML, so its brackets are written out."""
    short = text if len(text) <= most else text[: most - 1] + "…"
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
