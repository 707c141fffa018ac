"""What holds each task before its links are followed: dates that happened, constraints, the data date, what is left to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import numpy as np
import polars as pl

from models.schedule.problems import Problem, ProblemKind, problem
from models.schedule.tasks import Constraint, Network, ends, starts


class TaskState(IntEnum):
    NOT_STARTED = 0
    IN_PROGRESS = 1
    FINISHED = 2


class DrivenBy(StrEnum):
    """What a task would have to be freed from to happen earlier."""

    PROJECT_START = "project_start"
    DATA_DATE = "data_date"
    PLANNED_START = "planned_start"
    CONSTRAINT = "constraint"
    LINK = "link"
    ACTUAL = "actual"


class PlannedStarts(StrEnum):
    """Whose planned start holds like "start no earlier than"."""

    IGNORED = "ignored"
    OF_OPEN_STARTS = "of_open_starts"  # tasks without predecessor: nothing else says when they begin
    OF_ALL = "of_all"


@dataclass(frozen=True, eq=False)
class Terms:
    """Lists with one entry per row and knot; positions in working days of the row's own calendar.

    work: what is left to schedule. anchor: the earliest start of it before links, held by `anchored_by`. actual_start,
    actual_finish: NaN until it happened. least_finish, greatest_start, greatest_finish: constraints, infinite where none.
    buffer_until: the promised finish of a buffer, NaN where none is given. is_effort: level of effort, which drives nothing.
    """

    project_start: dt.date
    states: list[TaskState]
    work: list[float]
    anchor: list[float]
    anchored_by: list[DrivenBy]
    actual_start: list[float]
    actual_finish: list[float]
    least_finish: list[float]
    greatest_start: list[float]
    greatest_finish: list[float]
    is_late: list[bool]
    is_effort: list[bool]
    buffer_until: list[float]
    lags: list[float]
    dates: pl.DataFrame  # row, actual_start, actual_finish: as stated, or what stands in for them
    problems: list[Problem] = field(default_factory=list)


def terms_of(
    network: Network, data_date: dt.date | None, project_start: dt.date | None, planned_starts: PlannedStarts
) -> Terms:
    """The terms of every row. project_start: where None, the earliest start that the tasks name, else after the data date.

    data_date: the last day that is reported, where None as the tasks state it; what is left is scheduled from the working day
    after it.
    """
    problems: list[Problem] = []
    tasks = network.tasks if data_date is None else network.tasks.with_columns(data_date=pl.lit(data_date, pl.Date))
    tasks = _constrained(_happened(tasks, problems), problems)
    calendars, calendar_of = network.calendars, network.calendar_of[: tasks.height]
    named = pl.lit(project_start, pl.Date) if project_start else _earliest()
    begin = tasks.select(
        pl.coalesce(named, pl.col("data_date") + pl.duration(days=1), pl.lit(calendars[0].first_named_date))
    ).to_series()

    def start_at(column: str) -> np.ndarray:
        return starts(tasks[column], calendars, calendar_of)

    def end_at(column: str) -> np.ndarray:
        return ends(tasks[column], calendars, calendar_of)

    has_link = np.zeros(network.size, dtype=bool)
    has_link[network.links.successor] = True
    has_link = has_link[: tasks.height]
    duration = tasks["duration_days"].to_numpy()
    actual_start, actual_finish = start_at("actual_start"), end_at("actual_finish")
    # A milestone before everything else stands at the beginning of its day, any other at the end.
    actual_finish = np.where((duration == 0) & ~has_link, start_at("actual_finish"), actual_finish)
    is_finished = ~np.isnan(actual_finish)
    is_unordered = np.isnan(actual_start) | (actual_start > actual_finish) | (duration == 0)
    actual_start = np.where(is_finished & is_unordered, actual_finish - duration, actual_start)
    is_started = ~np.isnan(actual_start) & ~is_finished
    reported = end_at("data_date")
    is_reported = ~np.isnan(reported)
    work = _work_left(
        tasks, np.where(is_finished, 0.0, duration), is_started, actual_start, reported, problems=problems
    )

    # What is left of a buffer with a promised finish is counted, whatever share of it was reported as used.
    buffer_until = np.where(tasks["is_buffer"], end_at("buffer_until"), np.nan)
    work = np.where(np.isnan(buffer_until) | is_finished, work, duration)

    anchor = starts(begin, calendars, calendar_of)
    by = np.full(tasks.height, DrivenBy.PROJECT_START, dtype=object)

    def hold(where: np.ndarray, positions: np.ndarray, reason: DrivenBy) -> None:
        later = where & (np.nan_to_num(positions, nan=-np.inf) > anchor)
        anchor[later] = positions[later]
        by[later] = reason

    if planned_starts is not PlannedStarts.IGNORED:
        hold(~has_link | (planned_starts is PlannedStarts.OF_ALL), start_at("planned_start"), DrivenBy.PLANNED_START)
    hold(np.full(tasks.height, True), start_at("start_no_earlier_than"), DrivenBy.CONSTRAINT)
    kind = tasks["constraint_type"].fill_null("").to_numpy()
    hold(np.isin(kind, STARTS_AFTER), start_at("constraint_on"), DrivenBy.CONSTRAINT)
    anchor[is_started] = np.where(is_reported, actual_start, actual_start + duration - work)[is_started]
    by[is_started] = DrivenBy.ACTUAL
    hold(~is_finished, reported, DrivenBy.DATA_DATE)

    def limit(kinds: list[Constraint], positions: np.ndarray, none: float) -> np.ndarray:
        return np.where(np.isin(kind, kinds), positions, none)

    # A deadline moves nothing: it is a limit that float counts to, beside that of a constraint.
    deadline = np.nan_to_num(end_at("deadline_on"), nan=np.inf)
    greatest_finish = np.minimum(limit(FINISHES_BEFORE, end_at("constraint_on"), np.inf), deadline)
    state = np.where(is_finished, TaskState.FINISHED, np.where(is_started, TaskState.IN_PROGRESS, 0))
    links = network.links
    lags = links.lag_days + links.lag_share * _padded(duration, network.knots, 0.0)[links.predecessor]
    knots = network.knots
    return Terms(
        project_start=next(iter(begin), project_start) or calendars[0].first_named_date,
        states=_padded(state, knots, 0).tolist(),
        work=_padded(work, knots, 0.0).tolist(),
        anchor=_padded(anchor, knots, -np.inf).tolist(),
        anchored_by=_padded(by, knots, DrivenBy.LINK).tolist(),
        actual_start=_padded(actual_start, knots, np.nan).tolist(),
        actual_finish=_padded(actual_finish, knots, np.nan).tolist(),
        least_finish=_padded(limit(_FINISHES_AFTER, end_at("constraint_on"), -np.inf), knots, -np.inf).tolist(),
        greatest_start=_padded(limit(STARTS_BEFORE, start_at("constraint_on"), np.inf), knots, np.inf).tolist(),
        greatest_finish=_padded(greatest_finish, knots, np.inf).tolist(),
        is_late=_padded(kind == Constraint.AS_LATE_AS_POSSIBLE, knots, False).tolist(),
        is_effort=_padded(tasks["is_level_of_effort"].to_numpy(), knots, False).tolist(),
        buffer_until=_padded(buffer_until, knots, np.nan).tolist(),
        lags=lags.tolist(),
        dates=tasks.select("row", "actual_start", "actual_finish"),
        problems=problems,
    )


STARTS_AFTER = [Constraint.START_NO_EARLIER_THAN, Constraint.MUST_START_ON]
STARTS_BEFORE = [Constraint.START_NO_LATER_THAN, Constraint.MUST_START_ON]
_FINISHES_AFTER = [Constraint.FINISH_NO_EARLIER_THAN, Constraint.MUST_FINISH_ON]
FINISHES_BEFORE = [Constraint.FINISH_NO_LATER_THAN, Constraint.MUST_FINISH_ON]


def _padded(values: np.ndarray, knots: int, filler: object) -> np.ndarray:
    return np.concatenate([values, np.full(knots, filler, dtype=values.dtype)]) if knots else values


def _happened(tasks: pl.DataFrame, problems: list[Problem]) -> pl.DataFrame:
    """actual_start and actual_finish, and what stands in for them where percent_complete says more than they do."""
    is_work = ~pl.col("is_buffer") & ~pl.col("is_summary")
    reported = pl.col("data_date")
    share = pl.col("percent_complete").fill_null(0)
    undated_finish = is_work & (share >= 1) & pl.col("actual_finish").is_null()
    undated_start = (
        is_work & (share > 0) & (share < 1) & pl.col("actual_start").is_null() & pl.col("actual_finish").is_null()
    )
    stand_in = pl.min_horizontal(pl.col("planned_finish"), reported)
    marked = tasks.with_columns(
        (undated_finish & stand_in.is_not_null()).alias("undated_finish"),
        undated_start.alias("undated_start"),
        pl.when(undated_finish).then(stand_in).otherwise("actual_finish").alias("finished_on"),
        pl.when(undated_start & (pl.col("planned_start") <= reported))
        .then("planned_start")
        .otherwise("actual_start")
        .alias("started_on"),
    )
    odd = marked.filter(
        is_work
        & (
            pl.col("undated_finish")
            | pl.col("undated_start")
            | (pl.col("actual_finish") < pl.col("actual_start"))
            | (pl.max_horizontal("actual_start", "actual_finish") > reported)
        )
    )
    for row in odd.iter_rows(named=True):
        started, finished = row["actual_start"], row["actual_finish"]
        if row["undated_finish"]:
            problems.append(problem(ProblemKind.FINISHED_WITHOUT_DATE, row, date=row["finished_on"].isoformat()))
        if row["undated_start"]:
            percent = f"{row['percent_complete'] * 100:.0f}"
            problems.append(problem(ProblemKind.STARTED_WITHOUT_DATE, row, percent=percent))
        if started and finished and finished < started:
            told = {"start": started.isoformat(), "finish": finished.isoformat()}
            problems.append(problem(ProblemKind.FINISH_BEFORE_START, row, **told))
        latest = max((day for day in (started, finished) if day), default=None)
        if latest and row["data_date"] and latest > row["data_date"]:
            told = {"date": latest.isoformat(), "data_date": row["data_date"].isoformat()}
            problems.append(problem(ProblemKind.ACTUAL_AFTER_DATA_DATE, row, **told))
    return marked.with_columns(actual_start="started_on", actual_finish="finished_on")


def _constrained(tasks: pl.DataFrame, problems: list[Problem]) -> pl.DataFrame:
    """constraint_type as one of Constraint, null where it is none or lacks its date."""
    if tasks["constraint_type"].null_count() == tasks.height:
        return tasks
    named = pl.col("constraint_type").str.to_lowercase().str.replace_all(r"[\s_-]+", "_").str.strip_chars("_")
    tasks = tasks.with_columns(named.replace("", None).alias("constraint"))
    known = pl.col("constraint").is_in([kind.value for kind in Constraint])
    needs_date = pl.col("constraint").is_in([kind.value for kind in Constraint if kind.needs_date])
    lacks_date = known & needs_date & pl.col("constraint_on").is_null()
    wrong = pl.col("constraint").is_not_null() & ~pl.col("is_summary") & (~known | lacks_date)
    for row in tasks.filter(wrong).iter_rows(named=True):
        told = {"constraint": row["constraint_type"]}
        if row["constraint"] in list(Constraint):
            problems.append(problem(ProblemKind.CONSTRAINT_WITHOUT_DATE, row, **told))
        else:
            problems.append(problem(ProblemKind.UNKNOWN_CONSTRAINT, row, **told, known=", ".join(Constraint)))
    return tasks.with_columns(pl.when(known & ~lacks_date).then("constraint").alias("constraint_type"))


def _earliest() -> pl.Expr:
    """The first day that the tasks of a part name, else the first that holds one of them."""
    is_work = ~pl.col("is_summary")
    named = pl.when(is_work).then(pl.min_horizontal("planned_start", "actual_start", "actual_finish"))
    held = pl.when(is_work).then(pl.min_horizontal("start_no_earlier_than", "constraint_on"))
    return pl.coalesce(named.min().over("part"), held.min().over("part"))


def _work_left(
    tasks: pl.DataFrame,
    duration: np.ndarray,
    is_started: np.ndarray,
    actual_start: np.ndarray,
    reported: np.ndarray,
    *,
    problems: list[Problem],
) -> np.ndarray:
    """Working days left: as stated, else the part of the duration that is not complete, else what the plan leaves."""
    share = tasks["percent_complete"].to_numpy()
    left = duration * (1 - np.clip(np.nan_to_num(share), 0, 1))
    unknown = is_started & np.isnan(share) & tasks["remaining_days"].is_null().to_numpy() & ~np.isnan(reported)
    if unknown.any():
        # A started task that is not finished has something left, whatever the plan says: at least a day, if it had one.
        planned = np.maximum(duration - (reported - actual_start), np.minimum(duration, 1.0))
        left = np.where(unknown, np.minimum(planned, duration), left)
        for row in np.flatnonzero(unknown).tolist():
            problems.append(problem(ProblemKind.PROGRESS_UNKNOWN, tasks.row(row, named=True)))
    stated = tasks["remaining_days"].to_numpy()
    return np.where(np.isnan(stated) | (duration == 0), left, np.maximum(stated, 0))
