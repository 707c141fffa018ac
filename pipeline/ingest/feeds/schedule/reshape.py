"""Schedules as Microsoft Project, Primavera and the project office print them: durations with units, dates with weekdays,
predecessors in many notations, and rows that only sum up the rows below them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from models.intake import ColumnUnit
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import Reshape, Shaped, Warnings
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.known import STATES
from pipeline.ingest.dialects.names import normal_header, normal_word
from pipeline.ingest.feeds.schedule.network.outline import Outline
from pipeline.ingest.feeds.schedule.network.predecessors import read_predecessors
from pipeline.ingest.feeds.schedule.network.summary_links import expanded
from pipeline.ingest.values import durations
from pipeline.ingest.values.amounts import FLAGS
from pipeline.ingest.values.weekdays import WeekdayOrder, without_weekday

DATES = (
    "baseline_start", "baseline_finish", "forecast_start", "forecast_finish", "actual_start", "actual_finish", "constraint_on",
    "deadline_on",
)  # fmt: skip
# A duration or an amount of work without a unit counts in what its header says.
_UNIT_IN_HEADER = (
    (re.compile(r"\((?:h|hrs?|hours|小时|工时|std\.?)\)|hr_cnt|\bhours?\b|小时"), "hour"),
    (re.compile(r"\((?:w|wks?|weeks|周)\)|\bweeks?\b"), "week"),
    (re.compile(r"\((?:mon|months|月)\)|\bmonths?\b"), "month"),
    (re.compile(r"\((?:min|minutes|分钟)\)|\bminutes?\b"), "minute"),
)
_DAYS_IN_HEADER = re.compile(r"\((?:d|days?|天|日|工日|工作日)\)|\bdays?\b|天")
_NOT_SET = frozenset("na n/a nv nc nod nd н/д нд".split())  # how Microsoft Project writes a date that is not set  # noqa: SIM905
_STATES = {"notstart": "to_do", "not started": "to_do", "complete": "done", "completed": "done"}
_ACTIVE = frozenset(
    map(normal_header, ("Active", "活动状态", "是否活动", "Aktiv", "Actif", "Active (Y/N)", "Activo", "Ativo"))
)
_NO = frozenset(word for word, flag in FLAGS.items() if flag is False) | {"inactive", "inactivo", "inativo", "inactif"}
_YES = frozenset(word for word, flag in FLAGS.items() if flag)


class ScheduleReshape(Reshape):
    """What the whole table shows, read once before its rows are; then each chunk by it.

    units: canonical column → {"unit", "from"} where values had another than the column's own.
    """

    def __init__(self, mapping: Mapping, system: str) -> None:
        super().__init__(mapping, system)
        self.outline = Outline(self.mapping)
        names = {index: normal_header(name) for index, name in self.mapping.headers.items() if name}
        self._active = next((index for index, name in names.items() if name in _ACTIVE), None)
        self._weekdays = WeekdayOrder()
        self._tasks: frozenset[str] = frozenset()
        self._numbered = "task_id" not in self.mapping.columns.values()
        self._positions: dict[int, str] = {}
        self._skipped: dict[int, str] = {}
        self._left_out: dict[int, dict] = {}
        self._unread: dict[int, str] = {}
        self._linked: dict[int, tuple[str, str]] = {}
        self._expanded: dict[int, list[str]] = {}
        self._elapsed: set[int] = set()
        self._unit_of = {
            name: _unit(self.mapping, name)
            for name in ("duration_days", "planned_hours")
            if name in self.mapping.canonical
        }

    @property
    def indices(self) -> list[int]:
        own = [] if self._active is None else [self._active]
        return sorted({*self.outline.indices, *own})

    def look_ahead(self, table: RawTable) -> None:
        """Reads the columns that settle how a row is read: its place in the outline, ids, dates with weekdays."""
        by_name = {name: index for index, name in sorted(self.mapping.columns.items(), reverse=True)}
        wanted = {
            *self.indices,
            *(by_name[name] for name in (*DATES, "task_id", "name", "predecessors") if name in by_name),
        }
        ids: set[str] = set()
        for chunk in table.chunks(sorted(wanted)):
            self.outline.add(chunk)
            if self._numbered:
                lines, before = chunk["source_row"].to_list(), len(self._positions)
                self._positions |= {line: str(before + number) for number, line in enumerate(lines, 1)}
            if "task_id" in by_name:
                ids |= set(chunk[f"c{by_name['task_id']}"].str.strip_chars().drop_nulls().to_list())
            if "predecessors" in by_name:
                self._keep_links(chunk, by_name)
            for name in DATES:
                if name in by_name:
                    self._weekdays.add(chunk[f"c{by_name[name]}"])
            if self._active is not None:
                is_off = chunk[f"c{self._active}"].str.strip_chars().str.to_lowercase().is_in(sorted(_NO))
                self._skipped |= dict.fromkeys(
                    chunk["source_row"].filter(is_off.fill_null(False)).to_list(), "inactive_task"
                )
        summaries = self.outline.summaries()
        self._skipped |= dict.fromkeys(summaries, "summary_task")
        self._tasks = frozenset(ids)
        if summaries and self._linked:
            self._lay_between_tasks(summaries)
        self._say_what_was_found(table)

    def _keep_links(self, chunk: pl.DataFrame, by_name: dict[str, int]) -> None:
        lines = chunk["source_row"].to_list()
        own = [""] * len(lines) if self._numbered else chunk[f"c{by_name['task_id']}"].to_list()
        for line, key, cell in zip(lines, own, chunk[f"c{by_name['predecessors']}"].to_list(), strict=True):
            self._linked[line] = (self._positions.get(line) or (key or "").strip(), cell or "")

    def _lay_between_tasks(self, summaries: list[int]) -> None:
        """The links of all tasks of a project and data date in which a summary is an end of one."""
        scopes, below = self.outline.scopes(), self.outline.members(summaries)
        keys = {line: key for line, (key, _) in self._linked.items() if key}
        tasks = frozenset(keys.values())
        for scope in set(scopes.values()):
            lines = [line for line, line_scope in scopes.items() if line_scope == scope and line in keys]
            members = {
                keys[line]: [keys[child] for child in below[line] if child in keys and child not in self._skipped]
                for line in summaries
                if line in keys and scopes[line] == scope
            }
            links = {keys[line]: read_predecessors(self._linked[line][1], tasks).links for line in lines}
            laid = expanded(links, {summary: inside for summary, inside in members.items() if inside})
            self._expanded |= {
                line: laid.get(keys[line], []) for line in lines if laid.get(keys[line], []) != links[keys[line]]
            }

    def _say_what_was_found(self, table: RawTable) -> None:
        counts = {rule: list(self._skipped.values()).count(rule) for rule in ("summary_task", "inactive_task")}
        if counts["summary_task"]:
            self.warnings.append(
                (
                    "ingest.summary_tasks_left_out",
                    "{rows} rows of {file} sum up the tasks below them and were left out, so that no hour counts twice; "
                    "they were known by {how}.",
                    {"rows": counts["summary_task"], "file": table.file, "how": self.outline.how},
                )
            )
        if counts["inactive_task"]:
            self.warnings.append(
                (
                    "ingest.inactive_tasks_left_out",
                    "{rows} tasks of {file} are switched off in the schedule and were left out.",
                    {"rows": counts["inactive_task"], "file": table.file},
                )
            )
        if self._numbered:
            self.warnings.append(
                (
                    "ingest.task_numbers_from_rows",
                    "{file} has no column of task ids; tasks are numbered by their rows, as Microsoft Project does. "
                    "Export the column ID too, so that a task keeps its number from one export to the next.",
                    {"file": table.file},
                )
            )

    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> Shaped:
        """Only the rows that are tasks stay."""
        if self._numbered:
            ids = [self._positions.get(line) for line in rows["source_row"]]
            rows = rows.with_columns(pl.Series("task_id", ids, pl.String))
        replaced = {name: _by_value(rows[name], self._date) for name in DATES if name in rows.columns}
        for name, per_day in (("duration_days", 1.0), ("planned_hours", durations.HOURS_PER_DAY)):
            if name in rows.columns:
                replaced[name] = self._amounts(rows, name, per_day)
        if "status" in self.mapping.roles:
            rows = self._with_progress(raw, rows)
        if "milestone_type" in rows.columns:
            replaced["milestone_type"] = _by_value(rows["milestone_type"], _milestone)
        rows = rows.with_columns(**replaced)
        if "predecessors" in rows.columns:
            rows = rows.with_columns(predecessors=self._links(rows))
        return Shaped(self._without_skipped(rows))

    def _with_progress(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        """Where no percentage is given, a completed task is at 100 %, one not started at 0; one under way is unknown."""
        words = raw[f"c{self.mapping.roles['status']}"]
        known = {text: _share_of(text) for text in words.drop_nulls().unique().to_list()}
        said = words.replace_strict(known, default=None, return_dtype=pl.String) if known else words
        own = pl.col("percent_complete") if "percent_complete" in rows.columns else pl.lit(None, pl.String)
        filled = pl.when(own.str.strip_chars() != "").then(own)
        return rows.with_columns(percent_complete=pl.coalesce(filled, said))

    def _date(self, text: str) -> str | None:
        body = without_weekday(text, self._weekdays.order)
        return None if body.lower() in _NOT_SET else body

    def _amounts(self, rows: pl.DataFrame, name: str, per_day: float) -> pl.Series:
        """Amounts with a unit as plain numbers in the column's own; what has none counts in what the header says."""
        unit = self._unit_of.get(name, "day")
        is_own = unit == ("day" if name == "duration_days" else "hour")
        elapsed: set[str] = set()

        def read(text: str) -> str:
            found = durations.working_days(text)
            if found is not None:
                if found[1]:
                    elapsed.add(text)
                return durations.plain(found[0] * per_day)
            amount = None if is_own else durations.amount_and_unit(text)
            if amount is None:
                return text
            self.units[name] = ColumnUnit(unit=f"{unit}s", source="header")
            return durations.plain(durations.days_of(amount[0], unit) * per_day)

        series = _by_value(rows[name], read)
        if elapsed:
            self._elapsed |= set(rows["source_row"].filter(rows[name].is_in(list(elapsed))).to_list())
        return series

    def _links(self, rows: pl.DataFrame) -> pl.Series:
        lists: list[list[str] | None] = []
        for line, cell in rows.select("source_row", "predecessors").iter_rows():
            found = read_predecessors(cell, self._tasks) if cell else None
            if found and found.unread:
                self._unread[line] = ", ".join(found.unread)
            links = self._expanded.get(line, found.links if found else [])
            lists.append(links or None)
        return pl.Series("predecessors", lists, dtype=pl.List(pl.String))

    def _without_skipped(self, rows: pl.DataFrame) -> pl.DataFrame:
        if not self._skipped:
            return rows
        is_skipped = rows["source_row"].is_in(list(self._skipped))
        names = "name" if "name" in rows.columns else pl.lit("").alias("name")
        for line, name in rows.filter(is_skipped).select("source_row", names).iter_rows():
            self._left_out[line] = {"line": line, "rule": self._skipped[line], "text": (name or "").strip()[:500]}
            self._unread.pop(line, None)
            self._elapsed.discard(line)
        self.left_out = [self._left_out[line] for line in sorted(self._left_out)]
        return rows.filter(~is_skipped)

    def closing_warnings(self) -> Warnings:
        warnings = []
        if self._unread:
            line = min(self._unread)
            warnings.append(
                (
                    "ingest.predecessors_unread",
                    "{rows} rows have predecessors that do not read, the first in line {line} ({value}). The tasks were "
                    "kept without these links; write them like 12FS+3d.",
                    {"rows": len(self._unread), "line": line, "value": self._unread[line][:200]},
                )
            )
        if self._elapsed:
            warnings.append(
                (
                    "ingest.elapsed_durations",
                    "{rows} durations are elapsed time, which runs through nights and weekends: seven of its days were "
                    "counted as five working days.",
                    {"rows": len(self._elapsed)},
                )
            )
        return warnings


def _unit(mapping: Mapping, name: str) -> str:
    header = normal_header(mapping.canonical[name])
    if not _DAYS_IN_HEADER.search(header) or name == "planned_hours":
        for pattern, unit in _UNIT_IN_HEADER:
            if pattern.search(header):
                return unit
    if name == "planned_hours" and _DAYS_IN_HEADER.search(header):
        return "day"
    return "day" if name == "duration_days" else "hour"


def _share_of(text: str) -> str | None:
    word = normal_word(text.removeprefix("TK_"))
    return {"done": "100%", "to_do": "0%"}.get(_STATES.get(word) or (dialects().words(STATES) or {}).get(word, ""))


def _milestone(text: str) -> str | None:
    word = normal_header(text)
    return "milestone" if word in _YES else None if word in _NO else text


def _by_value(values: pl.Series, read: Callable[[str], str | None]) -> pl.Series:
    """Each distinct text read once."""
    known = {text: read(text) for text in values.drop_nulls().unique().to_list()}
    if not known or all(text == value for text, value in known.items()):
        return values
    return values.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)
