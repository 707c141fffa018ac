"""The totals that a file prints itself, compared with the sums of its rows.

Which rows a total adds up is not written in the file: a total of a month follows its rows, a total of the file all of them.
So a total agrees when it is the sum of the rows above it since one of the places where such a total may begin.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.contracts.skipped_rows import CARRIED_WORDS, RUNNING_WORDS, LeftOut, word_of
from pipeline.ingest.dialects.money_units import FACTORS
from pipeline.ingest.values.amounts import number_of
from pipeline.ingest.values.formats import Formats

_CENTS = 100
# Running totals may reach back before the file; what is carried is no sum of rows.
_NOT_COMPARED = CARRIED_WORDS | RUNNING_WORDS | {"累计"}


class ControlTotals:
    """The totals of one table. `take` every typed chunk and the lines held back, then ask for the reasons."""

    def __init__(self, plugin: FeedPlugin, table: RawTable, mapping: Mapping, formats: Formats) -> None:
        self.file, self._mapping, self._formats = table.file, mapping, formats
        self._columns = plugin.totals
        told = [row for row in table.left_out if row.cells] if self._columns else []
        self._totals = [row for row in told if any(self._cell(row, column) is not None for column in self._columns)]
        self._totals.sort(key=lambda total: total.line)
        self._begin_after = self._lines_before()
        self._leaf_by = plugin.totals_by
        self._kept: list[pl.DataFrame] = []
        self._held_back: list[int] = []

    def take(self, rows: pl.DataFrame, held_back: list[int]) -> None:
        """rows: typed. held_back: the lines of rows that could not be read."""
        if not self._totals:
            return
        names = [*self._columns, *([self._leaf_by, "project"] if self._leaf_by else [])]
        cents = [(pl.col(name).fill_null(0) * _CENTS).cast(pl.Int64).alias(name) for name in self._columns]
        self._kept.append(rows.select("source_row", *names).with_columns(cents))
        self._held_back += held_back

    def reasons(self) -> tuple[list[Reason], list[Reason]]:
        """(what is worth telling, what the batch is held for)."""
        if not self._totals or not self._kept:
            return [], []
        rows = pl.concat(self._kept).sort("source_row")
        lines = rows["source_row"].to_numpy()
        weights = [np.ones(len(rows), np.int64)]
        if self._leaf_by:  # a table of accounts prints parents above their children
            weights.insert(0, _leaves(rows, self._leaf_by))
        agreed: list[tuple[int, str, int, int]] = []
        wrong: list[tuple[int, str, int, int]] = []
        for total in self._totals:
            if _words(total) in _NOT_COMPARED:
                continue
            for column in self._columns:
                said = self._cell(total, column)
                if said is None:
                    continue
                sums = self._sums(rows, lines, weights, total, column)
                slack = self._slack(column, len(rows))
                near = min(sums, key=lambda found: abs(found - said))
                (agreed if abs(near - said) <= slack else wrong).append((total.line, column, said, sums[0]))
        return self._told(agreed, wrong)

    def _sums(self, rows: pl.DataFrame, lines: np.ndarray, weights, total: LeftOut, column: str) -> list[int]:
        """The sums that this total may mean, the likeliest first."""
        amounts = rows[column].to_numpy()
        if (
            "amount" in self._mapping.roles
        ):  # one column of amounts with a direction: the total may be of either side or both
            sides = [rows["debit"].to_numpy(), rows["credit"].to_numpy()]
            candidates = [*sides, sides[0] + sides[1], sides[0] - sides[1]]
        else:
            candidates = [amounts * weight for weight in weights]
        end = int(np.searchsorted(lines, total.line))
        starts = [int(np.searchsorted(lines, line)) for line in self._beginnings(total)]
        return [int(values[start:end].sum()) for values in candidates for start in starts]

    def _beginnings(self, total: LeftOut) -> list[int]:
        """Lines after which this total may begin to add: the last of its own word, the last of any, the page, the file."""
        near = self._begin_after[total.line]
        pages = [line for line, _ in self._mapping.sections if line < total.line][-1:]
        is_last = total is self._totals[-1] and not pages
        return list(dict.fromkeys([0, *near] if is_last else [*near, *pages, 0]))

    def _lines_before(self) -> dict[int, list[int]]:
        """{line of a total: the lines of the last total with its word and of the last total at all}."""
        found: dict[int, list[int]] = {}
        last_of_word: dict[str, int] = {}
        last: list[int] = []
        for total in self._totals:
            word = _words(total)
            found[total.line] = [last_of_word[word], *last] if word in last_of_word else list(last)
            last_of_word[word], last = total.line, [total.line]
        return found

    def _cell(self, total: LeftOut, column: str) -> int | None:
        """What the total says of a column, in cents; None where it says nothing."""
        indices = [index for index, name in self._mapping.columns.items() if name == column]
        if self._mapping.period_columns and column == self._mapping.period_into[1]:
            indices = list(self._mapping.period_columns)
        if not indices and "amount" in self._mapping.roles and column == "debit":
            indices = [self._mapping.roles["amount"]]
        comma = self._formats.decimal_comma.get(column, False)
        texts = [total.cells[index] for index in indices if index < len(total.cells) and total.cells[index].strip()]
        numbers = [number for text in texts if (number := number_of(text, comma)) is not None]
        if not numbers:
            return None
        return int((sum(numbers, Decimal(0)) * self._factor(column) * _CENTS).to_integral_value())

    def _factor(self, column: str) -> int:
        return FACTORS.get(self._formats.units.get(column, ""), 1)

    def _slack(self, column: str, rows: int) -> int:
        """Cents by which rounding may part a total from its rows: half a hundredth of the unit for each; none for plain money."""
        if self._factor(column) > 1:
            return (rows + 1) * self._factor(column) // 2
        return self._formats.rounded.get(column, 0)

    def _told(self, agreed: list, wrong: list) -> tuple[list[Reason], list[Reason]]:
        if not wrong:
            if not agreed:
                return [], []
            line, column, said, _ = max(agreed, key=lambda entry: abs(entry[2]))
            details = {"column": column, "total": _money(said), "line": line, "compared": len(agreed)}
            return [Reason("ingest.balances", _BALANCES, {"file": self.file} | details)], []
        line, column, said, found = wrong[0]
        details = {
            "file": self.file,
            "line": line,
            "column": column,
            "total": _money(said),
            "sum": _money(found),
            "difference": _money(said - found),
            "wrong": len(wrong),
            "compared": len(agreed) + len(wrong),
        }
        if self._held_back:  # the rows that are missing are known, and can be mended
            return [Reason("ingest.short_of_total", _SHORT, details | {"rows": len(self._held_back)})], []
        return [], [Reason("ingest.does_not_balance", _DOES_NOT, details)]


_BALANCES = "{file}: the rows add up to the file's own totals ({compared} compared; {column} {total} in line {line})."
_DOES_NOT = (
    "{file}, line {line}: the file's own total of {column} is {total}, and its rows add up to {sum}: {difference} apart "
    "({wrong} of {compared} totals disagree). Rows may be missing or there twice: compare with the source; accept the batch if "
    "the rows are right."
)
_SHORT = (
    "{file}, line {line}: the file's own total of {column} is {total}, and the rows that count add up to {sum}: {difference} "
    "apart. {rows} rows were held back; mend them and load the file again."
)


def _is_word(cell: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" or letter.isalpha() for letter in cell)


def _words(total: LeftOut) -> str:
    """The word of a total: 本月合计 whatever stands before it in the row."""
    words = [word_of(cell) for cell in total.cells if cell and _is_word(cell)]
    return next((word for word in words if word.endswith(("计", "额")) or "total" in word), words[0] if words else "")


def _leaves(rows: pl.DataFrame, code: str) -> np.ndarray:
    """1 for accounts without accounts below them, and for rows that are not a part of another row's account."""
    codes = rows[code].fill_null("").to_list()
    ordered = sorted(set(codes))
    parents = {entry for entry, after in zip(ordered, ordered[1:], strict=False) if entry and after.startswith(entry)}
    is_part = rows["project"].is_not_null().to_list() if rows["project"].is_null().any() else [False] * len(codes)
    return np.array([code not in parents and not part for code, part in zip(codes, is_part, strict=True)], np.int64)


def _money(cents: int) -> str:
    return f"{Decimal(cents) / _CENTS:,.2f}"
