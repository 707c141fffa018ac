"""Progress held against any frozen baseline: the figures side by side, and the plan of two of them as curves."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from models.document import Row
from models.schedule.baselines import baseline_curves, baseline_standing
from models.words import moments
from models.words.numbers import date_text, index_text, money_text, unit_for, unit_label
from ui.kpis.tables import plain_table
from ui.shell import boxes, data, figures
from ui.shell.figures import LABEL_GAP, PLOT_HEIGHT, Chart, drawn, end_label, line_across, plotly_text, spread
from ui.shell.theme import ink
from ui.shell.wording import _, language, safe


def section(opened: data.Opened, project: Row) -> None:
    """The project's variance against each of its baselines, and the curve of the chosen one beside the active one."""
    rows = baseline_standing(opened.snapshot, str(project["project_key"]))
    if rows.is_empty():
        st.info(_("No budget of this project is in the current build: there is no baseline to compare with."))
        return
    _figures(rows)
    others = rows.filter(~pl.col("is_active"))
    chosen = None
    if not others.is_empty():
        names = dict(others.select("baseline_id", "baseline").iter_rows())
        if st.session_state.get("baselines_against") not in names:
            st.session_state["baselines_against"] = next(iter(names))
        chosen = boxes.selectbox(_("Compare with"), list(names), format_func=names.get, key="baselines_against")
    curves = baseline_curves(opened.snapshot, str(project["project_key"]))
    figures.show(plan_chart(curves, rows, chosen), key="baselines_chart")


def _figures(rows: pl.DataFrame) -> None:
    shown = language()
    currency = rows["currency"][0]
    told = list(rows.iter_rows(named=True))
    status_on = date_text(rows["status_on"][0], shown)
    st.caption(
        _(
            "● is the active baseline. PV and EV stand at the status date, {date}; "
            "every baseline pays for the work by its own budget.",
            date=status_on,
        )
    )
    plain_table(
        pl.DataFrame(
            {
                "baseline": [f"● {row['baseline']}" if row["is_active"] else row["baseline"] for row in told],
                "bac": [money_text(row["budget_at_completion"], currency, shown) for row in told],
                "bac_difference": [_difference(row["budget_difference"], currency, shown) for row in told],
                "pv": [money_text(row["planned_value"], currency, shown) for row in told],
                "ev": [money_text(row["earned_value"], currency, shown) for row in told],
                "sv": [money_text(row["schedule_variance"], currency, shown, signed=True) for row in told],
                "spi": [index_text(row["schedule_performance_index"], shown) for row in told],
                "finish": [date_text(row["finish_on"], shown) for row in told],
                "finish_difference": [_days(row["finish_difference_days"]) for row in told],
            }
        ),
        key="baselines_variance",
        columns={
            "baseline": st.column_config.TextColumn(_("Baseline")),
            "bac": st.column_config.TextColumn(_("BAC"), alignment="right"),
            "bac_difference": st.column_config.TextColumn(
                _("BAC since then"), alignment="right", help=_("BAC of the active baseline less that of this one")
            ),
            "pv": st.column_config.TextColumn(_("PV"), alignment="right"),
            "ev": st.column_config.TextColumn(_("EV"), alignment="right"),
            "sv": st.column_config.TextColumn(_("SV"), alignment="right"),
            "spi": st.column_config.TextColumn(_("SPI"), alignment="right"),
            "finish": st.column_config.TextColumn(_("Planned finish")),
            "finish_difference": st.column_config.TextColumn(
                _("Finish since then"), alignment="right", help=_("Finish of the active baseline less that of this one")
            ),
        },
    )


def _difference(amount: float | None, currency: str, shown: str) -> str:
    return "" if not amount else money_text(amount, currency, shown, signed=True)


def _days(days: int | None) -> str:
    return "" if not days else _("{days} days", days=f"{days:+d}")


def plan_chart(curves: pl.DataFrame, standing: pl.DataFrame, chosen: int | None) -> Chart:
    """PV to date of the active baseline and of the chosen one, both dashed as plans are; the status date; EV as a point.

    curves: as baseline_curves gives them. standing: as baseline_standing gives them. chosen: a baseline_id, or None.
    """
    paper, shown = ink(), language()
    rows = {row["baseline_id"]: row for row in standing.iter_rows(named=True)}
    active = next((row for row in rows.values() if row["is_active"]), None)
    drawn_rows = [row for row in (rows.get(chosen), active) if row is not None]
    if not drawn_rows:
        return Chart(_("No baseline to show"), "", None, None)
    currency = drawn_rows[-1]["currency"]
    unit = unit_for([row["budget_at_completion"] for row in drawn_rows], shown)
    lines, ends = [], []
    for row in drawn_rows:
        months = curves.filter(pl.col("baseline_id") == row["baseline_id"])
        values = [value / unit.divisor for value in months["planned_value_to_date"]]
        color, width = (paper.accent, 2.5) if row is active else (paper.muted, 2)
        label = plotly_text(f"PV {row['baseline']}")
        lines.append(
            {
                "type": "scatter",
                "x": months["month_end"].to_list(),
                "y": values,
                "mode": "lines",
                "line": {"color": color, "width": width, "dash": "dash"},
                "text": [
                    f"{label} {money_text(value, currency, shown, unit=unit)}"
                    for value in months["planned_value_to_date"]
                ],
                "hovertemplate": "%{text}<br>%{x|%Y-%m-%d}<extra></extra>",
            }
        )
        ends.append((months["month_end"][-1], values[-1], label, color))
    status_on, earned = drawn_rows[-1]["status_on"], drawn_rows[-1]["earned_value"]
    if status_on is not None and earned is not None:
        lines.append(
            {
                "type": "scatter",
                "x": [status_on],
                "y": [earned / unit.divisor],
                "mode": "markers+text",
                "marker": {"color": paper.accent, "size": 9},
                "text": ["EV"],
                "textposition": "bottom right",
                "hovertemplate": f"EV {money_text(earned, currency, shown, unit=unit)}<extra></extra>",
            }
        )
    top = max(end[1] for end in ends) * 1.08 or 1.0
    pixels = [value / top * PLOT_HEIGHT for _day, value, _label, _color in ends]
    labels = [
        end_label(day, value, text=label, color=color, shift=place - pixel)
        for (day, value, label, color), pixel, place in zip(ends, pixels, spread(pixels, LABEL_GAP), strict=True)
    ]
    figure = drawn(
        paper,
        lines,
        shapes=[line_across(paper.muted, 1, x=status_on)] if status_on else [],
        annotations=labels,
        xaxis={"tickformat": "%Y-%m", "nticks": 8},
        yaxis={"range": [0, top]},
    )
    subtitle = _("PV to date, {unit}, excluding VAT; upright line: status date", unit=unit_label(unit, currency, shown))
    return Chart(_chart_title(active, rows.get(chosen), currency), subtitle, figure, moments.at(status_on))


def _chart_title(active: Mapping | None, other: Mapping | None, currency: str) -> str:
    if active is None or other is None:
        return _("One baseline so far: nothing to compare it with")
    words: dict[str, str] = {
        "active": safe(active["baseline"]),
        "other": safe(other["baseline"]),
        "money": money_text(other["budget_difference"], currency, language(), signed=True),
        "days": f"{other['finish_difference_days']:+d}",
    }
    return _("Since {other}, {active} has moved the budget by {money} and the planned finish by {days} days", **words)
