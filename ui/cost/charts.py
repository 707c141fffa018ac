"""Earned value as a picture: plan, earned and spent over time with the band in which it will end; cost against schedule.

Spent is solid and dark, earned solid gray, plan dashed, forecasts dotted with a hatched band between the lowest and the
highest of them. Beneath, on the same axis of time, the cost variance as bars in good and bad.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from models.cost.estimates import BAND, Edge, Estimates, Method
from models.cost.series import FORECASTS, EarnedValue
from models.document import Row
from models.words import moments
from models.words.locales import MoneyUnit
from ui.kpis.events import event_marks
from ui.shell import figures
from ui.shell.figures import Chart, drawn, end_label, end_labels, line_across, note, plotly_text, trace
from ui.shell.markup import address
from ui.shell.numbers import count_text, date_text, index_text, money_text, unit_for, unit_label
from ui.shell.theme import CRITICAL, NO_DATA, OK, QUIET, WARNING, Ink, ink
from ui.shell.wording import _, clauses, msgid, spoken

CURVE_HEIGHT = 410
CURVE_SHARE = 0.27, 0.2  # the curve begins so far above the bottom, the variance ends there
MOST_TIMES = 10_000  # what an axis reaches in the unit of its message: 11,988 万元
TWO_LINES = 32  # pixels that a label of two lines needs
ASSUMED = {
    Method.AT_BUDGET: msgid("if the rest keeps to its budget"),
    Method.AT_PACE_OF_COST: msgid("if it costs as so far"),
    Method.AT_PACE_OF_COST_AND_SCHEDULE: msgid("if cost and schedule go on so"),
    Method.BOTTOM_UP: msgid("as estimated by those who do it"),
}
FORMULAS = {
    Method.AT_BUDGET: "AC + (BAC − EV)",
    Method.AT_PACE_OF_COST: "BAC ÷ CPI",
    Method.AT_PACE_OF_COST_AND_SCHEDULE: "AC + (BAC − EV) ÷ (CPI × SPI)",
    Method.BOTTOM_UP: "AC + ETC",
    Method.AT_PACE_OF_SCHEDULE: "AC + (BAC − EV) ÷ SPI",
    Method.AT_PACE_OF_TIME: "AC + (BAC − EV) ÷ SPI(t)",
    Method.AT_PACE_OF_COST_AND_TIME: "AC + (BAC − EV) ÷ (CPI × SPI(t))",
    Method.MOSTLY_COST_AND_SCHEDULE: "AC + (BAC − EV) ÷ (0.8 CPI + 0.2 SPI)",
    Method.MOSTLY_COST_AND_TIME: "AC + (BAC − EV) ÷ (0.8 CPI + 0.2 SPI(t))",
}
_AT_DATA_DATE = ("earned_value", "actual_cost", "provisional_cost")
_SERIES = ("planned_value", "earned_value", "actual_cost", "provisional_cost", "forecast")


def amount_text(
    amount: float | None,
    told: EarnedValue,
    unit: MoneyUnit | None = None,
    decimals: int | None = None,
    *,
    signed: bool = False,
) -> str:
    """Money in its unit, or hours: what the curve is in."""
    if told.in_hours:
        return _("{hours} h", hours=count_text(None if amount is None else round(amount)))
    return money_text(amount, told.currency, unit=unit, decimals=decimals, signed=signed)


def unit_beside(largest: float, difference: float) -> tuple[MoneyUnit, int]:
    """One unit and its decimals for a chart whose message is `difference`, on amounts up to `largest`: 1.67 on 119.9 M."""
    unit = unit_for([max(abs(difference), abs(largest) / MOST_TIMES)])
    shown = abs(difference) / unit.divisor
    return unit, 0 if not shown or shown >= 10 else 1 if shown >= 1 else 2


# ---- the S-curve ----------------------------------------------------------------------------------------------------


def earned_value_chart(
    told: EarnedValue, narrow: bool = False, of: str = "", events: pl.DataFrame | None = None
) -> Chart:
    """PV, EV and AC to date, the budget, the status date, from the last closed month on the band of EAC, and CV beneath.

    narrow: in half a page, where the ends of the band are named by their amounts alone. of: the project whose rows the points
    open; without one those of all that is chosen. events: of one project (ui.kpis.events.happened).
    """
    curve = told.curve
    if curve.is_empty() or told.budget is None:
        return Chart.empty(
            _("The budget plans no hours for this choice: no earned value in hours to show")
            if told.in_hours
            else _("No budget or cost has been loaded for this choice: no earned value to show")
        )
    paper = ink()
    highest = max(most or 0 for most in curve.select(pl.max(*_SERIES, "forecast_high")).row(0))
    variance = _variance(curve)
    unit, decimals = _unit_of(told, highest, variance)
    top = highest / unit.divisor * 1.22 or 1.0  # room for the names of the band's ends
    lines = _lines(told, paper)
    # the caption tells what lies between the ends of the band
    unnamed = ("provisional_cost", "forecast") if len(lines) > 5 else ("provisional_cost",)
    data, ends, rows = [], [], _Rows(told, of)
    for name, label, line in lines:
        known = _drawn_at(curve, name).select("period_end", name, period=curve["period_end"]).drop_nulls()
        if known.is_empty():
            continue
        values = [value / unit.divisor for value in known[name]]
        words = [f"{label} {amount_text(value, told, unit, decimals)}" for value in known[name]]
        more: dict[str, Any] = {"customdata": rows.behind(name, known["period"])}
        more |= {"name": label, "legendgroup": label, "showlegend": name not in _BESIDE_ANOTHER}
        data.append(trace(known["period_end"], values, words, line, is_dated=True, **more))
        if name == "forecast_high":
            hatched = {"shape": "/", "size": 5, "solidity": 0.12, "fgcolor": paper.muted, "bgcolor": _CLEAR}
            data[-1] |= {"fill": "tonexty", "fillcolor": _CLEAR, "fillpattern": hatched}
        if name not in unnamed:
            text = _end_words(name, label, known[name][-1], told, unit=unit, decimals=decimals, narrow=narrow)
            ink_of_name = paper.muted if line["color"] == QUIET else line["color"]
            ends.append((known["period_end"][-1], values[-1], text, ink_of_name))
    bars = _variance_bars(variance, told, unit, decimals, rows)
    until = max(max(line["x"]) for line in data)
    figure = drawn(
        paper,
        [*data, *bars],
        shapes=_marks(told, told.budget, unit, paper),
        annotations=[
            *_end_labels(ends, top),
            *_mark_labels(told, told.budget, unit, decimals, curve=curve, paper=paper),
            *_variance_label(variance, told, unit, decimals, paper),
        ],
        along=event_marks(events, curve["period_end"][0], until, paper),
        xaxis=figures.MONTHS
        | {"range": [curve["period_end"][0], until]}
        | ({"anchor": "y2"} if bars else {}),
        yaxis={"range": [min(0, *(line["y"][-1] for line in data)), top]}
        | ({"domain": [CURVE_SHARE[0], 1]} if bars else {}),
        yaxis2={
            "domain": [0, CURVE_SHARE[1]], "anchor": "x", "fixedrange": True, "automargin": True, "nticks": 3,
            "showgrid": False, "zerolinecolor": paper.text, "zerolinewidth": 1, "title": {"text": _("CV"), "standoff": 2},
        },
        height=CURVE_HEIGHT if bars else figures.HEIGHT,
        margin={"r": 110 if narrow else 200, "t": 20},
    )  # fmt: skip
    stands = moments.at(told.stands_on or told.status_on)
    return Chart(_title(told), _subtitle(told, unit), figure, stands, _ways(variance, told, rows))


def _unit_of(told: EarnedValue, highest: float, variance: pl.DataFrame) -> tuple[MoneyUnit, int | None]:
    if told.in_hours:
        return MoneyUnit(1), None
    if variance.is_empty():
        return unit_for([highest]), None
    return unit_beside(highest, variance["variance"][-1])


def _variance(curve: pl.DataFrame) -> pl.DataFrame:
    """period_end, stands_on, variance: what is earned less what is spent, to date."""
    spent = pl.coalesce("actual_cost", "provisional_cost")
    stands = pl.col("stands_on" if "stands_on" in curve.columns else "period_end")
    return curve.select("period_end", stands.alias("stands_on"), variance=pl.col("earned_value") - spent).drop_nulls()


def _variance_bars(
    variance: pl.DataFrame, told: EarnedValue, unit: MoneyUnit, decimals: int | None, rows: _Rows
) -> list:
    """Blue-green where more is earned than spent, vermilion where less."""
    if variance.is_empty():
        return []
    days = variance["period_end"]
    apart = min((days.diff().dt.total_days().drop_nulls().to_list()), default=30)
    return [
        {
            "type": "bar",
            "x": variance["stands_on"].to_list(),
            "y": [value / unit.divisor for value in variance["variance"]],
            "yaxis": "y2",
            "width": apart * 0.6 * figures.DAY,
            "marker": {"color": [OK if value >= 0 else CRITICAL for value in variance["variance"]]},
            "text": [
                f"{_('CV')} {amount_text(value, told, unit, decimals, signed=True)}" for value in variance["variance"]
            ],
            "textposition": "none",
            "hovertemplate": "%{text}<br>%{x|%Y-%m-%d}<extra></extra>",
            "customdata": rows.behind("variance", days),
        }
    ]


def _variance_label(
    variance: pl.DataFrame, told: EarnedValue, unit: MoneyUnit, decimals: int | None, paper: Ink
) -> list[dict]:
    """The newest one in words, right of its bar."""
    if variance.is_empty():
        return []
    value = variance["variance"][-1]
    text = amount_text(value, told, unit, decimals, signed=True)
    return [
        end_label(variance["stands_on"][-1], value / unit.divisor / 2, text=text, color=paper.text, shift=0, yref="y2")
    ]


_EVIDENCE = {"planned_value": "schedule_performance_index", "variance": "cost_variance"}
_BESIDE_ANOTHER = ("provisional_cost", "forecast_low", "forecast_high")  # in the legend they are one with AC and EAC
_CLEAR = "rgba(0,0,0,0)"
_SOME_DAY = "0000-00-00"


@dataclass(frozen=True)
class _Rows:
    """Where the points of a curve lead: its address is made once, with a day that each point replaces by its own."""

    told: EarnedValue
    of: str

    def behind(self, name: str, periods: Iterable[dt.date]) -> list[str | None]:
        """The addresses of the rows behind the points of a line; what lies ahead has none."""
        told = self.told
        if name in FORECASTS:
            return [None for _day in periods]
        kpi = _EVIDENCE.get(name, "cost_performance_index") + ("_hours" if told.in_hours else "")
        template = address("overview/evidence", kpi=kpi, at=_SOME_DAY, **({"of": self.of} if self.of else {}))
        last = told.status_on if name == "planned_value" and told.status_on is not None else dt.date.max
        return [template.replace(_SOME_DAY, day.isoformat()) if day <= last else None for day in periods]


def _ways(variance: pl.DataFrame, told: EarnedValue, rows: _Rows) -> list[tuple[str, str]]:
    """What the bars of the variance open, the newest first."""
    addresses = rows.behind("variance", variance["period_end"])
    words = [
        f"{date_text(day)}: {_('CV')} {amount_text(value, told, signed=True)}"
        for day, value in variance.select("stands_on", "variance").iter_rows()
    ]
    return [(said, to) for said, to in zip(words, addresses, strict=True) if to][::-1]


def _drawn_at(curve: pl.DataFrame, name: str) -> pl.DataFrame:
    """Earned value and cost are drawn at the data date at which they stand, all else at the end of its period."""
    if name not in _AT_DATA_DATE or "stands_on" not in curve.columns:
        return curve
    return curve.with_columns(period_end=pl.coalesce("stands_on", "period_end"))


def _lines(told: EarnedValue, paper: Ink) -> list[tuple[str, str, dict]]:
    """(column, name, line), in the order drawn: the band's lower end goes right before its upper end, which fills down to it."""
    lines = [("planned_value", _("PV"), {"color": paper.text, "width": 1.3, "dash": "dash"})]
    if told.band is not None and told.band[0] != told.band[1]:
        thin = {"color": paper.muted, "width": 1}
        lines += [("forecast_low", _("EAC"), thin), ("forecast_high", _("EAC"), thin)]
    return [
        *lines,
        ("forecast", _("EAC"), {"color": paper.text, "width": 1.5, "dash": "dot"}),
        ("provisional_cost", _("AC"), {"color": NO_DATA, "width": 2, "dash": "dot"}),
        ("actual_cost", _("AC"), {"color": paper.text, "width": 3}),
        ("earned_value", _("EV"), {"color": QUIET, "width": 2.5}),
    ]


def _marks(told: EarnedValue, budget: float, unit: MoneyUnit, paper: Ink) -> list[dict]:
    """The line of the budget, and that of the status date."""
    shapes = [line_across(paper.text, 1, y=budget / unit.divisor)]
    if told.status_on is not None:
        shapes.append(line_across(paper.muted, 1, x=told.status_on.isoformat()))
    return shapes


def _mark_labels(
    told: EarnedValue, budget: float, unit: MoneyUnit, decimals: int | None, *, curve: pl.DataFrame, paper: Ink
) -> list[dict]:
    first = curve["period_end"][0]
    named = f"BAC {amount_text(budget, told, unit, decimals)}"
    labels = [end_label(first, budget / unit.divisor, text=named, color=paper.text, shift=9)]
    if told.status_on is not None:
        day = _("data as of {date}", date=date_text(told.status_on))
        labels.append(end_label(told.status_on.isoformat(), 0, text=day, color=paper.muted, shift=10, before=True))
    return labels


def _end_labels(ends: list[tuple], top: float) -> list[dict]:
    """Names each line where it ends: at the right edge beside it; where other lines go on, above the upper one and below the
    lower one. ends: (day, value, text, color)."""
    last = max(end[0] for end in ends)
    outer = [end for end in ends if end[0] == last]
    gap = TWO_LINES if any("<br>" in text for _day, _value, text, _color in outer) else figures.LABEL_GAP
    labels = end_labels(outer, 0, top, gap, align="left")
    inner = sorted((end for end in ends if end[0] != last), key=lambda end: end[1])
    for place, (day, value, text, color) in enumerate(inner):
        labels.append(end_label(day, value, text=text, color=color, shift=12 if place else -12, before=bool(place)))
    return labels


def _end_words(
    name: str,
    label: str,
    value: float,
    told: EarnedValue,
    *,
    unit: MoneyUnit,
    decimals: int | None,
    narrow: bool,
) -> str:
    """A line's name; an end of the band with its amount and what it assumes."""
    if name not in ("forecast_low", "forecast_high") or told.at_completion is None:
        return label
    lowest, highest = methods_at_the_ends(told.at_completion)
    amount = f"{label} {amount_text(value, told, unit, decimals)}"
    return amount if narrow else f"{amount}<br>{spoken(ASSUMED[lowest if name == 'forecast_low' else highest])}"


def methods_at_the_ends(found: Estimates) -> tuple[Method, Method]:
    """The methods of the band that give its least and its greatest estimate."""
    known = {method: value for method in BAND if (value := found.estimate_at_completion[method].value) is not None}
    return min(known, key=known.__getitem__), max(known, key=known.__getitem__)


def _title(told: EarnedValue) -> str:
    stands = told.at_completion
    if stands is None or (ratio := stands.cost_performance_index.value) is None:
        return _("The plan so far; nothing earned or spent is known yet")
    earned = {"ratio": index_text(ratio)}
    in_money = _("Every 1 spent has earned {ratio}", **earned)
    sentence = _("Every hour spent has earned {ratio} planned hours", **earned) if told.in_hours else in_money
    estimate = stands.estimate_at_completion[Method.AT_PACE_OF_COST].value
    if estimate is None or told.budget is None:
        return sentence
    over = {"over": amount_text(abs(estimate - told.budget), told)}
    if stands.to_complete_at_budget.edge is Edge.FINISHED:
        more = _("the whole has cost {over} more than planned", **over)
        less = _("the whole has cost {over} less than planned", **over)
    else:
        more = _("at this rate the whole costs {over} more than planned", **over)
        less = _("at this rate the whole costs {over} less than planned", **over)
    return clauses([sentence, more if estimate > told.budget else less])


def _subtitle(told: EarnedValue, unit: MoneyUnit) -> str:
    if told.in_hours:
        return _("cumulative, hours (h); PV, EV and AC in hours, not in money")
    return _("cumulative, {unit}, excluding VAT", unit=unit_label(unit, told.currency))


# ---- cost against schedule ------------------------------------------------------------------------------------------


def performance_chart(
    points: pl.DataFrame,
    levels: Mapping[str, float],
    is_path: bool,
    period_kind: str,
    opens: Callable[[Row], str] | None = None,
) -> Chart:
    """CPI upwards, SPI to the right. points: name, cpi, spi, budget, period_end, spi_period_end; a path has one per
    period, oldest first.

    levels: warning and critical, the same for both indices. opens: the address of the rows of a point.
    """
    points = points.drop_nulls(["cpi", "spi"])
    if points.is_empty():
        return Chart.empty(_("No project has both a CPI and an SPI yet"))
    paper = ink()
    x_low, x_high = _reach(points["spi"].to_list(), levels)
    y_low, y_high = _reach(points["cpi"].to_list(), levels)
    rings = [_point_color(row, levels, paper) for row in points.iter_rows(named=True)]
    marker: dict[str, Any] = {"color": paper.muted, "line": {"color": rings, "width": 2.5}}
    if is_path:
        marker |= {"size": [6] * (points.height - 1) + [13]}
    else:
        largest = points.select(pl.max("budget")).item() or 1.0
        marker |= {"size": [10 + 30 * ((budget or 0) / largest) ** 0.5 for budget in points["budget"]], "opacity": 0.85}
    words = [
        f"{plotly_text(row['name'])}<br>CPI {index_text(row['cpi'])}, SPI {index_text(row['spi'])}"
        for row in points.iter_rows(named=True)
    ]
    ways = [opens(row) if opens else None for row in points.iter_rows(named=True)]
    dots = trace(
        points["spi"],
        points["cpi"],
        words,
        {"color": paper.muted, "width": 1},
        mode="lines+markers" if is_path else "markers",
        marker=marker,
        customdata=ways,
    )
    shapes = [
        line_across(color, width, **{axis: levels[level]})
        for axis in ("x", "y")
        for level, color, width in (("warning", WARNING, 1), ("critical", CRITICAL, 2))
    ]
    figure = drawn(
        paper,
        [dots],
        shapes=shapes,
        annotations=[*_quadrant_names(paper), *_point_names(points, marker["size"], is_path, (y_low, y_high), paper)],
        xaxis={"range": [x_low, x_high], "title": {"text": "SPI"}, "showgrid": True, "gridcolor": paper.grid},
        yaxis={"range": [y_low, y_high], "title": {"text": "CPI"}},
        margin={"r": 16},
        height=400,
    )
    stands = moments.over(period_kind, [*points["period_end"], *points["spi_period_end"]])
    shown = [(figures.plain(said), way) for said, way in zip(words, ways, strict=True) if way]
    title = _performance_title(points, levels, is_path)
    return Chart(title, _performance_subtitle(levels, is_path), figure, stands, shown[::-1] if is_path else shown)


def _reach(values: list[float], levels: Mapping[str, float]) -> tuple[float, float]:
    low, high = min(*values, levels["critical"]), max(*values, 1.05)
    room = (high - low) * 0.12
    return low - room, high + room


def _point_color(row: Row, levels: Mapping[str, float], paper: Ink) -> str:
    worst = min(row["cpi"], row["spi"])
    if worst < levels["critical"]:
        return CRITICAL
    return WARNING if worst < levels["warning"] else paper.muted


def _quadrant_names(paper: Ink) -> list[dict]:
    """Each corner in words."""
    corners = (
        (0, 1, msgid("late, within its cost")),
        (1, 1, msgid("on time, within its cost")),
        (0, 0, msgid("late and over its cost")),
        (1, 0, msgid("on time, over its cost")),
    )
    return [
        note(
            x,
            y,
            spoken(words),
            paper.muted,
            xref="paper",
            yref="paper",
            xanchor="right" if x else "left",
            yanchor="top" if y else "bottom",
        )
        for x, y, words in corners
    ]


def _point_names(
    points: pl.DataFrame, sizes: list[float], is_path: bool, reach: tuple[float, float], paper: Ink
) -> list[dict]:
    """Every project beside its point; of a path, its first and last month. Names that would touch are moved apart."""
    points = points.with_columns(pl.Series("size", sizes, dtype=pl.Float64))
    named = points if not is_path else pl.concat([points.head(1), points.tail(1)]) if points.height > 1 else points
    low, high = reach
    pixels = [(cpi - low) / (high - low) * (figures.PLOT_HEIGHT + 60) for cpi in named["cpi"]]
    return [
        end_label(
            row["spi"],
            row["cpi"],
            text=plotly_text(row["name"], 14),
            color=paper.text,
            shift=place - pixel,
            xshift=row["size"] / 2 + 4,
        )
        for row, pixel, place in zip(
            named.iter_rows(named=True), pixels, figures.spread(pixels, figures.LABEL_GAP), strict=True
        )
    ]


def _performance_title(points: pl.DataFrame, levels: Mapping[str, float], is_path: bool) -> str:
    if is_path:
        last = points.row(-1, named=True)
        words = {"cpi": index_text(last["cpi"]), "spi": index_text(last["spi"])}
        return _("Where it went, month by month: CPI {cpi}, SPI {spi} in {month}", month=last["name"], **words)
    over = points.filter(pl.col("cpi") < levels["warning"]).height
    late = points.filter(pl.col("spi") < levels["warning"]).height
    return _(
        "Projects that cost more than they earn: {over} of {total}; late: {late}",
        total=points.height,
        over=over,
        late=late,
    )


def _performance_subtitle(levels: Mapping[str, float], is_path: bool) -> str:
    words = _(
        "level lines at {warning} and {critical}",
        warning=index_text(levels["warning"]),
        critical=index_text(levels["critical"]),
    )
    if is_path:
        return words
    size = _("size: budget (BAC); CPI at the last closed month, SPI at the status date")
    return f"{size} · {words}"
