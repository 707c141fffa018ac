"""The grids that a page of AppTest shows, as the browser is given them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

from ui.grid.cells import Cell, Kind
from ui.grid.component import NAME


@dataclass(frozen=True)
class Grid:
    """One grid: its key, its columns as they were given, and what stands in its cells."""

    key: str
    columns: dict[str, dict[str, Any]]

    def cells(self, column: str) -> list[Any]:
        """The cells of a column: `Cell`s, or plain values."""
        found = self.columns[column]
        return [Cell(*cell) for cell in found["cells"]] if found["isRich"] else found["cells"]

    def texts(self, column: str) -> list[Any]:
        """What can be read in each row: words, or the plain value."""
        nothing = "" if self.columns[column]["kind"] == Kind.TEXT else None
        return [
            cell.text if isinstance(cell, Cell) else nothing if cell is None else cell for cell in self.cells(column)
        ]

    @property
    def value(self) -> pd.DataFrame:
        """What can be read, by the keys of the columns."""
        return pd.DataFrame({name: self.texts(name) for name in self.columns})


def grids(app: AppTest) -> list[Grid]:
    """In the order of the page."""
    found = [element.proto for element in app.get("bidi_component") if element.proto.component_name == NAME]
    told = [json.loads(proto.bytes) for proto in found]
    return [Grid(content["key"], {column["key"]: column for column in content["columns"]}) for content in told]
