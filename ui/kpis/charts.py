"""The page's one chart: a KPI over time, members side by side. Titles are sentences, labels are direct.

Actual is solid, plan dashed, forecast dotted (LOOK, "Notation"); text and lines take the ink of the session's theme.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from models.document import Row
from models.kpis.catalogue import Kpi
from models.kpis.worst import place_of
from models.vocabulary import Flag, KpiStatus, PeriodKind
from models.words import moments
from models.words.numbers import kpi_value_text, period_text
from ui.kpis.readings import better_of, standing_words
from ui.shell.figures import (
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
from ui.shell.theme import CRITICAL, NO_DATA, WARNING, Ink, bar_color, ink
from ui.shell.wording import _, flag_word, language, safe, status_word

BARS_SHOWN = 12


# ---- one KPI over time ----------------------------------------------------------------------------------------------


def kpi_trend(history: pl.DataFrame, kpi: Kpi, period_kind: str) -> Chart:
    """The KPI over its periods with its levels. history: period_end, value, status, is_incomplete, …, oldest first."""
    history = history.sort("period_end")
    known = history.drop_nulls("value")
    name = safe(kpi.short(language()))
    if known.is_empty():
        return Chart(_("{kpi}: no value in any period yet", kpi=name), "", None, None)
    paper = ink()
    scale, unit = scale_of(kpi, known["value"].to_list())
    words = [
        f"{period_text(period_kind, row['period_end'], language())}<br><b>"
        f"{kpi_value_text(row['value'], kpi.unit, language(), exact=True, currency=row.get('currency'))}</b> "
        f"{status_word(row['status'], language())}" + "".join(f"<br>{word}" for word in _stands(row))
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
    levels = _scaled_levels(known.row(-1, named=True), scale)
    low, high = _reach([value for value in values if value is not None] + [level for level, *_rest in levels])
    figure = drawn(
        paper,
        [line],
        shapes=[line_across(color, 2 if color == CRITICAL else 1, y=level) for level, color, _word in levels],
        annotations=_level_labels(levels, kpi, low, high, paper),
        xaxis={"tickformat": "%Y-%m" if period_kind == PeriodKind.MONTH else "%Y-%m-%d", "nticks": 8},
        yaxis={"ticksuffix": " %" if kpi.unit == "percent" else "", "range": [low, high]},
    )
    stands = moments.over(period_kind, known["period_end"])
    return Chart(_trend_title(known, kpi, period_kind), _trend_subtitle(kpi, unit, history), figure, stands)


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


def _stands(row: Row) -> list[str]:
    """At which day the value of a period stands, and whether its cost is estimated."""
    estimated = flag_word(Flag.ESTIMATED, language()) if row.get("is_estimated") else ""
    return [word for word in (standing_words(row, language()), estimated) if word]


def _trend_subtitle(kpi: Kpi, unit: str, history: pl.DataFrame) -> str:
    words = [unit] if unit else []
    if history["is_incomplete"].fill_null(False).any():
        words.append(_("hollow point: period still running"))
    if history["is_provisional"].fill_null(False).any():
        words.append(_("gray point: provisional, not closed"))
    return " · ".join(words)


def _marker_color(row: Row, paper: Ink) -> str:
    if row["is_incomplete"]:
        return paper.surface
    if row["is_provisional"]:
        return NO_DATA
    return bar_color(row["status"]) if row["status"] in (KpiStatus.WARNING, KpiStatus.CRITICAL) else paper.text


def _marker_line(row: Row, paper: Ink) -> str:
    return bar_color(row["status"]) if row["status"] in (KpiStatus.WARNING, KpiStatus.CRITICAL) else paper.text


def _scaled_levels(row: Row, scale: float) -> list[tuple[float, str, str]]:
    """(level on the axis, color, word), the critical one first."""
    levels = (
        (row["critical_at"], CRITICAL, _("critical")),
        (row.get("low_critical_at"), CRITICAL, _("critical")),
        (row["warning_at"], WARNING, _("warning")),
        (row.get("low_warning_at"), WARNING, _("warning")),
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


# ---- members side by side -------------------------------------------------------------------------------------------


def bars_by_member(rows: pl.DataFrame, member_column: str, members: Mapping[str, str], kpi: Kpi) -> Chart:
    """One horizontal bar per project, module or phase, from zero, worst at the top, with the level lines they share."""
    known = rows.filter(pl.col(member_column).is_in(list(members))).drop_nulls("value")
    name = safe(kpi.short(language()))
    if known.is_empty():
        return Chart(_("{kpi}: no value to compare yet", kpi=name), "", None, None)
    paper = ink()
    worst_first = sorted(known.iter_rows(named=True), key=lambda row: _worst(row, kpi))[:BARS_SHOWN]
    upwards = worst_first[::-1]  # Plotly counts from the bottom
    scale, unit = scale_of(kpi, known["value"].to_list())
    labels = [
        f"{plotly_text(members[row[member_column]])}  "
        f"<b>{kpi_value_text(row['value'], kpi.unit, language(), currency=row.get('currency'))}</b>"
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
    levels = _shared_levels(known, paper)
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
    stands = moments.of_rows(known.iter_rows(named=True))
    return Chart(title, " · ".join([unit, *words] if unit else words), figure, stands)


def _worst(row: Row, kpi: Kpi) -> tuple:
    """The one order of worst; bars of a KPI without a level by their size, in the direction that is worse."""
    status, beyond, *key = place_of(row)
    return status, beyond, -row["value"] if better_of(row, kpi) == "lower" else row["value"], *key


def _shared_levels(rows: pl.DataFrame, paper: Ink) -> list[tuple[float, str, float, str]]:
    """(level, color, width, word) of the levels that are the same for all rows."""
    found = []
    for column, color, width, word in (
        ("critical_at", paper.text, 2, _("bold line: critical")),
        ("low_critical_at", paper.text, 2, _("bold line: critical")),
        ("warning_at", WARNING, 1, _("thin: warning")),
        ("low_warning_at", WARNING, 1, _("thin: warning")),
    ):
        levels = rows[column].unique().to_list() if column in rows.columns else []
        if len(levels) == 1 and levels[0] is not None:
            found.append((levels[0], color, width, word))
    return found
