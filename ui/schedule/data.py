"""What the schedule pages read, cached by build and project. Schedules are computed when they are read, not in the build."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from models.builds.selection import Selection
from models.kpis import values
from ui.kpis import readings
from ui.shell import data
from ui.shell.data import BuildView


def performance_history(view: BuildView, selection: Selection, project_key: str) -> pl.DataFrame:
    """period_end, spi, spi_t of one project, by the periods of the selection."""
    alone = replace(selection, projects=(project_key,), customers=(), module=None)
    spi = view.ask(values.kpi_history, "schedule_performance_index", alone).select("period_end", spi="value")
    in_time = view.ask(values.kpi_history, "schedule_performance_index_time", alone).select("period_end", spi_t="value")
    return spi.join(in_time, on="period_end", how="full", coalesce=True).sort("period_end")


def performance_levels(view: BuildView) -> tuple[float | None, float | None]:
    """Warning and critical level of SPI(t)."""
    kpi = data.catalogue(view)["schedule_performance_index_time"]
    return kpi.warning_at, kpi.critical_at


def ranked(view: BuildView, selection: Selection) -> pl.DataFrame:
    """The rows of the schedule's KPIs, by which a page chooses the project that it starts with."""
    return readings.of_sections(data.kpi_grid(view, selection), data.catalogue(view), ("schedule", "scope", "rollout"))
