"""Tables on screen. A column is its head, its look and what stands in it; a table is rows and columns, to be read or edited.

What is read is a grid of ours, what is edited Streamlit's editor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import polars as pl
import streamlit as st

from models.spreadsheets import FORMULA, NUMBER
from models.vocabulary import KpiStatus
from ui.grid import cells, component
from ui.grid.cells import Cell as GridCell
from ui.grid.cells import Kind
from ui.shell.theme import sign_color
from ui.shell.wording import STATUS_SIGNS, _, language, status_word

Rows = pl.DataFrame | Sequence[Any]  # mappings or models
Cell = Callable[[Any], object] | None  # made of a row; None for what the row holds under the column's name


@dataclass(frozen=True)
class Column:
    """One column: how Streamlit shows it, the type of its values (None: theirs), what stands in it, whether it is edited.

    value: made of a row, what the column is sorted by where that is not what stands in it.
    """

    config: object
    kind: pl.DataType | type[pl.DataType] | None
    cell: Cell = None
    is_edited: bool = False
    value: Callable[[Any], Any] | None = None


def text(head: str, cell: Cell = None, *, value: Callable[[Any], Any] | None = None, **look: Any) -> Column:
    return Column(st.column_config.TextColumn(head, **look), pl.String, cell, value=value)


def figure(head: str, cell: Cell = None, *, value: Callable[[Any], Any], **look: Any) -> Column:
    """A number in words, at the right edge. value: the number."""
    return text(head, cell, value=value, alignment="right", **look)


def number(
    head: str, cell: Cell = None, *, format: str | None = "localized", is_edited: bool = False, **look: Any
) -> Column:
    return Column(st.column_config.NumberColumn(head, format=format, **look), None, cell, is_edited)


def day(head: str, cell: Cell = None, *, is_edited: bool = False, **look: Any) -> Column:
    return Column(st.column_config.DateColumn(head, **look), pl.Date, cell, is_edited)


def choice(
    head: str, options: Sequence, cell: Cell = None, *, words: Callable[[Any], str] | None = None, **look: Any
) -> Column:
    """A column to choose from. words: how an option reads."""
    config = st.column_config.SelectboxColumn(head, options=list(options), format_func=words, **look)
    return Column(config, pl.String, cell, is_edited=True)


def tick(head: str) -> Column:
    """A box to tick, empty at first."""
    return Column(st.column_config.CheckboxColumn(head, width="small"), pl.Boolean, lambda _row: False, is_edited=True)


Columns = Mapping[str, Column | None]  # by name, in their order; None for one that is not shown this time


def framed(rows: Rows, columns: Mapping[str, Column]) -> pl.DataFrame:
    """What an editor holds."""
    frame = rows if isinstance(rows, pl.DataFrame) else None
    dicts = frame.to_dicts() if frame is not None and any(column.cell for column in columns.values()) else rows
    found = {}
    for name, column in columns.items():
        if column.cell is None and frame is not None:
            found[name] = frame[name]
            continue
        cell = column.cell or itemgetter(name)
        cells = pl.Series(name, [cell(row) for row in dicts], dtype=column.kind, strict=False)
        found[name] = cells if column.is_edited or column.kind != pl.String else cells.fill_null("")
    return pl.DataFrame(found).with_columns(pl.selectors.decimal().cast(pl.Float64))


def table(
    rows: Rows,
    columns: Columns,
    *,
    key: str,
    empty: str = "",
    label: str = "",
    chosen_by: Callable[[Any], str] | None = None,
) -> tuple[str, str] | None:
    """The rows, to be read. empty: the sentence that stands there where there are none. chosen_by: see `grid`."""
    if empty and not len(rows):
        st.caption(empty)
        return None
    dicts = rows.to_dicts() if isinstance(rows, pl.DataFrame) else rows
    read = {name: _read(name, column, dicts) for name, column in columns.items() if column}
    return grid(dicts, read, key=key, label=label, chosen_by=chosen_by)


def grid(rows: Sequence[Any], columns: Mapping[str, cells.Column], *, key: str, **look: Any) -> tuple[str, str] | None:
    """Rows × columns of `ui.grid.cells`, in the language and the colors of this session; see `ui.grid.component.draw`."""
    spoken = language()
    signs = {str(status): (STATUS_SIGNS[status], status_word(status), sign_color(status)) for status in KpiStatus}
    return component.draw(rows, columns, key=key, spoken=spoken, signs=signs, **look)


def _read(name: str, column: Column, rows: Sequence[Any]) -> cells.Column:
    """A column as the grid has it: its look is that of Streamlit's editor."""
    look: Mapping[str, Any] = column.config  # type: ignore[assignment]
    kind, written = look["type_config"]["type"], look["type_config"].get("format")
    found = [(column.cell or itemgetter(name))(row) for row in rows]
    if column.value:
        found = [
            GridCell("" if shown is None else str(shown), column.value(row))
            for shown, row in zip(found, rows, strict=True)
        ]
    width = look["width"]
    return cells.Column(
        look["label"],
        found,
        Kind.FIGURE if look["alignment"] == "right" else _KINDS.get(kind, Kind.TEXT),
        hover=look["help"] or "",
        format=written or "",
        width=width if isinstance(width, int) else 0,
    )


_KINDS = {"number": Kind.FIGURE, "date": Kind.DAY, "checkbox": Kind.TICK, "list": Kind.CHIPS}


def edit(rows: Rows, columns: Columns, *, key: str, **look: Any) -> pl.DataFrame:
    """The rows, to be edited where a column allows it; as they stand now."""
    fixed = [name for name, column in columns.items() if column and not column.is_edited]
    return st.data_editor(**_drawn(rows, columns) | look, disabled=fixed, key=key)


def _drawn(rows: Rows, columns: Columns) -> dict[str, Any]:
    shown = {name: column for name, column in columns.items() if column}
    config = {name: column.config for name, column in shown.items()}
    # an empty cell is empty, not the word None
    return {"data": framed(rows, shown), "column_config": config, "hide_index": True, "placeholder": ""}


def removed(rows: Sequence[Any], columns: Columns, *, key: str, button_key: str) -> list[Any]:
    """The rows with a box to tick each; returns those that somebody wants removed. Nothing where there are none."""
    if not rows:
        return []
    edited = edit(rows, {"tick": tick(_("Remove"))} | dict(columns), key=key)
    if not st.button(_("Remove the ticked rows"), key=button_key):
        return []
    return [row for row, is_ticked in zip(rows, edited["tick"], strict=True) if is_ticked]


def save_button(label: str, content: bytes | Callable[[], bytes], file_name: str, *, key: str, **look: Any) -> None:
    """A button that saves a file. content: where it is a function, it runs when the button is pressed, outside of the session."""
    look = {"mime": "text/csv", "icon": ":material/download:"} | look
    st.download_button(label, data=content, file_name=file_name, key=key, on_click="ignore", **look)


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
