"""The tasks of one schedule as a network: what each lasts, who waits for whom, in which order they can be computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import networkx as nx
import numpy as np
import polars as pl

from models.schedule.links import Links, below, links_between
from models.schedule.problems import Problem, ProblemKind, problem
from models.schedule.working_time import WorkingCalendar

_LONGEST_PATH_TOLD = 12  # tasks of a circle that its sentence names; more nobody reads in a line


class Constraint(StrEnum):
    """What holds a task beside its links, by the names that Microsoft Project and Primavera share."""

    AS_SOON_AS_POSSIBLE = "as_soon_as_possible"
    AS_LATE_AS_POSSIBLE = "as_late_as_possible"
    START_NO_EARLIER_THAN = "start_no_earlier_than"
    START_NO_LATER_THAN = "start_no_later_than"
    FINISH_NO_EARLIER_THAN = "finish_no_earlier_than"
    FINISH_NO_LATER_THAN = "finish_no_later_than"
    MUST_START_ON = "must_start_on"
    MUST_FINISH_ON = "must_finish_on"

    @property
    def needs_date(self) -> bool:
        return not self.name.startswith("AS_")


# Every column a network reads; those missing from the frame are taken as empty. is_level_of_effort: work such as project
# management, which runs as long as the rest does. part: of several schedules read as one network, each its own number; no link
# joins two. data_date: of the part, where one is stated.
COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "task_id": pl.String,
    "name": pl.String,
    "duration_days": pl.Float64,
    "remaining_days": pl.Float64,
    "predecessors": pl.List(pl.String),
    "constraint_type": pl.String,
    "constraint_on": pl.Date,
    "deadline_on": pl.Date,
    "start_no_earlier_than": pl.Date,
    "planned_start": pl.Date,
    "planned_finish": pl.Date,
    "actual_start": pl.Date,
    "actual_finish": pl.Date,
    "percent_complete": pl.Float64,
    "is_buffer": pl.Boolean,
    "buffer_until": pl.Date,
    "is_level_of_effort": pl.Boolean,
    "is_summary": pl.Boolean,
    "calendar": pl.String,
    "wbs_code": pl.String,
    "source_row": pl.Int64,
    "file": pl.String,
    "part": pl.Int64,
    "data_date": pl.Date,
}


@dataclass(frozen=True, eq=False)
class Network:
    """tasks: COLUMNS and `row`, in the order given, each id once, durations filled in. Knots are numbered behind them.

    order: rows that can be computed, predecessors first. links: those between them. calendar_of: per row and knot, its place
    in `calendars`; the first of these is the project's. problems: what is wrong, in the order of finding.
    """

    tasks: pl.DataFrame
    links: Links
    knots: int
    order: list[int]
    calendars: tuple[WorkingCalendar, ...]
    calendar_of: np.ndarray
    problems: tuple[Problem, ...]

    @property
    def size(self) -> int:
        return self.tasks.height + self.knots

    @property
    def part_of(self) -> np.ndarray:
        """The part of each row and knot."""
        found = np.concatenate([self.tasks["part"].to_numpy(), np.zeros(self.knots, dtype=np.int64)])
        behind = self.links.predecessor >= self.tasks.height  # a knot stands before tasks of its own part
        found[self.links.predecessor[behind]] = found[self.links.successor[behind]]
        return found

    def with_tasks(self, tasks: pl.DataFrame) -> Network:
        """The same links between tasks of other durations, dates or constraints; the rows must be the same."""
        return replace(self, tasks=tasks)


def read_network(
    tasks: pl.DataFrame, calendar: WorkingCalendar, calendars: Mapping[str, WorkingCalendar] | None = None
) -> Network:
    """The network of `tasks`, whatever is wrong with them: see Network.problems.

    tasks: task_id and any of COLUMNS; durations in working days, percent_complete from 0 to 1, predecessors in ingest's
    notation. calendar: the project's. calendars: those that the column `calendar` names.
    Raises: ValueError without a column task_id.
    """
    problems: list[Problem] = []
    tasks = _with_summaries(_without_repetitions(_with_columns(tasks), problems), problems)
    every: dict[str | None, WorkingCalendar] = {None: calendar} | dict(calendars or {})
    tasks, calendar_of = _calendars(tasks, every, problems)
    tasks = _with_durations(tasks, tuple(every.values()), calendar_of, problems)
    links, knots = links_between(tasks, problems)
    size = tasks.height + knots
    order = _order(size, links)
    if len(order) < size:
        problems += _circles(tasks, links, set(order))
        computed = np.zeros(size, dtype=bool)
        computed[order] = True
        links = links.where(computed[links.predecessor] & computed[links.successor])
    is_summary = tasks["is_summary"].to_list()
    order = [row for row in order if row >= tasks.height or not is_summary[row]]
    problems += _open_ends(tasks, links, order)
    calendar_of = np.concatenate([calendar_of, np.zeros(knots, dtype=np.int64)])
    return Network(tasks, links, knots, order, tuple(every.values()), calendar_of, tuple(problems))


def _with_columns(tasks: pl.DataFrame) -> pl.DataFrame:
    if "task_id" not in tasks.columns:
        raise ValueError("a network needs a column task_id")
    known = [
        pl.col(name).cast(kind, strict=False) if name in tasks.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in COLUMNS.items()
    ]
    filled = tasks.select(known).with_columns(
        pl.col("task_id").str.strip_chars(),
        pl.col("is_buffer", "is_level_of_effort").fill_null(False),
        pl.col("part").fill_null(0),
        pl.col("duration_days", "remaining_days", "percent_complete").map_batches(_finite),
    )
    return filled.filter(pl.col("task_id").fill_null("") != "")


def _finite(numbers: pl.Series) -> pl.Series:
    return numbers.set(~numbers.is_finite().fill_null(True), None)


def _without_repetitions(tasks: pl.DataFrame, problems: list[Problem]) -> pl.DataFrame:
    is_first = tasks["task_id"].is_first_distinct()
    for row in tasks.filter(~is_first).iter_rows(named=True):
        problems.append(problem(ProblemKind.DUPLICATE_TASK, row))
    return tasks.filter(is_first).with_row_index("row")


def _with_summaries(tasks: pl.DataFrame, problems: list[Problem]) -> pl.DataFrame:
    """is_summary where it is not stated: an outline number that no other task has and that others continue."""
    stated = tasks["is_summary"]
    codes = tasks["wbs_code"]
    by_outline = codes.is_not_null() & codes.is_in(_parents(codes).implode()) & codes.is_unique()
    tasks = tasks.with_columns((stated if stated.any() else by_outline).fill_null(False).alias("is_summary"))
    if not tasks["is_summary"].any():
        return tasks
    members = below(tasks)
    counts = [len(members.get(code or "", ())) for code in tasks["wbs_code"]]
    # A summary without tasks below it is work like any other, or it would vanish.
    tasks = tasks.with_columns(pl.col("is_summary") & (pl.Series(counts) > 0))
    for row in tasks.filter(pl.col("is_summary") & (not stated.any())).iter_rows(named=True):
        problems.append(problem(ProblemKind.SUMMARY_TASK, row, tasks=counts[row["row"]]))
    return tasks


def _parents(codes: pl.Series) -> pl.Series:
    found = {code[:at] for code in codes.drop_nulls().unique() for at, sign in enumerate(code) if sign == "."}
    return pl.Series(sorted(found), dtype=pl.String)


def _calendars(
    tasks: pl.DataFrame, every: Mapping[str | None, WorkingCalendar], problems: list[Problem]
) -> tuple[pl.DataFrame, np.ndarray]:
    places = {key: place for place, key in enumerate(every)}
    if tasks["calendar"].null_count() == tasks.height:
        return tasks, np.zeros(tasks.height, dtype=np.int64)
    unknown = tasks["calendar"].is_not_null() & ~tasks["calendar"].is_in([key for key in every if key is not None])
    for row in tasks.filter(unknown).iter_rows(named=True):
        problems.append(problem(ProblemKind.UNKNOWN_CALENDAR, row, row["calendar"]))
    return tasks, np.array([places.get(key, 0) for key in tasks["calendar"]], dtype=np.int64)


def _with_durations(
    tasks: pl.DataFrame, calendars: tuple[WorkingCalendar, ...], calendar_of: np.ndarray, problems: list[Problem]
) -> pl.DataFrame:
    """duration_days of every task: as given, else from its planned, else from its actual dates, else 0 with a problem."""
    given = tasks["duration_days"].to_numpy()
    days = given.copy()
    for first, last in (("planned_start", "planned_finish"), ("actual_start", "actual_finish")):
        if np.isnan(days).any():
            apart = ends(tasks[last], calendars, calendar_of) - starts(tasks[first], calendars, calendar_of)
            days = np.where(np.isnan(days), np.maximum(apart, 0), days)
    summary = tasks["is_summary"].to_numpy()
    for row in np.flatnonzero(np.isnan(days) & ~summary).tolist():
        problems.append(problem(ProblemKind.MISSING_DURATION, tasks.row(row, named=True)))
    for row in np.flatnonzero(days < 0).tolist():
        problems.append(problem(ProblemKind.NEGATIVE_DURATION, tasks.row(row, named=True), days=f"{given[row]:g}"))
    return tasks.with_columns(pl.Series("duration_days", np.maximum(np.nan_to_num(days), 0)))


def starts(days: pl.Series, calendars: tuple[WorkingCalendar, ...], calendar_of: np.ndarray) -> np.ndarray:
    """The position at which each date begins, in the calendar of its row; NaN where there is none."""
    return _by_calendar(days, calendars, calendar_of, WorkingCalendar.starts_of)


def ends(days: pl.Series, calendars: tuple[WorkingCalendar, ...], calendar_of: np.ndarray) -> np.ndarray:
    """The position at which each date ends, in the calendar of its row; NaN where there is none."""
    return _by_calendar(days, calendars, calendar_of, WorkingCalendar.ends_of)


def _by_calendar(
    days: pl.Series,
    calendars: tuple[WorkingCalendar, ...],
    calendar_of: np.ndarray,
    positions: Callable[[WorkingCalendar, pl.Series], np.ndarray],
) -> np.ndarray:
    found = np.full(len(days), np.nan)
    for place in np.unique(calendar_of[: len(days)]).tolist():
        ours = np.flatnonzero(calendar_of[: len(days)] == place)
        found[ours] = positions(calendars[place], days[ours])
    return found


def grouped(ends_at: np.ndarray, size: int) -> tuple[list[int], list[int]]:
    """(places of the links sorted by `ends_at`, where each row's begin): the links of row r are places[begin[r]:begin[r+1]]."""
    places = np.argsort(ends_at, kind="stable")
    begin = np.searchsorted(ends_at[places], np.arange(size + 1))
    return places.tolist(), begin.tolist()


def _order(size: int, links: Links) -> list[int]:
    """Rows with every predecessor before them (Kahn 1962); rows in a circle, and behind one, are missing."""
    places, begin = grouped(links.predecessor, size)
    successors = links.successor.tolist()
    waiting = np.bincount(links.successor, minlength=size).tolist()
    order = [row for row in range(size) if not waiting[row]]
    for row in order:  # grows while it is read
        for place in places[begin[row] : begin[row + 1]]:
            successor = successors[place]
            waiting[successor] -= 1
            if not waiting[successor]:
                order.append(successor)
    return order


def _circles(tasks: pl.DataFrame, links: Links, computed: set[int]) -> list[Problem]:
    """One problem for each task of each circle, and one for each task that follows a circle."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    for p, s in zip(links.predecessor.tolist(), links.successor.tolist(), strict=True):
        if p not in computed and s not in computed:
            graph.add_edge(p, s)
    ids, rows = tasks["task_id"].to_list(), tasks.rows(named=True)
    found = []
    in_circle = set()
    for component in sorted((c for c in nx.strongly_connected_components(graph) if len(c) > 1), key=min):
        in_circle |= component
        circles = _circles_of(graph.subgraph(component))
        for row in sorted(row for row in component if row < len(ids)):
            circle = [member for member in circles[row] if member < len(ids)]
            told = [_place(rows[member]) for member in circle[:_LONGEST_PATH_TOLD]]
            told += ["…"] if len(circle) > _LONGEST_PATH_TOLD else []
            following = ids[circle[(circle.index(row) + 1) % len(circle)]]
            path = " → ".join([*told, _place(rows[circle[0]])])
            found.append(problem(ProblemKind.CYCLE, rows[row], following, path=path))
    for row in sorted(row for row in graph if row not in in_circle and row < len(ids)):
        before = next(p for p in graph.predecessors(row))
        while before >= len(ids) and before not in in_circle:
            before = next(iter(graph.predecessors(before)))
        before = before if before < len(ids) else next(p for p in graph.predecessors(before) if p < len(ids))
        found.append(problem(ProblemKind.AFTER_CYCLE, rows[row], ids[before]))
    return found


def _circles_of(graph: nx.DiGraph[int]) -> dict[int, list[int]]:
    """{row: the rows of a short circle through it}, for rows that all reach each other."""
    found: dict[int, list[int]] = {}
    for row in sorted(graph):
        if row not in found:
            circle = _circle_through(graph, row)
            found |= {member: circle for member in circle if member not in found}
    return found


def _circle_through(graph: nx.DiGraph[int], row: int) -> list[int]:
    """The rows of a shortest circle through `row`, which comes first."""
    came_from = {row: row}
    queue = [row]
    for at in queue:
        for successor in graph.successors(at):
            if successor == row:
                path = [at]
                while path[-1] != row:
                    path.append(came_from[path[-1]])
                return path[::-1]
            if successor not in came_from:
                came_from[successor] = at
                queue.append(successor)
    return [row]


def _place(row: dict[str, Any]) -> str:
    file, line = row.get("file"), row.get("source_row")
    where = ":".join(str(part) for part in (file, line) if part is not None)
    return f"{row['task_id']} ({where})" if where else row["task_id"]


def _open_ends(tasks: pl.DataFrame, links: Links, order: list[int]) -> list[Problem]:
    """Tasks without predecessor or without successor. Exactly one of each is how a project begins and ends: not told."""
    found = []
    size = tasks.height
    for kind, ends_at in ((ProblemKind.OPEN_START, links.successor), (ProblemKind.OPEN_END, links.predecessor)):
        linked = np.zeros(max(size, int(ends_at.max(initial=-1)) + 1), dtype=bool)
        linked[ends_at] = True
        rows = sorted(row for row in order if row < size and not linked[row])
        if len(rows) > 1:
            found += [problem(kind, row) for row in tasks[rows].iter_rows(named=True)]
    return found
