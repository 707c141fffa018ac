"""The page's one chart: a KPI over time, members side by side. Titles are sentences, labels are direct.

Values are solid and dark, whatever their status: that stands beside the name as its sign. Text and lines take the ink of the
session's theme.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from models.document import Row
from models.kpis.catalogue import Kpi
from models.kpis.worst import place_of
from models.vocabulary import Flag, KpiStatus, PeriodKind
from models.words import moments
from ui.kpis.events import event_marks
from ui.kpis.readings import better_of, standing_words
from ui.shell.figures import (
    MONTHS,
    Chart,
    drawn,
    end_labels,
    line_across,
    plain,
    plotly_text,
    rows_axis,
    scale_of,
    trace,
)
from ui.shell.numbers import kpi_value_text, level_text, period_text
from ui.shell.theme import CRITICAL, NO_DATA, WARNING, Ink, bar_color, ink
from ui.shell.wording import STATUS_SIGNS, _, flag_word, language, msgid, safe, status_word, translate

BARS_SHOWN = 12
_LEVELS = (
    ("critical_at", CRITICAL),
    ("low_critical_at", CRITICAL),
    ("warning_at", WARNING),
    ("low_warning_at", WARNING),
)


# ---- one KPI over time ----------------------------------------------------------------------------------------------


def kpi_trend(
    history: pl.DataFrame,
    kpi: Kpi,
    period_kind: str,
    opens: Callable[[Row], str] | None = None,
    events: pl.DataFrame | None = None,
) -> Chart:
    """The KPI over its periods with its levels. history: period_end, value, status, is_incomplete, …, oldest first.

    opens: the address of the rows behind a point. events: of one project (ui.kpis.events.happened).
    """
    known = history.sort("period_end").drop_nulls("value")
    name = safe(kpi.short(language()))
    if known.is_empty():
        return Chart.empty(_("{kpi}: no value in any period yet", kpi=name))
    history = history.filter(pl.col("period_end") >= known["period_end"][0]).sort("period_end")
    paper = ink()
    scale, unit = scale_of(kpi, known["value"].to_list())
    words = [
        f"{period_text(period_kind, row['period_end'])}<br><b>"
        f"{kpi_value_text(row['value'], kpi.unit, exact=True, currency=row.get('currency'))}</b> "
        f"{status_word(row['status'])}" + "".join(f"<br>{word}" for word in _stands(row))
        for row in history.iter_rows(named=True)
    ]
    values = [None if value is None else value * scale for value in history["value"]]
    colors = [_marker_line(row, paper) for row in history.iter_rows(named=True)]
    marker = {
        "size": 8,
        "color": [_marker_color(row, paper) for row in history.iter_rows(named=True)],
        "line": {"color": colors, "width": 2},
    }
    addresses = [opens(row) for row in history.iter_rows(named=True)] if opens else []
    line = trace(
        history["period_end"],
        values,
        words,
        {"color": paper.text, "width": 2},
        mode="lines+markers",
        marker=marker,
        customdata=addresses,
    )
    levels = _scaled_levels(known.row(-1, named=True), scale)
    low, high = _reach([value for value in values if value is not None] + [level for level, *_rest in levels])
    first, last = known["period_end"][0], known["period_end"][-1]
    level_lines = [line_across(color, 2 if color == CRITICAL else 1, y=level) for level, color, _word in levels]
    figure = drawn(
        paper,
        [line],
        shapes=level_lines,
        annotations=_level_labels(levels, kpi, low, high, paper),
        along=event_marks(events, first, last, paper, low=low),
        xaxis=MONTHS if period_kind == PeriodKind.MONTH else MONTHS | {"tickformat": "%Y-%m-%d"},
        yaxis={"ticksuffix": " %" if kpi.unit == "percent" else "", "range": [low, high]},
    )
    stands = moments.over(period_kind, known["period_end"])
    shown = [(plain(told), address) for told, address in zip(words, addresses, strict=False)]
    return Chart(_trend_title(known, kpi, period_kind), _trend_subtitle(kpi, unit, history), figure, stands, shown)


def _trend_title(known: pl.DataFrame, kpi: Kpi, period_kind: str) -> str:
    last = known.row(-1, named=True)
    words = {
        "kpi": safe(kpi.short(language())),
        "value": kpi_value_text(last["value"], kpi.unit),
        "period": period_text(period_kind, last["period_end"]),
    }
    run = next(
        (place for place, status in enumerate(reversed(known["status"])) if status != last["status"]), known.height
    )
    sentences = {
        KpiStatus.CRITICAL: msgid("{kpi}: {value} in {period}, over the critical level; periods in a row: {run}"),
        KpiStatus.WARNING: msgid("{kpi}: {value} in {period}, over the warning level; periods in a row: {run}"),
        KpiStatus.OK: msgid("{kpi}: {value} in {period}, within its levels; periods in a row: {run}"),
    }
    sentence = sentences.get(last["status"], msgid("{kpi}: {value} in {period}"))
    return translate(sentence, words | {"run": run}, language())


def _stands(row: Row) -> list[str]:
    """At which day the value of a period stands, and whether its cost is estimated."""
    estimated = flag_word(Flag.ESTIMATED) if row.get("is_estimated") else ""
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
    return NO_DATA if row["is_provisional"] else paper.text


def _marker_line(row: Row, paper: Ink) -> str:
    """The ring of a point: its status, where it needs a hand."""
    return bar_color(row["status"]) if row["status"] in (KpiStatus.WARNING, KpiStatus.CRITICAL) else paper.text


def _scaled_levels(row: Row, scale: float) -> list[tuple[float, str, str]]:
    """(level on the axis, color, word), the critical one first."""
    words = {CRITICAL: _("critical"), WARNING: _("warning")}
    return [(row[name] * scale, color, words[color]) for name, color in _LEVELS if row.get(name) is not None]


def _reach(values: list[float]) -> tuple[float, float]:
    """From where to where an axis goes that shows all of them, with some room; not below zero without need."""
    low, high = min(values), max(values)
    room = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    return (low - room if low < 0 else max(low - room, 0.0)), high + room


def _level_labels(levels: list[tuple[float, str, str]], kpi: Kpi, low: float, high: float, paper: Ink) -> list[dict]:
    """The name of each level at its right end; names that would touch are moved apart."""
    unit = " %" if kpi.unit == "percent" else ""
    ends = [(1, level, f"{word} {level:.4g}{unit}", paper.text) for level, _color, word in levels]
    return end_labels(ends, low, high, xref="paper")


# ---- members side by side -------------------------------------------------------------------------------------------


def bars_by_member(
    rows: pl.DataFrame,
    member_column: str,
    members: Mapping[str, str],
    kpi: Kpi,
    opens: Callable[[Row], str | None] | None = None,
) -> Chart:
    """One horizontal bar per project, module or phase, from zero, worst at the top, with the level lines they share.

    opens: the address that a bar leads to.
    """
    known = rows.filter(pl.col(member_column).is_in(list(members))).drop_nulls("value")
    name = safe(kpi.short(language()))
    if known.is_empty():
        return Chart.empty(_("{kpi}: no value to compare yet", kpi=name))
    paper = ink()
    worst_first = sorted(known.iter_rows(named=True), key=lambda row: _worst(row, kpi))[:BARS_SHOWN]
    upwards = worst_first[::-1]  # Plotly counts from the bottom
    scale, unit = scale_of(kpi, known["value"].to_list())
    labels = [
        f"{STATUS_SIGNS[row['status']]} {plotly_text(members[row[member_column]])}  "
        f"<b>{kpi_value_text(row['value'], kpi.unit, currency=row.get('currency'))}</b>"
        for row in upwards
    ]
    addresses = [opens(row) for row in upwards] if opens else []
    places = list(range(len(upwards)))
    lengths = [row["value"] * scale for row in upwards]
    bars = {
        "type": "bar",
        "x": lengths,
        "y": places,
        "orientation": "h",
        "width": 0.55,
        "marker": {"color": paper.text},
        "customdata": addresses,
        "text": labels,
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }
    levels = _shared_levels(known, paper)
    reach = [0.0, *lengths, *(level * scale for level, *_rest in levels)]
    room = (max(reach) - min(reach)) * 0.04 or 1.0
    figure = drawn(
        paper,
        [bars],
        shapes=[line_across(color, width, x=level * scale) for level, color, width, _word in levels],
        xaxis={"range": [min(reach) - (room if min(reach) < 0 else 0), max(reach) + room]},
        yaxis=rows_axis(places, labels, paper, tickfont={"color": paper.text, "size": 13}),
        height=max(160, 30 * len(labels) + 60),
        margin={"r": 16},
    )
    bad = known.filter(pl.col("status").is_in([KpiStatus.CRITICAL, KpiStatus.WARNING]))
    if len(bad):
        title = _("{kpi}: {count} of {total} over a level", kpi=name, count=len(bad), total=len(known))
    else:
        title = _("{kpi}: {total} compared, worst on top", kpi=name, total=len(known))
    words = [f"{word} {level_text(level, kpi.unit)}" for level, _color, _width, word in levels]
    stands = moments.of_rows(known.iter_rows(named=True))
    shown = [(plain(told), address) for told, address in zip(labels, addresses, strict=False) if address][::-1]
    return Chart(title, " · ".join([unit, *words] if unit else words), figure, stands, shown)


def _worst(row: Row, kpi: Kpi) -> tuple:
    """The one order of worst; bars of a KPI without a level by their size, in the direction that is worse."""
    status, beyond, *key = place_of(row)
    return status, beyond, -row["value"] if better_of(row, kpi) == "lower" else row["value"], *key


def _shared_levels(rows: pl.DataFrame, paper: Ink) -> list[tuple[float, str, float, str]]:
    """(level, color, width, word) of the levels that are the same for all rows."""
    looks = {CRITICAL: (paper.text, 2, _("bold line: critical")), WARNING: (WARNING, 1, _("thin: warning"))}
    found: list[tuple[float, str, float, str]] = []
    for name, color in _LEVELS:
        levels = rows[name].unique().to_list() if name in rows.columns else []
        if len(levels) == 1 and levels[0] is not None:
            found.append((levels[0], *looks[color]))
    return found
