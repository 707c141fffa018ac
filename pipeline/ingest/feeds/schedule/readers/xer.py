"""Primavera XER (tab-separated tables behind %T, %F and %R) into the feed schedule: one row per activity.

Hours become days by the hours of the activity's own calendar. Planned dates stand for the baseline: an XER holds no baseline.
WBS summary activities only sum up others and are left out; so are activities of projects that were exported for their links.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from models.errors import InputError
from pipeline.ingest.contracts.read_rows import ReadRows, text_frame
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.feeds.schedule.network.predecessors import link
from pipeline.ingest.files.file_dates import without_status_date
from pipeline.ingest.files.source import SourceFile
from pipeline.ingest.files.text.decoding import decoded_text
from pipeline.ingest.values.durations import HOURS_PER_DAY, plain

_BLOCK_BYTES = 8 << 20
# Primavera's primary and secondary constraints. Its "on" and its mandatory ones are one here: neither breaks a link.
_CONSTRAINTS = {
    "CS_ALAP": "as_late_as_possible",
    "CS_MSO": "must_start_on",
    "CS_MANDSTART": "must_start_on",
    "CS_MSOA": "start_no_earlier_than",
    "CS_MSOB": "start_no_later_than",
    "CS_MEO": "must_finish_on",
    "CS_MANDFIN": "must_finish_on",
    "CS_MEOA": "finish_no_earlier_than",
    "CS_MEOB": "finish_no_later_than",
}
_TABLES = {
    "PROJECT": "proj_id proj_short_name last_recalc_date export_flag",
    "PROJWBS": "wbs_id parent_wbs_id wbs_short_name proj_node_flag",
    "CALENDAR": "clndr_id day_hr_cnt",
    "TASK": "task_id proj_id wbs_id clndr_id task_code task_name task_type status_code complete_pct_type phys_complete_pct "
    "target_drtn_hr_cnt remain_drtn_hr_cnt target_work_qty act_work_qty remain_work_qty target_start_date target_end_date "
    "early_start_date early_end_date act_start_date act_end_date cstr_type cstr_date cstr_type2 cstr_date2",
    "TASKPRED": "task_id pred_task_id pred_type lag_hr_cnt",
    "TASKRSRC": "task_id target_cost act_reg_cost act_ot_cost",
    "PROJCOST": "task_id target_cost act_cost",
}
COLUMNS = {
    "PROJECT/proj_short_name": "project",
    "PROJECT/last_recalc_date": "status_on",
    "PROJWBS/wbs_short_name": "wbs_code",
    "TASK/task_code": "task_id",
    "TASK/task_name": "name",
    "TASKPRED/pred_type + lag_hr_cnt": "predecessors",
    "TASK/target_drtn_hr_cnt": "duration_days",
    "TASK/target_work_qty": "planned_hours",
    "TASK/target_start_date": "baseline_start",
    "TASK/target_end_date": "baseline_finish",
    "TASK/early_start_date": "forecast_start",
    "TASK/early_end_date": "forecast_finish",
    "TASK/act_start_date": "actual_start",
    "TASK/act_end_date": "actual_finish",
    "TASK/complete_pct_type": "percent_complete",
    "TASK/task_type": "milestone_type",
    "TASK/cstr_type": "constraint_type",
    "TASK/cstr_date": "constraint_on",
    "TASK/cstr_date2": "deadline_on",
    "TASKRSRC/target_cost, PROJCOST/target_cost": "planned_cost",
    "TASKRSRC/act_reg_cost + act_ot_cost, PROJCOST/act_cost": "actual_cost",
}

# The type of percent that an activity reports; by units, hours used say what is done. By duration tells no rule.
_RULES = {"CP_Phys": "physical", "CP_Units": "effort"}


def read_primavera_xer(
    source: SourceFile,
    measured_on: dt.date | None = None,
    time_zone: str = "Asia/Shanghai",
    encoding: str | None = None,
) -> ReadRows:
    """The activities of the exported projects, by their short names. `measured_on` overrides their data dates.

    Raises: InputError for text that cannot be decoded, or an export without activities.
    """
    export = _Export(source, encoding)
    projects = {table["proj_id"]: table for table in export.tables["PROJECT"]}
    tasks = [task for task in export.tables["TASK"] if not _is_foreign(task, projects)]
    foreign = [task for task in export.tables["TASK"] if _is_foreign(task, projects)]
    if not tasks:
        raise InputError(
            "ingest.no_tasks",
            "{file} is a project file without a single task. Nothing was loaded; export the project with its tasks.",
            file=source.name,
        )
    reasons = []
    if measured_on is None and not all(_day(project.get("last_recalc_date")) for project in projects.values()):
        raise without_status_date(source.name)
    plan = _Plan(export, tasks)
    rows, left_out = [], list(export.ragged)
    left_out += [{"line": task["line"], "rule": "external_task", "text": task.get("task_name", "")} for task in foreign]
    for task in tasks:
        if task.get("task_type") == "TT_WBS":
            left_out.append({"line": task["line"], "rule": "summary_task", "text": task.get("task_name", "")[:500]})
            continue
        of = projects.get(task.get("proj_id"), {})
        day = measured_on or _day(of.get("last_recalc_date"))
        if day is None:  # of a project that the file does not hold
            raise without_status_date(source.name)
        rows.append(plan.row(task) | {"project": of.get("proj_short_name") or None, "status_on": day.isoformat()})
    if plan.foreign:
        reasons.append(
            Reason(
                "ingest.links_to_other_projects",
                "{rows} predecessors lie in other projects; {file} does not hold them, and the links were left out.",
                {"rows": plan.foreign, "file": source.name},
            )
        )
    cut = []
    if not export.is_whole:
        cut.append(
            Reason(
                "ingest.cut_off_xer",
                "{file} does not end with %E, as every whole XER does: the export broke off. Export again, or accept what came.",
                {"file": source.name},
            )
        )
    return ReadRows(
        "schedule",
        "primavera",
        text_frame("schedule", rows),
        records=len(rows),
        columns=dict(COLUMNS),
        left_out=left_out,
        reasons=reasons,
        cut=cut,
        exported_at=export.exported_at(ZoneInfo(time_zone)),
    )


class _Export:
    """The tables we read, as dicts of text with the line of each row."""

    def __init__(self, source: SourceFile, encoding: str | None) -> None:
        self.tables: dict[str, list[dict]] = {name: [] for name in _TABLES}
        self.ragged: list[dict] = []
        self.is_whole = False
        self._header: list[str] = []
        table, wanted = "", frozenset[str]()
        fields: list[str] = []
        for number, line in enumerate(_lines(decoded_text(source, encoding).data), start=1):
            mark, *cells = line.split("\t")
            if mark == "%T":
                table = cells[0].strip() if cells else ""
                wanted, fields = frozenset(_TABLES.get(table, "").split()), []
            elif mark == "%F":
                fields = [cell.strip() for cell in cells]
            elif mark == "%R" and wanted:
                if len(cells) > len(fields) and any(cells[len(fields) :]):
                    self.ragged.append({"line": number, "rule": "ragged_row", "text": line[:500]})
                    continue
                row = {name: cell.strip() for name, cell in zip(fields, cells, strict=False) if name in wanted and cell}
                self.tables[table].append(row | {"line": number})
            elif mark == "ERMHDR":
                self._header = cells
            elif mark.strip() == "%E":
                self.is_whole = True

    def exported_at(self, zone: ZoneInfo) -> dt.datetime | None:
        day = _day(self._header[1]) if len(self._header) > 1 else None
        if day is None:
            return None
        midnight = dt.datetime.combine(day, dt.time(), zone)
        return midnight.astimezone(dt.UTC).replace(tzinfo=None)


def _lines(data) -> Iterator[str]:
    rest = b""
    for begin in range(0, len(data), _BLOCK_BYTES):
        *lines, rest = (rest + data[begin : begin + _BLOCK_BYTES].tobytes()).split(b"\n")
        for line in lines:
            yield line.decode("utf-8").rstrip("\r")
    if rest:
        yield rest.decode("utf-8").rstrip("\r")


class _Plan:
    """What the rows of an export mean together: paths of WBS elements, hours of calendars, links, sums of costs."""

    def __init__(self, export: _Export, tasks: list[dict]) -> None:
        self._nodes = {node["wbs_id"]: node for node in export.tables["PROJWBS"] if "wbs_id" in node}
        self._hours = {
            table["clndr_id"]: _number(table.get("day_hr_cnt")) or HOURS_PER_DAY
            for table in export.tables["CALENDAR"]
            if "clndr_id" in table
        }
        self._codes = {task["task_id"]: task for task in tasks if "task_id" in task}
        self._links: dict[str, list[dict]] = {}
        for table in export.tables["TASKPRED"]:
            self._links.setdefault(table.get("task_id", ""), []).append(table)
        self._planned: dict[str, Decimal] = {}
        self._actual: dict[str, Decimal] = {}
        for table in (*export.tables["TASKRSRC"], *export.tables["PROJCOST"]):
            key = table.get("task_id", "")
            for sums, names in (
                (self._planned, ("target_cost",)),
                (self._actual, ("act_reg_cost", "act_ot_cost", "act_cost")),
            ):
                for name in names:
                    if (amount := _money(table.get(name))) is not None:
                        sums[key] = sums.get(key, Decimal(0)) + amount
        self.foreign = 0

    def row(self, task: dict) -> dict:
        per_day = self._hours.get(task.get("clndr_id", ""), HOURS_PER_DAY)
        days, work = _number(task.get("target_drtn_hr_cnt")), _number(task.get("target_work_qty"))
        key = task.get("task_id", "")
        done = _progress(task)
        return {
            "task_id": task.get("task_code") or key,
            "wbs_code": self._path(task.get("wbs_id")),
            "name": task.get("task_name") or task.get("task_code") or key,
            "predecessors": self._predecessors(key),
            "duration_days": None if days is None else plain(days / per_day),
            "planned_hours": None if work is None else plain(work),
            "planned_cost": _shown(self._planned.get(key)),
            "actual_cost": _shown(self._actual.get(key)),
            "baseline_start": _iso(task.get("target_start_date")),
            "baseline_finish": _iso(task.get("target_end_date")),
            "forecast_start": _iso(task.get("act_start_date") or task.get("early_start_date")),
            "forecast_finish": _iso(task.get("act_end_date") or task.get("early_end_date")),
            "actual_start": _iso(task.get("act_start_date")),
            "actual_finish": _iso(task.get("act_end_date")),
            "percent_complete": None if done is None else plain(done),
            "milestone_type": "milestone" if task.get("task_type") in ("TT_Mile", "TT_FinMile") else None,
            "earned_value_rule": _RULES.get(task.get("complete_pct_type", "")),
            **_constraint(task),
            "source_row": task["line"],
        }

    def _path(self, wbs_id: str | None) -> str | None:
        """Short names from the top, joined by points; the project's own node tells nothing."""
        names: list[str] = []
        seen: set[str] = set()
        while wbs_id and wbs_id not in seen and (node := self._nodes.get(wbs_id)):
            seen.add(wbs_id)
            if node.get("proj_node_flag") == "Y":
                break
            names.append(node.get("wbs_short_name", ""))
            wbs_id = node.get("parent_wbs_id")
        return ".".join(reversed(names)) or None

    def _predecessors(self, key: str) -> list[str] | None:
        found = []
        for found_link in self._links.get(key, ()):
            task = self._codes.get(found_link.get("pred_task_id", ""))
            if task is None:
                self.foreign += 1
                continue
            per_day = self._hours.get(task.get("clndr_id", ""), HOURS_PER_DAY)
            kind = found_link.get("pred_type", "PR_FS").removeprefix("PR_").removesuffix("1")
            kind = kind if kind in ("FS", "SS", "FF", "SF") else "FS"
            found.append(link(task.get("task_code", ""), kind, (_number(found_link.get("lag_hr_cnt")) or 0) / per_day))
        return found or None


def _constraint(task: dict) -> dict[str, str | None]:
    """The primary constraint; a secondary one that limits the finish is a deadline, as a task has one constraint here."""
    kind, on = _CONSTRAINTS.get(task.get("cstr_type", "")), _iso(task.get("cstr_date"))
    second, second_on = _CONSTRAINTS.get(task.get("cstr_type2", "")), _iso(task.get("cstr_date2"))
    if kind is None:
        return {"constraint_type": second, "constraint_on": second_on, "deadline_on": None}
    limits = second in ("finish_no_later_than", "must_finish_on")
    return {"constraint_type": kind, "constraint_on": on, "deadline_on": second_on if limits else None}


def _is_foreign(task: dict, projects: dict[str, dict]) -> bool:
    """Whether the task's project came along only because others link to it; where none is marked as exported, all are."""
    if not any(project.get("export_flag") == "Y" for project in projects.values()):
        return False
    return projects.get(task.get("proj_id", ""), {}).get("export_flag") == "N"


def _progress(task: dict) -> float | None:
    """By the activity's own kind of percent complete, as Primavera defines them; what is complete is 1, not started 0."""
    status = task.get("status_code")
    if status in ("TK_Complete", "TK_NotStart"):
        return 1.0 if status == "TK_Complete" else 0.0
    kind = task.get("complete_pct_type", "CP_Drtn")
    if kind == "CP_Phys":
        percent = _number(task.get("phys_complete_pct"))
        return None if percent is None else percent / 100
    if kind == "CP_Units":
        actual, left = _number(task.get("act_work_qty")) or 0, _number(task.get("remain_work_qty")) or 0
        return actual / (actual + left) if actual + left else None
    planned, remaining = _number(task.get("target_drtn_hr_cnt")), _number(task.get("remain_drtn_hr_cnt"))
    if not planned or remaining is None:
        return None
    return min(1.0, max(0.0, 1 - remaining / planned))


def _number(text: str | None) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        return None


def _money(text: str | None) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ".")) if text else None
    except InvalidOperation:
        return None


def _shown(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.datetime.fromisoformat(text.strip()).date() if text else None
    except ValueError:
        return None


def _iso(text: str | None) -> str | None:
    day = _day(text)
    return day.isoformat() if day else None
