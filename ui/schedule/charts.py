"""What a schedule page draws over time: the buffer against the chain, schedule performance in time, scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from models.schedule.series import WHOLE_PROJECT, TimeForecast
from models.vocabulary import KpiStatus, PeriodKind
from models.words import moments
from ui.kpis.events import event_marks
from ui.shell.figures import MONTHS, Chart, drawn, end_labels, line_across, note, plain, plotly_text, trace
from ui.shell.numbers import count_text, date_text, index_text, percent_text
from ui.shell.theme import CRITICAL, QUIET, WARNING, Ink, ink
from ui.shell.wording import _, signed, status_word

OVER_THE_AXIS = 0.08  # of the buffer: below it the words of a point would stand among those of the axis
DATES_LABELLED = 5  # along a path; more would stand on each other
MARKERS = ("circle", "square", "diamond", "triangle-up", "x", "cross", "star", "hexagon")


# ---- the fever chart ------------------------------------------------------------------------------------------------


def fever_chart(
    history: pl.DataFrame,
    zones: Mapping[str, tuple[float, float]],
    part: str = WHOLE_PROJECT,
    opens: Mapping[dt.date, str] | None = None,
    sites_of: Callable[[str], str] | None = None,
) -> Chart:
    """Buffer used over chain done, with sloped zones: the path of `part`, its newest point in words.

    history: schedule_series.buffer_history; zones: buffer_zones. Beside the path of the whole project stands where each wave
    is now. opens: {data date: address of the rows of the whole project}. sites_of: the address of the sites of a wave.
    """
    if history.is_empty():
        return Chart.empty(
            _("No buffer to watch: the schedule of this project holds no buffer task"),
            _("Mark the reserve in the schedule as a task of its own (column: is a buffer) and load it again."),
        )
    paper = ink()
    whole = history.filter(pl.col("part") == part).sort("status_on")
    now = whole.row(-1, named=True)
    shown = whole
    if part == WHOLE_PROJECT:
        begun = (pl.col("chain_share") > 0) | (pl.col("buffer_share") > 0)
        waves = history.filter((pl.col("part") != part) & (pl.col("status_on") == now["status_on"]) & begun)
        shown = pl.concat([whole, waves])
    top = max(1.0, shown.select(pl.max("buffer_share")).item()) * 105
    critical, warning = ([level * 100 for level in zones[name]] for name in ("critical", "warning"))
    data = [trace([0, 100], [top, top], [], {"width": 0}, hoverinfo="skip")]
    for level, color, width in ((critical, CRITICAL, 2), (warning, WARNING, 1)):
        filled: dict[str, Any] = {"fill": "tonexty", "fillcolor": _pale(color, 0.16), "hoverinfo": "skip"}
        data.append(trace([0, 100], level, [], {"color": color, "width": width}, **filled))
    for place, name in enumerate(shown["part"].unique(maintain_order=True)):
        rows = shown.filter(pl.col("part") == name)
        to: Mapping[dt.date, str] = opens or {}
        if name != WHOLE_PROJECT:
            to = dict.fromkeys(rows["status_on"], sites_of(name)) if sites_of else {}
        data.append(_path(rows, "" if name == part else name, place, paper, to))
    here = note(
        now["chain_share"] * 100,
        now["buffer_share"] * 100,
        f"<b>{date_text(now['status_on'])}: {signed(now['status'])}</b>",
        paper.text,
        **{"showarrow": True, "arrowhead": 0, "ax": -70, "ay": -34},
    )
    zone_words = [
        note(x, y, signed(status), paper.muted, size=11, xanchor="left")
        for status, x, y in ((KpiStatus.CRITICAL, 2, 90), (KpiStatus.WARNING, 84, 73.5), (KpiStatus.OK, 84, 8))
    ]
    figure = drawn(
        paper,
        data,
        annotations=[here, *zone_words],
        xaxis={"range": [0, 102], "ticksuffix": " %", "title": {"text": _("work of the chain done")}},
        yaxis={"range": [0, top], "ticksuffix": " %", "title": {"text": _("buffer used")}},
        height=380,
        margin={"r": 24, "b": 48},
    )
    title = _(
        "{used} of the buffer is used, {done} of the chain is done: {status}",
        used=percent_text(now["buffer_share"]),
        done=percent_text(now["chain_share"]),
        status=status_word(now["status"]),
    )
    ends = {
        f"{name}_{end}": percent_text(level, exact=True)
        for name in ("warning", "critical")
        for end, level in zip(("from", "to"), zones[name], strict=True)
    }
    subtitle = _(
        "path: data dates, oldest to newest · warning from {warning_from} rising to {warning_to}, critical from {critical_from} "
        "rising to {critical_to}",
        **ends,
    )
    paths = data[3:]  # after the ground and the two levels of the zones
    shown_ways = [
        (plain(said), way)
        for path in paths
        for said, way in reversed(list(zip(path["hovertext"], path["customdata"], strict=True)))
        if way
    ]
    return Chart(title, subtitle, figure, moments.at(now["status_on"]), shown_ways)


def _path(rows: pl.DataFrame, wave: str, place: int, paper: Ink, opens: Mapping[dt.date, str]) -> dict:
    """The path of what the chart is about, or the point of a wave beside it."""
    is_whole = not wave
    days = rows["status_on"].to_list()
    step = max(-(-len(days) // DATES_LABELLED), 1)
    shown = set(range(len(days) - 1 - step, -1, -step)) if is_whole else set()
    name = plotly_text(wave, 12)
    labels = [f"{day:%Y-%m}" if number in shown else "" for number, day in enumerate(days)]
    if not is_whole:
        labels[-1] = name
    words = [
        f"{name} {date_text(row['status_on'])}<br>"
        + _("buffer used {share}", share=percent_text(row["buffer_share"]))
        + "<br>"
        + _("chain done {share}", share=percent_text(row["chain_share"]))
        + f"<br>{status_word(row['status'])}"
        for row in rows.iter_rows(named=True)
    ]
    last = len(days) - 1
    color = paper.text if is_whole else paper.muted
    marker = {
        "size": [11 if is_whole and number == last else 5 if is_whole else 8 for number in range(len(days))],
        "color": color,
        "symbol": MARKERS[place % len(MARKERS)],
    }
    return trace(
        rows["chain_share"] * 100,
        rows["buffer_share"] * 100,
        labels,
        {"color": color, "width": 2 if is_whole else 1.2},
        mode="lines+markers+text",
        marker=marker,
        textposition=["top right" if share < OVER_THE_AXIS else "bottom right" for share in rows["buffer_share"]],
        textfont={"size": 10, "color": paper.muted},
        hovertext=words,
        hovertemplate="%{hovertext}<extra></extra>",
        customdata=[opens.get(day) for day in days],
        cliponaxis=False,
    )


def _pale(color: str, share: float) -> str:
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


# ---- schedule performance in time -----------------------------------------------------------------------------------

_KPIS = {"spi_t": "schedule_performance_index_time", "spi": "schedule_performance_index"}


def time_chart(
    history: pl.DataFrame,
    forecast: TimeForecast | None,
    levels: tuple[float | None, float | None],
    opens: Callable[[str, dt.date], str] | None = None,
    events: pl.DataFrame | None = None,
) -> Chart:
    """SPI(t) beside SPI over time, with their levels. history: period_end, spi, spi_t; levels: (warning, critical).

    opens: the address of the rows of a KPI at the end of a period. events: of the project (ui.kpis.events.happened).
    """
    known = history.filter(pl.col("spi").is_not_null() | pl.col("spi_t").is_not_null()).sort("period_end")
    if known.is_empty() or known["spi_t"].is_null().all():
        return Chart.empty(
            _("No earned schedule yet: it needs a plan by month (budget) and a schedule with data dates")
        )
    paper = ink()
    series = (("spi_t", _("SPI(t)"), paper.text, 2.5, "solid"), ("spi", _("SPI"), QUIET, 1.8, "dash"))
    data, ends, ways = [], [], []
    for column, name, color, width, dash in series:
        rows = known.drop_nulls(column)
        if rows.is_empty():
            continue
        words = [
            f"{name} {index_text(value, exact=True)}<br>{date_text(day)}"
            for day, value in rows.select("period_end", column).iter_rows()
        ]
        line = {"color": color, "width": width, "dash": dash}
        to = [opens(_KPIS[column], day) if opens else None for day in rows["period_end"]]
        ways += [(plain(said), way) for said, way in zip(words, to, strict=True) if way][::-1]
        data.append(marked_line(rows["period_end"], rows[column], words, line, name=name, customdata=to))
        last = rows[column][-1]
        ink_of_name = paper.muted if color == QUIET else color
        ends.append((rows["period_end"][-1], last, f"{name} {index_text(last)}", ink_of_name))
    lines = [(1.0, paper.muted, _("on plan"))]
    named = zip(levels, (WARNING, CRITICAL), (_("warning"), _("critical")), strict=True)
    lines += [(at, color, word) for at, color, word in named if at is not None]
    values = [end[1] for end in ends] + [line[0] for line in lines]
    values += [value for column, *_rest in series for value in known[column].drop_nulls()]
    low, high = min(values) - 0.03, max(values) + 0.03
    first, until = known["period_end"][0], known["period_end"][-1]
    figure = drawn(
        paper,
        data,
        shapes=[line_across(color, 1, y=at) for at, color, _word in lines],
        annotations=end_labels(
            [*ends, *((until, at, f"{word} {at:g}", paper.muted) for at, _color, word in lines)], low, high
        ),
        along=event_marks(events, first, until, paper, low=low),
        xaxis=MONTHS | {"range": [first, until]},
        yaxis={"range": [low, high]},
        margin={"r": 100},
    )
    stands = moments.at(known["period_end"][-1] if forecast is None else forecast.status_on)
    return Chart(_time_title(forecast), time_words(known), figure, stands, ways)


def marked_line(x: pl.Series, y: pl.Series, words: list[str], line: dict, symbol: str = "circle", **more: Any) -> dict:
    """A line with a small mark at every data date, of which the last may stand on the plot's edge."""
    marker = {"size": 5, "color": line["color"], "symbol": symbol}
    return trace(x, y, words, line, mode="lines+markers", marker=marker, cliponaxis=False, **more)


def _time_title(forecast: TimeForecast | None) -> str:
    if forecast is None:
        return _("Schedule performance in time and in money")
    index = forecast.performance.schedule_performance_index_time
    if forecast.forecast_on is None:
        return _("Schedule performance in time and in money")
    days = (forecast.forecast_on - forecast.planned_finish).days
    said = {
        "index": index_text(index),
        "date": date_text(forecast.forecast_on),
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
    words = [
        _("Forecast finish by earned schedule: **{date}**", date=date_text(forecast.forecast_on)),
        _("planned finish: {date}", date=date_text(forecast.planned_finish)),
    ]
    if contract_finish is not None:
        words.append(_("contract finish: {date}", date=date_text(contract_finish)))
        days = (forecast.forecast_on - contract_finish).days
        words.append(
            _("{days} days after the contract", days=days) if days > 0 else _("{days} days to spare", days=-days)
        )
    words.append(
        _(
            "planned duration {planned} months ÷ SPI(t) {index} = {months} months",
            planned=f"{forecast.performance.planned_duration:g}",
            index=index_text(forecast.performance.schedule_performance_index_time, exact=True),
            months=f"{forecast.performance.forecast_duration:.1f}",
        )
    )
    return " · ".join(words)


# ---- burn-up --------------------------------------------------------------------------------------------------------


def burn_up_chart(
    weeks: pl.DataFrame,
    in_days: bool,
    opens: Callable[[str, dt.date], str] | None = None,
    events: pl.DataFrame | None = None,
) -> Chart:
    """Work done, and the scope it has to reach, by week. weeks: schedule_series.burn_up.

    opens: the address of the items in scope (`scope`), or done (`done`), at the end of a week. events: of the project
    (ui.kpis.events.happened).
    """
    if weeks.is_empty():
        return Chart.empty(_("No work items have been loaded for this project: no burn-up to show"))
    paper = ink()
    unit = "days" if in_days else "items"
    scope, done = weeks[f"scope_{unit}"], weeks[f"done_{unit}"]
    top = max(weeks.select(pl.max(f"scope_{unit}")).item(), 1) * 1.08
    data, ways = [], []
    for part, name, values, line in (
        ("scope", _("scope"), scope, {"color": paper.text, "width": 1.3, "dash": "dash", "shape": "hv"}),
        ("done", _("done"), done, {"color": paper.text, "width": 3, "shape": "hv"}),
    ):
        words = [f"{name} {count_text(value)}" for value in values]
        to = [opens(part, day) if opens else None for day in weeks["week_end"]]
        told = zip(weeks["week_end"], words, to, strict=True)
        ways += [(f"{date_text(day)}: {said}", way) for day, said, way in told if way][::-1]
        data.append(trace(weeks["week_end"], values, words, line, is_dated=True, name=name, customdata=to))
    ends = [
        (weeks["week_end"][-1], scope[-1], _("scope {count}", count=count_text(scope[-1])), paper.text),
        (weeks["week_end"][-1], done[-1], _("done {count}", count=count_text(done[-1])), paper.text),
    ]
    first, until = weeks["week_end"][0], weeks["week_end"][-1]
    figure = drawn(
        paper,
        data,
        annotations=end_labels(ends, 0, top),
        along=event_marks(events, first, until, paper),
        xaxis=MONTHS | {"range": [first, until]},
        yaxis={"range": [0, top]},
        margin={"r": 90, "t": 24},
    )
    said = {"done": count_text(done[-1]), "scope": count_text(scope[-1])}
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
    stands = moments.over(PeriodKind.WEEK, [weeks["week_end"][-1]])
    return Chart(title, " · ".join(words), figure, stands, ways)
