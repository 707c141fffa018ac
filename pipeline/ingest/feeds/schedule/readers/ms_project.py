"""Microsoft Project XML (MSPDI) into the feed schedule: one row per task that is worked on.

Task 0 sums up the whole project, summary tasks their parts: they are left out and counted, and what links to them or from them
is laid between their tasks. Durations and work are ISO
durations of working time, lags are in tenths of minutes, costs in hundredths of the currency's unit.
Source: Microsoft's XML schema for Project, element Task.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from models.errors import InputError
from pipeline.ingest.contracts.read_rows import ReadRows, text_frame
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.feeds.schedule.network.predecessors import link
from pipeline.ingest.feeds.schedule.network.summary_links import expanded
from pipeline.ingest.files.file_dates import without_status_date
from pipeline.ingest.files.source import SourceFile
from pipeline.ingest.files.xml_events import walk_xml
from pipeline.ingest.values.durations import WORKING_SHARE, plain

ROOT = "Project"
NAMESPACE = "schemas.microsoft.com/project"
MINUTES_PER_DAY = 480
MINUTES_OF_A_CALENDAR_DAY = 1440
_KINDS = {"0": "FF", "1": "FS", "2": "SF", "3": "SS"}
_CONSTRAINTS = {
    "1": "as_late_as_possible",
    "2": "must_start_on",
    "3": "must_finish_on",
    "4": "start_no_earlier_than",
    "5": "start_no_later_than",
    "6": "finish_no_earlier_than",
    "7": "finish_no_later_than",
}
# Formats of durations and lags: 3 minutes, 5 hours, 7 days, 9 weeks, 11 months, each one more when elapsed, 32 more when
# estimated; 19 and 20 are percents.
_ELAPSED = frozenset({4, 6, 8, 10, 12})
_PERCENT = frozenset({19, 20})
_ESTIMATED = 32
_PHYSICAL = "1"
_DURATION = re.compile(r"^(-)?P(?:(\d+)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$")
_PROJECT_FIELDS = frozenset({"Name", "Title", "MinutesPerDay", "StatusDate", "CurrentDate", "LastSaved"})
COLUMNS = {
    "Task/UID": "task_id",
    "Task/WBS": "wbs_code",
    "Task/Name": "name",
    "Task/PredecessorLink": "predecessors",
    "Task/Duration": "duration_days",
    "Baseline/Work, Task/Work": "planned_hours",
    "Baseline/Cost, Task/Cost": "planned_cost",
    "Task/ActualCost": "actual_cost",
    "Baseline/Start": "baseline_start",
    "Baseline/Finish": "baseline_finish",
    "Task/Start": "forecast_start",
    "Task/Finish": "forecast_finish",
    "Task/ActualStart": "actual_start",
    "Task/ActualFinish": "actual_finish",
    "Task/PercentComplete, Task/PhysicalPercentComplete": "percent_complete",
    "Task/Milestone": "milestone_type",
    "Task/ConstraintType": "constraint_type",
    "Task/ConstraintDate": "constraint_on",
    "Task/Deadline": "deadline_on",
    "Project/StatusDate": "status_on",
    "Project/Title, Project/Name": "project",
}


def read_ms_project(
    source: SourceFile, measured_on: dt.date | None = None, time_zone: str = "Asia/Shanghai"
) -> ReadRows:
    """The tasks of one project file; the project is its title. `measured_on` overrides its status date.

    Raises: InputError for XML that is damaged, is no project, or holds no task.
    """
    plan = _Plan()
    walk_xml(source, plan.start, plan.end, plan.text)
    if plan.root != ROOT or not plan.tasks:
        raise InputError(
            "ingest.no_tasks",
            "{file} is a project file without a single task. Nothing was loaded; export the project with its tasks.",
            file=source.name,
        )
    zone = ZoneInfo(time_zone)
    saved = _moment(plan.project.get("LastSaved"))
    reasons: list[Reason] = []
    day = measured_on or _day(plan.project.get("StatusDate"))
    if day is None:
        raise without_status_date(source.name)
    rows = plan.rows(day)
    if not rows:
        raise InputError(
            "ingest.only_summary_tasks",
            "{file} holds nothing but summary tasks, which only sum up others. Export it with the tasks below them.",
            file=source.name,
        )
    return ReadRows(
        "schedule",
        "ms_project",
        text_frame("schedule", rows),
        records=len(rows),
        columns=dict(COLUMNS),
        left_out=plan.left_out,
        reasons=reasons + plan.reasons(source.name),
        exported_at=saved.replace(tzinfo=zone).astimezone(dt.UTC).replace(tzinfo=None) if saved else None,
    )


def is_ms_project(attributes: dict[str, str]) -> bool:
    """Whether a root <Project> is Microsoft Project's: build files open with the same word and another namespace."""
    spaces = [value for name, value in attributes.items() if name == "xmlns" or name.startswith("xmlns:")]
    return any(NAMESPACE in value for value in spaces) if spaces else "Sdk" not in attributes


class _Plan:
    """The project's own fields, and its tasks as dicts of the texts of their elements."""

    def __init__(self) -> None:
        self.root = ""
        self.project: dict[str, str] = {}
        self.tasks: list[dict] = []
        self.left_out: list[dict] = []
        self._path: list[str] = []
        self._text = ""
        self._task: dict | None = None
        self._part: dict | None = None
        self._foreign = 0
        self._elapsed = 0

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        if not self._path:
            self.root = name
        self._path.append(name)
        self._text = ""
        if name == "Task" and self._path[1:] == ["Tasks", "Task"]:
            self._task = {"line": line, "links": [], "baselines": []}
        elif self._task is not None and len(self._path) == 4 and name in ("PredecessorLink", "Baseline"):
            self._part = {}

    def text(self, data: str) -> None:
        self._text += data

    def end(self, name: str) -> None:
        depth = len(self._path)
        self._path.pop()
        value = self._text.strip()
        self._text = ""
        if self._task is not None:
            if depth == 3:
                self.tasks.append(self._task)
                self._task = None
            elif depth == 4 and self._part is not None:
                self._task["links" if name == "PredecessorLink" else "baselines"].append(self._part)
                self._part = None
            elif depth == 4:
                self._task[name] = value
            elif depth == 5 and self._part is not None:
                self._part[name] = value
        elif depth == 2 and name in _PROJECT_FIELDS:
            self.project[name] = value

    def rows(self, day: dt.date) -> list[dict]:
        minutes_per_day = float(self.project.get("MinutesPerDay") or MINUTES_PER_DAY) or MINUTES_PER_DAY
        named = _project_name(self.project)
        deeper = [
            _whole(after.get("OutlineLevel")) > _whole(task.get("OutlineLevel"))
            for task, after in zip(self.tasks, [*self.tasks[1:], {}], strict=True)
        ]
        rows: list[dict] = []
        links: dict[str, list[str]] = {}
        members: dict[str, list[str]] = {}
        above: list[tuple[int, str]] = []  # levels and ids of the summaries that hold the task
        for task, is_above in zip(self.tasks, deeper, strict=True):
            level, key = _whole(task.get("OutlineLevel")), task.get("UID") or task.get("ID") or ""
            rule = _left_out_by(task, is_above)
            while above and above[-1][0] >= level:
                above.pop()
            if rule:
                self.left_out.append({"line": task["line"], "rule": rule, "text": task.get("Name", "")[:500]})
                if rule == "summary_task":
                    members[key] = []
                    links[key] = self._links(task["links"], minutes_per_day)
                    above.append((level, key))
                continue
            for _, summary in above:
                members[summary].append(key)
            links[key] = self._links(task["links"], minutes_per_day)
            rows.append(self._row(task, minutes_per_day) | {"project": named, "status_on": day.isoformat()})
        starts = {row["task_id"]: row["forecast_start"] for row in rows if row["forecast_start"]}
        members = {summary: tasks for summary, tasks in members.items() if tasks}
        links = expanded(links, members, starts) if members else links
        return [row | {"predecessors": links.get(row["task_id"]) or None} for row in rows]

    def _row(self, task: dict, minutes_per_day: float) -> dict:
        baseline: dict[str, str] = next(
            (listed for listed in task["baselines"] if listed.get("Number", "0") == "0"), {}
        )
        is_physical = task.get("EarnedValueMethod") == _PHYSICAL
        percent = task.get("PhysicalPercentComplete" if is_physical else "PercentComplete")
        minutes = _minutes(task.get("Duration"))
        is_elapsed = _format(task.get("DurationFormat")) in _ELAPSED
        self._elapsed += is_elapsed
        days: float | None = None
        if is_elapsed and minutes is not None:
            days = minutes / MINUTES_OF_A_CALENDAR_DAY * WORKING_SHARE
        elif minutes is not None:
            days = minutes / minutes_per_day
        work = _minutes(baseline.get("Work"))
        work = _minutes(task.get("Work")) if work is None else work
        return {
            "task_id": task.get("UID") or task.get("ID"),
            "wbs_code": task.get("WBS") or task.get("OutlineNumber"),
            "name": task.get("Name") or f"{task.get('UID')}",
            "duration_days": None if days is None else plain(days),
            "planned_hours": None if work is None else plain(work / 60),
            "planned_cost": _hundredths(baseline.get("Cost") or task.get("Cost")),
            "actual_cost": _hundredths(task.get("ActualCost")),
            "baseline_start": _iso_day(baseline.get("Start")),
            "baseline_finish": _iso_day(baseline.get("Finish")),
            "forecast_start": _iso_day(task.get("Start")),
            "forecast_finish": _iso_day(task.get("Finish")),
            "actual_start": _iso_day(task.get("ActualStart")),
            "actual_finish": _iso_day(task.get("ActualFinish")),
            "percent_complete": None if not percent else plain(float(percent) / 100),
            "milestone_type": "milestone" if task.get("Milestone") == "1" else None,
            "earned_value_rule": "physical" if is_physical else None,
            "constraint_type": _CONSTRAINTS.get(task.get("ConstraintType", "")),
            "constraint_on": _iso_day(task.get("ConstraintDate"))
            if task.get("ConstraintType") in _CONSTRAINTS
            else None,
            "deadline_on": _iso_day(task.get("Deadline")),
            "source_row": task["line"],
        }

    def _links(self, links: list[dict], minutes_per_day: float) -> list[str]:
        found = []
        for edge in links:
            if edge.get("CrossProject") == "1" or not edge.get("PredecessorUID"):
                self._foreign += 1
                continue
            lag, how = float(edge.get("LinkLag") or 0), _format(edge.get("LagFormat"))
            if how in _PERCENT:
                amount, unit = lag, "%"
            elif how in _ELAPSED:
                amount, unit = lag / 10 / MINUTES_OF_A_CALENDAR_DAY, "ed"
            else:
                amount, unit = lag / 10 / minutes_per_day, "d"
            found.append(link(edge["PredecessorUID"], _KINDS.get(edge.get("Type", "1"), "FS"), amount, unit))
        return found

    def reasons(self, file: str) -> list[Reason]:
        told = []
        counts = {rule: sum(row["rule"] == rule for row in self.left_out) for rule in ("summary_task", "inactive_task")}
        if counts["summary_task"]:
            told.append(
                Reason(
                    "ingest.summary_tasks_left_out",
                    "{rows} rows of {file} sum up the tasks below them and were left out, so that no hour counts twice; "
                    "they were known by {how}.",
                    {"rows": counts["summary_task"], "file": file, "how": "Summary"},
                )
            )
        if counts["inactive_task"]:
            told.append(
                Reason(
                    "ingest.inactive_tasks_left_out",
                    "{rows} tasks of {file} are switched off in the schedule and were left out.",
                    {"rows": counts["inactive_task"], "file": file},
                )
            )
        if self._foreign:
            told.append(
                Reason(
                    "ingest.links_to_other_projects",
                    "{rows} predecessors lie in other projects; {file} does not hold them, and the links were left out.",
                    {"rows": self._foreign, "file": file},
                )
            )
        if self._elapsed:
            told.append(
                Reason(
                    "ingest.elapsed_durations",
                    "{rows} durations are elapsed time, which runs through nights and weekends: seven of its days were "
                    "counted as five working days.",
                    {"rows": self._elapsed},
                )
            )
        return told


def _left_out_by(task: dict, is_above: bool) -> str | None:
    if task.get("IsNull") == "1":
        return "empty_row"
    if task.get("UID") == "0" or task.get("Summary", "1" if is_above else "0") == "1":
        return "summary_task"
    if task.get("Active") == "0":
        return "inactive_task"
    return "external_task" if task.get("ExternalTask") == "1" else None


def _project_name(project: dict[str, str]) -> str | None:
    """The title, else the name without what Microsoft Project saves under."""
    name = project.get("Title") or project.get("Name") or ""
    return re.sub(r"\.(mpp|mpt|xml|xer|mpx)$", "", name.strip(), flags=re.IGNORECASE) or None


def _minutes(duration: str | None) -> float | None:
    match = _DURATION.match(duration or "")
    if not match:
        return None
    sign, days, hours, minutes, seconds = match.groups()
    total = float(days or 0) * MINUTES_OF_A_CALENDAR_DAY + float(hours or 0) * 60 + float(minutes or 0)
    return (-1 if sign else 1) * (total + float(seconds or 0) / 60)


def _format(code: str | None) -> int:
    number = _whole(code)
    return number - _ESTIMATED if number > _ESTIMATED else number


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _hundredths(cost: str | None) -> str | None:
    try:
        return None if not cost else format(Decimal(cost) / 100, "f")
    except InvalidOperation:
        return None


def _moment(text: str | None) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        return None


def _day(text: str | None) -> dt.date | None:
    moment = _moment(text)
    return moment.date() if moment else None


def _iso_day(text: str | None) -> str | None:
    day = _day(text)
    return day.isoformat() if day else None
