"""What a grid holds: columns, and of each row a cell. Text of a file is text and stays it; only a mark is SVG, made by us."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Any, NamedTuple

from markupsafe import Markup


class Kind(StrEnum):
    """How the cells of a column look. At the first click on its head a text is sorted A to Z, all else by the greatest."""

    TEXT = "text"
    FIGURE = "figure"  # at the right edge
    DAY = "day"
    MARK = "mark"  # label and figure above an SVG of ui.kpis.bullet
    BAR = "bar"  # the value around zero, all of a column on one scale
    COURSE = "course"  # a sparkline, all of a column on one scale
    CHIPS = "chips"  # a list of short texts
    TICK = "tick"  # yes or no


class Cell(NamedTuple):
    """One cell. Only the text is needed; a cell that holds a text, number, day or list alone is that value itself.

    value: what it is sorted by and copied as; None is unknown and stands last both ways (a text is sorted by itself).
    status: a KpiStatus, told by its sign. label: quiet words, above a mark and below anything else.
    address: of `ui.shell.markup.address`, where the cell leads. course: oldest first, None where unknown.
    """

    text: str = ""
    value: float | str | None = None
    status: str = ""
    label: str = ""
    mark: Markup | None = None
    hover: str = ""
    address: str = ""
    course: Sequence[float | None] = ()


@dataclass(frozen=True)
class Column:
    """One column of a grid.

    cells: made of a row, or one for each row: either all of them are `Cell`s, or all are plain values. format: of plain numbers,
    "localized" or as `%.2f`. width: pixels it is given where there is room. is_shown: False for one that is chosen in the menu.
    stays: on a narrow page a row of marks shows it beside its name, whatever it says, but for none.
    """

    head: str
    cells: Callable[[Any], object] | Sequence[object]
    kind: Kind = Kind.TEXT
    hover: str = ""
    format: str = "localized"
    width: int = 0
    is_shown: bool = True
    stays: bool = False

    def of(self, rows: Sequence[Any]) -> list[object]:
        """The cells of the rows. Raises TypeError for a mark that is plain text, which nobody has escaped."""
        cells = [self.cells(row) for row in rows] if callable(self.cells) else self.cells
        if self.kind is Kind.MARK and not all(
            isinstance(cell, Cell) and isinstance(cell.mark, Markup | None) for cell in cells
        ):
            raise TypeError("a mark is SVG of ours, as Markup")
        return [None if isinstance(cell, float) and not isfinite(cell) else cell for cell in cells]


@dataclass(frozen=True)
class Groups:
    """What rows can be put together by. head: the words of the switch. of: a row's group."""

    head: str
    of: Callable[[Any], str]
    is_on: bool = False
