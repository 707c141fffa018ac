"""Budget, schedule and earned value of one story: the plan is laid out, then time is bent until SPI tells the story."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.sample.calendar import month_end, months, nth_working_day, working_days
from pipeline.sample.stories import LABOR, Element, Story

HOURS_PER_DAY = 8


@dataclass(frozen=True)
class Window:
    """A WBS element laid on whole months, its BAC in whole hundreds of CNY."""

    element: Element
    months: list[dt.date]
    budget: int

    @property
    def begins(self) -> dt.date:
        return self.months[0]

    @property
    def ends(self) -> dt.date:
        return month_end(self.months[-1])


@dataclass(frozen=True)
class Task:
    window: Window
    task_id: str
    name: str
    predecessors: list[str] | None  # None for a task that waits for nothing
    begins: float  # working days from the project's start
    ends: float
    baseline_start: dt.date
    baseline_finish: dt.date

    @property
    def duration(self) -> int:
        return working_days(self.baseline_start, self.baseline_finish)


@dataclass(frozen=True)
class Plan:
    story: Story
    windows: list[Window]
    tasks: list[Task]


def plan_of(story: Story) -> Plan:
    all_months = months(story.starts, story.planned_finish)
    windows = []
    left = story.budget
    for number, element in enumerate(story.elements):
        first = round(element.begins * len(all_months))
        last = max(round(element.ends * len(all_months)), first + 1)
        last_one = number == len(story.elements) - 1
        budget = left if last_one else round(story.budget * element.share / 100) * 100
        left -= budget
        windows.append(Window(element, all_months[first:last], budget))
    tasks: list[Task] = []
    for window in windows:
        tasks += _tasks_of(story, window, tasks)
    return Plan(story, windows, tasks)


def _tasks_of(story: Story, window: Window, before: list[Task]) -> list[Task]:
    """The element's tasks one after another; the first waits for the latest-ending task that is over by then."""
    origin = working_days(story.starts, window.begins) - 1
    total = working_days(window.begins, window.ends)
    count = window.element.tasks
    edges = [round(total * n / count) for n in range(count + 1)]
    ended = [task for task in before if task.baseline_finish < window.begins]
    previous = max(ended, key=lambda task: task.ends).task_id if ended else None
    made = []
    for n in range(count):
        name = window.element.name if count == 1 else f"{window.element.name} {n + 1}"
        task = Task(
            window,
            f"T{story.number}{len(before) + n + 1:02d}",
            name,
            [previous] if previous else None,
            float(origin + edges[n]),
            float(origin + edges[n + 1]),
            nth_working_day(window.begins, edges[n] + 1),
            nth_working_day(window.begins, edges[n + 1]),
        )
        made.append(task)
        previous = task.task_id
    return made


def budget_frame(plan: Plan) -> pl.DataFrame:
    """One row per WBS element and month: planned value of the element spread over its working days, to the hundred."""
    rows = []
    for window in plan.windows:
        days = [working_days(month, month_end(month)) for month in window.months]
        cumulative = np.round(window.budget * np.cumsum(days) / sum(days) / 100).astype(int) * 100
        for month, value in zip(window.months, np.diff(cumulative, prepend=0), strict=True):
            element = window.element
            rows.append(
                {
                    "project": plan.story.key,
                    "wbs_code": element.code,
                    "wbs_name": element.name,
                    "phase": element.phase,
                    "module": element.module,
                    "category": element.category,
                    "period_start": month,
                    "planned_value": int(value),
                    "planned_hours": None,
                    "baseline": "B1",
                }
            )
    return pl.DataFrame(rows)


def status_dates(story: Story) -> list[dt.date]:
    """Month ends from the start, and the last status date."""
    ends = [month_end(month) for month in months(story.starts, story.status_on)]
    return [end for end in ends if end < story.status_on] + [story.status_on]


def planned_value(plan: Plan, day: dt.date) -> float:
    """Cumulative PV at the end of `day`, linear over the working days of a month."""
    value = 0.0
    for row in budget_frame(plan).select("period_start", "planned_value").iter_rows():
        start, amount = row
        if month_end(start) <= day:
            value += amount
        elif start <= day:
            value += amount * working_days(start, day) / working_days(start, month_end(start))
    return value


@dataclass(frozen=True)
class Pace:
    """How far along the plan the work is: after t working days it stands where the plan stood at t·(1 + bend·t/horizon)."""

    story: Story
    horizon: float
    bend: float

    def position(self, day: dt.date) -> float:
        elapsed = float(working_days(self.story.starts, min(day, self.story.actual_finish or day)))
        return elapsed * (1 + self.bend * elapsed / self.horizon)

    def reached(self, position: float) -> float:
        """Working days after which `position` is reached (the inverse of `position`)."""
        if abs(self.bend) < 1e-12:
            return position
        slope = self.bend / self.horizon
        root = 1 + 4 * slope * position
        return (-1 + np.sqrt(root)) / (2 * slope) if root > 0 else np.inf


def _pace_of(plan: Plan) -> Pace:
    """A finished project stands at the end of its plan on its finish date; for the others the bend is found by bisection."""
    story = plan.story
    end = max(task.ends for task in plan.tasks)
    if story.actual_finish:
        horizon = float(working_days(story.starts, story.actual_finish))
        return Pace(story, horizon, (end / horizon) - 1)
    horizon = float(working_days(story.starts, story.status_on))
    target = story.spi * planned_value(plan, story.status_on)
    low, high = -0.45, 0.45
    for _ in range(60):
        middle = (low + high) / 2
        earned = sum(_earned(plan, Pace(story, horizon, middle), story.status_on).values())
        low, high = (middle, high) if earned < target else (low, middle)
    return Pace(story, horizon, high)


def _percent(task: Task, position: float) -> float:
    """Percent complete as the planner would report it: whole percents, devices in the steps of 60/30/10."""
    raw = (position - task.window.element.late_by - task.begins) / (task.ends - task.begins)
    raw = min(max(raw, 0.0), 1.0)
    if task.window.element.rule == "60/30/10":
        steps = ((0.999, 1.0), (0.8, 0.9), (0.5, 0.6))
        return next((share for reached, share in steps if raw >= reached), 0.0)
    return 1.0 if raw > 0.995 else np.floor(raw * 100) / 100


def _progress(rule: str, percent: float, started: bool) -> float:
    if rule == "0/100":
        return 1.0 if percent >= 1 else 0.0
    if rule == "50/50":
        return 1.0 if percent >= 1 else 0.5 if started else 0.0
    return percent


def _earned(plan: Plan, pace: Pace, day: dt.date) -> dict[str, float]:
    """EV by WBS code: BAC × Σ(weight × progress), weighted by the tasks' durations (hours are eight times as many)."""
    position = pace.position(day)
    weights: dict[str, float] = {}
    done: dict[str, float] = {}
    for task in plan.tasks:
        code = task.window.element.code
        percent = _percent(task, position)
        started = position - task.window.element.late_by > task.begins
        weights[code] = weights.get(code, 0) + task.duration
        done[code] = done.get(code, 0) + task.duration * _progress(task.window.element.rule, percent, started)
    return {w.element.code: w.budget * done[w.element.code] / weights[w.element.code] for w in plan.windows}


def earned_value(plan: Plan) -> dict[dt.date, dict[str, float]]:
    """EV by WBS code at every status date."""
    pace = _pace_of(plan)
    return {day: _earned(plan, pace, day) for day in status_dates(plan.story)}


def schedule_frame(plan: Plan) -> pl.DataFrame:
    """One row per task and status date; the project buffer is a task of its own without weight."""
    story = plan.story
    pace = _pace_of(plan)
    rows = []
    for day in status_dates(story):
        position = pace.position(day)
        elapsed = working_days(story.starts, min(day, story.actual_finish or day))
        behind = elapsed - position
        for task in plan.tasks:
            late = task.window.element.late_by
            percent = _percent(task, position)
            started = position - late > task.begins
            start = nth_working_day(story.starts, pace.reached(task.begins + late) + 1) if started else None
            finish = nth_working_day(story.starts, pace.reached(task.ends + late)) if percent >= 1 else None
            expected_start = _expected(plan, day, task.begins, late + behind, elapsed)
            expected_finish = _expected(plan, day, task.ends, late + behind, elapsed - 1)
            start = min(start, day) if start else None
            finish = min(finish, day) if finish else None
            rows.append(_row(task, day, percent, (start, finish), (start or expected_start, expected_finish)))
        if story.buffer_share:
            rows.append(_buffer_row(plan, day))
    return pl.DataFrame(rows, infer_schema_length=None)


def _expected(plan: Plan, day: dt.date, position: float, slip: float, earliest: int) -> dt.date:
    """Forecast date of a point of the plan: today's slip, growing along the chain to the share of the buffer it eats."""
    story = plan.story
    chain = max(task.ends for task in plan.tasks)
    if story.buffer_used and chain > earliest:
        eaten = _buffer_used(story, day) * _buffer_length(story, chain)
        slip += (eaten - slip) * min(max(position - earliest, 0) / (chain - earliest), 1.0)
    return nth_working_day(story.starts, max(position + slip, earliest + 1))


def _buffer_length(story: Story, chain: float) -> int:
    return max(round(chain * story.buffer_share), 1)


def _buffer_used(story: Story, day: dt.date) -> float:
    """The share of the buffer eaten by `day`, growing with the square of time."""
    elapsed = working_days(story.starts, min(day, story.actual_finish or day))
    return round(story.buffer_used * min(elapsed / working_days(story.starts, story.status_on), 1.0) ** 2, 2)


def _row(task: Task, day: dt.date, percent: float, actual: tuple, forecast: tuple) -> dict:
    element = task.window.element
    return {
        "task_id": task.task_id,
        "wbs_code": element.code,
        "name": task.name,
        "phase": element.phase,
        "module": element.module,
        "predecessors": [f"{other}FS" for other in task.predecessors] if task.predecessors else task.predecessors,
        "duration_days": float(task.duration),
        "planned_hours": float(task.duration * HOURS_PER_DAY) if element.category == LABOR else None,
        "baseline_start": task.baseline_start,
        "baseline_finish": task.baseline_finish,
        "forecast_start": None if actual[0] else forecast[0],
        "forecast_finish": None if actual[1] else max(forecast),
        "actual_start": actual[0],
        "actual_finish": actual[1],
        "percent_complete": float(percent),
        "status_on": day,
        "milestone_type": None,
        "earned_value_rule": element.rule,
        "is_buffer": None,
    }


def _buffer_row(plan: Plan, day: dt.date) -> dict:
    """The buffer follows the last task; its percent is the share already eaten."""
    story = plan.story
    last = max(plan.tasks, key=lambda task: (task.ends, task.task_id))
    chain = int(last.ends)
    length = _buffer_length(story, chain)
    used = _buffer_used(story, day)
    begins = nth_working_day(story.starts, chain + 1)
    ends = nth_working_day(story.starts, chain + length)
    return {
        "task_id": f"T{story.number}99",
        "wbs_code": None,
        "name": "项目缓冲",
        "phase": None,
        "module": None,
        "predecessors": [f"{last.task_id}FS"],
        "duration_days": float(length),
        "planned_hours": None,
        "baseline_start": begins,
        "baseline_finish": ends,
        "forecast_start": nth_working_day(story.starts, chain + 1 + used * length),
        "forecast_finish": ends,
        "actual_start": None,
        "actual_finish": None,
        "percent_complete": used,
        "status_on": day,
        "milestone_type": None,
        "earned_value_rule": None,
        "is_buffer": True,
    }
