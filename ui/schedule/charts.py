"""What a schedule page draws over time: the buffer against the chain, schedule performance in time, scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from models.schedule.series import WHOLE_PROJECT, TimeForecast
from models.vocabulary import KpiStatus, PeriodKind
from models.words import moments
from models.words.numbers import count_text, date_text, index_text, percent_text
from ui.shell.figures import LABEL_GAP, PLOT_HEIGHT, Chart, drawn, end_label, line_across, plotly_text, spread
from ui.shell.theme import CRITICAL, WARNING, Ink, ink
from ui.shell.wording import STATUS_SIGNS, _, language, status_word

DATES_LABELLED = 5  # along a path; more would stand on each other
MARKERS = ("circle", "square", "diamond", "triangle-up", "x", "cross", "star", "hexagon")


# ---- the fever chart ------------------------------------------------------------------------------------------------


def fever_chart(history: pl.DataFrame, zones: Mapping[str, tuple[float, float]], part: str = WHOLE_PROJECT) -> Chart:
    """Buffer used over chain done, with sloped zones: the path of `part`, its newest point in words.

    history: schedule_series.buffer_history; zones: buffer_zones. Beside the path of the whole project stands where each wave
    is now.
    """
    if history.is_empty():
        return Chart(
            _("No buffer to watch: the schedule of this project holds no buffer task"),
            _("Mark the reserve in the schedule as a task of its own (column: is a buffer) and load it again."),
            None,
            None,
        )
    paper = ink()
    whole = history.filter(pl.col("part") == part).sort("status_on")
    now = whole.row(-1, named=True)
    shown = whole
    if part == WHOLE_PROJECT:
        begun = (pl.col("chain_share") > 0) | (pl.col("buffer_share") > 0)
        waves = history.filter((pl.col("part") != part) & (pl.col("status_on") == now["status_on"]) & begun)
        shown = pl.concat([whole, waves])
    top = max(1.0, shown["buffer_share"].max()) * 105
    critical, warning = ([level * 100 for level in zones[name]] for name in ("critical", "warning"))
    zone = {"type": "scatter", "mode": "lines", "x": [0, 100], "hoverinfo": "skip"}
    data = [
        zone | {"y": [top, top], "line": {"width": 0}},
        zone
        | {
            "y": critical,
            "line": {"color": CRITICAL, "width": 2},
            "fill": "tonexty",
            "fillcolor": _pale(CRITICAL, 0.16),
        },
        zone
        | {"y": warning, "line": {"color": WARNING, "width": 1}, "fill": "tonexty", "fillcolor": _pale(WARNING, 0.16)},
    ]
    for place, one in enumerate(shown["part"].unique(maintain_order=True)):
        rows = shown.filter(pl.col("part") == one)
        data.append(_path(rows, "" if one == part else one, place, paper))
    words = f"{STATUS_SIGNS[now['status']]} {status_word(now['status'], language())}"
    here = {
        "x": now["chain_share"] * 100,
        "y": now["buffer_share"] * 100,
        "text": f"<b>{date_text(now['status_on'], language())}: {words}</b>",
        "showarrow": True,
        "arrowhead": 0,
        "ax": -70,
        "ay": -34,
        "font": {"color": paper.text, "size": 12},
    }
    words_of_zones = [
        _zone_word(STATUS_SIGNS[KpiStatus.CRITICAL] + " " + status_word(KpiStatus.CRITICAL, language()), 2, 90, paper),
        _zone_word(STATUS_SIGNS[KpiStatus.WARNING] + " " + status_word(KpiStatus.WARNING, language()), 84, 73.5, paper),
        _zone_word(STATUS_SIGNS[KpiStatus.OK] + " " + status_word(KpiStatus.OK, language()), 84, 8, paper),
    ]
    figure = drawn(
        paper,
        data,
        annotations=[here, *words_of_zones],
        xaxis={"range": [0, 102], "ticksuffix": " %", "title": {"text": _("work of the chain done")}},
        yaxis={"range": [0, top], "ticksuffix": " %", "title": {"text": _("buffer used")}},
        height=380,
        margin={"r": 24, "b": 48},
    )
    title = _(
        "{used} of the buffer is used, {done} of the chain is done: {status}",
        used=percent_text(now["buffer_share"], language()),
        done=percent_text(now["chain_share"], language()),
        status=status_word(now["status"], language()),
    )
    ends = {
        f"{name}_{end}": percent_text(level, language(), exact=True)
        for name in ("warning", "critical")
        for end, level in zip(("from", "to"), zones[name], strict=True)
    }
    subtitle = _(
        "path: data dates, oldest to newest · warning from {warning_from} rising to {warning_to}, critical from {critical_from} "
        "rising to {critical_to}",
        **ends,
    )
    return Chart(title, subtitle, figure, moments.at(now["status_on"]))


def _path(rows: pl.DataFrame, wave: str, place: int, paper: Ink) -> dict:
    """The path of what the chart is about, or the point of a wave beside it."""
    is_whole = not wave
    spoken = language()
    days = rows["status_on"].to_list()
    step = max(-(-len(days) // DATES_LABELLED), 1)
    shown = set(range(len(days) - 1 - step, -1, -step)) if is_whole else set()
    name = plotly_text(wave, 12)
    labels = [f"{day:%Y-%m}" if number in shown else "" for number, day in enumerate(days)]
    if not is_whole:
        labels[-1] = name
    words = [
        f"{name} {date_text(row['status_on'], spoken)}<br>"
        + _("buffer used {share}", share=percent_text(row["buffer_share"], spoken))
        + "<br>"
        + _("chain done {share}", share=percent_text(row["chain_share"], spoken))
        + f"<br>{status_word(row['status'], spoken)}"
        for row in rows.iter_rows(named=True)
    ]
    last = len(days) - 1
    return {
        "type": "scatter",
        "mode": "lines+markers+text",
        "x": (rows["chain_share"] * 100).to_list(),
        "y": (rows["buffer_share"] * 100).to_list(),
        "line": {"color": paper.text if is_whole else paper.muted, "width": 2 if is_whole else 1.2},
        "marker": {
            "size": [11 if is_whole and number == last else 5 if is_whole else 8 for number in range(len(days))],
            "color": paper.text if is_whole else paper.muted,
            "symbol": MARKERS[place % len(MARKERS)],
        },
        "text": labels,
        "textposition": "bottom right",
        "textfont": {"size": 10, "color": paper.muted},
        "hovertext": words,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }


def _zone_word(text: str, x: float, y: float, paper: Ink) -> dict:
    font = {"color": paper.muted, "size": 11}
    return {"x": x, "y": y, "text": text, "showarrow": False, "xanchor": "left", "font": font}


def _pale(color: str, share: float) -> str:
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


# ---- schedule performance in time -----------------------------------------------------------------------------------


def time_chart(
    history: pl.DataFrame, forecast: TimeForecast | None, levels: tuple[float | None, float | None]
) -> Chart:
    """SPI(t) beside SPI over time, with their levels. history: period_end, spi, spi_t; levels: (warning, critical)."""
    known = history.filter(pl.col("spi").is_not_null() | pl.col("spi_t").is_not_null()).sort("period_end")
    if known.is_empty() or known["spi_t"].is_null().all():
        return Chart(
            _("No earned schedule yet: it needs a plan by month (budget) and a schedule with data dates"),
            "",
            None,
            None,
        )
    paper = ink()
    series = (("spi_t", _("SPI(t)"), paper.text, 2.5, "solid"), ("spi", _("SPI"), paper.accent, 1.8, "dash"))
    data, ends = [], []
    for column, name, color, width, dash in series:
        rows = known.drop_nulls(column)
        if rows.is_empty():
            continue
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "cliponaxis": False,
                "x": rows["period_end"].to_list(),
                "y": rows[column].to_list(),
                "line": {"color": color, "width": width, "dash": dash},
                "marker": {"size": 5, "color": color},
                "text": [
                    f"{name} {index_text(value, language(), exact=True)}<br>{date_text(day, language())}"
                    for day, value in rows.select("period_end", column).iter_rows()
                ],
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
        last = rows[column][-1]
        ends.append((rows["period_end"][-1], last, f"{name} {index_text(last, language())}", color))
    lines = [(1.0, paper.muted, _("on plan"))]
    named = zip(levels, (WARNING, CRITICAL), (_("warning"), _("critical")), strict=True)
    lines += [(at, color, word) for at, color, word in named if at is not None]
    values = [end[1] for end in ends] + [line[0] for line in lines]
    values += [value for column, *_rest in series for value in known[column].drop_nulls()]
    low, high = min(values) - 0.03, max(values) + 0.03
    figure = drawn(
        paper,
        data,
        shapes=[line_across(color, 1, y=at) for at, color, _word in lines],
        annotations=[*at_end(ends, low, high), *_on_lines(lines, low, high, paper)],
        xaxis={"tickformat": "%Y-%m", "nticks": 8, "range": [known["period_end"][0], known["period_end"][-1]]},
        yaxis={"range": [low, high]},
        margin={"r": 90},
    )
    stands = moments.at(known["period_end"][-1] if forecast is None else forecast.status_on)
    return Chart(_time_title(forecast), time_words(known), figure, stands)


def at_end(ends: list, low: float, high: float) -> list[dict]:
    """The labels at the ends of lines, moved apart, none above the plot. ends: (x, y, text, color); low, high: of the axis."""
    pixels = [(value - low) / (high - low) * PLOT_HEIGHT for _x, value, *_rest in ends]
    places = spread(pixels, LABEL_GAP)
    for rank, index in enumerate(sorted(range(len(places)), key=places.__getitem__, reverse=True)):
        places[index] = min(places[index], PLOT_HEIGHT - rank * LABEL_GAP)
    return [
        end_label(x, value, text=text, color=color, shift=place - pixel)
        for (x, value, text, color), pixel, place in zip(ends, pixels, places, strict=True)
    ]


def _on_lines(lines: list, low: float, high: float, paper: Ink) -> list[dict]:
    """The name of each level at its left end, above it."""
    return [
        {
            "x": 0, "xref": "paper", "y": at, "text": f"{word} {at:g}", "showarrow": False, "xanchor": "left",
            "yanchor": "bottom", "font": {"color": paper.muted, "size": 11},
        }
        for at, _color, word in lines
    ]  # fmt: skip


def _time_title(forecast: TimeForecast | None) -> str:
    if forecast is None:
        return _("Schedule performance in time and in money")
    index = forecast.performance.schedule_performance_index_time
    if forecast.forecast_on is None:
        return _("Schedule performance in time and in money")
    days = (forecast.forecast_on - forecast.planned_finish).days
    said = {
        "index": index_text(index, language()),
        "date": date_text(forecast.forecast_on, language()),
        "days": abs(days),
    }
    if days > 0:
        return _("SPI(t) {index}: at this pace the work ends on {date}, {days} days after the plan", **said)
    return _("SPI(t) {index}: at this pace the work ends on {date}, {days} days before the plan", **said)


def time_words(history: pl.DataFrame) -> str:
    """The subtitle: which line is which, and that SPI tends to 1, where the two have parted."""
    words = [_("solid: SPI(t), earned schedule ÷ time passed · dashed: SPI, in money")]
    both = history.drop_nulls(["spi", "spi_t"])
    if both.height and both["spi"][-1] - both["spi_t"][-1] > 0.02 and both["spi_t"][-1] < 1:
        words.append(_("SPI tends to 1 at the end however late the project is; SPI(t) does not"))
    return " · ".join(words)


def forecast_words(forecast: TimeForecast | None, contract_finish: dt.date | None) -> str:
    """The forecast finish beside the planned one and the contract's; empty where none follows from the pace."""
    if forecast is None or forecast.forecast_on is None:
        return ""
    spoken = language()
    words = [
        _("Forecast finish by earned schedule: **{date}**", date=date_text(forecast.forecast_on, spoken)),
        _("planned finish: {date}", date=date_text(forecast.planned_finish, spoken)),
    ]
    if contract_finish is not None:
        words.append(_("contract finish: {date}", date=date_text(contract_finish, spoken)))
        days = (forecast.forecast_on - contract_finish).days
        words.append(
            _("{days} days after the contract", days=days) if days > 0 else _("{days} days to spare", days=-days)
        )
    words.append(
        _(
            "planned duration {planned} months ÷ SPI(t) {index} = {months} months",
            planned=f"{forecast.performance.planned_duration:g}",
            index=index_text(forecast.performance.schedule_performance_index_time, spoken, exact=True),
            months=f"{forecast.performance.forecast_duration:.1f}",
        )
    )
    return " · ".join(words)


# ---- burn-up --------------------------------------------------------------------------------------------------------


def burn_up_chart(weeks: pl.DataFrame, in_days: bool, freeze_on: dt.date | None) -> Chart:
    """Work done, and the scope it has to reach, by week. weeks: schedule_series.burn_up."""
    if weeks.is_empty():
        return Chart(_("No work items have been loaded for this project: no burn-up to show"), "", None, None)
    paper = ink()
    unit = "days" if in_days else "items"
    scope, done = weeks[f"scope_{unit}"], weeks[f"done_{unit}"]
    top = max(scope.max(), 1) * 1.08
    spoken = language()
    data = []
    for name, values, line in (
        (_("scope"), scope, {"color": paper.muted, "width": 2, "shape": "hv"}),
        (_("done"), done, {"color": paper.accent, "width": 2.5, "shape": "hv"}),
    ):
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": weeks["week_end"].to_list(),
                "y": values.to_list(),
                "line": line,
                "text": [f"{name} {count_text(value, spoken)}" for value in values],
                "hovertemplate": "%{text}<br>%{x|%Y-%m-%d}<extra></extra>",
            }
        )
    ends = [
        (weeks["week_end"][-1], scope[-1], _("scope {count}", count=count_text(scope[-1], spoken)), paper.text),
        (weeks["week_end"][-1], done[-1], _("done {count}", count=count_text(done[-1], spoken)), paper.accent),
    ]
    shapes, notes = [], at_end(ends, 0, top)
    if freeze_on is not None and weeks["week_end"][0] <= freeze_on <= weeks["week_end"][-1]:
        shapes.append(line_across(paper.muted, 1, x=freeze_on))
        label = {"x": freeze_on, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
        notes.append(label | {"text": _("requirements frozen"), "font": {"color": paper.muted, "size": 11}})
    figure = drawn(
        paper,
        data,
        shapes=shapes,
        annotations=notes,
        xaxis={"tickformat": "%Y-%m", "nticks": 8, "range": [weeks["week_end"][0], weeks["week_end"][-1]]},
        yaxis={"range": [0, top]},
        margin={"r": 90, "t": 24},
    )
    said = {"done": count_text(done[-1], spoken), "scope": count_text(scope[-1], spoken)}
    title = _("{done} of {scope} person-days done", **said) if in_days else _("{done} of {scope} items done", **said)
    if weeks["late_scope_items"][-1]:
        title += _("; {count} requirements were raised after the freeze", count=weeks["late_scope_items"][-1])
    words = [
        _(
            "requirements, stories and tasks by the week they were raised and done; defects and what was called off left out"
        )
    ]
    missing = weeks["unestimated_items"][-1]
    if in_days and missing:
        words.append(_("{count} items without an estimate are not in it", count=missing))
    return Chart(title, " · ".join(words), figure, moments.over(PeriodKind.WEEK, [weeks["week_end"][-1]]))
