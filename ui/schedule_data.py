"""What the schedule pages read, cached by build and project. Schedules are computed when they are read, not in the build."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl
import streamlit as st

from models import schedule_network, schedule_series
from models.schedule_network import ProjectSchedule
from models.schedule_series import TimeForecast
from models.snapshot import Snapshot
from ui.data import Opened


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


def buffer_history(opened: Opened, project_key: str) -> pl.DataFrame:
    return _asked(opened, schedule_series.buffer_history, project_key)


def milestones(opened: Opened, project: Mapping[str, object]) -> pl.DataFrame:
    return _asked(opened, schedule_series.milestones, project["project_key"], project["contract_finish_on"])


def time_forecast(opened: Opened, project_key: str) -> TimeForecast | None:
    return _asked(opened, schedule_series.time_forecast, project_key)


def burn_up(opened: Opened, project_key: str) -> pl.DataFrame:
    return _asked(opened, schedule_series.burn_up, project_key)


def third_party_defects(opened: Opened, project_key: str) -> dict[str, int]:
    return _asked(opened, schedule_series.third_party_defects, project_key)
