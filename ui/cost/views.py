"""What the cost page shows one at a time: budget against cost cell by cell, overruns, cost against schedule, all figures."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from models.cost import cells
from models.document import Row
from models.kpis import values
from models.vocabulary import UNALLOCATED
from ui.cost import cells as cost_cells
from ui.cost import charts as cost_charts
from ui.cost import parts as cost_parts
from ui.cost import story as cost_story
from ui.cost import vendors as cost_vendors
from ui.kpis import cards as kpi_cards
from ui.kpis import sections, tables
from ui.kpis.page import KpiPage
from ui.shell import boxes, data, figures
from ui.shell.filters import stands_words
from ui.shell.markup import address
from ui.shell.numbers import index_text, money_text, period_text, unit_for, unit_label
from ui.shell.tables import Column, number, table, text
from ui.shell.wording import _

KEY_CARDS = (
    "cost_performance_index",
    "cost_variance",
    "estimate_at_completion",
    "to_complete_performance_index",
    "gross_margin_forecast",
)
OVERRUNS_SHOWN = 15


def key_cards(cards: pl.DataFrame) -> pl.DataFrame:
    """The five cards that answer the page's question."""
    return cards.filter(pl.col("kpi_key").is_in(KEY_CARDS))


def views(page: KpiPage, key: str) -> None:
    """One view at a time: only what is looked at is read."""
    words = {
        "cells": _("Budget and cost"),
        "parts": _("Earned value by part"),
        "overruns": _("Overruns"),
        "performance": _("Cost and schedule"),
        "categories": _("By kind of cost"),
        "vendors": _("By supplier"),
        "figures": _("All figures"),
    }
    if st.session_state.get(f"{key}_view") not in words:  # the address of the page carries it
        st.session_state[f"{key}_view"] = "cells"
    chosen = boxes.one_of(_("View"), words, default=None, key=f"{key}_view")
    if chosen == "cells":
        cost_cells.budget_and_cost(page, key=f"{key}_cells")
    elif chosen == "parts":
        cost_parts.parts(page, key=f"{key}_parts")
    elif chosen == "overruns":
        overruns(page, key=f"{key}_overruns")
    elif chosen == "performance":
        performance(page, key=f"{key}_performance")
    elif chosen == "categories":
        by_category(page, key=f"{key}_category")
    elif chosen == "vendors":
        cost_vendors.by_vendor(page, key=f"{key}_vendors")
    else:
        rest = page.cards.filter(~pl.col("kpi_key").is_in([*KEY_CARDS, *cost_story.CATEGORIES]))
        kpi_cards.kpi_row(page, rest, key=f"{key}_card", in_a_row=5)
        sections.member_grid(page, key=f"{key}_grid")
        sections.breakdowns(page, key=f"{key}_breakdown", section="cost")


def by_category(page: KpiPage, key: str) -> None:
    """CPI of labor, of what is bought and of subcontracts: one may hide what another loses."""
    shown = page.cards.filter(pl.col("kpi_key").is_in(cost_story.CATEGORIES))
    kpi_cards.kpi_row(page, shown, key=key, in_a_row=3)
    st.caption(_("Travel, other direct and indirect costs have no CPI of their own; they count in the whole."))


def performance(page: KpiPage, key: str) -> None:
    """CPI against SPI: one point per project; of one project, its way over the months."""
    cpi = page.catalogue["cost_performance_index"]
    assert cpi.warning_at is not None and cpi.critical_at is not None  # the catalogue gives both
    levels = {"warning": cpi.warning_at, "critical": cpi.critical_at}
    is_path = len(page.names) == 1
    points = _path(page) if is_path else _points(page)
    of = next(iter(page.names)) if is_path else ""
    chart = cost_charts.performance_chart(
        points, levels, is_path, page.selection.period_kind, partial(_rows_of_worse, of)
    )
    figures.show(chart, key=key)


def _rows_of_worse(of: str, row: Row) -> str:
    """The address of the rows of the worse index of a point. of: the project of a path; else each point is a project's."""
    is_cost = row["cpi"] <= row["spi"]
    kpi = "cost_performance_index" if is_cost else "schedule_performance_index"
    end = row["period_end" if is_cost else "spi_period_end"]
    return address("overview/evidence", kpi=kpi, of=of or row["project_key"], at=end.isoformat())


def _points(page: KpiPage) -> pl.DataFrame:
    rows = data.kpi_grid(page.view, page.selection)
    keys = ("cost_performance_index", "schedule_performance_index", "percent_complete")
    cpi, spi, complete = (rows.filter(pl.col("kpi_key") == key) for key in keys)
    return (
        cpi.select("project_key", "period_end", cpi="value")
        .join(spi.select("project_key", spi="value", spi_period_end="period_end"), on="project_key")
        .join(complete.select("project_key", budget="denominator"), on="project_key", how="left")
        .with_columns(name=pl.col("project_key").replace(dict(page.names)))
        .sort("project_key")
    )


def _path(page: KpiPage) -> pl.DataFrame:
    """CPI and SPI of the closed periods."""
    view, selection = page.view, page.selection
    cost = view.ask(values.kpi_history, "cost_performance_index", selection).filter(~pl.col("is_provisional"))
    schedule = view.ask(values.kpi_history, "schedule_performance_index", selection)
    joined = cost.select("period_end", cpi="value").join(schedule.select("period_end", spi="value"), on="period_end")
    joined = joined.sort("period_end").with_columns(spi_period_end="period_end", budget=pl.lit(None, pl.Float64))
    periods = [period_text(selection.period_kind, day) for day in joined["period_end"]]
    return joined.with_columns(name=pl.Series(periods, dtype=pl.String))


def overruns(page: KpiPage, key: str) -> None:
    """WBS elements or modules by earned value less cost at the last closed month, the largest overrun on top."""
    view, selection, names = page.view, page.selection, page.names
    by = boxes.one_of(_("Of what"), {"wbs_code": _("WBS elements"), "module": _("Modules")}, key=f"{key}_by")
    elements = view.ask(cells.overruns, selection, by)
    if elements.is_empty():
        st.caption(_("No budget, earned value or cost is known for this choice."))
        return
    over = elements.filter(pl.col("variance") < 0)
    unit = unit_for(elements["actual"].to_list())
    stands = data.stands(view, selection, "cost_variance")
    st.markdown("**" + _overruns_title(elements, over) + "**")
    words = _("{unit}, excluding VAT; earned value less cost adds up to the cost variance", unit=unit_label(unit, None))
    st.caption(f"{stands_words(stands)} · {words}")
    shown = elements.head(OVERRUNS_SHOWN) if over.is_empty() else over.head(OVERRUNS_SHOWN)

    def amount(name: str, head: str, width: int = 84) -> Column:
        return number(head, lambda row: round(row[name] / unit.divisor, 2), width=width)

    project = text(_("Project"), lambda row: names.get(row["project_key"], row["project_key"]), width=130)
    table(
        shown,
        {
            "project": project if len(names) > 1 else None,
            "element": text(
                _("WBS element") if by == "wbs_code" else _("Module"), lambda row: element_word(row, by), width=190
            ),
            "budget": amount("budget", _("Budget")),
            "earned": amount("earned", _("Earned")),
            "actual": amount("actual", _("Cost")),
            "variance": amount("variance", _("Earned − cost"), width=104),
            "words": text(_("In words"), _words, width=210),
        },
        key=f"{key}_{by}",
    )
    tables.download(lambda: elements, f"plimsoll-overruns-{by}", stands, key=f"{key}_download")


def element_word(row: Row, by: str) -> str:
    """An element as it is shown: code and name."""
    if row["code"] == UNALLOCATED:
        return _("booked on no element of the plan")
    if by == "module":
        return sections.member_word("module", row["code"])
    return f"{row['code']} {row['name'] or ''}".strip()


def _overruns_title(elements: pl.DataFrame, over: pl.DataFrame) -> str:
    """How many of the elements that are planned cost too much, and how much."""
    planned, over = elements.filter(pl.col("code") != UNALLOCATED), over.filter(pl.col("code") != UNALLOCATED)
    if over.is_empty():
        return _("Nothing costs more than it has earned")
    return _(
        "{count} of {total} cost more than they have earned, {amount} in all",
        count=over.height,
        total=planned.height,
        amount=money_text(-over["variance"].sum(), None),
    )


def _words(row: Row) -> str:
    if not row["actual"]:
        return _("no cost yet")
    if not row["budget"]:
        return _("cost without a budget")
    if not row["earned"]:
        return _("cost, and nothing earned yet")
    return _("{spent} spent for every 1 earned", spent=index_text(row["actual"] / row["earned"]))
