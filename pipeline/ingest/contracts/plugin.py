"""One feed as a plug-in: all that is special about it, from recognizing a table to comparing what is landed.

The driver asks every feed the same questions and knows none by name. What stands here is the answer of a feed without
anything special: a feed fills the fields, or overrides the functions, in which it differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

import polars as pl

from models.errors import InputError
from models.feeds import FEEDS, Feed
from models.intake import ColumnUnit
from pipeline.ingest.contracts.checks import ComparedDays, ComparedList, Expectation, Together, ToldBy
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.preamble import Preamble
from pipeline.ingest.contracts.raw_table import RawTable, RejectedRow
from pipeline.ingest.contracts.read_rows import ReadRows
from pipeline.ingest.contracts.reasons import Reason

Warnings = list[tuple[str, str, dict[str, Any]]]  # (code, template, details)
SURE = 1.75


class HoursOf(StrEnum):
    """What one row's hours are of, which is what their values prove the unit by."""

    DAY = "day"  # of one person's day at most
    ITEM = "item"  # of a piece of work, which takes from minutes to weeks


@dataclass(frozen=True)
class Evidence:
    """points: for, less against. against: the headers that speak against it. repeats: whether its keys name no row."""

    points: float
    against: tuple[str, ...] = ()
    repeats: bool = False

    @property
    def is_enough(self) -> bool:
        return self.points >= SURE

    @property
    def is_excluded(self) -> bool:
        return bool(self.against) and self.points <= 0


@dataclass(frozen=True)
class Sight:
    """A table as one feed would read it. names: index → squeezed header. marks: headers that only the tool prints.

    sample: the first rows, each that stands there twice but once.
    """

    table: RawTable
    mapping: Mapping
    names: dict[int, str]
    marks: int
    sample: pl.DataFrame


@dataclass
class Prescan:
    """What a whole table showed before its rows are read. cut: why the file waits for a person.

    most_hours: what one row may hold; None where a row is one person's day.
    """

    warnings: Warnings = field(default_factory=list)
    cut: Warnings = field(default_factory=list)
    most_hours: float | None = None


class Shaped(NamedTuple):
    """rows: canonical columns as text, and source_row. rejected: rows that no shape could be given, one per row."""

    rows: pl.DataFrame
    rejected: list[RejectedRow] = []


class Reshape:
    """From the canonical columns of a chunk to the rows of the feed, while all values are still text.

    Chunks come in the order of the file, and the file is read twice: once for its formats, once for its rows.
    warnings: known after look_ahead. left_out (rows that are none: line, rule, text), units: known after the last row.
    """

    def __init__(self, mapping: Mapping, system: str) -> None:
        self.mapping, self.system = mapping, system
        self.warnings: Warnings = []
        self.left_out: list[dict[str, Any]] = []
        self.units: dict[str, ColumnUnit] = {}

    @property
    def indices(self) -> list[int]:
        """The columns read beside the mapped ones."""
        return []

    def look_ahead(self, table: RawTable) -> None:
        """Reads the whole table where what a row means depends on others."""

    def begin(self) -> None:
        """The rows are read from the first one on."""

    def filled(self, raw: pl.DataFrame) -> pl.DataFrame:
        """The raw chunk with what the rows above say of those below."""
        return raw

    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> Shaped:
        """raw: the chunk as it stands in the file; rows: the same lines in canonical columns."""
        return Shaped(rows)

    def closing_warnings(self) -> Warnings:
        """What reading all rows showed."""
        return []


@dataclass(frozen=True)
class FeedInCells:
    """Rows of another feed in single cells of a table. indices: the columns of these cells, which hold `column` in `unit`.

    shared: canonical columns that such a row takes from its own line. rows: (raw chunk, indices, the lines in canonical
    columns) to (rows, cells that do not read, count of cells).
    """

    feed: str
    column: str
    unit: str
    indices: list[int]
    shared: frozenset[str]
    rows: Callable[[pl.DataFrame, list[int], pl.DataFrame], tuple[pl.DataFrame, list[RejectedRow], int]]


class Control:
    """What is added up beside the rows of one table and compared in the end."""

    def take(self, rows: pl.DataFrame) -> None:
        """rows: typed."""

    def reasons(self) -> list[Reason]:
        return []


@dataclass(frozen=True)
class FeedPlugin:
    """name: of the feed, as models.feeds has it.

    Recognizing. worth_saying: columns whose lack is said. of_common_words: every register has headers like its own, so that
    the values must speak for it too. title_words: what a title calls periods side by side, the surest first; where several
    feeds could hold them, it decides. periods_score: what such periods speak for the feed. instead: feed → the required
    columns that a table like this rather lacks as one of that feed.

    Reading. reshape: what its rows become. hours_of: what its hours are of, where the unit is proved on the values. identity:
    the source's own identity of a row; only where it agrees, with every other cell, is a second row a repetition. mappable:
    columns whose words a person may map; meanings: of such a column, the one whose meanings its words take. totals: amounts
    whose totals a file may print itself; totals_by: the column whose parents the file prints above their children.
    takes_folder_as_project: no file of it names one.

    Checking. rules, together: about the values of a row, and about rows together. plans: columns of what is to come.
    whole_months: its rows stand for the whole of their months.

    Comparing with what is landed. source_id: the source's own id of a row. once: each key is one event, told once for all.
    lasting: the key of things that stay in the list once they are in it. volume: what must not jump. told_by: what makes a
    row of another tool the same. source: what all its exports count as, instead of their tools. measures: name → SQL, the
    first numbers that a person would compare. in_currencies: its rows name the currency of their amounts. is_baseline: what
    a build has used of it stays.
    """

    reshape: ClassVar[type[Reshape]] = Reshape

    name: str
    worth_saying: tuple[str, ...] = ()
    of_common_words: bool = False
    title_words: tuple[re.Pattern[str], ...] = ()
    periods_score: float = 3.0
    instead: dict[str, list[str]] = field(default_factory=dict)
    hours_of: HoursOf | None = None
    identity: tuple[str, ...] = ()
    mappable: tuple[str, ...] = ()
    meanings: dict[str, str] = field(default_factory=dict)
    totals: tuple[str, ...] = ()
    totals_by: str | None = None
    takes_folder_as_project: bool = False
    rules: tuple[Expectation, ...] = ()
    together: tuple[Together, ...] = ()
    plans: frozenset[str] = frozenset()
    whole_months: bool = False
    source_id: str | None = None
    once: bool = False
    lasting: str | None = None
    volume: ComparedList | ComparedDays | None = None
    told_by: ToldBy | None = None
    source: str | None = None
    measures: dict[str, str] = field(default_factory=dict)
    in_currencies: bool = False
    is_baseline: bool = False

    @property
    def feed(self) -> Feed:
        return FEEDS[self.name]

    # ---- recognizing ------------------------------------------------------------------------------------------------

    def may_be(self, names: Collection[str]) -> bool:
        """Whether a table with these headers, normalized, may be of this feed at all."""
        return True

    def spoken_for(self, names: Collection[str]) -> int:
        """How many of the squeezed headers speak for this feed, less those that do against it."""
        return 0

    def evidence(self, sight: Sight) -> Evidence | None:
        """How well the table fits beyond its mapped columns; None where the general weighing is enough."""
        return None

    def doubts(self, sight: Sight) -> float:
        """What speaks against the feed in the general weighing."""
        return 0.0

    def claim(self, mapping: Mapping) -> None:
        """Settles columns of which several make one, or one makes several, by their headers alone."""

    def complete(self, mapping: Mapping, table: RawTable, preamble: Preamble, *, is_marked: bool) -> None:
        """Adds what the table says outside its rows, and what it holds beside single columns.

        is_marked: whether it has a header that only the tool prints, or the tool has none.
        """

    def gives(self, mapping: Mapping) -> set[str]:
        """Canonical columns that no single column of the file holds and that its rows will have."""
        return set()

    def refuse(self, table: RawTable, mapping: Mapping) -> None:
        """Raises: InputError where a table of this feed cannot be read for a reason of its own."""

    def lacks(self, table: RawTable, system: str, columns: list[str]) -> InputError | None:
        """What is better said of a table without these required columns than that it lacks them."""
        return None

    # ---- reading ----------------------------------------------------------------------------------------------------

    def tables(self, sheets: list[tuple[str, Any]], file: str) -> list[tuple[str, Any]]:
        """The sheets of a workbook, (name, table or error), with those of this feed made one table of it."""
        return sheets

    def table(self, table: RawTable) -> RawTable:
        """The same for a text table."""
        return table

    def settle_document(self, read: ReadRows, file: str, project: str | None, run: str | None) -> None:
        """Sets what was said of a document's rows. Raises: InputError where something must be said."""

    def prescan(self, mapping: Mapping, table: RawTable) -> Prescan:
        """Settles the mapping by the values of the whole table."""
        return Prescan()

    def derived(self, mapping: Mapping) -> list[pl.Expr]:
        """Canonical columns, still text, out of raw columns with a role."""
        return []

    def in_cells(self, table: RawTable, mapping: Mapping) -> FeedInCells | None:
        """Rows of another feed in the cells of this one."""
        return None

    def unknown_words(
        self, texts: dict[str, pl.Series], rows: pl.DataFrame, kept: pl.Series, system: str
    ) -> dict[str, dict[str, int]]:
        """Column → {word: rows} of words that nobody knows, beside those of columns with a vocabulary."""
        return {}

    def finish(self, rows: pl.DataFrame, system: str) -> pl.DataFrame:
        """What can only be filled once the values are typed."""
        return rows

    def controls(self, mapping: Mapping, file: str) -> list[Control]:
        return []

    # ---- checking ---------------------------------------------------------------------------------------------------

    def row_rules(self, most_hours: float | None) -> tuple[Expectation, ...]:
        """most_hours: what one row may hold at most, where it stands for more than one person's day."""
        return self.rules
