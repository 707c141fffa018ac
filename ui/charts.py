"""The page's one chart: a KPI over time, earned value, members side by side. Titles are sentences, labels are direct.

Actual is solid, plan dashed, forecast dotted (LOOK, "Notation"); text and lines take the ink of the session's theme.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from models.catalogue import Kpi
from models.vocabulary import KpiStatus, PeriodKind
from ui.figures import (
    LABEL_GAP,
    PLOT_HEIGHT,
    Chart,
    drawn,
    end_label,
    line_across,
    plotly_text,
    scale_of,
    spread,
)
from ui.numbers import index_text, kpi_value_text, money_text, period_text, unit_for, unit_label
from ui.readings import severity
from ui.theme import CRITICAL, NO_DATA, WARNING, Ink, bar_color, ink
from ui.wording import _, language, safe, status_word

BARS_SHOWN = 12


# ---- one KPI over time ----------------------------------------------------------------------------------------------


def kpi_trend(history: pl.DataFrame, kpi: Kpi, period_kind: str) -> Chart:
    """The KPI over its periods with its levels. history: period_end, value, status, is_incomplete, …, oldest first."""
    history = history.sort("period_end")
    known = history.drop_nulls("value")
    name = safe(kpi.short(language()))
    if known.is_empty():
        return Chart(_("{kpi}: no value in any period yet", kpi=name), "", None)
    paper = ink()
    scale, unit = scale_of(kpi, known["value"].to_list())
    words = [
        f"{period_text(period_kind, row['period_end'], language())}<br><b>"
        f"{kpi_value_text(row['value'], kpi.unit, language(), exact=True)}</b> {status_word(row['status'], language())}"
        for row in history.iter_rows(named=True)
    ]
    values = [None if value is None else value * scale for value in history["value"]]
    line = {
        "type": "scatter",
        "x": history["period_end"].to_list(),
        "y": values,
        "mode": "lines+markers",
        "line": {"color": paper.text, "width": 2},
        "marker": {
            "size": 7,
            "color": [_marker_color(row, paper) for row in history.iter_rows(named=True)],
            "line": {"color": [_marker_line(row, paper) for row in history.iter_rows(named=True)], "width": 1.5},
        },
        "text": words,
        "hovertemplate": "%{text}<extra></extra>",
    }
    levels = _scaled_levels(known.row(-1, named=True), kpi, scale)
    low, high = _reach([value for value in values if value is not None] + [level for level, *_rest in levels])
    figure = drawn(
        paper,
        [line],
        shapes=[line_across(color, 2 if color == CRITICAL else 1, y=level) for level, color, _word in levels],
        annotations=_level_labels(levels, kpi, low, high, paper),
        xaxis={"tickformat": "%Y-%m" if period_kind == PeriodKind.MONTH else "%Y-%m-%d", "nticks": 8},
        yaxis={"ticksuffix": " %" if kpi.unit == "percent" else "", "range": [low, high]},
    )
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


def _scaled_levels(row: Mapping[str, object], kpi: Kpi, scale: float) -> list[tuple[float, str, str]]:
    """(level on the axis, color, word), the critical one first."""
    levels = (
        (row["critical_at"], CRITICAL, _("critical")),
        (row["warning_at"], WARNING, _("warning")),
        (kpi.low_warning_at, WARNING, _("warning")),
    )
    return [(level * scale, color, word) for level, color, word in levels if level is not None]


def _reach(values: list[float]) -> tuple[float, float]:
    """From where to where an axis goes that shows all of them, with some room; not below zero without need."""
    low, high = min(values), max(values)
    room = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    return (low - room if low < 0 else max(low - room, 0.0)), high + room


def _level_labels(levels: list[tuple[float, str, str]], kpi: Kpi, low: float, high: float, paper: Ink) -> list[dict]:
    """The name of each level at its right end; names that would touch are moved apart."""
    pixels = [(level - low) / (high - low) * PLOT_HEIGHT for level, _color, _word in levels]
    return [
        end_label(
            1,
            level,
            text=f"{word} {_level_text(level, kpi)}",
            color=paper.text,
            shift=place - pixel,
            xref="paper",
        )
        for (level, _color, word), pixel, place in zip(levels, pixels, spread(pixels, LABEL_GAP), strict=True)
    ]


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
    lines = {
        "planned_value": (_("PV"), {"color": paper.muted, "width": 2, "dash": "dash"}),
        "forecast": (_("EAC"), {"color": CRITICAL, "width": 2, "dash": "dot"}),
        "actual_cost": (_("AC"), {"color": CRITICAL, "width": 2.5}),
        "earned_value": (_("EV"), {"color": paper.accent, "width": 2.5}),
    }
    top = max(curve[name].max() or 0 for name in series) / unit.divisor * 1.06 or 1.0
    data, ends = [], []
    for name, (label, line) in lines.items():
        known = curve.select("period_end", name).drop_nulls()
        if known.is_empty():
            continue
        values = [value / unit.divisor for value in known[name]]
        data.append(
            {
                "type": "scatter",
                "x": known["period_end"].to_list(),
                "y": values,
                "mode": "lines",
                "line": line,
                "text": [f"{label} {money_text(value, currency, language(), unit=unit)}" for value in known[name]],
                "hovertemplate": "%{text}<br>%{x|%Y-%m-%d}<extra></extra>",
            }
        )
        ends.append((known["period_end"][-1], values[-1], label, line["color"]))
    figure = drawn(
        paper,
        data,
        annotations=_end_labels(ends, top),
        xaxis={"tickformat": "%Y-%m", "nticks": 8},
        yaxis={"range": [min(0, *(end[1] for end in ends)), top]},
        margin={"r": 60},
    )
    title = _earned_value_title(curve, currency)
    subtitle = _("cumulative, {unit}, excluding VAT", unit=unit_label(unit, currency, language()))
    return Chart(title, subtitle, figure)


def _end_labels(ends: list[tuple], top: float) -> list[dict]:
    """Names each line where it ends: at the right edge beside it; where other lines go on, above the upper one and
    below the lower one. ends: (day, value, label, color)."""
    labels = []
    last = max(day for day, *_rest in ends)
    pixels = [value / top * PLOT_HEIGHT for _day, value, _label, _color in ends]
    outer = [index for index, end in enumerate(ends) if end[0] == last]
    for index, place in zip(outer, spread([pixels[index] for index in outer], LABEL_GAP), strict=True):
        day, value, label, color = ends[index]
        labels.append(end_label(day, value, text=label, color=color, shift=place - pixels[index]))
    inner = sorted((index for index in range(len(ends)) if index not in outer), key=pixels.__getitem__)
    for position, index in enumerate(inner):
        day, value, label, color = ends[index]
        is_upper = position > 0
        shift = 12 if is_upper else -12
        labels.append(end_label(day, value, text=label, color=color, shift=shift, before=is_upper))
    return labels


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
    """One horizontal bar per project, module or phase, from zero, worst at the top, with the level lines they share."""
    known = rows.filter(pl.col(member_column).is_in(list(members))).drop_nulls("value")
    name = safe(kpi.short(language()))
    if known.is_empty():
        return Chart(_("{kpi}: no value to compare yet", kpi=name), "", None)
    paper = ink()
    worst_first = sorted(known.iter_rows(named=True), key=lambda row: _hurts(row, kpi))[:BARS_SHOWN]
    upwards = worst_first[::-1]  # Plotly counts from the bottom
    scale, unit = scale_of(kpi, known["value"].to_list())
    labels = [
        f"{plotly_text(members[row[member_column]])}  <b>{kpi_value_text(row['value'], kpi.unit, language())}</b>"
        for row in upwards
    ]
    places = list(range(len(upwards)))
    bars = {
        "type": "bar",
        "x": [row["value"] * scale for row in upwards],
        "y": places,
        "orientation": "h",
        "width": 0.55,
        "marker": {"color": [bar_color(row["status"]) for row in upwards]},
        "text": labels,
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }
    levels = _shared_levels(known, kpi, paper)
    reach = [0.0, *bars["x"], *(level * scale for level, *_rest in levels)]
    room = (max(reach) - min(reach)) * 0.04 or 1.0
    figure = drawn(
        paper,
        [bars],
        shapes=[line_across(color, width, x=level * scale) for level, color, width, _word in levels],
        xaxis={"range": [min(reach) - (room if min(reach) < 0 else 0), max(reach) + room]},
        yaxis={
            "showgrid": False,
            "zeroline": False,
            "tickvals": places,
            "ticktext": labels,
            "tickfont": {"color": paper.text, "size": 13},
        },
        height=max(160, 30 * len(labels) + 60),
        margin={"r": 16},
    )
    bad = known.filter(pl.col("status").is_in([KpiStatus.CRITICAL, KpiStatus.WARNING]))
    if len(bad):
        title = _("{kpi}: {count} of {total} over a level", kpi=name, count=len(bad), total=len(known))
    else:
        title = _("{kpi}: {total} compared, worst on top", kpi=name, total=len(known))
    words = [f"{word} {kpi_value_text(level, kpi.unit, language())}" for level, _color, _width, word in levels]
    return Chart(title, " · ".join([unit, *words] if unit else words), figure)


def _hurts(row: Mapping[str, object], kpi: Kpi) -> tuple:
    """Sorts the worst first; values of the same status by their size, in the direction that is worse."""
    return (*severity(row)[:1], -row["value"] if kpi.better == "lower" else row["value"])


def _shared_levels(rows: pl.DataFrame, kpi: Kpi, paper: Ink) -> list[tuple[float, str, float, str]]:
    """(level, color, width, word) of the levels that are the same for all rows."""
    found = []
    for column, color, width, word in (
        ("critical_at", paper.text, 2, _("bold line: critical")),
        ("warning_at", WARNING, 1, _("thin: warning")),
    ):
        levels = rows[column].unique().to_list()
        if len(levels) == 1 and levels[0] is not None:
            found.append((levels[0], color, width, word))
    if kpi.low_warning_at is not None:
        found.append((kpi.low_warning_at, WARNING, 1, _("thin: warning")))
    return found
