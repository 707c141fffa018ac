"""What is wrong with the tasks and links of a schedule, each with its file and line. Named, so that the rest can be computed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class ProblemKind(StrEnum):
    CYCLE = "cycle"
    AFTER_CYCLE = "after_cycle"
    DANGLING_LINK = "dangling_link"
    UNREADABLE_LINK = "unreadable_link"
    SELF_LINK = "self_link"
    DUPLICATE_TASK = "duplicate_task"
    NEGATIVE_DURATION = "negative_duration"
    MISSING_DURATION = "missing_duration"
    UNKNOWN_CONSTRAINT = "unknown_constraint"
    CONSTRAINT_WITHOUT_DATE = "constraint_without_date"
    UNKNOWN_CALENDAR = "unknown_calendar"
    BEYOND_CALENDAR = "beyond_calendar"
    FINISH_BEFORE_START = "finish_before_start"
    ACTUAL_AFTER_DATA_DATE = "actual_after_data_date"
    FINISHED_WITHOUT_DATE = "finished_without_date"
    STARTED_WITHOUT_DATE = "started_without_date"
    PROGRESS_UNKNOWN = "progress_unknown"
    SUMMARY_TASK = "summary_task"
    OPEN_START = "open_start"
    OPEN_END = "open_end"

    @property
    def is_information(self) -> bool:
        """Whether nothing was left out or assumed: worth knowing, and often meant so."""
        return self in _INFORMATION


_INFORMATION = {ProblemKind.SUMMARY_TASK, ProblemKind.OPEN_START, ProblemKind.OPEN_END}

_TEMPLATES = {
    ProblemKind.CYCLE: "{file}, line {line}: task {task} waits for itself through a circle of links: {path}. Remove one of "
    "them; until then no task of the circle has dates.",
    ProblemKind.AFTER_CYCLE: "{file}, line {line}: task {task} follows task {other}, which lies in or behind a circle of "
    "links, so it has no dates. Remove one link of the circle.",
    ProblemKind.DANGLING_LINK: "{file}, line {line}: task {task} follows {other}, but no task or WBS element has that number. "
    "The link is left out. Correct it, or load the schedule with that task.",
    ProblemKind.UNREADABLE_LINK: "{file}, line {line}: the predecessor {other} of task {task} is not a link such as 12FS+3d. "
    "It is left out. Correct it in the schedule.",
    ProblemKind.SELF_LINK: "{file}, line {line}: task {task} follows {other}, which is itself or a summary that holds it. The "
    "link is left out. Remove it from the schedule.",
    ProblemKind.DUPLICATE_TASK: "{file}, line {line}: task {task} stands here again. Only the first row with this number "
    "counts. Give each task a number of its own.",
    ProblemKind.NEGATIVE_DURATION: "{file}, line {line}: task {task} lasts {days} days. A negative duration counts as 0. "
    "Correct it in the schedule.",
    ProblemKind.MISSING_DURATION: "{file}, line {line}: task {task} has neither a duration nor a planned start and finish, so "
    "it counts as 0 days. Give it one in the schedule.",
    ProblemKind.UNKNOWN_CONSTRAINT: "{file}, line {line}: the constraint {constraint} of task {task} is not known and is left "
    "out. Known: {known}.",
    ProblemKind.CONSTRAINT_WITHOUT_DATE: "{file}, line {line}: the constraint {constraint} of task {task} has no date and is "
    "left out. Give it one in the schedule.",
    ProblemKind.UNKNOWN_CALENDAR: "{file}, line {line}: task {task} names the calendar {other}, which is not loaded. The "
    "project's own calendar is used.",
    ProblemKind.BEYOND_CALENDAR: "{file}, line {line}: task {task} would finish after {date}, where the calendar ends. "
    "Check its duration and its links.",
    ProblemKind.FINISH_BEFORE_START: "{file}, line {line}: task {task} finished on {finish}, before it started on {start}. "
    "The finish counts. Correct one of the dates.",
    ProblemKind.ACTUAL_AFTER_DATA_DATE: "{file}, line {line}: task {task} has the actual date {date}, after the data date "
    "{data_date}. It is taken as it stands. Check it.",
    ProblemKind.FINISHED_WITHOUT_DATE: "{file}, line {line}: task {task} is 100 % complete without an actual finish; {date} is "
    "used. Give the date in the schedule.",
    ProblemKind.STARTED_WITHOUT_DATE: "{file}, line {line}: task {task} is {percent} % complete without an actual start. What is "
    "left of it counts. Give the date in the schedule.",
    ProblemKind.PROGRESS_UNKNOWN: "{file}, line {line}: task {task} has started, but how far it is is not said. It is taken to "
    "run as planned. Give its percent complete.",
    ProblemKind.SUMMARY_TASK: "{file}, line {line}: task {task} is taken as the summary of {tasks} tasks below it in the "
    "outline, so its own duration does not count.",
    ProblemKind.OPEN_START: "{file}, line {line}: task {task} has no predecessor, so nothing but a date holds its start.",
    ProblemKind.OPEN_END: "{file}, line {line}: task {task} has no successor, so its delay is seen only at the project's end.",
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one task. file, source_row: where it was read, as far as that is known.

    other_id: the other end of the link, the next task of the circle, or the name that is not known.
    template and details are the sentence for the language catalogs; str() is the English one.
    """

    kind: ProblemKind
    task_id: str
    other_id: str | None
    file: str | None
    source_row: int | None
    template: str
    details: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.details)


def problem(kind: ProblemKind, task: dict[str, Any], other_id: str | None = None, **details: object) -> Problem:
    """A problem of `task`, a row with task_id and, if known, file and source_row. details: what its sentence says more."""
    file, line = task.get("file"), task.get("source_row")
    known = {
        "file": file or "–",
        "line": "–" if line is None else line,
        "task": task["task_id"],
        "other": other_id or "–",
    }
    return Problem(kind, task["task_id"], other_id, file, line, template=_TEMPLATES[kind], details={**known, **details})
