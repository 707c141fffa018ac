"""Tables on screen and their downloads. Text from files stays text: on screen, and in the sheet it is opened in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from models.kpis.catalogue import Kpi
from models.kpis.judging import counted_text
from models.vocabulary import KpiStatus
from models.words.moments import Moment
from models.words.numbers import kpi_value_text
from models.words.terms import status_word
from ui.grid.cells import Cell, Column, Kind
from ui.kpis import bullet as mark
from ui.kpis import readings
from ui.shell.tables import grid, neutral_csv, save_button
from ui.shell.wording import _, language, msgid, translate

ROWS_SHOWN = 200  # of the lines behind a number; the download holds all
ROWS_DOWNLOADED = 100_000


def download(frame_of: Callable[[], pl.DataFrame], name: str, stands: Moment | None, key: str) -> None:
    """A button for the table as CSV, made only when it is pressed. The file's name and a column of it say for which period, or
    at which day, its numbers are.

    `frame_of` runs outside of the session: what it returns must not depend on the language chosen.
    """
    mark = stands.mark if stands else ""
    file_name = f"{name}_{mark}.csv" if mark else f"{name}.csv"
    save_button(_("Download table"), lambda: neutral_csv(dated(frame_of(), mark)), file_name, key=key)


def dated(frame: pl.DataFrame, mark: str) -> pl.DataFrame:
    """`frame` with `stands_for` in front: the mark of its period or day in every line, where no column of periods says more."""
    if not mark or "period_end" in frame.columns:
        return frame
    return frame.select(pl.lit(mark).alias("stands_for"), pl.all())


def kpi_grid(
    rows: pl.DataFrame,
    kpi_keys: Sequence[str],
    catalogue: Mapping[str, Kpi],
    *,
    members: Mapping[str, str],
    member_column: str,
    label: str,
    key: str,
    leads: Callable[[str, str], str] | None = None,
) -> None:
    """Members (projects, modules, phases) × KPIs, a mark in every cell.

    rows: kpi_values rows that hold `member_column`. members: {member: name shown}, in their order. leads: the address of a member
    and KPI, of the member alone where the KPI is empty.
    """
    by_cell = {(row[member_column], row["kpi_key"]): row for row in rows.iter_rows(named=True)}
    spoken = language()

    def address(member: str, kpi_key: str) -> str:
        return leads(member, kpi_key) if leads else ""

    def column(kpi: Kpi) -> Column:
        found = [by_cell.get((member, kpi.kpi_key)) for member in members]
        largest = max((abs(row["value"]) for row in found if row and row["value"] is not None), default=None)
        cells = [
            kpi_cell(row, kpi, largest=largest, spoken=spoken, address=address(member, kpi.kpi_key) if row else "")
            for member, row in zip(members, found, strict=True)
        ]
        return Column(head_word(kpi.short(spoken)), cells, Kind.MARK, hover=kpi.definition(spoken))

    names = Column(label, [Cell(name, address=address(member, "")) for member, name in members.items()])
    grid(
        list(members),
        {"_member": names} | {kpi_key: column(catalogue[kpi_key]) for kpi_key in kpi_keys},
        key=key,
        label=label,
    )


def kpi_cell(
    row: Mapping[str, Any] | None,
    kpi: Kpi,
    *,
    largest: float | None = None,
    spoken: str | None = None,
    is_named: bool = False,
    address: str = "",
) -> Cell:
    """One row of kpi_values as a mark; None is no data.

    largest: the largest absolute value of the column, where its values share a scale. spoken: the language, where many cells are
    made. is_named: whether the KPI's name stands
    above the mark, where a column holds several.
    """
    reading = mark.BulletValue(value=None, status=KpiStatus.NO_DATA, better=kpi.better)
    if row is not None:
        reading = readings.reading_of(row, kpi, largest=largest, has_history=False)
    currency = row.get("currency") if row else None
    spoken = spoken or language()
    text, exact, drawn = mark.cell_face(reading, kpi.unit, spoken, currency=currency)
    return Cell(
        text,
        reading.value if reading.has_value else None,
        reading.status,
        head_word(kpi.short(spoken)) if is_named else "",
        drawn,
        exact,
        address,
    )


def head_word(short: str) -> str:
    """A column's head: the abbreviation alone where a name carries one, "CPI" of "成本绩效指数 (CPI)", "SPI(t)" of
    "时间进度绩效指数 SPI(t)"."""
    found = re.search(r"\(([A-Z][A-Za-z()]*)\)$|[^\x00-\x7f] ([A-Z][A-Za-z()]*)$", short)
    return found.group(1) or found.group(2) if found else short


def kpi_value_table(
    rows: pl.DataFrame,
    catalogue: Mapping[str, Kpi],
    members: Mapping[str, str],
    spoken: str,
    member_column: str = "project_key",
) -> pl.DataFrame:
    """The grid as plain columns in language `spoken`, for its download: one line per member and KPI, exact numbers."""
    lines = []
    for row in rows.iter_rows(named=True):
        kpi, status = catalogue[row["kpi_key"]], row["status"]
        shown = kpi_value_text(row["value"], kpi.unit, spoken, exact=True, status=status, currency=row.get("currency"))
        line = {
            msgid("Project"): row["project_key"],
            msgid("Name"): members.get(row[member_column], row[member_column]),
            msgid("KPI"): kpi.name(spoken),
            msgid("Period ends"): row["period_end"],
            msgid("Data date"): row.get("valued_on") or row.get("as_of"),
            msgid("Value"): row["value"],
            msgid("Value shown"): shown,
            msgid("Numerator"): row["numerator"],
            msgid("Denominator"): row["denominator"],
            msgid("Counted"): counted_text(row, kpi, spoken),
            msgid("Status"): status_word(status, spoken),
            msgid("Warning level"): row["warning_at"],
            msgid("Critical level"): row["critical_at"],
            msgid("Reason"): readings.reason_words(row, spoken),
        }
        lines.append({translate(head, None, spoken): value for head, value in line.items()})
    return pl.DataFrame(lines, infer_schema_length=None)
