"""Tables on screen and their downloads. Text from files stays text: on screen, and in the sheet it is opened in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import polars as pl
import streamlit as st

from models.kpis.catalogue import Kpi
from models.kpis.judging import counted_text
from models.spreadsheets import FORMULA, NUMBER
from models.vocabulary import KpiStatus
from models.words.moments import Moment
from models.words.numbers import kpi_value_text
from models.words.terms import status_word
from ui.kpis import bullet as mark
from ui.kpis import readings
from ui.shell.tables import TABLE_ROW, TALLEST, save_button
from ui.shell.theme import ink
from ui.shell.wording import _, language, msgid, translate

GRID_ROW = 46  # pixels: two lines of a cell picture
# At 1366 pixels the page is 934 wide beside the sidebar: the grid fits that, so that nothing scrolls sideways.
GRID_WIDTH = 930
MEMBER_WIDTH = 150
WIDEST_MEMBER = 280
WIDEST_MARK = 170
CELL_PADDING = 18
ROWS_SHOWN = 200  # of the lines behind a number; the download holds all
ROWS_DOWNLOADED = 100_000


def neutral_csv(frame: pl.DataFrame) -> bytes:
    """`frame` as CSV in UTF-8 with a byte-order mark, which Excel needs to read Chinese. Lists become `a; b`.

    Text that a spreadsheet would run as a formula gets an apostrophe in front; `-5` stays a number.
    """
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if isinstance(kind, pl.List):
            column = column.cast(pl.List(pl.String)).list.join("; ")
        elif isinstance(kind, pl.Struct):
            column = column.struct.json_encode()
        is_text = isinstance(kind, pl.List | pl.Struct) or kind == pl.String
        columns.append((_neutral(column) if is_text else column).alias(name))
    heads = pl.DataFrame({"head": frame.columns}, schema={"head": pl.String}).select(
        _neutral(pl.col("head")).alias("head")
    )
    named = frame.select(columns)
    named.columns = heads["head"].to_list()
    return b"\xef\xbb\xbf" + named.write_csv(line_terminator="\r\n").encode("utf-8")


def _neutral(column: pl.Expr) -> pl.Expr:
    runs = column.str.contains(FORMULA) & ~column.str.contains(NUMBER)
    return pl.when(runs).then(pl.lit("'") + column).otherwise(column)


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


@dataclass(frozen=True)
class GridColumn:
    """A column of a grid: its head, what hovers over it, and of each member a picture or a text, and what it is sorted by."""

    head: str
    cell: Callable[[str], str]
    value: Callable[[str], float | None]
    help: str | None = None


def grid(
    members: Mapping[str, str],
    columns: Mapping[str, GridColumn],
    *,
    label: str,
    widths: tuple[int, int],
    key: str,
    are_pictures: bool = True,
    is_clickable: bool = True,
) -> tuple[str, str] | None:
    """Members × columns. Returns the cell clicked: (member, column), the column empty for a click on the member.

    members: {member: name shown}, in the order of the rows until a click on a head sorts them by the values of its column; one on
    the head of the members brings that order back. widths: of the members, and of a column, in pixels.
    """
    order = HeadOrder(key, *st.session_state.get(f"{key}_order", (None, False, 0)))
    if order.column is not None and order.column in columns:
        values = {member: columns[order.column].value(member) for member in members}
        members = {member: members[member] for member in order.sorted(list(members), values)}
    make = st.column_config.ImageColumn if are_pictures else partial(st.column_config.TextColumn, alignment="right")
    config = {
        name: make(column.head + order.sign(name), help=column.help, width=widths[1])
        for name, column in columns.items()
    }
    cells = {name: [column.cell(member) for member in members] for name, column in columns.items()}
    event = st.dataframe(
        pl.DataFrame({"_member": list(members.values())} | cells),
        width="content",
        hide_index=True,
        row_height=GRID_ROW if are_pictures else None,
        height=min(TALLEST, (GRID_ROW if are_pictures else TABLE_ROW) * len(members) + TABLE_ROW + 2),
        column_config={"_member": st.column_config.TextColumn(label, width=widths[0])} | config,
        key=order.widget_key,
        on_select="rerun",
        selection_mode=["single-cell", "single-column"] if is_clickable else "single-column",
    )
    order.take(event)
    clicked = event.selection.get("cells") if is_clickable else []
    if not clicked:
        return None
    row, name = clicked[0]
    return list(members)[row], "" if name == "_member" else name


def kpi_heat_grid(
    rows: pl.DataFrame,
    kpi_keys: Sequence[str],
    catalogue: Mapping[str, Kpi],
    *,
    members: Mapping[str, str],
    member_column: str,
    label: str,
    key: str,
    is_clickable: bool = True,
) -> tuple[str, str] | None:
    """Members (projects, modules, phases) × KPIs, a mark in every cell. Returns the cell clicked: (member, KPI key); see `grid`.

    rows: kpi_values rows that hold `member_column`.
    """
    by_cell = {(row[member_column], row["kpi_key"]): row for row in rows.iter_rows(named=True)}
    drawn_with = ink()
    width = min(WIDEST_MARK, (GRID_WIDTH - MEMBER_WIDTH) // max(len(kpi_keys), 1))

    def column(kpi: Kpi) -> GridColumn:
        def value(member: str) -> float | None:
            return by_cell.get((member, kpi.kpi_key), {}).get("value")

        largest = max((abs(found) for member in members if (found := value(member)) is not None), default=None)

        def picture(member: str) -> str:
            row = by_cell.get((member, kpi.kpi_key))
            currency = (row or {}).get("currency")
            size = width - CELL_PADDING
            return mark.cell_picture(
                _cell(row, kpi, largest), kpi.unit, language(), drawn_with, width=size, currency=currency
            )

        return GridColumn(head_word(kpi.short(language())), picture, value, kpi.definition(language()))

    return grid(
        members,
        {kpi_key: column(catalogue[kpi_key]) for kpi_key in kpi_keys},
        label=label,
        widths=(min(WIDEST_MEMBER, GRID_WIDTH - width * len(kpi_keys)), width),
        key=key,
        is_clickable=is_clickable,
    )


@dataclass(frozen=True)
class HeadOrder:
    """By which column the rows of a grid of pictures stand. Streamlit would sort by the pictures' text; where a column can be
    chosen it does not sort at all, and a click on a head is ours. column: None while nobody has clicked one."""

    key: str
    column: str | None
    is_rising: bool
    clicks: int

    @property
    def widget_key(self) -> str:
        """Another one after each click, so that a column which is clicked again is a click again."""
        return f"{self.key}_{self.clicks}" if self.clicks else self.key

    def sorted(self, members: list[str], values: Mapping[str, float | None]) -> list[str]:
        """The members by their values, the unknown ones last; as they came where no column was chosen."""
        if self.column is None:
            return members
        known = {member: value for member in members if (value := values.get(member)) is not None}
        unknown = [member for member in members if member not in known]
        return sorted(known, key=lambda member: known[member], reverse=not self.is_rising) + unknown

    def sign(self, column: str) -> str:
        """What the head of the column shows beside its word."""
        if column != self.column:
            return ""
        return " ↑" if self.is_rising else " ↓"

    def take(self, event) -> None:
        """Sorts anew where a head was clicked: by the greatest first, by the least first at the second click."""
        columns = event.selection.get("columns") or []
        if columns:
            chosen = None if columns[0].startswith("_") else columns[0]
            is_rising = chosen == self.column and not self.is_rising
            st.session_state[f"{self.key}_order"] = (chosen, is_rising, self.clicks + 1)
            st.rerun()


def head_word(short: str) -> str:
    """A column's head: the abbreviation alone where a name carries one, "CPI" of "成本绩效指数 (CPI)"."""
    found = re.search(r"\(([A-Z][A-Za-z()]*)\)$", short)
    return found.group(1) if found else short


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


def _cell(row: Mapping[str, object] | None, kpi: Kpi, largest: float | None) -> mark.BulletValue:
    if row is None:
        return mark.BulletValue(value=None, status=KpiStatus.NO_DATA, better=kpi.better)
    return replace(readings.reading_of(row, kpi), largest=largest)
