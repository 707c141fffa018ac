"""What a change of durations or starts would do to a schedule. Nothing is stored: two schedules stand side by side."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from models.errors import InputError
from models.schedule.critical_path import Schedule, schedule


@dataclass(frozen=True)
class Change:
    """duration_days: the task's new whole duration, in working days. start_no_earlier_than: where its start is moved to.

    What is None stays as it is.
    """

    task_id: str
    duration_days: float | None = None
    start_no_earlier_than: dt.date | None = None


@dataclass(frozen=True, eq=False)
class WhatIf:
    """finish_slip_days: working days by which the finish moves, later positive, buffers taken into account.
    project_float_before, project_float_after: working days between the finish and the required one, else the finish before.
    moved: one row per task with other dates: task_id, name, start_before, start_after, finish_before, finish_after,
    slip_days (working days), total_float_before, total_float_after, is_critical_before, is_critical_after.
    buffers: one row per buffer: task_id, name, length_days, left_before, left_after, eaten_days (left_before − left_after),
    used_share_before, used_share_after (0 … 1), over_days (working days past its promised finish, once it is eaten up).
    without_effect: ids of changed tasks that are finished, or are summaries, or whose start has already happened.
    """

    before: Schedule
    after: Schedule
    finish_slip_days: float
    project_float_before: float
    project_float_after: float
    moved: pl.DataFrame
    buffers: pl.DataFrame
    without_effect: tuple[str, ...]


def what_if(before: Schedule, changes: Sequence[Change]) -> WhatIf:
    """The schedule `before` with `changes`, beside it.

    A buffer keeps its promised finish: what its predecessors slip eats it, and only what exceeds it moves the finish.
    Raises: InputError for a task that is not in the schedule and for a duration that is no number of days.
    """
    known = set(before.tasks["task_id"])
    for change in changes:
        _check(change, known)
    tasks, without_effect = _changed(before, changes)
    after = schedule(
        before.network.with_tasks(tasks),
        before.data_date,
        project_start=before.project_start,
        required_finish=before.required_finish,
        planned_starts=before.planned_starts,
        near_critical_days=before.near_critical_days,
    )
    calendar = before.network.calendars[0]
    reference = before.required_finish or before.finish

    def spare(finish: dt.date | None) -> float:
        return 0.0 if finish is None or reference is None else calendar.end_of(reference) - calendar.end_of(finish)

    return WhatIf(
        before=before,
        after=after,
        finish_slip_days=spare(before.finish) - spare(after.finish),
        project_float_before=spare(before.finish),
        project_float_after=spare(after.finish),
        moved=_moved(before, after),
        buffers=_buffers(before, after),
        without_effect=without_effect,
    )


def _check(change: Change, known: set[str]) -> None:
    if change.task_id not in known:
        raise InputError(
            "schedule.unknown_task",
            "The schedule has no task {task}. Choose one of its tasks.",
            task=change.task_id,
        )
    days = change.duration_days
    if days is not None and not (math.isfinite(days) and days >= 0):
        raise InputError(
            "schedule.bad_duration",
            "Task {task} cannot last {days} days. Give a number of working days, 0 or more.",
            task=change.task_id,
            days=days,
        )


def _changed(before: Schedule, changes: Sequence[Change]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The network's tasks with the changes and with the promised finish of every buffer."""
    computed = {row["task_id"]: row for row in before.tasks.iter_rows(named=True)}
    wanted = {change.task_id: change for change in changes}
    without_effect = []
    rows = []
    for task_id, change in wanted.items():
        task = computed[task_id]
        can_last = task["state"] != "finished" and not task["is_summary"]
        can_start = can_last and task["state"] == "not_started"
        duration = change.duration_days if can_last else None
        takes_start = can_start and change.start_no_earlier_than is not None
        if duration is None and not takes_start:
            without_effect.append(task_id)
            continue
        done = (task["duration_days"] or 0.0) - (task["remaining_days"] or 0.0)
        is_buffer = task["is_buffer"]
        rows.append(
            {
                "task_id": task_id,
                "new_duration": duration,
                # Work that is done stays done: the rest of a longer task is longer by as much.
                "new_remaining": None if duration is None or is_buffer else max(duration - done, 0.0),
                "new_start": change.start_no_earlier_than if takes_start else None,
            }
        )
    schema = {"task_id": pl.String, "new_duration": pl.Float64, "new_remaining": pl.Float64, "new_start": pl.Date}
    promised = before.tasks.select("task_id", promised=pl.when("is_buffer").then("early_finish"))
    moved = pl.col("new_start").is_not_null()
    held_by_start = moved & pl.col("constraint_type").fill_null("").str.contains(r"(?i)start")
    tasks = (
        before.network.tasks.join(pl.DataFrame(rows, schema=schema), on="task_id", how="left", maintain_order="left")
        .join(promised, on="task_id", how="left", maintain_order="left")
        .with_columns(
            duration_days=pl.coalesce("new_duration", "duration_days"),
            remaining_days=pl.coalesce("new_remaining", "remaining_days"),
            start_no_earlier_than=pl.coalesce("new_start", "start_no_earlier_than"),
            planned_start=pl.coalesce("new_start", "planned_start"),
            constraint_type=pl.when(~held_by_start).then("constraint_type"),
            buffer_until=pl.coalesce("buffer_until", "promised"),
        )
        .select(before.network.tasks.columns)
    )
    return tasks, tuple(without_effect)


def _moved(before: Schedule, after: Schedule) -> pl.DataFrame:
    calendar = before.network.calendars[0]
    both = _side_by_side(before, after).filter(~pl.col("is_summary"))
    slip = calendar.ends_of(both["early_finish_after"]) - calendar.ends_of(both["early_finish"])
    return (
        both.with_columns(slip_days=pl.Series(slip).fill_nan(None))
        .filter(
            pl.col("early_start").ne_missing(pl.col("early_start_after"))
            | pl.col("early_finish").ne_missing(pl.col("early_finish_after"))
        )
        .select(
            "task_id",
            "name",
            pl.col("early_start").alias("start_before"),
            pl.col("early_start_after").alias("start_after"),
            pl.col("early_finish").alias("finish_before"),
            pl.col("early_finish_after").alias("finish_after"),
            "slip_days",
            pl.col("total_float_days").alias("total_float_before"),
            pl.col("total_float_days_after").alias("total_float_after"),
            pl.col("is_critical").alias("is_critical_before"),
            pl.col("is_critical_after"),
        )
    )


def _buffers(before: Schedule, after: Schedule) -> pl.DataFrame:
    calendar = before.network.calendars[0]
    promised = after.network.tasks.select("task_id", "buffer_until")
    both = (
        _side_by_side(before, after)
        .filter(pl.col("is_buffer") & ~pl.col("is_summary"))
        .join(promised, on="task_id", how="left", maintain_order="left")
    )
    over = calendar.ends_of(both["early_finish_after"]) - calendar.ends_of(both["buffer_until"])
    length = pl.col("duration_days_after")
    share = pl.when(length > 0)
    return both.select(
        "task_id",
        "name",
        length.alias("length_days"),
        pl.col("remaining_days").alias("left_before"),
        pl.col("remaining_days_after").alias("left_after"),
        (pl.col("remaining_days") - pl.col("remaining_days_after")).alias("eaten_days"),
        share.then(pl.col("buffer_days_used") / pl.col("duration_days")).alias("used_share_before"),
        share.then(pl.col("buffer_days_used_after") / length).alias("used_share_after"),
        pl.Series("over_days", over).fill_nan(0.0).clip(0.0),
    )


def _side_by_side(before: Schedule, after: Schedule) -> pl.DataFrame:
    return before.tasks.join(after.tasks, on="task_id", suffix="_after", maintain_order="left")
