"""Great Expectations at ingest: batch rules refuse the file, row rules hold back or flag a row.

The library is imported at the first check (it takes seconds) and works on pandas chunks of the batch; the frames are
converted here and nowhere else. Uniqueness does not see other chunks and is settled in landing.py.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import warnings
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from models.errors import InputError, PlimsollError
from models.feeds import FEEDS, Feed
from models.intake import Check
from pipeline.ingest.checks.cross_row_rules import Outcome, judged_together
from pipeline.ingest.checks.expectations import (
    COLUMN_MISSING,
    DAY_ENDS_HOURS_LATE,
    NO_ROWS,
    RAGGED,
    READING_CODES,
    REPEATED_KEY,
    UNREADABLE,
    VALUE_MISSING,
    Expectation,
    expectations,
    feed_rules,
)
from pipeline.ingest.contracts.raw_table import RejectedRow

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

_INDEX = "row_in_chunk"
TOLD_FLAGS = 100  # rows of a chunk whose values are fetched: only the first that is not held back is shown
MICROSECONDS_PER_DAY = 86_400_000_000
_RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [_INDEX, "source_row"],
    "return_unexpected_index_query": False,
    "exclude_unexpected_values": True,
}


@dataclass(frozen=True)
class Failure:
    """One row that broke one rule. `position` counts from 0 within the chunk."""

    position: int
    source_row: int
    rule: Expectation
    details: dict


@dataclass
class Checked:
    """held: the first rule each row broke; flagged: rows that stay, by rule."""

    held: list[Failure] = field(default_factory=list)
    flagged: list[Failure] = field(default_factory=list)


@dataclass
class _Tally:
    checked: int = 0
    failed: int = 0
    first_line: int | None = None

    def add(self, checked: int, failed: int, first_line: int | None) -> None:
        self.checked += checked
        self.failed += failed
        if first_line is not None:
            self.first_line = first_line if self.first_line is None else min(self.first_line, first_line)


class Checks:
    """The checks of one feed, made once and run on chunk after chunk; `results` says how each rule came out in the end."""

    def __init__(self, feed: Feed, today: dt.date, most_hours: float | None = None) -> None:
        self.feed = feed
        self.rules = expectations(feed.name, today, most_hours)
        self._is_of_days = most_hours is None
        self._all = feed_rules(feed.name, today, most_hours)
        self._tallies = {(rule.code, rule.column): _Tally() for rule in self._all}

    def results(self) -> list[Check]:
        """How each rule came out."""
        tallies = ((rule, self._tallies[rule.code, rule.column]) for rule in self._all)
        return [
            Check(
                code=rule.code,
                column=rule.column,
                severity=rule.severity,
                rows_checked=tally.checked,
                rows_failed=tally.failed,
                first_line=tally.first_line,
            )
            for rule, tally in tallies
        ]

    def _count(self, code: str, column: str, checked: int, lines: list[int]) -> None:
        tally = self._tallies.get((code, column))
        if tally is not None:
            tally.add(checked, len(lines), min(lines, default=None))

    def count_rejected(self, rejected: list[RejectedRow], read: int) -> None:
        """Counts what could not be read. read: rows of the chunk, these among them."""
        by_rule: dict[tuple[str, str], list[int]] = {}
        for row in rejected:
            code = READING_CODES.get(row.code, row.code)
            column = row.column or "" if code == VALUE_MISSING else ""
            rule = (code, column) if code in (RAGGED, VALUE_MISSING) else (UNREADABLE, "")
            by_rule.setdefault(rule, []).append(row.source_row)
        readings = [(RAGGED, ""), (UNREADABLE, ""), *((VALUE_MISSING, name) for name in self.feed.required)]
        for rule in readings:
            self._count(*rule, read, by_rule.get(rule, []))
        self._count(NO_ROWS, "", read, [])
        self._count(COLUMN_MISSING, ", ".join(self.feed.required), read, [])

    def count_repeated(self, lines: list[int], rows: int) -> None:
        """Counts rows that contradict another one of their key. rows: all that were judged."""
        self._count(REPEATED_KEY, ", ".join(self.feed.row_key), rows, lines)

    def over_rows(self, rows_file: Path) -> list[Outcome]:
        """The rules about rows together, over the whole file as it was written; those that were broken."""
        if not self._is_of_days:  # a row of a month has more hours than a day
            return []
        outcomes = judged_together(self.feed.name, rows_file)
        for outcome in outcomes:
            tally = self._tallies[outcome.rule.code, outcome.rule.column]
            tally.add(outcome.checked, outcome.failed, outcome.first["line"] if outcome.failed else None)
        return [outcome for outcome in outcomes if outcome.failed]

    def run(self, chunk: pl.DataFrame, file: str) -> Checked:
        """chunk: typed rows of the feed with source_row.

        Raises: InputError when a required column is missing or the chunk is empty; PlimsollError when a check itself failed.
        """
        rules = [rule for rule in self.rules if _can_be_judged(rule, chunk)]
        frame = _pandas(chunk, rules)
        gx = _library()
        suite = gx.ExpectationSuite(name=self.feed.name, expectations=_suite(gx, self.feed, rules))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            batch = _batch_definition().get_batch({"dataframe": frame})
            result = batch.validate(suite, result_format=_RESULT_FORMAT)
        checked = Checked()
        seen: set[int] = set()
        for outcome in result.results:
            meta = outcome.expectation_config.meta or {}
            if "batch_rule" in meta:
                if not outcome.success:
                    self._refuse(meta["batch_rule"], chunk, file)
                continue
            rule = rules[meta["rule"]]
            places = [] if outcome.success else _places(outcome, rule)
            self._count(rule.code, rule.column, _judged(outcome), [line for _, line in places])
            for number, (position, source_row) in enumerate(places):
                details = {} if rule.flag and number >= TOLD_FLAGS else _details(chunk, position, rule)
                failure = Failure(position, source_row, rule, details)
                if rule.flag:
                    checked.flagged.append(failure)
                elif position not in seen:
                    seen.add(position)
                    checked.held.append(failure)
        checked.flagged = [failure for failure in checked.flagged if failure.position not in seen]
        return checked

    def _refuse(self, batch_rule: str, chunk: pl.DataFrame, file: str) -> None:
        if batch_rule == "rows":
            raise InputError(
                "ingest.no_rows",
                "{file} holds no row that could be landed. Check the filter of the export; nothing was loaded.",
                file=file,
            )
        raise InputError(
            "ingest.required_column_missing",
            "{file}: the column {column} is required for {feed} and is missing. Add it, or map another column to it.",
            file=file,
            column=", ".join(name for name in self.feed.required if name not in chunk.columns),
            feed=self.feed.name,
        )


def checks_for(feed: str, today: dt.date, most_hours: float | None = None) -> Checks:
    """most_hours: what one row may hold at most, where it stands for more than one person's day."""
    return Checks(FEEDS[feed], today, most_hours)


def _can_be_judged(rule: Expectation, chunk: pl.DataFrame) -> bool:
    """A column that the chunk lacks, or that is empty all through, breaks no rule."""
    if rule.either:
        return True
    if rule.past:
        return any(column in chunk.columns for column in rule.past)
    columns = [rule.column] + ([rule.at_least] if rule.at_least else [])
    if not set(rule.beside) <= set(chunk.columns):
        return False
    return all(column in chunk.columns and chunk[column].null_count() < chunk.height for column in columns)


def _pandas(chunk: pl.DataFrame, rules: list[Expectation]) -> pd.DataFrame:
    """The columns that rules look at, as numbers; the required ones are represented by their names."""
    names = list(
        dict.fromkeys(name for rule in rules for name in (rule.column, rule.at_least) if name and not rule.is_derived)
    )
    frame = chunk.select(
        pl.int_range(pl.len()).alias(_INDEX),
        pl.col("source_row"),
        *(_number(name, chunk.schema[name]).alias(name) for name in names),
        *(
            _derived(rule, chunk).alias(_column_of(rule, number))
            for number, rule in enumerate(rules)
            if rule.is_derived
        ),
    )
    # Existence is judged by name: the text columns themselves would only cost memory.
    others = [pl.lit(True).alias(name) for name in chunk.columns if name not in frame.columns]
    return frame.with_columns(others).to_pandas()


def _suite(gx, feed: Feed, rules: list[Expectation]) -> list:
    made = [gx.expectations.ExpectTableRowCountToBeBetween(min_value=1, meta={"batch_rule": "rows"})]
    made.append(
        gx.expectations.ExpectTableColumnsToMatchSet(
            column_set=list(feed.required), exact_match=False, meta={"batch_rule": "columns"}
        )
    )
    for number, rule in enumerate(rules):
        meta = {"rule": number}
        if rule.is_derived:
            made.append(gx.expectations.ExpectColumnValuesToNotBeNull(column=_column_of(rule, number), meta=meta))
        elif rule.at_least:
            made.append(
                gx.expectations.ExpectColumnPairValuesAToBeGreaterThanB(
                    column_A=rule.column,
                    column_B=rule.at_least,
                    or_equal=True,
                    ignore_row_if="either_value_is_missing",
                    meta=meta,
                )
            )
        else:
            made.append(
                gx.expectations.ExpectColumnValuesToBeBetween(
                    column=rule.column,
                    min_value=_bound(rule.low),
                    max_value=_bound(rule.high, is_last=True),
                    strict_min=rule.above,
                    meta=meta,
                )
            )
    return made


def _column_of(rule: Expectation, number: int) -> str:
    """The column on which the library judges the rule."""
    return f"rule_{number}" if rule.is_derived else rule.column


def _derived(rule: Expectation, chunk: pl.DataFrame) -> pl.Expr:
    """A column that is null exactly where the rule is broken: the library counts nulls quickly, whatever the rule."""
    if rule.either:
        return _first_filled(rule.either, chunk)
    if rule.past:
        broken = pl.any_horizontal(_is_ahead(name, chunk, rule.high) for name in rule.past if name in chunk.columns)
    else:
        broken = pl.lit(False) if rule.broken is None else rule.broken
    return pl.when(broken.fill_null(False)).then(None).otherwise(1.0)


def _is_ahead(name: str, chunk: pl.DataFrame, today: Any) -> pl.Expr:
    if chunk.schema[name] == pl.Date:
        return pl.col(name) > today
    day_after = dt.datetime.combine(today, dt.time()) + dt.timedelta(days=1, hours=DAY_ENDS_HOURS_LATE)
    return pl.col(name) >= day_after


def _judged(outcome) -> int:
    """Rows that had a value to judge."""
    return int(outcome.result.get("element_count") or 0) - int(outcome.result.get("missing_count") or 0)


def _first_filled(columns: tuple[str, ...], chunk: pl.DataFrame) -> pl.Expr:
    held = [pl.col(name).cast(pl.Float64) for name in columns if name in chunk.columns]
    return pl.coalesce(held) if held else pl.lit(None, pl.Float64)


def _number(name: str, kind: pl.DataType) -> pl.Expr:
    """Dates and instants as days since 1970: the library compares timestamps row by row in Python, numbers all at once."""
    if kind == pl.Date or isinstance(kind, pl.Datetime):
        return pl.col(name).cast(pl.Datetime("us")).dt.epoch("us").cast(pl.Float64) / MICROSECONDS_PER_DAY
    return pl.col(name).cast(pl.Float64)


def _bound(value: object, is_last: bool = False):
    """A day as the moment at its beginning, or, as an upper bound, just before the next one."""
    if isinstance(value, dt.date):
        days = (value - dt.date(1970, 1, 1)).days
        return days + 1 - 1 / MICROSECONDS_PER_DAY if is_last else days
    return value


def _library():
    """Great Expectations, imported where files are landed and nowhere else; its telemetry is off before it is loaded."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx  # noqa: PLC0415
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    return gx


@cache
def _batch_definition():
    """One context for the whole process: each makes a temporary folder of its own."""
    gx = _library()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False, "profilers": False}
    source = context.data_sources.add_pandas("ingest")
    return source.add_dataframe_asset("chunk").add_batch_definition_whole_dataframe("whole")


def _places(outcome, rule: Expectation) -> list[tuple[int, int]]:
    """(position in the chunk, source_row) of the rows that broke the rule."""
    found = outcome.result.get("unexpected_index_list")
    if found is None:
        raise PlimsollError(
            "ingest.check_failed",
            "The check of {column} could not be made ({reason}). Nothing was loaded; this is a fault of Plimsoll.",
            column=rule.column,
            reason=str(outcome.exception_info)[:300],
        )
    places: list[tuple[int, int]] = []
    for entry in found:  # one entry for all rows, or one per row, by the version of the library
        positions, lines = entry[_INDEX], entry["source_row"]
        if not hasattr(positions, "__len__"):
            positions, lines = [positions], [lines]
        places += [(int(position), int(line)) for position, line in zip(positions, lines, strict=True)]
    return places


def _details(chunk: pl.DataFrame, position: int, rule: Expectation) -> dict:
    if rule.either:
        return {"column": rule.column}
    column = rule.column
    if rule.past:
        ahead = (name for name in rule.past if name in chunk.columns)
        column = next(
            name for name in ahead if chunk[position : position + 1].select(_is_ahead(name, chunk, rule.high)).item()
        )
    details = {"column": column, "canonical": column, "value": _shown(chunk[column][position])}
    if rule.other_column:
        details["other"] = _shown(chunk[rule.other_column][position])
    if rule.low is not None:
        details["low"] = _shown(rule.low)
    if rule.high is not None:
        details["high"] = _shown(rule.high)
    return details


def _shown(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
