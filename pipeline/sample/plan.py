"""Budget, schedule and earned value of one story: the plan is laid out, then time is bent until SPI tells the story."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.sample.calendar import month_end, months, nth_working_day, working_days
from pipeline.sample.stories import LABOR, Element, Part, Step, Story

HOURS_PER_DAY = 8


@dataclass(frozen=True)
class Window:
    """A WBS element laid on whole months."""

    element: Element
    months: list[dt.date]

    @property
    def begins(self) -> dt.date:
        return self.months[0]

    @property
    def ends(self) -> dt.date:
        return month_end(self.months[-1])

    @property
    def budgets(self) -> tuple[tuple[str, int], ...]:
        """(category, BAC of it) in whole hundreds; the first category takes what rounding leaves."""
        element = self.element
        rest = [(category, round(element.budget * share / 100) * 100) for category, share in element.split[1:]]
        first = element.split[0][0] if element.split else element.category
        return ((first, element.budget - sum(budget for _, budget in rest)), *rest)


@dataclass(frozen=True)
class Task:
    window: Window
    task_id: str
    name: str
    predecessors: tuple[str, ...]  # as ingest writes links: T701FS, T702SS+21d
    begins: float  # working days from the project's start
    ends: float
    baseline_start: dt.date
    baseline_finish: dt.date
    part: Part | None = None
    step: Step | None = None
    is_point: bool = False  # a milestone without duration, which earns nothing

    @property
    def milestone_type(self) -> str | None:
        if self.is_point:
            return self.window.element.ends_with
        named = self.step or self.part
        return named.milestone_type if named else None

    @property
    def late(self) -> int:
        """Working days behind the rest of the project."""
        own = self.part.late_by if self.part else None
        return self.window.element.late_by if own is None else own

    def late_forecast(self, day: dt.date) -> int:
        """Working days of it that were forecast on `day`."""
        forecasts = self.window.element.late_forecasts
        known = next((days for since, days in reversed(forecasts) if since <= day), 0)
        return min(self.late, known) if forecasts else self.late

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
    for element in story.elements:
        first = round(element.begins * len(all_months))
        last = max(round(element.ends * len(all_months)), first + 1)
        windows.append(Window(element, [month for month in all_months[first:last] if month not in story.idle]))
    tasks: list[Task] = []
    for window in windows:
        tasks += _tasks_of(story, window, tasks)
    return Plan(story, windows, tasks)


def _tasks_of(story: Story, window: Window, before: list[Task]) -> list[Task]:
    """The element's tasks one after another, and the milestone it ends with."""
    element = window.element
    origin = working_days(story.starts, window.begins) - 1
    total = working_days(window.begins, window.ends)
    count = len(element.parts or element.steps) or element.tasks
    edges = [round(total * n / count) for n in range(count + 1)]
    made: list[Task] = []
    for n in range(count):
        task_id = f"T{story.number}{len(before) + n + 1:02d}"
        links = (f"{made[-1].task_id}FS",) if made else _first_links(story, window, before)
        if n == count - 1:
            last_tasks = {task.window.element.code: task.task_id for task in before}
            links += tuple(f"{last_tasks[code]}FF" for code in element.waits_for)
        step = element.steps[n] if element.steps else None
        first = step.planned[0] if step else nth_working_day(window.begins, edges[n] + 1)
        last = step.planned[1] if step else nth_working_day(window.begins, edges[n + 1])
        begins, ends = float(origin + edges[n]), float(origin + edges[n + 1])
        if step:
            begins, ends = float(working_days(story.starts, first) - 1), float(working_days(story.starts, last))
        part = element.parts[n] if element.parts else None
        name = _name(element, n, count)
        made.append(Task(window, task_id, name, links, begins, ends, first, last, part, step))
    if element.ends_with:
        final, task_id = made[-1], f"T{story.number}{len(before) + count + 1:02d}"
        at = (final.ends, final.ends, final.baseline_finish, final.baseline_finish)
        made.append(Task(window, task_id, f"{element.name}完成", (f"{final.task_id}FS",), *at, is_point=True))
    return made


def _name(element: Element, n: int, count: int) -> str:
    if element.parts:
        return element.parts[n].name
    if element.steps:
        return f"{element.name} {element.steps[n].name}"
    return element.name if count == 1 else f"{element.name} {n + 1}"


def _first_links(story: Story, window: Window, before: list[Task]) -> tuple[str, ...]:
    """What an element's first task waits for: the one named, else the latest-ending one that is over by then.

    Where none is over yet, it begins so many working days after the project's first task.
    """
    tasks = [task for task in before if not task.is_point]
    if window.element.follows:
        last = [task for task in tasks if task.window.element.code == window.element.follows][-1]
        return (f"{last.task_id}FS",)
    begins = window.element.steps[0].planned[0] if window.element.steps else window.begins
    ended = [task for task in tasks if task.baseline_finish < begins]
    if ended:
        return (f"{max(ended, key=lambda task: task.ends).task_id}FS",)
    lag = working_days(story.starts, begins) - 1
    return (f"{tasks[0].task_id}SS+{lag}d",) if tasks and lag > 0 else ()


def budget_frame(plan: Plan) -> pl.DataFrame:
    """One row per WBS element, category and month: planned value of the element spread over its working days, to the hundred."""
    rows = []
    hourly = plan.story.hourly_budget
    for window in plan.windows:
        element = window.element
        line = {
            "project": plan.story.key,
            "wbs_code": element.code,
            "wbs_name": element.name,
            "phase": element.phase,
            "module": element.module,
            "baseline": "B1",
            "earned_value_rule": element.rule,
            "layer": element.layer,
        }
        days = [working_days(month, month_end(month)) for month in window.months]
        for category, budget in window.budgets:
            cumulative = np.round(budget * np.cumsum(days) / sum(days) / 100).astype(int) * 100
            for month, value in zip(window.months, np.diff(cumulative, prepend=0), strict=True):
                hours = round(value / hourly, 1) if hourly and category == LABOR else None
                planned = {"period_start": month, "planned_value": int(value), "planned_hours": hours}
                rows.append(line | planned | {"category": category})
    return pl.DataFrame(rows, infer_schema_length=None)


def status_dates(story: Story) -> list[dt.date]:
    """The planner's data dates: one a month from the start, and the last status date."""
    reported = [month for month in months(story.starts, story.status_on) if month not in story.unreported]
    days = [month.replace(day=story.reports_on) if story.reports_on else month_end(month) for month in reported]
    return [day for day in days if day < story.status_on] + [story.status_on]


def book_ends(story: Story) -> list[dt.date]:
    """The last days of its accounting periods, up to the last closed one."""
    all_months = months(story.starts, story.cost_closed_on)
    ends = [month.replace(day=story.books_end_on) if story.books_end_on else month_end(month) for month in all_months]
    return [end for end in ends if end <= story.cost_closed_on]


def planned_value(plan: Plan, day: dt.date) -> float:
    """Cumulative PV at the end of `day`, linear over the working days of a month."""
    value = 0.0
    for start, amount in budget_frame(plan).select("period_start", "planned_value").iter_rows():
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


def _percent(task: Task, position: float, day: dt.date) -> float:
    """Percent complete as the planner would report it: whole percents, devices in the steps of 60/30/10."""
    if task.step:
        return _step_percent(task.step, day)
    if task.is_point:
        return 1.0 if position - task.late >= task.ends - 0.005 else 0.0
    raw = (position - task.late - task.begins) / (task.ends - task.begins)
    raw = min(max(raw, 0.0), 1.0)
    if task.window.element.rule == "60/30/10":
        steps = ((0.999, 1.0), (0.8, 0.9), (0.5, 0.6))
        return next((share for reached, share in steps if raw >= reached), 0.0)
    return 1.0 if raw > 0.995 else np.floor(raw * 100) / 100


def _step_percent(step: Step, day: dt.date) -> float:
    if step.is_done(day):
        return 1.0
    if not step.actual or step.actual[0] > day:
        return 0.0
    finish = step.actual[1] or step.forecast(day)
    share = working_days(step.actual[0], day) / working_days(step.actual[0], finish)
    return float(np.floor(min(share, 0.95) * 20) / 20)


def _progress(rule: str, percent: float, started: bool) -> float:
    if rule in ("0/100", "weighted_milestones"):
        return 1.0 if percent >= 1 else 0.0
    if rule == "50/50":
        return 1.0 if percent >= 1 else 0.5 if started else 0.0
    return percent


def _earned(plan: Plan, pace: Pace, day: dt.date) -> dict[str, float]:
    """EV by WBS code: BAC × Σ(weight × progress), weighted by the tasks' durations (hours are eight times as many).

    Steps of devices count 0/100 at their share; weighted milestones 0/100 at their weight.
    """
    position = pace.position(day)
    weights: dict[str, float] = {}
    done: dict[str, float] = {}
    for task in plan.tasks:
        if task.is_point:
            continue
        code = task.window.element.code
        percent = _percent(task, position, day)
        started = position - task.late > task.begins
        weight = task.step.share if task.step else task.part.weight if task.part and task.part.weight else task.duration
        progress = float(percent >= 1) if task.step else _progress(task.window.element.rule, percent, started)
        weights[code] = weights.get(code, 0) + weight
        done[code] = done.get(code, 0) + weight * progress
    return {w.element.code: w.element.budget * done[w.element.code] / weights[w.element.code] for w in plan.windows}


def earned_value(plan: Plan, days: list[dt.date]) -> dict[dt.date, dict[str, float]]:
    """EV by WBS code at these days, whether anybody reported it or not."""
    pace = _pace_of(plan)
    return {day: _earned(plan, pace, day) for day in days}


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
            late = task.late
            percent = _percent(task, position, day)
            if task.step:
                rows.append(_row(task, day, percent, *_step_dates(task.step, day)))
                continue
            started = position - late > task.begins
            start = nth_working_day(story.starts, pace.reached(task.begins + late) + 1) if started else None
            finish = nth_working_day(story.starts, pace.reached(task.ends + late)) if percent >= 1 else None
            slip = task.late_forecast(day) + behind
            expected_start = _expected(plan, day, task.begins, slip, elapsed)
            expected_finish = _expected(plan, day, task.ends, slip, elapsed - 1)
            start = min(start, day) if start else None
            finish = min(finish, day) if finish else None
            if task.is_point:  # it stands where the task before it ends
                start, expected_start = finish, expected_finish
            rows.append(_row(task, day, percent, (start, finish), (start or expected_start, expected_finish)))
        if story.buffer_share:
            rows.append(_buffer_row(plan, day))
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(pl.lit(story.key).alias("project"))


def _step_dates(step: Step, day: dt.date) -> tuple[tuple, tuple]:
    """(actual start and finish, forecast start and finish) as known on `day`; a late start is as late as its finish."""
    began = step.actual[0] if step.actual and step.actual[0] <= day else None
    finished = step.actual[1] if step.actual and step.is_done(day) else None
    finish = step.forecast(day)
    slip = working_days(step.planned[1], finish) - 1
    return (began, finished), (began or nth_working_day(step.planned[0], slip + 1), finish)


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
    has_hours = element.category == LABOR and not task.is_point
    return {
        "task_id": task.task_id,
        "wbs_code": None if task.is_point else element.code,
        "name": task.name,
        "phase": element.phase,
        "module": element.module,
        "predecessors": list(task.predecessors) or None,
        "duration_days": 0.0 if task.is_point else float(task.duration),
        "planned_hours": float(task.duration * HOURS_PER_DAY) if has_hours else None,
        "baseline_start": task.baseline_start,
        "baseline_finish": task.baseline_finish,
        "forecast_start": None if actual[0] else forecast[0],
        "forecast_finish": None if actual[1] else max(forecast),
        "actual_start": actual[0],
        "actual_finish": actual[1],
        "percent_complete": float(percent),
        "status_on": day,
        "milestone_type": task.milestone_type,
        "milestone_weight": task.part.weight if task.part else None,
        "earned_value_rule": None if task.is_point else element.rule,
    }


def _buffer_row(plan: Plan, day: dt.date) -> dict:
    """The buffer follows the last task; its percent is the share already eaten."""
    story = plan.story
    last = [task for task in plan.tasks if task.window.element.code != "1.11"][-1]
    chain = int(max(task.ends for task in plan.tasks))
    length = _buffer_length(story, chain)
    used = _buffer_used(story, day)
    begins = nth_working_day(story.starts, chain + 1)
    ends = nth_working_day(story.starts, chain + length)
    return {
        "task_id": f"T{story.number}99",
        "name": "项目缓冲",
        "predecessors": [f"{last.task_id}FS"],
        "duration_days": float(length),
        "baseline_start": begins,
        "baseline_finish": ends,
        "forecast_start": nth_working_day(story.starts, chain + 1 + used * length),
        "forecast_finish": ends,
        "percent_complete": used,
        "status_on": day,
        "is_buffer": True,
    }
