"""What the schedule pages read, cached by build and project. Schedules are computed when they are read, not in the build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.document import Row
from models.schedule import network as schedule_network
from models.schedule import series as schedule_series
from models.schedule.network import ProjectSchedule
from models.schedule.series import TimeForecast
from ui.kpis import readings
from ui.shell import data
from ui.shell.data import Opened


@st.cache_resource(max_entries=256, show_spinner=False)
def _answer(build_file: str, question: str, _ask: Callable, _snapshot: Snapshot, *arguments: object):
    # A resource, not data: a schedule is large, and frames of Polars are never changed where they stand.
    return _ask(_snapshot, *arguments)


def _asked(opened: Opened, ask: Callable, *arguments: object):
    return _answer(opened.cache_key, f"{ask.__module__}.{ask.__qualname__}", ask, opened.snapshot, *arguments)


def project_schedule(opened: Opened, project_key: str) -> ProjectSchedule | None:
    """Tasks with dates, floats and critical path at the latest data date; None where no schedule is loaded."""
    return _asked(opened, schedule_network.project_schedule, project_key)


def float_history(opened: Opened, project_key: str) -> pl.DataFrame:
    return _asked(opened, schedule_network.float_history, project_key)


def buffer_zones(opened: Opened) -> dict[str, tuple[float, float]]:
    return _asked(opened, schedule_series.buffer_zones)


def buffer_history(opened: Opened, project_key: str) -> pl.DataFrame:
    return _asked(opened, schedule_series.buffer_history, project_key)


def milestones(opened: Opened, project: Row) -> pl.DataFrame:
    return _asked(opened, schedule_series.milestones, project["project_key"], project["contract_finish_on"])


def time_forecast(opened: Opened, project_key: str) -> TimeForecast | None:
    return _asked(opened, schedule_series.time_forecast, project_key)


def performance_history(opened: Opened, selection: Selection, project_key: str) -> pl.DataFrame:
    """period_end, spi, spi_t of one project, by the periods of the selection."""
    alone = replace(selection, projects=(project_key,), customers=(), module=None)
    spi = data.kpi_history(opened, "schedule_performance_index", alone).select("period_end", spi="value")
    in_time = data.kpi_history(opened, "schedule_performance_index_time", alone).select("period_end", spi_t="value")
    return spi.join(in_time, on="period_end", how="full", coalesce=True).sort("period_end")


def performance_levels(opened: Opened) -> tuple[float | None, float | None]:
    """Warning and critical level of SPI(t)."""
    kpi = data.catalogue(opened)["schedule_performance_index_time"]
    return kpi.warning_at, kpi.critical_at


def burn_up(opened: Opened, project_key: str) -> pl.DataFrame:
    return _asked(opened, schedule_series.burn_up, project_key)


def third_party_defects(opened: Opened, project_key: str) -> dict[str, int]:
    return _asked(opened, schedule_series.third_party_defects, project_key)


def ranked(opened: Opened, selection: Selection) -> pl.DataFrame:
    """The rows of the schedule's KPIs, by which a page chooses the project that it starts with."""
    return readings.of_sections(
        data.kpi_grid(opened, selection), data.catalogue(opened), ("schedule", "scope", "rollout")
    )
