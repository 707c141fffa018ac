"""What the cost page shows one at a time: budget against cost cell by cell, overruns, cost against schedule, all figures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.document import Row
from models.kpis.catalogue import Kpi
from models.vocabulary import UNALLOCATED
from models.words.numbers import index_text, money_text, period_text, unit_for, unit_label
from ui.cost import cells as cost_cells
from ui.cost import charts as cost_charts
from ui.cost import parts as cost_parts
from ui.cost import story as cost_story
from ui.kpis import cards as kpi_cards
from ui.kpis import sections, tables
from ui.shell import data, figures
from ui.shell.filters import stands_words
from ui.shell.wording import _, language

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


def views(
    opened: data.Opened,
    selection: Selection,
    cards: pl.DataFrame,
    grid: pl.DataFrame,
    catalogue: Mapping[str, Kpi],
    *,
    names: Mapping[str, str],
    key: str,
) -> None:
    """One view at a time: only what is looked at is read."""
    words = {
        "cells": _("Budget and cost"),
        "parts": _("Earned value by part"),
        "overruns": _("Overruns"),
        "performance": _("Cost and schedule"),
        "categories": _("By kind of cost"),
        "figures": _("All figures"),
    }
    chosen = st.segmented_control(
        _("View"),
        list(words),
        format_func=words.get,
        default="cells",
        key=f"{key}_view",
        required=True,
        label_visibility="collapsed",
    )
    if chosen == "cells":
        cost_cells.budget_and_cost(opened, selection, names, key=f"{key}_cells")
    elif chosen == "parts":
        cost_parts.parts(opened, selection, names, key=f"{key}_parts")
    elif chosen == "overruns":
        overruns(opened, selection, names, key=f"{key}_overruns")
    elif chosen == "performance":
        performance(opened, selection, names, key=f"{key}_performance")
    elif chosen == "categories":
        by_category(cards, catalogue, names, key=f"{key}_category")
    else:
        rest = cards.filter(~pl.col("kpi_key").is_in([*KEY_CARDS, *cost_story.CATEGORIES]))
        kpi_cards.kpi_row(rest.iter_rows(named=True), catalogue, names, key=f"{key}_card", in_a_row=5)
        sections.member_grid(grid, catalogue, names, key=f"{key}_grid")
        sections.breakdowns(opened, selection, catalogue, names=names, key=f"{key}_breakdown", section="cost")


def by_category(cards: pl.DataFrame, catalogue: Mapping[str, Kpi], names: Mapping[str, str], key: str) -> None:
    """CPI of labor, of what is bought and of subcontracts: one may hide what another loses."""
    shown = cards.filter(pl.col("kpi_key").is_in(cost_story.CATEGORIES))
    kpi_cards.kpi_row(shown.iter_rows(named=True), catalogue, names, key=key, in_a_row=3)
    st.caption(_("Travel, other direct and indirect costs have no CPI of their own; they count in the whole."))


def performance(opened: data.Opened, selection: Selection, names: Mapping[str, str], key: str) -> None:
    """CPI against SPI: one point per project; of one project, its way over the months."""
    catalogue = data.catalogue(opened)
    cpi = catalogue["cost_performance_index"]
    levels = {"warning": cpi.warning_at, "critical": cpi.critical_at}
    is_path = len(names) == 1
    points = _path(opened, selection) if is_path else _points(opened, selection, names)
    figures.show(cost_charts.performance_chart(points, levels, is_path, selection.period_kind), key=key)


def _points(opened: data.Opened, selection: Selection, names: Mapping[str, str]) -> pl.DataFrame:
    values = data.kpi_grid(opened, selection)

    def column(kpi_key: str, of: str, name: str) -> pl.DataFrame:
        return values.filter(pl.col("kpi_key") == kpi_key).select("project_key", pl.col(of).alias(name))

    return (
        column("cost_performance_index", "value", "cpi")
        .join(column("cost_performance_index", "period_end", "period_end"), on="project_key")
        .join(column("schedule_performance_index", "value", "spi"), on="project_key")
        .join(column("schedule_performance_index", "period_end", "spi_period_end"), on="project_key")
        .join(column("percent_complete", "denominator", "budget"), on="project_key", how="left")
        .with_columns(pl.col("project_key").replace(names).alias("name"))
        .sort("project_key")
    )


def _path(opened: data.Opened, selection: Selection) -> pl.DataFrame:
    """CPI and SPI of the closed periods."""
    cost = data.kpi_history(opened, "cost_performance_index", selection).filter(~pl.col("is_provisional"))
    schedule = data.kpi_history(opened, "schedule_performance_index", selection)
    joined = (
        cost.select("period_end", pl.col("value").alias("cpi"))
        .join(schedule.select("period_end", pl.col("value").alias("spi")), on="period_end")
        .sort("period_end")
    )
    periods = [period_text(selection.period_kind, day, language()) for day in joined["period_end"]]
    names = pl.Series("name", periods, dtype=pl.String)
    return joined.with_columns(
        names, pl.lit(None, pl.Float64).alias("budget"), pl.col("period_end").alias("spi_period_end")
    )


def overruns(opened: data.Opened, selection: Selection, names: Mapping[str, str], key: str) -> None:
    """WBS elements or modules by earned value less cost at the last closed month, the largest overrun on top."""
    by = st.segmented_control(
        _("Of what"),
        ["wbs_code", "module"],
        format_func={"wbs_code": _("WBS elements"), "module": _("Modules")}.get,
        default="wbs_code",
        key=f"{key}_by",
        required=True,
        label_visibility="collapsed",
    )
    elements = data.overruns(opened, selection, by)
    if elements.is_empty():
        st.caption(_("No budget, earned value or cost is known for this choice."))
        return
    over = elements.filter(pl.col("variance") < 0)
    unit = unit_for(elements["actual"].to_list(), language())
    stands = data.stands(opened, selection, "cost_variance")
    st.markdown("**" + _overruns_title(elements, over) + "**")
    words = _(
        "{unit}, excluding VAT; earned value less cost adds up to the cost variance",
        unit=unit_label(unit, None, language()),
    )
    st.caption(f"{stands_words(stands)} · {words}")
    shown = elements.head(OVERRUNS_SHOWN) if over.is_empty() else over.head(OVERRUNS_SHOWN)
    plain = unit.divisor
    table = pl.DataFrame(
        {
            "project": [names.get(project, project) for project in shown["project_key"]],
            "element": [element_word(row, by) for row in shown.iter_rows(named=True)],
            "budget": [value / plain for value in shown["budget"]],
            "earned": [value / plain for value in shown["earned"]],
            "actual": [value / plain for value in shown["actual"]],
            "variance": [value / plain for value in shown["variance"]],
            "words": [_words(row) for row in shown.iter_rows(named=True)],
        }
    )
    if len(names) == 1:
        table = table.drop("project")
    number = partial(st.column_config.NumberColumn, format="localized")
    tables.plain_table(
        table.with_columns(pl.col(pl.Float64).round(2)),
        key=f"{key}_{by}",
        columns={
            "project": st.column_config.TextColumn(_("Project"), width=130),
            "element": st.column_config.TextColumn(_("WBS element") if by == "wbs_code" else _("Module"), width=190),
            "budget": number(_("Budget"), width=84),
            "earned": number(_("Earned"), width=84),
            "actual": number(_("Cost"), width=84),
            "variance": number(_("Earned − cost"), width=104),
            "words": st.column_config.TextColumn(_("In words"), width=210),
        },
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
        amount=money_text(-over["variance"].sum(), None, language()),
    )


def _words(row: Row) -> str:
    if not row["actual"]:
        return _("no cost yet")
    if not row["budget"]:
        return _("cost without a budget")
    if not row["earned"]:
        return _("cost, and nothing earned yet")
    return _("{spent} spent for every 1 earned", spent=index_text(row["actual"] / row["earned"], language()))
