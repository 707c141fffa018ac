"""A table as a sheet of hours: its layout joined to the mapping of its columns, and what is said where it cannot be one."""

from __future__ import annotations

from pathlib import PurePath

from models.errors import InputError
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.schema import Quirk
from pipeline.ingest.feeds.hours.layouts import days_without_a_month, hours_layout, is_attendance, layout_of

_SURE = 30.0  # more than any number of known columns adds: attendance is never taken for worklogs, nor the reverse
_DAYS_SCORE = 4.0  # as much as months as columns count for a budget
_SPAN_SCORE = 3.0  # a start and an end stand for the two required columns, the day and the hours
_WORKLOG_SCORE = 3.0  # who, when and how long: no list of issues or people says all three
_FIRST_FILLED = ("person", "project")  # a number where there is one, else the name


def lay_out_hours(mapping: Mapping, table: RawTable, hours: str, *, is_marked: bool) -> None:
    """Sets mapping.layout. Days as columns take the place of a column of hours, which then is their total."""
    texts = titles(table)
    layout = hours_layout(table.header, hours, mapping.columns, texts)
    if layout.is_matrix:
        dropped = {hours, "overtime_hours"} if layout.is_presence else {hours}
        totals = [index for index, name in mapping.columns.items() if name in dropped]
        layout.totals = tuple(sorted({*layout.totals, *(index for index in totals if mapping.columns[index] == hours)}))
        mapping.columns = {index: name for index, name in mapping.columns.items() if index not in totals}
        mapping.units.pop(hours, None)
        mapping.unmapped += [mapping.headers[index] for index in totals]
    for canonical in _FIRST_FILLED:
        own = [index for index, name in mapping.columns.items() if name == canonical]
        if own and mapping.rivals.get(canonical):
            layout.several[canonical] = (*own, *mapping.rivals[canonical])
    said = {*layout.several, *(("approved",) if {"result", "status"} & set(layout.roles) else ())}
    mapping.warnings = [warning for warning in mapping.warnings if warning[2].get("canonical") not in said]
    read = {mapping.headers[index] for index in layout.read}
    mapping.unmapped = [name for name in mapping.unmapped if name not in read]
    mapping.layout = layout
    _weigh(mapping, table, texts, is_marked=is_marked)


def _weigh(mapping: Mapping, table: RawTable, texts: list[str], *, is_marked: bool) -> None:
    layout, held = layout_of(mapping), set(mapping.columns.values())
    layout.score = _DAYS_SCORE if layout.is_matrix else 0.0
    if layout.has_span and not layout.is_matrix and held & {"person", "project"}:
        layout.score += _SPAN_SCORE
    if {"person", "work_date", "hours"} <= held:
        layout.score += _WORKLOG_SCORE
    if not is_marked:
        layout.score -= 0.5  # nothing in it is that tool's own: a plain form is as good
    says = is_attendance(table.header, texts)
    if (says is True) != layout.is_presence:
        layout.score -= _SURE
    if says and not layout.is_presence:  # stamps of a clock are no hours of work, even where a person says so
        layout.run, layout.days = {}, {}
        mapping.columns = {index: name for index, name in mapping.columns.items() if name != "hours"}
        layout.roles = {role: index for role, index in layout.roles.items() if role not in ("start", "end", "pause")}


def titles(table: RawTable) -> list[str]:
    """What stands above the table, the name of its sheet and that of the file: where a form names its month and its unit."""
    above = [row.text for row in table.left_out if row.rule in ("preamble", "second_header")]
    return [*above, table.sheet or "", PurePath(table.file).stem]


def refuse_days_without_a_month(table: RawTable, mapping: Mapping) -> None:
    """Raises: InputError where days are columns and nothing says of which month."""
    layout = layout_of(mapping)
    if layout.is_matrix and not layout.days and not layout.month_by_row:
        raise days_without_a_month(table.file, table.header_line, table.header, layout)


def summary_error(table: RawTable, system: str) -> InputError:
    """For tables with people, projects and hours but no day."""
    found = ", ".join(name for name in table.header if name.strip())
    if dialects().has(system, Quirk.SUMMARIES_WITHOUT_DAYS):
        return InputError(
            "ingest.summary_of_tool",
            "{file}, line {line}: this is a summary of {tool}: totals without the day of the work. Found: {found}. "
            "Export the detailed report instead (one line per time entry, with its date) and load that.",
            file=table.file,
            line=table.header_line,
            tool=dialects().names[system]["en"],
            found=found,
        )
    return InputError(
        "ingest.hours_without_a_day",
        "{file}, line {line}: the table holds hours, and no column says on which day (or in which month) they were worked. "
        "Found: {found}. Export one line per entry with its date, or add a column Date or Month.",
        file=table.file,
        line=table.header_line,
        found=found,
    )
