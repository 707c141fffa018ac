"""One table for everything that is read: sorted, searched and copied in the browser, without a rerun.

The rows go there once, as numbers and texts; `grid.js` lays out those in view. It asks for nothing and writes text as text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from models.spreadsheets import FORMULA, NUMBER
from models.words.catalog import msgid
from models.words.wording import translate
from ui.grid.cells import Cell, Column, Groups

NAME = "plimsoll_grid"
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
    found = _grid(key=key, data=told.encode(), on_chosen_change=_nothing)
    chosen = found.get("chosen") if chosen_by else None
    return (chosen[0], chosen[1]) if chosen else None


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
        "isRich": any(isinstance(cell, Cell) for cell in cells),
        "cells": cells,
    }


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)
