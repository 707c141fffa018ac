"""Earned schedule: schedule performance in time, where earned value measures it in money and ends at 1 however late.

Source: W. Lipke, "Schedule is Different", The Measurable News, 2003; K. Henderson, "Further Developments in Earned
Schedule", 2004 (forecast).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl

TOO_EARLY_BEFORE_PERIODS = 2  # one period and a part of another say more about the calendar than about the project
_SAME_SHARE = 1e-9  # of the budget at completion: what sums of floats lose; a cent of a billion is a hundred times that


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


def earned_schedule(planned_value: pl.DataFrame, earned_value: float) -> float:
    """Time, in periods, at which the plan had earned `earned_value`.

    planned_value: cumulative, one row per period: period (number of periods since the start, at whose end the value stands),
    planned_value_to_date (money or hours), non-decreasing. Before its first row stands a zero one period earlier.
    Returns: the latest period whose planned value is earned, plus the linear share of the next one; the planned duration once
    the plan is exhausted.
    Raises: ValueError if planned_value is empty or decreases.
    Source: Lipke, "Schedule is Different", 2003.
    """
    periods, values = _plan(planned_value)
    return _time_of(periods, values, float(earned_value))


def planned_duration(planned_value: pl.DataFrame) -> float:
    """Periods until the plan reaches its budget: the first period with the greatest planned value."""
    periods, _values = _plan(planned_value)
    return float(periods[-1])


def time_performance(
    planned_value: pl.DataFrame, earned_value: float | None, actual_time: float, actual_finish: float | None = None
) -> TimePerformance:
    """Where the project stands in time. planned_value: as in `earned_schedule`. earned_value: to date; None is unknown.

    actual_time: periods from the start to the status date. actual_finish: in periods, once finished; time stands still there.
    Raises: ValueError if planned_value is empty or decreases.
    """
    periods, values = _plan(planned_value)
    duration, budget = float(periods[-1]), float(values[-1])
    is_finished = actual_finish is not None and actual_finish <= actual_time
    time = float(actual_finish if is_finished else actual_time)
    if earned_value is None or not math.isfinite(earned_value) or budget <= 0:
        return TimePerformance(TimeStatus.UNKNOWN, None, time, duration, None, None, None)
    earned = _time_of(periods, values, float(earned_value))
    is_complete = earned_value >= budget - _SAME_SHARE * budget
    if time < TOO_EARLY_BEFORE_PERIODS and not (is_finished and time > 0):
        return TimePerformance(TimeStatus.TOO_EARLY, earned, time, duration, earned - time, None, None)
    index = earned / time
    status = TimeStatus.FINISHED if is_finished or is_complete else TimeStatus.RATED
    return TimePerformance(
        status, earned, time, duration, earned - time, index, duration / index if index > 0 else None
    )


def time_performance_by_period(
    planned_value: pl.DataFrame, earned_value: pl.DataFrame, actual_finish: float | None = None
) -> pl.DataFrame:
    """`time_performance` at each status date.

    earned_value: period (periods since the start), earned_value_to_date (null: unknown).
    Returns: period, earned_value_to_date and the fields of TimePerformance, one row per row given, in order of period.
    """
    rows = []
    for period, value in earned_value.sort("period").select("period", "earned_value_to_date").iter_rows():
        found = time_performance(planned_value, None if value is None else float(value), float(period), actual_finish)
        rows.append(
            {"period": float(period), "earned_value_to_date": None if value is None else float(value), **vars(found)}
        )
    numbers = [name for name in TimePerformance.__dataclass_fields__ if name != "status"]
    return pl.DataFrame(
        rows,
        schema={
            "period": pl.Float64,
            "earned_value_to_date": pl.Float64,
            "status": pl.String,
            **dict.fromkeys(numbers, pl.Float64),
        },
    )


def forecast_finish(start: dt.date, planned_finish: dt.date, performance: TimePerformance) -> dt.date | None:
    """The day on which the project ends at this pace: its planned length in days ÷ SPI(t), counted from its first day.

    None where there is no index, or where the pace leads out of the calendar.
    """
    index = performance.schedule_performance_index_time
    if not index:
        return None
    days = math.ceil(((planned_finish - start).days + 1) / index - _SAME_SHARE)
    return start + dt.timedelta(days=days - 1) if days < (dt.date.max - start).days else None


def _plan(planned_value: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Periods and values from the zero before the first to the first that holds the whole budget."""
    plan = planned_value.select(
        pl.col("period").cast(pl.Float64), pl.col("planned_value_to_date").cast(pl.Float64)
    ).sort("period")
    if plan.is_empty() or plan.null_count().sum_horizontal().item():
        raise ValueError("planned_value needs a row, and a value in every row")
    periods, values = plan["period"].to_numpy(), plan["planned_value_to_date"].to_numpy()
    budget = values[-1]
    if values[0] < 0 or (np.diff(values) < -_SAME_SHARE * abs(budget)).any():
        raise ValueError("planned_value decreases: it must be cumulative")
    if periods[0] > 0:
        periods, values = np.insert(periods, 0, max(periods[0] - 1, 0.0)), np.insert(values, 0, 0.0)
    end = int(np.argmax(values >= budget - _SAME_SHARE * abs(budget)))
    return periods[: end + 1], values[: end + 1]


def _time_of(periods: np.ndarray, values: np.ndarray, earned: float) -> float:
    reached = int(np.searchsorted(values, earned + _SAME_SHARE * values[-1], side="right")) - 1
    if reached < 0 or len(values) == 1:
        return float(periods[0])
    if reached >= len(values) - 1:
        return float(periods[-1])
    share = max(earned - values[reached], 0.0) / (values[reached + 1] - values[reached])
    return float(periods[reached] + share * (periods[reached + 1] - periods[reached]))
