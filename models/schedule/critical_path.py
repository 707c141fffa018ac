"""When each task can and must happen, how much it can slip, and which chain of tasks holds the finish.

Links tie finishes and starts (FS, SS, FF, SF), with lags in the successor's working time; elapsed lags run through days off.
Work that has not begun starts when its links, its constraint and the data date allow. Started work keeps its start; what is
left of it begins after the data date and after its unfinished predecessors (retained logic). Finished work keeps its dates.
Constraints never break a link: what cannot be kept shows as negative float. A buffer with a promised finish is as long as
what the chain leaves of it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.schedule.passes import Passes, early_dates, passes
from models.schedule.problems import Problem, ProblemKind, problem
from models.schedule.tasks import Network, read_network
from models.schedule.terms import DrivenBy, PlannedStarts, TaskState, Terms, terms_of
from models.schedule.working_time import WorkingCalendar

# A week of work: the rhythm in which progress is reported, so what has less can be critical before the next report. A share of
# what remains would call 70 days near in a plan of three years, and nothing near in its last weeks.
NEAR_CRITICAL_DAYS = 5.0
# Floats this close are equal: half a minute of an 8-hour day, far above what sums of fractions lose.
_SAME_FLOAT_DAYS = 1e-3
_DECIMALS = 4


@dataclass(frozen=True, eq=False)
class Schedule:
    """A network with dates.

    tasks: one row per task, in the order given: task_id, name, wbs_code, state (not_started, in_progress, finished),
    is_summary, is_buffer, is_level_of_effort, is_milestone, duration_days, remaining_days, early_start, early_finish,
    late_start, late_finish, total_float_days, free_float_days (working days; null once finished, and for level of effort,
    which drives neither the finish nor any float), is_critical, is_near_critical,
    driving_predecessor, driven_by, path_position (1 … on the critical path), buffer_days_used, source_row, file. Dates are
    null for what lies in or behind a circle. A summary has the dates of its tasks and the least of their floats.
    finish: last day of all, buffers included; finish_without_buffer: of everything else. critical_path: task ids in order,
    unfinished ones. length_days: working days from its first start to the finish. least_float_days: negative once the
    required finish or another deadline cannot be kept. `problems`: those of the network and of its dates.
    """

    network: Network
    tasks: pl.DataFrame
    project_start: dt.date
    data_date: dt.date | None
    required_finish: dt.date | None
    planned_starts: PlannedStarts
    near_critical_days: float
    finish: dt.date | None
    finish_without_buffer: dt.date | None
    critical_path: list[str]
    length_days: float | None
    least_float_days: float | None
    problems: tuple[Problem, ...]


def network(  # one call for a page or a derivation; the two steps are apart for what_if
    tasks: pl.DataFrame,
    calendar: WorkingCalendar,
    data_date: dt.date | None = None,
    *,
    calendars: Mapping[str, WorkingCalendar] | None = None,
    project_start: dt.date | None = None,
    required_finish: dt.date | None = None,
    planned_starts: PlannedStarts = PlannedStarts.OF_OPEN_STARTS,
    near_critical_days: float = NEAR_CRITICAL_DAYS,
) -> Schedule:
    """Both passes over `tasks` (task_network.COLUMNS; only task_id must be there). See `read_network` and `schedule`."""
    return schedule(
        read_network(tasks, calendar, calendars),
        data_date,
        project_start=project_start,
        required_finish=required_finish,
        planned_starts=planned_starts,
        near_critical_days=near_critical_days,
    )


def schedule(
    network: Network,
    data_date: dt.date | None = None,
    *,
    project_start: dt.date | None = None,
    required_finish: dt.date | None = None,
    planned_starts: PlannedStarts = PlannedStarts.OF_OPEN_STARTS,
    near_critical_days: float = NEAR_CRITICAL_DAYS,
) -> Schedule:
    """The dates and floats of a network.

    data_date: the last day that is reported, where None as the tasks state it; what is left is scheduled from the working day
    after it. project_start: nothing unstarted begins before; without it the earliest date that the tasks name.
    required_finish: the day from which the backward pass begins, else the computed finish.
    """
    terms = terms_of(network, data_date, project_start, planned_starts)
    required = None if required_finish is None else float((required_finish - dt.date(1970, 1, 1)).days + 1)
    run = passes(network, terms, required)
    rows = np.array([row for row in network.order if row < network.tasks.height], dtype=np.int64)
    path = _critical_path(network, terms, run)
    frame = _frame(network, terms, run, path, near_critical_days)
    frame = _with_summaries(frame)
    finishes = frame.filter(~pl.col("is_summary"))
    finishes = finishes.filter(~pl.col("is_level_of_effort")) if not finishes["is_level_of_effort"].all() else finishes
    least = np.nanmin(np.array(run.total_float)[rows], initial=np.inf) if len(rows) else np.inf
    calendar = network.calendars[0]
    length = None
    if path:
        first = run.clock_of(path[0], False)
        length = round(calendar.position(run.project_finish) - calendar.position(first), _DECIMALS)
    return Schedule(
        network=network,
        tasks=frame,
        project_start=terms.project_start,
        data_date=data_date,
        required_finish=required_finish,
        planned_starts=planned_starts,
        near_critical_days=near_critical_days,
        finish=finishes.select(pl.max("early_finish")).item(),
        finish_without_buffer=finishes.filter(~pl.col("is_buffer")).select(pl.max("early_finish")).item(),
        critical_path=[network.tasks["task_id"][row] for row in path],
        length_days=length,
        least_float_days=None if np.isinf(least) else round(float(least), _DECIMALS),
        problems=(*network.problems, *terms.problems, *_beyond(network, run, rows)),
    )


def waiting_for_planned_start(network: Network) -> set[str]:
    """Ids of the unstarted tasks, buffers left out, whose early start is their planned one if every planned start holds."""
    terms = terms_of(network, None, None, PlannedStarts.OF_ALL)
    driven_by = _driven_by(network, terms, early_dates(network, terms))
    states = terms.states[: network.tasks.height]
    of_tasks = zip(network.tasks["task_id"], network.tasks["is_buffer"], states, driven_by, strict=True)
    return {
        task_id
        for task_id, is_buffer, state, reason in of_tasks
        if reason == DrivenBy.PLANNED_START and state == TaskState.NOT_STARTED and not is_buffer
    }


def _critical_path(network: Network, terms: Terms, run: Passes) -> list[int]:
    """Rows from the first to the last of the chain that holds the project's finish, through the links that drive it."""
    size = network.tasks.height
    predecessor = network.links.predecessor
    last = [
        row
        for row in network.order
        if row < size
        and terms.states[row] != TaskState.FINISHED
        and not terms.is_effort[row]
        and run.clock_of(row, True) >= run.project_finish - _SAME_FLOAT_DAYS
    ]
    if not last:
        return []
    row = min(last, key=lambda row: (round(run.total_float[row], 3), row))
    path = []
    while terms.states[row] != TaskState.FINISHED and not terms.is_effort[row]:
        if row < size:
            path.append(row)
        if run.driver[row] < 0:
            break
        row = int(predecessor[run.driver[row]])
    return path[::-1]


def _near_the_least(total: np.ndarray, part_of: np.ndarray, near_critical_days: float) -> tuple[np.ndarray, np.ndarray]:
    """Which tasks are critical, and which of the others nearly: held against the least float of their part."""
    least = np.full(part_of.max(initial=0) + 1, np.inf)
    np.fmin.at(least, part_of, total)
    least = np.maximum(least, 0.0)[part_of]
    critical = total <= least + _SAME_FLOAT_DAYS
    return critical, ~critical & (total <= least + near_critical_days + _SAME_FLOAT_DAYS)


def floats(network: Network) -> pl.DataFrame:
    """Of every task of a network of one part or several: task_id, total_float_days, is_critical, is_near_critical, as `schedule`
    finds them, each part to the data date that its tasks state."""
    terms = terms_of(network, None, None, PlannedStarts.OF_OPEN_STARTS)
    total = np.array(passes(network, terms, None).total_float[: network.tasks.height])
    critical, near = _near_the_least(total, network.part_of[: network.tasks.height], NEAR_CRITICAL_DAYS)
    found = network.tasks.select("row", "task_id", "wbs_code", "is_summary").with_columns(
        total_float_days=_number(total), is_critical=pl.Series(critical), is_near_critical=pl.Series(near)
    )
    return _with_summaries(found)


def _number(values: np.ndarray) -> pl.Series:
    rounded = np.round(values, _DECIMALS) + 0.0  # + 0.0: no minus before a zero
    return pl.Series(rounded).fill_nan(None)


def _frame(network: Network, terms: Terms, run: Passes, path: list[int], near_critical_days: float) -> pl.DataFrame:
    tasks, size = network.tasks, network.tasks.height
    work, duration = np.array(run.work[:size]), tasks["duration_days"].to_numpy()
    start, finish = np.array(run.start[:size]), np.array(run.finish[:size])
    is_point = start == finish
    as_end = np.array(run.reads_as_end[:size], dtype=bool)
    states = np.array(terms.states[:size])
    total, free = np.array(run.total_float[:size]), np.array(run.free_float[:size])
    critical, near = _near_the_least(total, network.part_of[:size], near_critical_days)
    late_start, late_finish = np.array(run.late_start[:size]), np.array(run.late_finish[:size])
    # The latest moment of a milestone is the end of a day, also of one that stands at the beginning of its own.
    late_as_end = as_end | (late_finish > finish + _SAME_FLOAT_DAYS)

    def days(positions: np.ndarray, at_end: np.ndarray) -> pl.Series:
        found = np.full(size, np.datetime64("NaT"), dtype="datetime64[D]")
        for place, calendar in enumerate(network.calendars):
            ours = network.calendar_of[:size] == place
            found[ours & at_end] = calendar.last_days(positions[ours & at_end])
            found[ours & ~at_end] = calendar.first_days(positions[ours & ~at_end])
        return pl.Series(found)

    position = np.zeros(size, dtype=np.int64)
    position[path] = np.arange(1, len(path) + 1)
    happened = terms.dates
    frame = tasks.select(
        "row", "task_id", "name", "wbs_code", "is_summary", "is_buffer", "is_level_of_effort", "source_row", "file"
    ).with_columns(
        state=pl.Series([TaskState(state).name.lower() for state in states.tolist()], dtype=pl.String),
        is_milestone=pl.Series(duration == 0) & ~pl.col("is_summary"),
        duration_days=_number(duration),
        remaining_days=_number(work),
        early_start=days(start, is_point & as_end),
        early_finish=days(finish, ~is_point | as_end),
        late_start=days(late_start, is_point & late_as_end),
        late_finish=days(late_finish, ~is_point | late_as_end),
        total_float_days=_number(total),
        free_float_days=_number(free),
        is_critical=pl.Series(critical),
        is_near_critical=pl.Series(near),
        path_position=pl.Series(position).replace(0, None),
        buffer_days_used=pl.when("is_buffer").then(_number(np.maximum(duration - work, 0.0))),
        driving_predecessor=pl.Series(_driving(network, run), dtype=pl.String),
        driven_by=pl.Series(_driven_by(network, terms, run), dtype=pl.String),
        actual_start=happened["actual_start"],
        actual_finish=happened["actual_finish"],
    )
    is_known = pl.col("early_finish").is_not_null()
    is_finished = pl.col("state") == "finished"
    return frame.with_columns(
        early_start=pl.when(is_known).then(pl.coalesce("actual_start", "early_start")),
        early_finish=pl.when(is_known & is_finished).then("actual_finish").otherwise("early_finish"),
        late_start=pl.when(is_known).then(pl.coalesce("actual_start", "late_start")),
        late_finish=pl.when(is_known & is_finished).then("actual_finish").otherwise("late_finish"),
    ).drop("actual_start", "actual_finish")


def _driving(network: Network, run: Passes) -> list[str | None]:
    ids, predecessor = network.tasks["task_id"].to_list(), network.links.predecessor.tolist()
    found: list[str | None] = []
    for row in range(len(ids)):
        while run.driver[row] >= 0:
            row = predecessor[run.driver[row]]  # noqa: PLW2901 - on through knots, to the first task
            if row < len(ids):
                break
        else:
            found.append(None)
            continue
        found.append(ids[row])
    return found


def _driven_by(network: Network, terms: Terms, run: Passes) -> list[str | None]:
    found: list[str | None] = []
    for row, finish in enumerate(run.finish[: network.tasks.height]):
        if math.isnan(finish):
            found.append(None)
        elif terms.states[row] == TaskState.FINISHED:
            found.append(DrivenBy.ACTUAL.value)
        elif run.driver[row] >= 0:
            found.append(DrivenBy.LINK.value)
        elif run.resumes[row] > terms.anchor[row]:
            found.append(DrivenBy.CONSTRAINT.value)
        else:
            found.append(str(terms.anchored_by[row]))
    return found


# What the tasks of a summary say together.
_OF_SUMMARY = {
    "state": pl.when(pl.col("state").n_unique() == 1).then(pl.col("state").first()).fill_null("in_progress"),
    **{name: pl.col(name).min() for name in ("early_start", "late_start", "total_float_days", "free_float_days")},
    **{name: pl.col(name).max() for name in ("early_finish", "late_finish")},
    "is_critical": pl.col("is_critical").any(),
    "is_near_critical": pl.col("is_near_critical").any() & ~pl.col("is_critical").any(),
}


def _with_summaries(frame: pl.DataFrame) -> pl.DataFrame:
    """Summaries with what their tasks say together; without `row`."""
    if not frame["is_summary"].any():
        return frame.drop("row")
    summed = {name: said.alias(name) for name, said in _OF_SUMMARY.items() if name in frame.columns}
    leaves = frame.filter(~pl.col("is_summary")).select(*summed, code=pl.coalesce("wbs_code", "task_id"))
    codes = [[code[:at] for at, sign in enumerate(code) if sign == "."] for code in leaves["code"]]
    leaves = leaves.with_columns(code=pl.Series(codes, dtype=pl.List(pl.String))).explode("code")
    found = (
        frame.filter("is_summary")
        .select("row", code="wbs_code")
        .join(leaves, on="code", how="left")
        .group_by("row")
        .agg(*summed.values())
    )
    is_work = [name for name in ("duration_days", "remaining_days") if name in frame.columns]
    return (
        frame.update(found, on="row", how="left", include_nulls=False)
        .with_columns(pl.when(~pl.col("is_summary")).then(pl.col(is_work)))
        .drop("row")
    )


def _beyond(network: Network, run: Passes, rows: np.ndarray) -> list[Problem]:
    ends = np.array([calendar.end for calendar in network.calendars])[network.calendar_of[rows]]
    late = rows[np.array(run.finish)[rows] > ends] if len(rows) else rows
    found = []
    for row in sorted(late.tolist()):
        last = network.calendars[network.calendar_of[row]].last_date.isoformat()
        found.append(problem(ProblemKind.BEYOND_CALENDAR, network.tasks.row(row, named=True), date=last))
    return found
