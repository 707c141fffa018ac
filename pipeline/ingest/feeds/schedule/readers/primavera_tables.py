"""The sheets that Primavera P6 exports: technical names in the first row, its words for them in the second.

TASK becomes one table of a schedule: without the second header row, without rows marked for deletion, with the relationships
of TASKPRED as predecessors. Amounts get the unit that the second row says, since the technical name may speak of hours where
the screen shows days.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeGuard

import polars as pl

from models.errors import InputError
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.contracts.skipped_rows import LeftOut
from pipeline.ingest.dialects.names import normal_header
from pipeline.ingest.feeds.schedule.network.predecessors import link
from pipeline.ingest.files.workbooks.workbooks import SheetTable
from pipeline.ingest.values.durations import HOURS_PER_DAY

Sheets = list[tuple[str, SheetTable | InputError]]
_TASK_MARKS = {"task_code", "task_name"}
_LINK_MARKS = {"task_id", "pred_task_id"}
# Beside the activities; none of them is a kind of export of its own.
_OTHER_SHEETS = frozenset(
    "TASKRSRC RSRC PROJWBS USERDATA ACTVCODE TASKACTV PROJCOST EXPENSE TASKNOTE TASKPROC UDFVALUE CALENDAR PROJECT".split()  # noqa: SIM905
)
_DELETED = frozenset({"d", "y", "yes", "true", "1", "delete", "deleted", "x"})
_KINDS = {"finish to start": "FS", "start to start": "SS", "finish to finish": "FF", "start to finish": "SF"}
_MILESTONES = frozenset({"tt_mile", "tt_finmile", "start milestone", "finish milestone", "开始里程碑", "完成里程碑"})
_SUMMARIES = frozenset({"tt_wbs", "wbs summary", "wbs汇总", "wbs 汇总"})
_UNIT = re.compile(r"\((d|h|w|m|days?|hours?|天|小时)\)\s*$", re.IGNORECASE)


def as_schedule(sheets: Sheets, file: str) -> Sheets:
    """The sheets of a workbook; of one that Primavera wrote, TASK joined with TASKPRED, and the others as refused."""
    task = next((table for _, table in sheets if _has(table, _TASK_MARKS)), None)
    if task is None:
        return sheets
    links = next((table for _, table in sheets if _has(table, _LINK_MARKS)), None)
    joined: Sheets = []
    for name, table in sheets:
        if table is task:
            joined.append((name, _schedule(task, links)))
        elif table is links:
            continue
        elif name.upper() in _OTHER_SHEETS:
            joined.append(
                (
                    name,
                    InputError(
                        "ingest.primavera_sheet",
                        "{file}: of what Primavera exports, the sheets TASK and TASKPRED are read.",
                        file=file,
                    ),
                )
            )
        else:
            joined.append((name, table))
    return joined


def text_as_schedule(table: RawTable) -> RawTable:
    """TASK as a text table; any other table as it is."""
    if not {normal_header(name) for name in table.header} >= _TASK_MARKS:
        return table
    width = [f"c{index}" for index in range(len(table.header))]
    schema = dict.fromkeys(width, pl.String) | {"source_row": pl.Int64}
    frame = pl.concat([pl.DataFrame(schema=schema), *(chunk.select(*width, "source_row") for chunk in table.chunks())])
    sheet = SheetTable(
        file=table.file,
        header=table.header,
        header_line=table.header_line,
        encoding=table.encoding,
        encoding_confidence=table.encoding_confidence,
        left_out=table.left_out,
        records=frame.height,
        warnings=table.warnings,
        rows=frame.lazy(),
        marks=pl.DataFrame(schema={"source_row": pl.Int64, "column": pl.Int64, "kind": pl.String, "text": pl.String}),
    )
    schedule = _schedule(sheet, None)
    schedule.ragged = list(table.ragged)
    schedule.records += len(table.ragged)
    return schedule


def _has(table: SheetTable | InputError, marks: set[str]) -> TypeGuard[SheetTable]:
    return isinstance(table, SheetTable) and marks <= {normal_header(name) for name in table.header}


class _Sheet:
    """One sheet in memory, its columns by their technical names; `labels` are the words of the second row."""

    def __init__(self, table: SheetTable) -> None:
        self.table = table
        self.names = {normal_header(name): f"c{index}" for index, name in reversed(list(enumerate(table.header)))}
        frame = table.rows.collect()
        self.labels: dict[str, str] = {}
        self.left_out: list[LeftOut] = []
        if frame.height and self._is_labels(frame.row(0, named=True)):
            top = frame.row(0, named=True)
            self.labels = {name: top[column] or "" for name, column in self.names.items()}
            self._leave(frame.head(1), "second_header")
            frame = frame[1:]
        if "delete_record_flag" in self.names:
            flag = pl.col(self.names["delete_record_flag"]).str.strip_chars().str.to_lowercase()
            is_gone = flag.is_in(sorted(_DELETED)).fill_null(False)
            self._leave(frame.filter(is_gone), "deleted_row")
            frame = frame.filter(~is_gone)
        self.frame = frame

    def _is_labels(self, row: dict[str, str | None]) -> bool:
        """Dates and numbers hold digits; a row with words in their place names them."""
        places = [
            column for name, column in self.names.items() if name.endswith(("_date", "_cnt", "_pct", "_qty", "_cost"))
        ]
        words = [word for column in places if (word := row[column])]
        if words:
            return not any(re.search(r"\d", word) for word in words)
        first = row.get(self.names.get("task_code", self.names.get("pred_task_id", ""))) or ""
        return first.strip().lower() in ("activity id", "predecessor", "作业代码", "紧前作业", "(*)activity id")

    def _leave(self, rows: pl.DataFrame, rule: str) -> None:
        for row in rows.iter_rows():
            text = "\t".join(str(cell) for cell in row[:-1] if cell is not None)
            self.left_out.append(LeftOut(row[-1], rule, text[:500]))

    def unit(self, name: str) -> str | None:
        """d, h, … as the label says: `Original Duration(d)`."""
        match = _UNIT.search(self.labels.get(name, "").strip())
        return match[1] if match else None

    def texts(self, name: str) -> list[str | None]:
        return self.frame[self.names[name]].to_list() if name in self.names else [None] * self.frame.height


def _schedule(table: SheetTable, links: SheetTable | None) -> SheetTable:
    sheet = _Sheet(table)
    relations = _Sheet(links) if links is not None else None
    kinds = [(text or "").strip().lower() for text in sheet.texts("task_type")]
    frame = sheet.frame.with_columns(pl.Series("_is_summary", [kind in _SUMMARIES for kind in kinds], pl.Boolean))
    summaries = frame.filter("_is_summary").drop("_is_summary")
    sheet.left_out += [
        LeftOut(row[sheet.frame.width - 1], "summary_task", "\t".join(str(cell) for cell in row[:-1] if cell)[:500])
        for row in summaries.iter_rows()
    ]
    frame = frame.filter(~pl.col("_is_summary")).drop("_is_summary")
    if "task_type" in sheet.names:
        word = pl.col(sheet.names["task_type"]).str.strip_chars().str.to_lowercase()
        is_milestone = word.is_in(sorted(_MILESTONES)).fill_null(False)
        frame = frame.with_columns(
            pl.when(is_milestone).then(pl.lit("milestone")).otherwise(None).alias(sheet.names["task_type"])
        )
    frame = _with_units(frame, sheet)
    sheet.frame = frame
    frame, header = _with_project(frame, sheet, relations)
    if relations is not None and "predecessors" not in sheet.names:
        cells = _predecessors(relations)
        codes = [(code or "").strip() for code in sheet.texts("task_code")]
        column = pl.Series(f"c{len(header)}", [cells.get(code) for code in codes], pl.String)
        frame = frame.with_columns(column)
        header = (*header, "predecessors")
    order = [f"c{index}" for index in range(len(header))]
    warnings = list(table.warnings)
    return replace(
        table,
        header=header,
        rows=frame.select(*order, "source_row").lazy(),
        records=frame.height,
        left_out=[*table.left_out, *sheet.left_out],
        warnings=warnings,
    )


def _with_units(frame: pl.DataFrame, sheet: _Sheet) -> pl.DataFrame:
    changes = []
    for name, column in sheet.names.items():
        cell = pl.col(column).str.strip_chars()
        is_bare = cell.str.contains(r"^[+-]?[\d.,]+$")
        if name.endswith(("_hr_cnt", "_qty")) and (unit := sheet.unit(name)):
            changes.append(pl.when(is_bare).then(cell + f" {unit}").otherwise(cell).alias(column))
        elif name.endswith("_pct") and "%" in sheet.labels.get(name, ""):
            changes.append(pl.when(is_bare).then(cell + "%").otherwise(cell).alias(column))
    return frame.with_columns(changes)


def _with_project(frame: pl.DataFrame, sheet: _Sheet, relations: _Sheet | None) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Where TASK names no project: the one its relationships name, else what all its WBS codes begin with; the WBS codes
    then go on without it."""
    header = sheet.table.header
    codes = [(code or "").strip() for code in sheet.texts("wbs_id")]
    if "proj_id" in sheet.names:
        projects = [(name or "").strip() or None for name in sheet.texts("proj_id")]
    else:
        named = {name for name in relations.texts("proj_id") if name} if relations is not None else set()
        first = {code.partition(".")[0] for code in codes if code}
        only = named if len(named) == 1 else first if len(first) == 1 and any("." in code for code in codes) else set()
        projects = [next(iter(only), None)] * frame.height
        if only:
            frame = frame.with_columns(pl.Series(f"c{len(header)}", projects, pl.String))
            header = (*header, "proj_id")
    if "wbs_id" in sheet.names:
        bare = [
            None if code == project else code.removeprefix(f"{project}.") if project else code
            for code, project in zip(codes, projects, strict=True)
        ]
        frame = frame.with_columns(pl.Series(sheet.names["wbs_id"], bare, pl.String))
    return frame, header


def _predecessors(relations: _Sheet) -> dict[str, str]:
    """{activity: its predecessors in our notation}."""
    unit = (relations.unit("lag_hr_cnt") or "h").lower()
    per_day = 1.0 if unit.startswith(("d", "天")) else HOURS_PER_DAY
    cells: dict[str, list[str]] = {}
    rows = zip(*(relations.texts(name) for name in ("task_id", "pred_task_id", "pred_type", "lag_hr_cnt")), strict=True)
    for task, before, kind, lag in rows:
        if not task or not before:
            continue
        word = (kind or "FS").strip().removeprefix("PR_")
        word = _KINDS.get(word.lower(), word.upper())
        try:
            days = float((lag or "0").replace(",", ".")) / per_day
        except ValueError:
            days = 0.0
        cells.setdefault(task.strip(), []).append(link(before.strip(), word, days))
    return {task: "; ".join(found) for task, found in cells.items()}
