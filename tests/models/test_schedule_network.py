"""From rows of the facts to a network, worked by hand. 3 March 2025 is a Monday; no holidays."""

from __future__ import annotations

import datetime as dt

import polars as pl

from models import schedule_network, schedule_series
from models.what_if import Change
from tests.models.calendars import march

SCHEMA = {
    "project_key": pl.String,
    "task_id": pl.String,
    "task_name": pl.String,
    "wbs_code": pl.String,
    "phase": pl.String,
    "module": pl.String,
    "predecessors": pl.List(pl.String),
    "status_on": pl.Date,
    "has_data_date": pl.Boolean,
    "baseline_start": pl.Date,
    "baseline_finish": pl.Date,
    "forecast_start": pl.Date,
    "forecast_finish": pl.Date,
    "actual_start": pl.Date,
    "actual_finish": pl.Date,
    "percent_complete": pl.Float64,
    "progress": pl.Float64,
    "baseline_days": pl.Float64,
    "duration_days": pl.Float64,
    "milestone_type": pl.String,
    "is_buffer": pl.Boolean,
    "source_row": pl.Int64,
    "file_name": pl.String,
}


def day(month: int, number: int) -> dt.date:
    return dt.date(2025, month, number)


def rows(*tasks: dict) -> pl.DataFrame:
    common = {
        "project_key": "QT",
        "status_on": day(3, 14),  # Friday of the second week
        "has_data_date": True,
        "phase": "development",
        "progress": 0.0,
        "is_buffer": False,
        "file_name": "plan.csv",
    }
    filled = [
        common | {"task_name": task["task_id"], "source_row": line} | task for line, task in enumerate(tasks, start=2)
    ]
    return pl.DataFrame([{name: row.get(name) for name in SCHEMA} for row in filled], schema=SCHEMA)


def late_delivery() -> pl.DataFrame:
    """A: 5 days, finished 2 days late. B after A: 10 days, begun, 5 days of it left by its forecast. C after A: 2 days.
    D after B and C: 5 days. Buffer: 5 days after D, promised for the end of week 6."""
    return rows(
        {"task_id": "A", "baseline_start": day(3, 3), "baseline_finish": day(3, 7), "actual_start": day(3, 3),
         "actual_finish": day(3, 11), "percent_complete": 1.0, "progress": 1.0},
        {"task_id": "B", "predecessors": ["A"], "baseline_start": day(3, 10), "baseline_finish": day(3, 21),
         "actual_start": day(3, 12), "forecast_finish": day(3, 28), "percent_complete": 0.2, "progress": 0.2},
        {"task_id": "C", "predecessors": ["A"], "baseline_start": day(3, 10), "baseline_finish": day(3, 11),
         "forecast_start": day(3, 17), "forecast_finish": day(3, 18)},
        {"task_id": "D", "predecessors": ["B", "C"], "baseline_start": day(3, 24), "baseline_finish": day(3, 28),
         "forecast_start": day(3, 31), "forecast_finish": day(4, 4)},
        {"task_id": "Z", "predecessors": ["D"], "baseline_start": day(3, 31), "baseline_finish": day(4, 11),
         "is_buffer": True, "duration_days": 10.0},
    )  # fmt: skip


def by_id(frame: pl.DataFrame) -> dict[str, dict]:
    return {row["task_id"]: row for row in frame.iter_rows(named=True)}


def test_remaining_work_follows_the_forecast_and_the_buffer_ends_as_promised():
    planned = schedule_network.scheduled(late_delivery(), march())
    found = by_id(planned.tasks)
    # B has the ten working days 17–28 March left; D follows 31 March–4 April, as the plan forecasts.
    assert found["B"]["early_finish"] == day(3, 28)
    assert (found["D"]["early_start"], found["D"]["early_finish"]) == (day(3, 31), day(4, 4))
    # The buffer was to take 31 March–11 April, 10 days; 7–11 April, 5 days, are left.
    assert planned.schedule.finish == day(4, 11)
    assert found["Z"]["early_start"] == day(4, 7)
    assert planned.schedule.critical_path == ["B", "D", "Z"]
    # C may finish on 28 March like B instead of 18 March: 8 working days.
    assert (found["C"]["total_float_days"], found["C"]["free_float_days"]) == (8.0, 8.0)
    assert found["D"]["finish_slip_days"] == 7
    assert not any(row["is_held_by_date"] for row in found.values())


def test_a_start_that_no_link_explains_is_kept_and_marked():
    tasks = late_delivery().with_columns(
        forecast_start=pl.when(pl.col("task_id") == "D").then(pl.date(2025, 4, 7)).otherwise("forecast_start"),
        forecast_finish=pl.when(pl.col("task_id") == "D").then(pl.date(2025, 4, 11)).otherwise("forecast_finish"),
    )
    found = by_id(schedule_network.scheduled(tasks, march()).tasks)
    assert found["D"]["is_held_by_date"] and found["D"]["early_start"] == day(4, 7)
    assert found["B"]["total_float_days"] == 5.0  # the week that D waits


def test_shortening_a_task_pulls_what_only_links_hold():
    planned = schedule_network.scheduled(late_delivery(), march())
    # B lasts 3 days so far and 10 more; 8 in all leave 5: until 21 March, D ends on the 28th, a week earlier.
    found = schedule_network.what_if(planned, [Change("B", duration_days=8.0)])
    assert found.after.finish_without_buffer == day(3, 28)
    assert found.finish_slip_days == 0.0  # the buffer regains what the work gains
    assert found.buffers["left_after"][0] == 10.0


def test_a_plan_of_durations_alone_is_a_network_too():
    tasks = rows(
        {"task_id": "A", "duration_days": 3.0, "has_data_date": False},
        {"task_id": "B", "duration_days": 4.0, "predecessors": ["A"], "has_data_date": False},
        {"task_id": "C", "duration_days": 1.0, "predecessors": ["A"], "has_data_date": False},
    )
    planned = schedule_network.scheduled(tasks, march())
    assert planned.schedule.length_days == 7.0
    assert by_id(planned.tasks)["C"]["total_float_days"] == 3.0


def test_problems_name_file_and_line():
    tasks = rows(
        {"task_id": "A", "duration_days": 3.0, "predecessors": ["B"]},
        {"task_id": "B", "duration_days": 4.0, "predecessors": ["A"]},
        {"task_id": "C", "duration_days": 1.0, "predecessors": ["X9"]},
    )
    told = {(problem.kind.value, problem.task_id): str(problem) for problem in
            schedule_network.scheduled(tasks, march()).schedule.problems}  # fmt: skip
    assert told["cycle", "A"].startswith("plan.csv, line 2:")
    assert told["dangling_link", "C"].startswith("plan.csv, line 4: task C follows X9")


def test_work_that_runs_along_drives_nothing():
    along = {"task_id": "PM", "baseline_start": day(3, 3), "baseline_finish": day(4, 30), "actual_start": day(3, 3),
             "percent_complete": 0.1, "progress": 0.1}  # fmt: skip
    planned = schedule_network.scheduled(pl.concat([late_delivery(), rows(along)]), march())
    assert planned.schedule.finish == day(4, 11)
    assert "PM" not in planned.schedule.critical_path


def test_the_delay_is_told_where_it_began():
    origins = schedule_series.slip_origins(schedule_network.scheduled(late_delivery(), march()))
    # A finished on the 11th instead of the 7th: 4 days, its own. B began 2 days late, less than A handed on.
    assert origins.select("task_id", "own_slip_days").rows() == [("A", 4)]


def test_levels_of_the_buffer_slope_with_the_chain():
    assert schedule_series.buffer_level(schedule_series.BUFFER_WARNING, 0.0) == 0.15
    assert schedule_series.buffer_level(schedule_series.BUFFER_CRITICAL, 1.0) == 0.9
    assert round(schedule_series.buffer_level(schedule_series.BUFFER_CRITICAL, 0.5), 10) == 0.6
