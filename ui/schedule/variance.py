"""Progress held against any frozen baseline: the figures side by side, and the plan of two of them as curves."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter

import polars as pl
import streamlit as st

from models.document import Row
from models.schedule.baselines import baseline_curves, baseline_standing
from models.words import moments
from ui.kpis.events import event_marks
from ui.shell import boxes, data, figures
from ui.shell.figures import MONTHS, Chart, drawn, end_labels, line_across, plotly_text, trace
from ui.shell.numbers import date_text, index_text, money_text, unit_for, unit_label
from ui.shell.tables import Column, figure, table, text
from ui.shell.theme import ink
from ui.shell.wording import _, safe


def section(view: data.BuildView, project: Row, events: pl.DataFrame | None = None) -> None:
    """The project's variance against each of its baselines, and the curve of the chosen one beside the active one.

    events: of the project (ui.kpis.events.happened).
    """
    rows = baseline_standing(view.snapshot, str(project["project_key"]))
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
        chosen = boxes.selectbox(_("Compare with"), names, key="baselines_against")
    curves = baseline_curves(view.snapshot, str(project["project_key"]))
    figures.show(plan_chart(curves, rows, chosen, events), key="baselines_chart")


def _figures(rows: pl.DataFrame) -> None:
    currency = rows["currency"][0]
    status_on = date_text(rows["status_on"][0])
    st.caption(
        _(
            "● is the active baseline. PV and EV stand at the status date, {date}; "
            "every baseline pays for the work by its own budget.",
            date=status_on,
        )
    )

    def money(head: str, name: str, **look: bool) -> Column:
        return figure(head, lambda row: money_text(row[name], currency, **look), value=itemgetter(name))

    table(
        rows,
        {
            "baseline": text(
                _("Baseline"), lambda row: f"● {row['baseline']}" if row["is_active"] else row["baseline"]
            ),
            "bac": money(_("BAC"), "budget_at_completion"),
            "bac_difference": figure(
                _("BAC since then"),
                lambda row: _difference(row["budget_difference"], currency),
                value=itemgetter("budget_difference"),
                help=_("BAC of the active baseline less that of this one"),
            ),
            "pv": money(_("PV"), "planned_value"),
            "ev": money(_("EV"), "earned_value"),
            "sv": money(_("SV"), "schedule_variance", signed=True),
            "spi": figure(
                _("SPI"),
                lambda row: index_text(row["schedule_performance_index"]),
                value=itemgetter("schedule_performance_index"),
            ),
            "finish": text(_("Planned finish"), lambda row: date_text(row["finish_on"]), value=itemgetter("finish_on")),
            "finish_difference": figure(
                _("Finish since then"),
                lambda row: _days(row["finish_difference_days"]),
                value=itemgetter("finish_difference_days"),
                help=_("Finish of the active baseline less that of this one"),
            ),
        },
        key="baselines_variance",
    )


def _difference(amount: float | None, currency: str) -> str:
    return "" if not amount else money_text(amount, currency, signed=True)


def _days(days: int | None) -> str:
    return "" if not days else _("{days} days", days=f"{days:+d}")


def plan_chart(
    curves: pl.DataFrame, standing: pl.DataFrame, chosen: int | None, events: pl.DataFrame | None = None
) -> Chart:
    """PV to date of the active baseline and of the chosen one, both dashed as plans are; the status date; EV as a point.

    curves: as baseline_curves gives them. standing: as baseline_standing gives them. chosen: a baseline_id, or None.
    events: of the project (ui.kpis.events.happened).
    """
    paper = ink()
    rows = {row["baseline_id"]: row for row in standing.iter_rows(named=True)}
    active = next((row for row in rows.values() if row["is_active"]), None)
    drawn_rows = [row for row in (rows.get(chosen), active) if row is not None]
    if not drawn_rows:
        return Chart.empty(_("No baseline to show"))
    currency = drawn_rows[-1]["currency"]
    unit = unit_for([row["budget_at_completion"] for row in drawn_rows])
    lines, ends = [], []
    for row in drawn_rows:
        months = curves.filter(pl.col("baseline_id") == row["baseline_id"])
        values = [value / unit.divisor for value in months["planned_value_to_date"]]
        color, width = (paper.accent, 2.5) if row is active else (paper.muted, 2)
        label = plotly_text(f"PV {row['baseline']}")
        words = [f"{label} {money_text(value, currency, unit=unit)}" for value in months["planned_value_to_date"]]
        line = {"color": color, "width": width, "dash": "dash"}
        lines.append(trace(months["month_end"], values, words, line, is_dated=True))
        ends.append((months["month_end"][-1], values[-1], label, color))
    status_on, earned = drawn_rows[-1]["status_on"], drawn_rows[-1]["earned_value"]
    if status_on is not None and earned is not None:
        lines.append(
            trace(
                [status_on],
                [earned / unit.divisor],
                ["EV"],
                {},
                mode="markers+text",
                marker={"color": paper.accent, "size": 9},
                textposition="bottom right",
                hovertemplate=f"EV {money_text(earned, currency, unit=unit)}<extra></extra>",
            )
        )
    top = max(end[1] for end in ends) * 1.08 or 1.0
    days = [day for line in lines for day in line["x"]]
    figure = drawn(
        paper,
        lines,
        along=event_marks(events, min(days), max(days), paper),
        shapes=[line_across(paper.muted, 1, x=status_on)] if status_on else [],
        annotations=end_labels(ends, 0, top),
        xaxis=MONTHS,
        yaxis={"range": [0, top]},
    )
    subtitle = _("PV to date, {unit}, excluding VAT; upright line: status date", unit=unit_label(unit, currency))
    return Chart(_chart_title(active, rows.get(chosen), currency), subtitle, figure, moments.at(status_on))


def _chart_title(active: Mapping | None, other: Mapping | None, currency: str) -> str:
    if active is None or other is None:
        return _("One baseline so far: nothing to compare it with")
    words: dict[str, str] = {
        "active": safe(active["baseline"]),
        "other": safe(other["baseline"]),
        "money": money_text(other["budget_difference"], currency, signed=True),
        "days": f"{other['finish_difference_days']:+d}",
    }
    return _("Since {other}, {active} has moved the budget by {money} and the planned finish by {days} days", **words)
