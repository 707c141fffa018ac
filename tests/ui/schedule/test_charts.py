"""The schedule's charts and tables, on frames worked by hand."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from models.schedule.earned_schedule import TimePerformance, TimeStatus
from models.schedule.network import scheduled, what_if
from models.schedule.series import TimeForecast, time_index_if
from models.schedule.what_if import Change
from tests.models.schedule.calendars import march
from tests.models.schedule.test_network import WEEK_CLOSED, calendars, late_delivery, two_sites
from ui.schedule import charts as schedule_charts
from ui.schedule import data as schedule_data
from ui.schedule import rows as schedule_rows
from ui.schedule import story as schedule_story
from ui.schedule import tables as schedule_tables
from ui.schedule import trends as schedule_trends
from ui.schedule import what_if as schedule_what_if

ZONES = {"warning": (0.15, 0.75), "critical": (0.30, 0.90)}


GO_LIVE = pl.DataFrame(
    [(day, "go_live", None, None) for day in (dt.date(2026, 1, 5), dt.date(2026, 2, 10), dt.date(2027, 5, 1))],
    schema=["day", "kind", "name", "days"],
    orient="row",
)


def event_days(chart) -> list[dt.date]:
    """The days of the events that a chart draws."""
    return [day for line in chart.figure.data if line.marker.symbol == "triangle-up" for day in line.x]


def history(*points: tuple[float, float, str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "status_on": [dt.date(2026, month, 28) for month in range(1, len(points) + 1)],
            "part": ["*"] * len(points),
            "chain_share": [point[0] for point in points],
            "buffer_share": [point[1] for point in points],
            "buffer_days": [20.0] * len(points),
            "buffer_days_used": [point[1] * 20 for point in points],
            "status": [point[2] for point in points],
        }
    )


def test_the_fever_chart_slopes_its_zones_and_names_the_newest_point():
    chart = schedule_charts.fever_chart(history((0.2, 0.1, "ok"), (0.4, 0.5, "warning"), (0.5, 0.7, "critical")), ZONES)
    assert chart.title == "70.0\u00a0% of the buffer is used, 50.0\u00a0% of the chain is done: critical"
    _top, critical, warning, path = chart.figure.data
    assert [round(level, 6) for level in critical.y] == [30, 90]
    assert [round(level, 6) for level in warning.y] == [15, 75]
    assert [round(share, 6) for share in path.y] == [10, 50, 70]
    assert chart.subtitle.endswith(
        "warning from 15\u00a0% rising to 75\u00a0%, critical from 30\u00a0% rising to 90\u00a0%"
    )
    assert "28 Mar 2026: ■ critical" in chart.figure.layout.annotations[0].text


def test_a_point_of_the_fever_chart_opens_its_rows_and_one_without_them_nothing():
    ways = {dt.date(2026, 1, 28): "?at=2026-01-31", dt.date(2026, 3, 28): "?at=2026-03-31"}
    points = history((0.2, 0.1, "ok"), (0.4, 0.5, "warning"), (0.5, 0.7, "critical"))
    chart = schedule_charts.fever_chart(points, ZONES, opens=ways)
    assert list(chart.figure.data[3].customdata) == ["?at=2026-01-31", None, "?at=2026-03-31"]
    assert [way for _words, way in chart.opens] == ["?at=2026-03-31", "?at=2026-01-31"]  # the newest first
    of_wave = schedule_charts.fever_chart(points.with_columns(part=pl.lit("W1")), ZONES, "W1", ways)
    assert of_wave.opens == []  # the rows are those of the whole project


def test_of_the_data_dates_in_one_period_the_last_alone_is_what_the_period_shows():
    days = [dt.date(2026, 1, 12), dt.date(2026, 1, 26), dt.date(2026, 2, 9), dt.date(2026, 3, 2)]
    ends = [dt.date(2026, 2, 28), dt.date(2026, 1, 31)]
    # the 26th is the last of January; 2 March is in no period that is known
    assert schedule_data.last_of_periods(days, ends) == {days[1]: ends[1], days[2]: ends[0]}


def test_without_a_buffer_the_fever_chart_says_so_and_what_to_do():
    chart = schedule_charts.fever_chart(history().clear(), ZONES)
    assert chart.figure is None
    assert "no buffer task" in chart.title and "task of its own" in chart.subtitle


def test_the_story_of_a_buffer_that_burns_faster_than_the_chain():
    line = schedule_story.buffer_line(
        history((0.2, 0.1, "ok"), (0.3, 0.3, "ok"), (0.4, 0.5, "warning"), (0.5, 0.7, "critical"))
    )
    assert line.startswith("■ critical: the buffer burns faster than the chain")
    assert "6 of 20 working days are left" in line  # 30 % of 20
    assert "+60.0\u00a0% of the buffer for +30.0\u00a0% of the work" in line  # 0.7 − 0.1 and 0.5 − 0.2
    assert schedule_story.buffer_line(history().clear()) == ""


def forecast(index: float = 0.8) -> TimeForecast:
    """Ten months from 1 January 2026; 365 days at SPI(t) 0.8 are 457 days."""
    performance = TimePerformance(TimeStatus.RATED, 4.0, 5.0, 12.0, -1.0, index, 12.0 / index)
    return TimeForecast(
        dt.date(2026, 6, 1), dt.date(2026, 1, 1), dt.date(2026, 12, 31), performance, dt.date(2027, 4, 2)
    )


def test_the_forecast_is_told_beside_plan_and_contract():
    words = schedule_charts.forecast_words(forecast(), dt.date(2027, 3, 31))
    assert "**2 Apr 2027**" in words and "planned finish: 31 Dec 2026" in words
    assert "2 days after the contract" in words
    assert "12 months ÷ SPI(t) 0.8000 = 15.0 months" in words or "12 months ÷ SPI(t) 0.80 = 15.0 months" in words
    assert schedule_charts.forecast_words(None, None) == ""


def test_spi_is_explained_only_where_the_two_have_parted():
    days = [dt.date(2026, 1, 31), dt.date(2026, 2, 28)]
    together = pl.DataFrame({"period_end": days, "spi": [1.0, 0.9], "spi_t": [1.0, 0.9]})
    apart = pl.DataFrame({"period_end": days, "spi": [1.0, 0.99], "spi_t": [1.0, 0.8]})
    assert "tends to 1" not in schedule_charts.time_words(together)
    assert "tends to 1" in schedule_charts.time_words(apart)
    chart = schedule_charts.time_chart(apart, forecast(), (0.95, 0.9))
    assert len(chart.figure.data) == 2
    opened = schedule_charts.time_chart(apart, forecast(), (0.95, 0.9), lambda kpi, day: f"{kpi} {day}")
    assert [list(line.customdata) for line in opened.figure.data] == [
        [f"schedule_performance_index{suffix} {day}" for day in days] for suffix in ("_time", "")
    ]
    assert len(opened.opens) == 4
    # of January, February 2026 and May 2027 the axis from 31 January to 28 February holds one
    told = schedule_charts.time_chart(apart, forecast(), (0.95, 0.9), events=GO_LIVE)
    assert event_days(told) == [dt.date(2026, 2, 10)]
    assert chart.title == "SPI(t) 0.80: at this pace the work ends on 2 Apr 2027, 92 days after the plan"


def test_an_address_narrows_the_schedule_to_a_task_or_a_phase(monkeypatch):
    tasks = scheduled(late_delivery(), march()).tasks
    state: dict[str, str] = {}
    monkeypatch.setattr(schedule_rows.st, "session_state", state)
    assert schedule_rows.narrowed(tasks) is None
    state["subject_task"] = "B"
    found, _words = schedule_rows.narrowed(tasks)
    assert found["task_id"].to_list() == ["B"]
    state["subject_task"] = "no such task"
    assert schedule_rows.narrowed(tasks) is None
    state["subject_phase"] = "development"
    found, words = schedule_rows.narrowed(tasks)
    assert (found["task_id"].to_list(), words) == (["A", "B", "C", "D"], "development and integration")


def test_a_line_opens_its_task_or_its_phase_and_a_group_by_wbs_nothing():
    to = schedule_rows.opens_of("P1")
    assert to({"task_id": "T 1"}).endswith("project=P1&task=T+1")
    assert to({"task_id": "group", "is_group": True, "group": "testing"}).endswith("project=P1&phase=testing")
    assert to({"task_id": "group", "is_group": True, "group": "1.2"}) is None


def test_spi_in_time_at_completion_is_planned_over_actual_duration():
    # 365 days planned; until 31 March 2027 it takes 455
    assert time_index_if(forecast(), dt.date(2027, 3, 31)) == pytest.approx(365 / 455)
    assert time_index_if(None, dt.date(2027, 3, 31)) is None


def test_a_schedule_of_few_tasks_is_shown_as_it_is_and_many_are_grouped():
    tasks = scheduled(late_delivery(), march()).tasks
    assert schedule_rows.found_tasks(tasks, schedule_rows.CRITICAL)["task_id"].to_list() == ["B", "D", "Z"]
    assert schedule_rows.found_tasks(tasks, schedule_rows.LATE)["task_id"].to_list() == ["A", "B", "C", "D"]
    assert schedule_rows.found_tasks(tasks, search="b")["task_id"].to_list() == ["B"]
    lines = schedule_rows.lines_of(tasks, tasks, schedule_rows.BY_PHASE, [])
    assert lines["is_group"].to_list() == [True]
    head = lines.row(0, named=True)
    assert head["task_name"] == "development and integration (4)"  # the buffer belongs to no group
    assert (head["start"], head["finish"]) == (dt.date(2025, 3, 3), dt.date(2025, 4, 4))
    assert schedule_rows.lines_of(tasks, tasks, schedule_rows.BY_PHASE, ["development"]).height == 6
    many = pl.concat([tasks] * 20)
    assert [schedule_rows.page_of(many, page).height for page in (0, 1, 9)] == [60, 40, 40]


def test_problems_are_told_with_task_file_and_line():
    rows = late_delivery().with_columns(
        predecessors=pl.when(pl.col("task_id") == "C").then(pl.lit(["X9"])).otherwise("predecessors")
    )
    frame = schedule_tables.problem_frame(list(scheduled(rows, march()).schedule.problems), "zh")
    first = frame.filter(pl.col("kind") == "前置任务不存在").row(0, named=True)
    assert (first["task_id"], first["file"], first["line"]) == ("C", "plan.csv", 4)


def test_only_what_was_typed_is_a_change():
    before = pl.DataFrame(
        {"task_id": ["A", "B"], "duration_days": [5.0, 8.0], "early_start": [None, dt.date(2025, 3, 3)]}
    )
    after = before.with_columns(duration_days=pl.Series([5.0, 10.0]))
    assert schedule_what_if.changes_between(before, after) == [Change("B", duration_days=10.0)]
    assert schedule_what_if.changes_between(before, before) == []


def test_before_and_after_stand_side_by_side():
    planned = scheduled(late_delivery(), march())
    # B: 13 days in all; 15 make it end on 1 April and D on the 8th; the buffer loses two of its five days.
    found = what_if(planned, [Change("B", duration_days=15.0)])
    frame = schedule_what_if.comparison_frame(found, forecast(), {"contract_finish_on": dt.date(2025, 4, 10)})
    told = {row["what"]: (row["before"], row["after"], row["change"]) for row in frame.iter_rows(named=True)}
    assert told["Finish of the work"] == ("4 Apr 2025", "8 Apr 2025", "+2 working days")
    assert told["Finish with buffer"] == ("11 Apr 2025", "11 Apr 2025", "0")
    assert told["Buffer used"] == ("50.0\u00a0%", "70.0\u00a0%", "+20.0\u00a0%")
    assert told["Days before the contract finish"] == ("6", "2", "-4")
    lines = schedule_what_if.ghost_lines(planned, found)
    assert set(lines["task_id"]) == {"B", "D", "Z"}
    assert lines.filter(pl.col("task_id") == "D").row(0, named=True)["before_finish"] == dt.date(2025, 4, 4)


def test_milestones_count_what_is_late():
    frame = pl.DataFrame(
        {
            "status_on": [dt.date(2026, 1, 31), dt.date(2026, 2, 28)],
            "milestone_key": ["M1", "M1"],
            "name": ["初验", "初验"],
            "milestone_type": ["初验", "初验"],
            "phase": ["testing", "testing"],
            "baseline_finish": [dt.date(2026, 6, 1)] * 2,
            "finish": [dt.date(2026, 6, 1), dt.date(2026, 6, 11)],
            "is_reached": [False, False],
            "slip_days": [0, 10],
            "contract_slip_days": [None, None],
        }
    )
    chart = schedule_trends.milestone_chart(frame)
    assert chart.title == "1 of 1 milestones later than the baseline; the worst, 初验, by 10 days"
    assert chart.figure.layout.annotations[0].text == "初验 +10"
    opened = schedule_trends.milestone_chart(frame, lambda row: f"?task={row['task_id']}")
    assert (list(opened.figure.data[0].customdata), opened.opens) == (["?task=M1"] * 2, [("初验 +10", "?task=M1")])
    assert event_days(schedule_trends.milestone_chart(frame, events=GO_LIVE)) == [dt.date(2026, 2, 10)]
    ends = frame.with_columns(milestone_type=pl.lit(None, pl.String), name=pl.lit(None, pl.String))
    of_phase = schedule_trends.milestone_chart(ends, lambda row: row["is_group"] and f"?phase={row['group']}")
    assert of_phase.opens[0][1] == "?phase=testing"


def test_the_burn_up_shows_scope_and_work_done():
    weeks = pl.DataFrame(
        {
            "week_end": [dt.date(2026, 1, 4), dt.date(2026, 1, 11)],
            "scope_items": [4, 6],
            "done_items": [1, 3],
            "scope_days": [8.0, 12.0],
            "done_days": [2.0, 6.0],
            "unestimated_items": [0, 1],
            "late_scope_items": [0, 2],
        }
    )
    chart = schedule_charts.burn_up_chart(weeks, False)
    assert chart.title == "3 of 6 items done; 2 requirements were raised after the freeze"
    opened = schedule_charts.burn_up_chart(weeks, False, lambda part, day: f"{part} {day}")
    assert list(opened.figure.data[1].customdata) == ["done 2026-01-04", "done 2026-01-11"]
    assert opened.opens[0] == ("11 Jan 2026: scope 6", "scope 2026-01-11")
    in_days = schedule_charts.burn_up_chart(weeks, True, events=GO_LIVE)
    assert event_days(in_days) == [dt.date(2026, 1, 5)]
    assert in_days.title.startswith("6 of 12 person-days done")
    assert "1 items without an estimate" in in_days.subtitle
    assert schedule_charts.burn_up_chart(weeks.clear(), False).figure is None


def test_the_story_tells_what_calendars_and_deadlines_make_of_a_forecast():
    plan = two_sites().with_columns(deadline_on=pl.when(pl.col("task_id") == "D").then(pl.date(2025, 4, 8)))
    kept = scheduled(plan, calendars())
    assert schedule_story.computed_line(kept) == "" and schedule_story.limits_line(kept) == ""
    closed = scheduled(plan, calendars(*WEEK_CLOSED))  # the plan says 4 April, the calendar of S1 makes it 11 April
    assert "cannot end before 11 Apr 2025, 5 working days after this forecast" in schedule_story.computed_line(closed)
    line = schedule_story.limits_line(closed)
    assert line.startswith("■ 1 deadlines or constraints are missed: D by 3 working days (deadline 8 Apr 2025)")
    assert line.endswith("Total float goes down to -3 working days")


def test_the_fever_chart_of_a_wave_and_of_the_project_with_its_waves():
    waves = pl.concat(
        [
            history((0.2, 0.1, "ok"), (0.4, 0.2, "ok")),
            history((0.3, 0.2, "ok"), (0.5, 0.7, "critical")).with_columns(part=pl.lit("W1")),
        ]
    )
    project = schedule_charts.fever_chart(waves, ZONES)
    assert project.title.startswith("20.0\u00a0% of the buffer") and project.figure.data[-1].text == ("W1",)
    wave = schedule_charts.fever_chart(waves, ZONES, "W1")
    opened = schedule_charts.fever_chart(waves, ZONES, sites_of=lambda name: f"?wave={name}")
    assert list(opened.figure.data[-1].customdata) == ["?wave=W1"]
    assert [way for _words, way in opened.opens] == ["?wave=W1"]  # the project's own points have no rows here
    path = schedule_charts.fever_chart(waves, ZONES, "W1", sites_of=lambda name: f"?wave={name}")
    assert list(path.figure.data[-1].customdata) == ["?wave=W1"] * 2
    assert wave.title == "70.0\u00a0% of the buffer is used, 50.0\u00a0% of the chain is done: critical"
    assert len(wave.figure.data) == 4  # three zones and the path of the wave
    assert schedule_story.buffer_line(waves, "W1").startswith("■ critical")


def test_floats_of_one_chain_are_one_line():
    days = [dt.date(2026, 1, 31), dt.date(2026, 2, 28)]
    floats = pl.DataFrame(
        [
            {
                "status_on": day,
                "task_id": task,
                "task_name": f"Task {task}",
                "is_buffer": False,
                "total_float_days": left,
            }
            for task, course in {"A": (5.0, 3.0), "B": (5.0, 3.0), "C": (9.0, 4.0)}.items()
            for day, left in zip(days, course, strict=True)
        ]
    )
    chart = schedule_trends.float_chart(floats)
    assert [note.text for note in chart.figure.layout.annotations] == ["Task A (+1) 3", "Task C 4"]
    assert event_days(schedule_trends.float_chart(floats, events=GO_LIVE)) == [dt.date(2026, 2, 10)]
    opened = schedule_trends.float_chart(floats, lambda row: f"?task={row['task_id']}")
    assert opened.opens == [("Task A (+1) 3", "?task=A"), ("Task C 4", "?task=C")]
    assert list(opened.figure.data[1].customdata) == ["?task=C"] * 2
    assert chart.title == "3 of 3 unfinished tasks have lost float since 31 Jan 2026"
