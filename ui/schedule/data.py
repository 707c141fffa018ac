"""What the schedule pages read, cached by build and project. Schedules are computed when they are read, not in the build."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

import polars as pl

from models.builds.selection import Selection
from models.kpis import values
from models.vocabulary import PeriodKind
from ui.kpis import readings
from ui.shell import data
from ui.shell.data import BuildView
from ui.shell.markup import address, addresses


def performance_history(view: BuildView, selection: Selection, project_key: str) -> pl.DataFrame:
    """period_end, spi, spi_t of one project, by the periods of the selection."""
    alone = replace(selection, projects=(project_key,), customers=(), module=None)
    spi = view.ask(values.kpi_history, "schedule_performance_index", alone).select("period_end", spi="value")
    in_time = view.ask(values.kpi_history, "schedule_performance_index_time", alone).select("period_end", spi_t="value")
    return spi.join(in_time, on="period_end", how="full", coalesce=True).sort("period_end")


def evidence_of_days(
    view: BuildView, selection: Selection, project_key: str, kpi_key: str, days: Sequence[dt.date]
) -> dict[dt.date, str]:
    """{data date: address of the rows of a KPI then}: of the period chosen, month or week, where it is the last of its data
    dates, else of its week. A day that is the last of neither has none."""
    alone = replace(selection, projects=(project_key,), customers=(), module=None, period_end=None)
    found: dict[dt.date, str] = {}
    for kind in (selection.period_kind, PeriodKind.WEEK):
        last = last_of_periods(days, view.ask(values.period_ends, replace(alone, period_kind=kind)))
        found = {
            day: address("overview/evidence", kpi=kpi_key, of=project_key, period=kind.value, at=end.isoformat())
            for day, end in last.items()
        } | found
    return found


def last_of_periods(days: Sequence[dt.date], ends: Sequence[dt.date]) -> dict[dt.date, dt.date]:
    """{day: end of its period} of the days that no other one follows in the same period. ends: of periods, in any order."""
    ordered = sorted(ends)
    placed = {day: next((end for end in ordered if day <= end), None) for day in sorted(days)}
    last = {end: day for day, end in placed.items() if end is not None}
    return {day: end for end, day in last.items()}


def evidence_of_periods(project_key: str) -> Callable[[str, dt.date], str]:
    """The address of the rows of a KPI of the project at the end of a period."""
    return lambda kpi_key, end: address("overview/evidence", kpi=kpi_key, of=project_key, at=end.isoformat())


def items_of_weeks(project_key: str) -> Callable[[str, dt.date], str]:
    """The address of the items of the burn-up, those in `scope` or those `done`, at the end of a week."""
    to = addresses("schedule/pace", project=project_key)
    return lambda part, end: to(week=end.isoformat(), part=part)


def sites_of_waves(project_key: str) -> Callable[[str], str]:
    """The address of the sites of a wave."""
    to = addresses("schedule/pace", project=project_key)
    return lambda wave: to(wave=wave)


def performance_levels(view: BuildView) -> tuple[float | None, float | None]:
    """Warning and critical level of SPI(t)."""
    kpi = data.catalogue(view)["schedule_performance_index_time"]
    return kpi.warning_at, kpi.critical_at


def ranked(view: BuildView, selection: Selection) -> pl.DataFrame:
    """The rows of the schedule's KPIs, by which a page chooses the project that it starts with."""
    return readings.of_sections(data.kpi_grid(view, selection), data.catalogue(view), ("schedule", "scope", "rollout"))
