"""Great Expectations at the door: batch rules refuse the file, row rules hold back or flag a row.

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
from typing import TYPE_CHECKING

import polars as pl

from models.errors import InputError, PlimsollError
from models.feeds import FEEDS, Feed
from pipeline.door.expectations import Expectation, expectations

if TYPE_CHECKING:
    import pandas as pd

_INDEX = "row_in_chunk"
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


class Checks:
    """The checks of one feed, made once and run on chunk after chunk."""

    def __init__(self, feed: Feed, today: dt.date) -> None:
        self.feed = feed
        self.rules = expectations(feed.name, today)

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
            if outcome.success:
                continue
            meta = outcome.expectation_config.meta or {}
            if "batch_rule" in meta:
                self._refuse(meta["batch_rule"], chunk, file)
            rule = rules[meta["rule"]]
            for position, source_row in _places(outcome, rule):
                failure = Failure(position, source_row, rule, _details(chunk, position, rule))
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
                "door.no_rows",
                "{file} holds no row that could be landed. Check the filter of the export; nothing was loaded.",
                file=file,
            )
        raise InputError(
            "door.required_column_missing",
            "{file}: the column {column} is required for {feed} and is missing. Add it, or map another column to it.",
            file=file,
            column=", ".join(name for name in self.feed.required if name not in chunk.columns),
            feed=self.feed.name,
        )


def checks_for(feed: str, today: dt.date) -> Checks:
    return Checks(FEEDS[feed], today)


def _can_be_judged(rule: Expectation, chunk: pl.DataFrame) -> bool:
    """A column that the chunk lacks, or that is empty all through, breaks no rule."""
    if rule.either:
        return True
    columns = [rule.column] + ([rule.at_least] if rule.at_least else [])
    return all(column in chunk.columns and chunk[column].null_count() < chunk.height for column in columns)


def _pandas(chunk: pl.DataFrame, rules: list[Expectation]) -> pd.DataFrame:
    """The columns that rules look at, as numbers; the required ones are represented by their names."""
    names = list(
        dict.fromkeys(name for rule in rules for name in (rule.column, rule.at_least) if name and not rule.either)
    )
    frame = chunk.select(
        pl.int_range(pl.len()).alias(_INDEX),
        pl.col("source_row"),
        *(_number(name, chunk.schema[name]).alias(name) for name in names),
        *(_first_filled(rule.either, chunk).alias(rule.column) for rule in rules if rule.either),
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
        if rule.either:
            made.append(gx.expectations.ExpectColumnValuesToNotBeNull(column=rule.column, meta=meta))
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
    source = context.data_sources.add_pandas("door")
    return source.add_dataframe_asset("chunk").add_batch_definition_whole_dataframe("whole")


def _places(outcome, rule: Expectation) -> list[tuple[int, int]]:
    """(position in the chunk, source_row) of the rows that broke the rule."""
    found = outcome.result.get("unexpected_index_list")
    if found is None:
        raise PlimsollError(
            "door.check_failed",
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
    details = {"column": rule.column, "value": _shown(chunk[rule.column][position])}
    if rule.at_least:
        details["other"] = _shown(chunk[rule.at_least][position])
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
