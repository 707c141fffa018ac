"""One table for everything that is read: sorted, searched and copied in the browser, without a rerun.

The rows go there once, as numbers and texts; `grid.js` lays out those in view. It asks for nothing and writes text as text.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from models.spreadsheets import FORMULA, NUMBER
from models.words.catalog import msgid
from models.words.wording import translate
from ui.grid.cells import Cell, Column, Groups, Kind

NAME = "plimsoll_grid"
DRAWN = "grids_drawn"  # where the session holds what the grids of its page were given, by their keys
_HERE = Path(__file__)
_grid = st.components.v2.component(
    NAME,
    css=_HERE.with_name("grid.css").read_text(encoding="utf-8"),
    js=_HERE.with_name("grid.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)
_WORDS = {
    "copied": msgid("Copied"),
    "copy": msgid("Copy as values"),
    "menu": msgid("Columns and copy"),
    "none": msgid("No row holds this."),
    "order": msgid("As it came"),
    "printed": msgid("The first {shown} of {count} rows"),
    "search": msgid("Search the rows"),
    "sort": msgid("Sort by"),
    "no": msgid("no"),
    "yes": msgid("yes"),
}


def draw(
    rows: Sequence[Any],
    columns: Mapping[str, Column],
    *,
    key: str,
    spoken: str,
    signs: Mapping[str, tuple[str, str, str]],
    label: str = "",
    groups: Groups | None = None,
    look: Callable[[Any], Literal["", "quiet", "strong"]] | None = None,
    chosen_by: Callable[[Any], str] | None = None,
) -> tuple[str, str] | None:
    """The rows in their order. Returns what was clicked, by `chosen_by` of its row and by its column; None before.

    spoken: a language. signs: {status: (sign, word, color)}. label: what the table is, for a screen reader.
    chosen_by: given where a click on a cell without an address is to be told to the page.
    """
    content = {
        "key": key,
        "spoken": spoken,
        "label": label,
        "signs": signs,
        "words": {name: translate(words, None, spoken) for name, words in _WORDS.items()},
        "formula": FORMULA,
        "number": NUMBER,
        "columns": [_column(name, column, column.of(rows)) for name, column in columns.items()],
        "count": len(rows),
        "groups": groups and {"head": groups.head, "isOn": groups.is_on, "of": [groups.of(row) for row in rows]},
        "looks": look and [look(row) for row in rows],
        "ids": chosen_by and [chosen_by(row) for row in rows],
    }
    told = json.dumps(content, ensure_ascii=False, allow_nan=False, default=_plain, separators=(",", ":"))
    # bytes: Streamlit writes anything else out twice more
    given = told.encode()
    st.session_state.setdefault(DRAWN, {})[key] = given
    found = _grid(key=key, data=given, on_chosen_change=_nothing)
    chosen = found.get("chosen") if chosen_by else None
    return (chosen[0], chosen[1]) if chosen else None


def tables_of(drawn: Mapping[str, bytes]) -> dict[str, list[list[object]]]:
    """What grids were given, as tables with their heads first, by their labels: values, not how they read."""
    found: dict[str, list[list[object]]] = {}
    for given in drawn.values():
        content = json.loads(given)
        columns = content["columns"]
        cells = [[_exported(cell, column["kind"]) for cell in column["cells"]] for column in columns]
        label = name = content["label"] or columns[0]["head"]
        while name in found:
            name = f"{label} ({len(found) + 1})"
        found[name] = [[column["head"] for column in columns], *(list(row) for row in zip(*cells, strict=True))]
    return found


def _exported(cell: Any, kind: str) -> object:
    """The value of a cell where it is a number, else its text; of a course its values."""
    if isinstance(cell, list) and kind != Kind.CHIPS:  # a Cell, whose fields went as a list
        cell = Cell(*cell)
        if kind == Kind.COURSE:
            return "; ".join("" if value is None else str(value) for value in cell.course)
        if kind == Kind.MARK and cell.label:  # one of several KPIs
            return f"{cell.label} {cell.text}"
        return cell.value if isinstance(cell.value, int | float) else cell.text or cell.label or None
    if kind == Kind.DAY and isinstance(cell, str) and cell:
        return dt.date.fromisoformat(cell[:10])
    return cell


def _nothing() -> None:
    """Streamlit keeps a state only where something is called when it changes."""


def _column(name: str, column: Column, cells: list[object]) -> dict[str, object]:
    return {
        "key": name,
        "head": column.head,
        "kind": column.kind,
        "hover": column.hover,
        "format": column.format,
        "width": column.width,
        "isShown": column.is_shown,
        "stays": column.stays,
        "isRich": any(isinstance(cell, Cell) for cell in cells),
        "cells": cells,
    }


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)
