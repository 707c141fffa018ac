"""Tables on screen and their downloads. Text from files stays text: on screen, and in the sheet it is opened in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl
import streamlit as st

from models.document import Row
from models.kpis.catalogue import Kpi
from models.kpis.judging import counted_text
from models.spreadsheets import FORMULA, NUMBER
from models.vocabulary import KpiStatus
from models.words.moments import Moment
from models.words.numbers import kpi_value_text
from ui.kpis import bullet as mark
from ui.kpis import readings
from ui.shell.theme import ink
from ui.shell.wording import _, language, msgid, status_word, translate

GRID_ROW = 46  # pixels: two lines of a cell picture
TABLE_ROW = 33
# At 1366 pixels the page is 934 wide beside the sidebar: the grid fits that, so that nothing scrolls sideways.
GRID_WIDTH = 930
MEMBER_WIDTH = 150
WIDEST_MEMBER = 280
WIDEST_MARK = 170
CELL_PADDING = 18
TALLEST = 560


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
    st.download_button(
        _("Download table"),
        data=lambda: neutral_csv(dated(frame_of(), mark)),
        file_name=f"{name}_{mark}.csv" if mark else f"{name}.csv",
        mime="text/csv",
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )


def dated(frame: pl.DataFrame, mark: str) -> pl.DataFrame:
    """`frame` with `stands_for` in front: the mark of its period or day in every line, where no column of periods says more."""
    if not mark or "period_end" in frame.columns:
        return frame
    return frame.select(pl.lit(mark).alias("stands_for"), pl.all())


def plain_table(frame: pl.DataFrame, key: str, columns: Row | None = None, **options: object):
    """A frame as it is, its heads renamed by column_config."""
    return st.dataframe(
        frame,
        hide_index=True,
        height=min(TALLEST, TABLE_ROW * (len(frame) + 1) + 2),
        column_config=dict(columns or {}),
        placeholder="",  # an empty cell is empty, not the word None
        key=key,
        **options,
    )


def kpi_heat_grid(
    rows: pl.DataFrame,
    kpi_keys: Sequence[str],
    catalogue: Mapping[str, Kpi],
    *,
    members: Mapping[str, str],
    member_column: str,
    label: str,
    key: str,
    clickable: bool = True,
) -> tuple[str, str] | None:
    """Members (projects, modules, phases) × KPIs, a mark in every cell. Returns the cell clicked: (member, KPI key).

    rows: kpi_values rows that hold `member_column`. members: {member: name shown}, in the order of the grid's rows until a click
    on a head sorts them by the values of its column; one on the head of the members brings that order back.
    """
    by_cell = {(row[member_column], row["kpi_key"]): row for row in rows.iter_rows(named=True)}
    order = head_order(key)
    values = {member: (by_cell.get((member, order.column)) or {}).get("value") for member in members}
    members = {member: members[member] for member in order.sorted(list(members), values)}
    drawn_with = ink()
    column_width = min(WIDEST_MARK, (GRID_WIDTH - MEMBER_WIDTH) // max(len(kpi_keys), 1))
    member_width = min(WIDEST_MEMBER, GRID_WIDTH - column_width * len(kpi_keys))
    picture_width = column_width - CELL_PADDING
    table: dict[str, list] = {"_member": list(members.values())}
    for kpi_key in kpi_keys:
        kpi = catalogue[kpi_key]
        cells = [by_cell.get((member, kpi_key)) for member in members]
        largest = max((abs(row["value"]) for row in cells if row and row["value"] is not None), default=None)
        table[kpi_key] = [
            mark.cell_picture(
                _cell(row, kpi, largest),
                kpi.unit,
                language(),
                drawn_with,
                width=picture_width,
                currency=(row or {}).get("currency"),
            )
            for row in cells
        ]
    config = {"_member": st.column_config.TextColumn(label, width=member_width)}
    for kpi_key in kpi_keys:
        kpi = catalogue[kpi_key]
        config[kpi_key] = st.column_config.ImageColumn(
            head_word(kpi.short(language())) + order.sign(kpi_key), help=kpi.definition(language()), width=column_width
        )
    event = st.dataframe(
        pl.DataFrame(table),
        width="content",
        hide_index=True,
        row_height=GRID_ROW,
        height=min(TALLEST, GRID_ROW * len(members) + TABLE_ROW + 2),
        column_config=config,
        key=order.widget_key,
        on_select="rerun",
        selection_mode=["single-cell", "single-column"] if clickable else "single-column",
    )
    order.take(event)
    cells = event.selection.get("cells") if clickable else []
    if not cells:
        return None
    row, column = cells[0]
    return (list(members)[row], column) if column in kpi_keys else (list(members)[row], "")


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
        known = [member for member in members if values.get(member) is not None]
        unknown = [member for member in members if values.get(member) is None]
        return sorted(known, key=lambda member: values[member], reverse=not self.is_rising) + unknown

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


def head_order(key: str) -> HeadOrder:
    return HeadOrder(key, *st.session_state.get(f"{key}_order", (None, False, 0)))


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
    heads = [translate(_HEADS[head], None, spoken) for head in _HEADS]
    lines = []
    for row in rows.iter_rows(named=True):
        kpi, status = catalogue[row["kpi_key"]], row["status"]
        values = (
            row["project_key"],
            members.get(row[member_column], row[member_column]),
            kpi.name(spoken),
            row["period_end"],
            row.get("valued_on") or row.get("as_of"),
            row["value"],
            kpi_value_text(row["value"], kpi.unit, spoken, exact=True, status=status, currency=row.get("currency")),
            row["numerator"],
            row["denominator"],
            counted_text(row, kpi, spoken),
            status_word(status, spoken),
            row["warning_at"],
            row["critical_at"],
            readings.reason_words(row, spoken),
        )
        lines.append(dict(zip(heads, values, strict=True)))
    return pl.DataFrame(lines, infer_schema_length=None)


_HEADS = {
    "project": msgid("Project"),
    "name": msgid("Name"),
    "kpi": msgid("KPI"),
    "period_ends": msgid("Period ends"),
    "stands_at": msgid("Data date"),
    "value": msgid("Value"),
    "value_shown": msgid("Value shown"),
    "numerator": msgid("Numerator"),
    "denominator": msgid("Denominator"),
    "counted": msgid("Counted"),
    "status": msgid("Status"),
    "warning_level": msgid("Warning level"),
    "critical_level": msgid("Critical level"),
    "reason": msgid("Reason"),
}


def _cell(row: Row | None, kpi: Kpi, largest: float | None) -> mark.BulletValue:
    if row is None:
        return mark.BulletValue(value=None, status=KpiStatus.NO_DATA, better=kpi.better)
    return replace(readings.reading_of(row, kpi), largest=largest)
