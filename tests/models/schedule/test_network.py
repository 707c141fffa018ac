"""From rows of the facts to a network, worked by hand. 3 March 2025 is a Monday; no holidays."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from models.schedule import network as schedule_network
from models.schedule import series as schedule_series
from models.schedule.calendars import ProjectCalendars
from models.schedule.what_if import Change
from tests.models.schedule.calendars import march, monday_to_friday

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
    "site": pl.String,
    "constraint_type": pl.String,
    "constraint_on": pl.Date,
    "deadline_on": pl.Date,
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


def test_levels_of_the_buffer_slope_with_the_chain(small_warehouse):
    zones = schedule_series.buffer_zones(small_warehouse)
    assert zones == {"warning": pytest.approx((0.15, 0.75)), "critical": pytest.approx((0.30, 0.90))}
    terms = {"chain_days": [10.0] * 3, "chain_days_done": [5.0] * 3, "buffer_days": [20.0] * 3}
    judged = schedule_series.judged_buffers(
        small_warehouse, pl.DataFrame(terms | {"buffer_days_used": [9.0, 12.0, 12.1]})
    )
    # at half of the chain 45 % warns and 60 % is critical: 9 ÷ 20 and 12 ÷ 20 lie on their levels and pass
    assert judged["warning_at"].to_list() == pytest.approx([0.45] * 3)
    assert judged["status"].to_list() == ["ok", "warning", "critical"]


def calendars(*exceptions: tuple[str, str, dt.date, bool]) -> ProjectCalendars:
    """exceptions: (project or *, site or *, day, whether it is worked)."""
    names = ["project_key", "site", "calendar_date", "is_working_day"]
    days = pl.DataFrame(list(exceptions), schema=names, orient="row")
    return ProjectCalendars.of(monday_to_friday(day(1, 1), dt.date(2026, 12, 31)), days, "QT")


def two_sites() -> pl.DataFrame:
    """Data date 14 March. A at S1: the week 17-21 March. B at S1 after A: 24-28 March. C at S2: the two weeks 17-28 March.
    Last, at no site: 31 March to 4 April."""
    return rows(
        {"task_id": "A", "site": "S1", "duration_days": 5.0, "forecast_start": day(3, 17), "forecast_finish": day(3, 21)},
        {"task_id": "B", "site": "S1", "duration_days": 5.0, "predecessors": ["A"], "forecast_start": day(3, 24),
         "forecast_finish": day(3, 28)},
        {"task_id": "C", "site": "S2", "duration_days": 10.0, "forecast_start": day(3, 17), "forecast_finish": day(3, 28)},
        {"task_id": "D", "duration_days": 5.0, "predecessors": ["B", "C"], "forecast_start": day(3, 31),
         "forecast_finish": day(4, 4)},
    )  # fmt: skip


WEEK_CLOSED = [("QT", "S1", day(3, number), False) for number in range(24, 29)]


def test_a_site_closed_for_a_week_moves_the_finish_by_five_working_days():
    before = schedule_network.scheduled(two_sites(), calendars())
    assert before.schedule.finish == day(4, 4)
    assert by_id(before.tasks)["C"]["total_float_days"] == 0.0
    after = schedule_network.scheduled(two_sites(), calendars(*WEEK_CLOSED))
    found = by_id(after.tasks)
    assert (found["B"]["early_start"], found["B"]["early_finish"]) == (day(3, 31), day(4, 4))
    assert after.schedule.finish == day(4, 11)
    # The other site works on: it has gained the week as float.
    assert found["C"]["early_finish"] == day(3, 28) and found["C"]["total_float_days"] == 5.0
    # Another project's site of that name closes nothing here.
    elsewhere = calendars(*(("XX", *row[1:]) for row in WEEK_CLOSED))
    assert schedule_network.scheduled(two_sites(), elsewhere).schedule.finish == day(4, 4)


def test_floats_of_several_projects_and_data_dates_at_once_are_those_of_each():
    """One with a site closed, one with links to a WBS element and a summary, one at two data dates, the first of them unstated;
    all of them share their task ids."""
    closed = calendars(*WEEK_CLOSED)
    outline = rows(
        {"task_id": "A", "wbs_code": "1", "predecessors": []},
        {"task_id": "B", "wbs_code": "1.1", "duration_days": 5.0, "baseline_start": day(3, 17), "baseline_finish": day(3, 21)},
        {"task_id": "C", "wbs_code": "1.2", "duration_days": 3.0, "baseline_start": day(3, 17), "baseline_finish": day(3, 19)},
        {"task_id": "D", "duration_days": 4.0, "predecessors": ["1", "", None], "baseline_start": day(3, 24)},
        {"task_id": "E", "duration_days": 2.0, "predecessors": ["1FS+1d"], "forecast_start": day(4, 1)},
    ).with_columns(project_key=pl.lit("WBS"))  # fmt: skip
    early = rows(
        {"task_id": "A", "duration_days": 3.0, "baseline_start": day(3, 3)}, {"task_id": "B", "duration_days": 1.0}
    )
    early = early.with_columns(project_key=pl.lit("TWO"), status_on=day(2, 28), has_data_date=False)
    every = [two_sites(), outline, early, late_delivery().with_columns(project_key=pl.lit("TWO"))]
    plain = ProjectCalendars(closed.statutory, closed.statutory)
    own = {"QT": closed, "WBS": plain, "TWO": plain}
    found = schedule_network.floats_of(pl.concat(every), own)
    columns = ["task_id", "total_float_days", "is_critical", "is_near_critical"]
    alone = [schedule_network.scheduled(part, own[part["project_key"][0]]).tasks.select(columns) for part in every]
    assert found.select(columns).rows() == pl.concat(alone).rows()
    # By hand: C of the two sites has gained the closed week, as above. C of the outline ends on 19 March. E is held until 1 April
    # and ends the project on the 2nd, so D of 4 days begins on 28 March at the latest, and C ends on the 27th: 20, 21, 24-27.
    by_task = {(row["project_key"], row["task_id"]): row["total_float_days"] for row in found.to_dicts()}
    assert by_task["QT", "C"] == 5.0 and by_task["WBS", "C"] == 6.0


def test_a_make_up_saturday_counts():
    # Saturday 22 March is worked at S1: B takes 22 and 24-27 March. C still ends on the 28th, so D stays.
    at_site = schedule_network.scheduled(two_sites(), calendars(("QT", "S1", day(3, 22), True)))
    found = by_id(at_site.tasks)
    assert (found["B"]["early_start"], found["B"]["early_finish"]) == (day(3, 22), day(3, 27))
    assert found["B"]["total_float_days"] == 1.0 and at_site.schedule.finish == day(4, 4)
    # Worked by the whole project, C ends on the 27th too, and everything after it a day earlier.
    everywhere = schedule_network.scheduled(two_sites(), calendars(("*", "*", day(3, 22), True)))
    assert everywhere.schedule.finish == day(4, 3)


def test_the_nearer_calendar_wins():
    both = calendars(("*", "*", day(3, 24), False), ("QT", "S1", day(3, 24), True), ("*", "S1", day(3, 25), False))
    assert not both.own.is_working(day(3, 24)) and both.own.is_working(day(3, 25))
    assert both.of_sites["S1"].is_working(day(3, 24)) and not both.of_sites["S1"].is_working(day(3, 25))
    assert both.statutory.is_working(day(3, 24))


def test_dates_without_a_duration_already_know_their_calendar():
    # 17-28 March at S1, closed 24-28: no duration is stated, so five days of work; dates wholly in days off keep their length.
    plan = rows(
        {"task_id": "A", "site": "S1", "forecast_start": day(3, 17), "forecast_finish": day(3, 28)},
        {
            "task_id": "B",
            "site": "S1",
            "predecessors": ["A"],
            "forecast_start": day(3, 24),
            "forecast_finish": day(3, 26),
        },
    )
    found = by_id(schedule_network.scheduled(plan, calendars(*WEEK_CLOSED)).tasks)
    assert found["A"]["early_finish"] == day(3, 21)
    assert (found["B"]["early_start"], found["B"]["early_finish"]) == (day(3, 31), day(4, 2))


def test_a_missed_deadline_and_a_missed_constraint_are_negative_float():
    # D ends on 4 April: a deadline on 1 April is missed by 3 working days, and B and C share it.
    late = two_sites().with_columns(
        deadline_on=pl.when(pl.col("task_id") == "D").then(pl.date(2025, 4, 1)),
    )
    planned = schedule_network.scheduled(late, calendars())
    assert {row["task_id"]: row["total_float_days"] for row in planned.tasks.iter_rows(named=True)} == {
        "A": -3.0, "B": -3.0, "C": -3.0, "D": -3.0,
    }  # fmt: skip
    assert planned.schedule.finish == day(4, 4) and planned.schedule.least_float_days == -3.0
    # B must finish by 27 March and ends on the 28th: a day short; C only shares the project's finish.
    held = two_sites().with_columns(
        constraint_type=pl.when(pl.col("task_id") == "B").then(pl.lit("finish_no_later_than")),
        constraint_on=pl.when(pl.col("task_id") == "B").then(pl.date(2025, 3, 27)),
    )
    found = by_id(schedule_network.scheduled(held, calendars()).tasks)
    assert (found["A"]["total_float_days"], found["B"]["total_float_days"], found["C"]["total_float_days"]) == (
        -1,
        -1,
        0,
    )


def test_a_start_that_a_constraint_explains_is_held_by_it():
    held = two_sites().with_columns(
        constraint_type=pl.when(pl.col("task_id") == "D").then(pl.lit("start_no_earlier_than")),
        constraint_on=pl.when(pl.col("task_id") == "D").then(pl.date(2025, 4, 7)),
        forecast_start=pl.when(pl.col("task_id") == "D").then(pl.date(2025, 4, 7)).otherwise("forecast_start"),
        forecast_finish=pl.when(pl.col("task_id") == "D").then(pl.date(2025, 4, 11)).otherwise("forecast_finish"),
    )
    found = by_id(schedule_network.scheduled(held, calendars()).tasks)["D"]
    assert (found["early_start"], found["driven_by"], found["is_held_by_date"]) == (day(4, 7), "constraint", False)


def test_each_wave_eats_its_own_buffer(small_warehouse):
    on = day(3, 14)
    common = {"status_on": on, "chain_days": 10.0}
    tasks = rows(
        {"task_id": "A", "site": "S1"}, {"task_id": "B", "site": "S2"}, {"task_id": "C"},
        {"task_id": "P", "task_name": "项目缓冲"}, {"task_id": "X", "task_name": "W1 波次缓冲"}, {"task_id": "Y", "site": "W10"},
    ).with_columns(
        pl.col("task_id").is_in(["P", "X", "Y"]).alias("is_buffer"), pl.lit(common["status_on"]).alias("status_on"),
        chain_days=pl.when(pl.col("task_id").is_in(["A", "B", "C"])).then(10.0),
        chain_days_done=pl.col("task_id").replace_strict({"A": 5.0, "B": 2.0, "C": 8.0}, default=None),
        buffer_days=pl.when(pl.col("task_id").is_in(["P", "X", "Y"])).then(8.0),
        buffer_days_used=pl.col("task_id").replace_strict({"P": 0.0, "X": 6.0, "Y": 2.0}, default=None),
    )  # fmt: skip
    waves = pl.DataFrame({"site": ["S1", "S2"], "wave": ["W1", "W10"]})
    found = schedule_series.judged_buffers(small_warehouse, schedule_series.buffer_sums(tasks, waves))
    # 15 of 30 days done with 8 of 24 used. W1: 5 of 10 with 6 of 8, over 30 % + half of 60 %. W10: 2 of 10, 2 of 8, 15 % + 12 %.
    assert found.select("part", "chain_share", "buffer_share", "status").rows() == [
        ("*", 0.5, 8 / 24, "ok"), ("W1", 0.5, 0.75, "critical"), ("W10", 0.2, 0.25, "ok"),
    ]  # fmt: skip


def test_a_wave_is_named_by_its_code_or_its_number():
    named = schedule_series.wave_named
    assert named("第 2 波缓冲", ["12", "2"]) == "2" and named("Wave 12 buffer", ["12", "2"]) == "12"
    assert named("W1-buffer", ["W10", "W1"]) == "W1" and named("W10 缓冲", ["W10", "W1"]) == "W10"
    assert named("项目缓冲", ["W1", "2"]) is None
