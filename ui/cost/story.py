"""The cost of the work in sentences: when the budget is used up, what costs most too much, what it does to the margin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from models.cost import basis as model_basis
from models.cost import cells, series
from models.cost.causes import causes
from models.cost.earning_rules import earning_rules
from models.cost.estimates import BAND, Method
from models.cost.series import EarnedValue
from models.intake import UndoneFile
from models.kpis.catalogue import Kpi
from models.kpis.worst import BAD, place_of
from models.vocabulary import UNALLOCATED, KpiStatus
from models.words import moments
from ui.cost import basis as cost_basis
from ui.cost import charts as cost_charts
from ui.cost import rules as cost_rules
from ui.cost import waterfall as cost_waterfall
from ui.kpis import currencies, events
from ui.kpis.page import KpiPage
from ui.shell import boxes, data, figures
from ui.shell.numbers import date_text, index_text, money_text, month_text, percent_text
from ui.shell.wording import STATUS_SIGNS, _, clauses, first_of, language, safe, spoken

CATEGORIES = (
    "cost_performance_index_labor",
    "cost_performance_index_equipment",
    "cost_performance_index_subcontract",
    "cost_performance_index_other",
)
PROJECTS_NAMED = 4


def bad_news(page: KpiPage) -> None:
    """What a reader must know before any chart, one line each; nothing where there is nothing to say."""
    rows = {row["kpi_key"]: row for row in page.cards.iter_rows(named=True)}
    lines = [
        _budget_line(page),
        _category_line(rows, page.catalogue),
        _overrun_line(page),
        _margin_line(rows),
        *currencies.money_lines(page, rows.get("cost_variance", {}).get("period_end")),
    ]
    told = [f"- {line}" for line in lines if line]
    if told:
        st.markdown("\n".join(told))


def curve(page: KpiPage, undone: Sequence[UndoneFile], key: str) -> None:
    """The S-curve in money or hours, and under it what the band assumes and what EV and AC rest on.

    undone: files whose undoing is an event of their project.
    """
    units = {"money": _("in money"), "hours": _("in hours")}
    unit = boxes.one_of(_("Unit of earned value"), units, key=f"{key}_unit")
    view, selection = page.view, page.selection
    told = view.ask(series.earned_value, selection, unit == "hours")
    happened = events.happened(view, next(iter(page.names)), undone) if len(page.names) == 1 else None
    figures.show(cost_charts.earned_value_chart(told, events=happened), key=f"{key}_{unit}")
    if unit == "money":
        by_cause = cost_waterfall.waterfall(view.ask(causes, selection), moments.at(told.stands_on))
        figures.show(by_cause, key=f"{key}_causes")
    rules = cost_rules.rules_line(view.ask(earning_rules, selection), told.currency)
    basis = view.ask(model_basis.cost_basis, selection)
    for line in (band_line(told), basis_line(told, basis), rules):
        if line:
            st.caption(line)
    cost_basis.details(told, basis, page.names, key=key)
    for line in currencies.money_lines(page, told.stands_on) if told.at_completion is not None else ():
        st.caption(line)


def band_line(told: EarnedValue) -> str:
    """The known estimates of the band, each with what it assumes and its formula, the least first."""
    if told.at_completion is None or told.band is None or told.band[0] == told.band[1]:
        return ""
    known = sorted(
        (value, method)
        for method in BAND
        if (value := told.at_completion.estimate_at_completion[method].value) is not None
    )
    words = [
        f"{cost_charts.amount_text(value, told)} {spoken(cost_charts.ASSUMED[method])} ({cost_charts.FORMULAS[method]})"
        for value, method in known
    ]
    return _("What the whole will take (EAC): {which}", which=clauses(words))


def basis_line(told: EarnedValue, basis: pl.DataFrame) -> str:
    """What EV and AC rest on, in words."""
    words = []
    if "status_dates" in told.history_methods and "actual_dates" in told.history_methods:
        words.append(_("EV: progress at each data date; where the schedule names none, actual finishes by 0/100"))
    elif "status_dates" in told.history_methods:
        words.append(_("EV: progress at each data date"))
    elif told.history_methods:
        words.append(_("EV: actual finishes by 0/100, as the schedule names no data date"))
    if told.in_hours:
        words.append(_("AC: hours logged in timesheets"))
    elif cost := cost_basis.actual_cost_line(basis):
        words.append(cost)
    return " · ".join(words)


# ---- the lines ------------------------------------------------------------------------------------------------------


def _budget_line(page: KpiPage) -> str:
    if len(page.names) != 1:
        return _budget_lines(page)
    told = page.view.ask(series.earned_value, page.selection)
    if told.used_up_on is None:
        return ""
    sign = STATUS_SIGNS[KpiStatus.CRITICAL if told.is_used_up else KpiStatus.WARNING]
    if told.is_used_up:
        return f"{sign} {_spent_line(told)}"
    used_up, ends = date_text(told.used_up_on), date_text(told.plan_ends_on)
    pace = _(
        "At this pace (the plan still to come ÷ CPI) the budget is used up on {date}; the plan ends on {end}",
        date=used_up,
        end=ends,
    )
    return f"{sign} {pace}"


def _spent_line(told: EarnedValue) -> str:
    """The budget is gone: since when, how much of the work is left, and what that will cost."""
    month, stands = month_text(told.used_up_on), told.at_completion
    used_up = _("The budget was used up in {month}", month=month)
    if stands is None:  # cost is closed before anything earned is known
        return used_up
    rest = stands.estimate_to_complete[Method.AT_PACE_OF_COST].value
    known = told.curve.drop_nulls(["earned_value", "actual_cost"]).row(-1, named=True)
    left = 1 - known["earned_value"] / told.budget
    if rest is None or left <= 0:
        return used_up
    return _(
        "The budget was used up in {month}; {left} of the work is left and will cost {rest} more at this pace",
        month=month,
        left=percent_text(left),
        rest=money_text(rest, told.currency),
    )


def _budget_lines(page: KpiPage) -> str:
    """Several projects: those whose budget is used up, or will be before the work is done, the earliest first."""
    found = []
    for project_key in page.names:
        told = page.view.ask(series.earned_value, data.one_project(page.selection, project_key))
        if told.used_up_on is not None:
            found.append((told.used_up_on, told.is_used_up, page.names[project_key]))
    if not found:
        return ""
    found.sort()
    words = [
        f"{safe(name)} {_('since {month}', month=month_text(day)) if is_past else date_text(day)}"
        for day, is_past, name in found
    ]
    which = first_of(words, PROJECTS_NAMED)
    sign = STATUS_SIGNS[KpiStatus.CRITICAL if any(is_past for _day, is_past, _name in found) else KpiStatus.WARNING]
    return sign + " " + _("At this pace (the plan still to come ÷ CPI) the budget is used up: {which}", which=which)


def _category_line(rows: Mapping[str, Mapping], catalogue: Mapping[str, Kpi]) -> str:
    """The category that earns least for what it costs, beside the one that earns most."""
    known = sorted(
        (rows[key] for key in CATEGORIES if key in rows and rows[key]["value"] is not None),
        key=place_of,
    )
    if len(known) < 2 or known[0]["status"] not in BAD:
        return ""
    worst, best = known[0], known[-1]
    return _(
        "{sign} By kind of cost, the worst is {worst}: {low}; the best is {best}: {high}",
        sign=STATUS_SIGNS[worst["status"]],
        worst=safe(catalogue[worst["kpi_key"]].short(language())),
        low=index_text(worst["value"]),
        best=safe(catalogue[best["kpi_key"]].short(language())),
        high=index_text(best["value"]),
    )


def _overrun_line(page: KpiPage) -> str:
    """The element of the plan that costs most beyond what it earned, and what is booked on none."""
    elements, names = page.view.ask(cells.overruns, page.selection, "wbs_code"), page.names
    planned = elements.filter((pl.col("code") != UNALLOCATED) & (pl.col("variance") < 0))
    loose = elements.filter(pl.col("code") == UNALLOCATED)["actual"].sum()
    words = []
    if not planned.is_empty():
        row = planned.row(0, named=True)
        element = safe(row["name"] or row["code"])
        words.append(
            _(
                "Largest overrun: {element} cost {actual} for work worth {earned}, {over} too much",
                element=element
                if len(names) == 1
                else f"{element} ({safe(names.get(row['project_key'], row['project_key']))})",
                actual=money_text(row["actual"], None),
                earned=money_text(row["earned"], None),
                over=money_text(-row["variance"], None),
            )
        )
    if loose > 0:
        words.append(_("{amount} is booked on no element of the plan", amount=money_text(loose, None)))
    return clauses(words)


def _margin_line(rows: Mapping[str, Mapping]) -> str:
    """The margin as it will be, beside what the budget would have left."""
    margin, complete = rows.get("gross_margin_forecast"), rows.get("percent_complete")
    if not margin or margin["value"] is None or not complete or not complete["denominator"]:
        return ""
    contract = margin["denominator"]
    planned = (contract - complete["denominator"]) / contract
    if margin["left_out"] or margin["value"] >= planned:
        return ""
    return _(
        "Gross margin falls to {margin} of the contract ({contract} without VAT); within its budget it would be {planned}",
        margin=percent_text(margin["value"]),
        contract=money_text(contract, None),
        planned=percent_text(planned),
    )
