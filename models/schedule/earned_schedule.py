"""Earned schedule: schedule performance in time, where earned value measures it in money and ends at 1 however late.

Earned schedule and the time passed are columns of fct_earned_schedule, their index is a KPI of the catalogue; here stands what
follows from them.

Source: W. Lipke, "Schedule is Different", The Measurable News, 2003; K. Henderson, "Further Developments in Earned
Schedule", 2004 (forecast).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum

_SAME_DAY = 1e-9  # what divisions of floats lose


class TimeStatus(StrEnum):
    """How far SPI(t) can be relied on."""

    RATED = "rated"
    TOO_EARLY = "too_early"
    UNKNOWN = "unknown"
    FINISHED = "finished"


@dataclass(frozen=True)
class TimePerformance:
    """All in periods, except the index. Fields are None where they are not known.

    earned_schedule: time at which the plan had earned as much. actual_time: periods since the start, frozen at the actual
    finish. planned_duration: periods until the plan reaches its budget. schedule_variance_time: earned schedule − actual time.
    schedule_performance_index_time: earned schedule ÷ actual time, from two periods on. forecast_duration: IEAC(t), the planned
    duration ÷ SPI(t); None as long as nothing is earned, because no duration follows from that.
    """

    status: TimeStatus
    earned_schedule: float | None
    actual_time: float
    planned_duration: float
    schedule_variance_time: float | None
    schedule_performance_index_time: float | None
    forecast_duration: float | None


def forecast_finish(start: dt.date, planned_finish: dt.date, performance: TimePerformance) -> dt.date | None:
    """The day on which the project ends at this pace: its planned length in days ÷ SPI(t), counted from its first day.

    None where there is no index, or where the pace leads out of the calendar.
    """
    index = performance.schedule_performance_index_time
    if not index:
        return None
    days = math.ceil(((planned_finish - start).days + 1) / index - _SAME_DAY)
    return start + dt.timedelta(days=days - 1) if days < (dt.date.max - start).days else None
