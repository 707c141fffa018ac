"""What is expected of each feed, as data: rules about the file, about reading a row, about its values, about rows together.

Each rule says in a sentence what must hold, and what happens where it does not: the file is refused, the row is held back,
or it stays and is flagged. judge.py turns the rules about values into Great Expectations; the data health page shows all
of them. Each feed's own stand with its plug-in. Nothing here imports the library.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from models.feeds import Feed, Kind, Merge
from models.intake import FeedRule, RuleSeverity
from pipeline.ingest.contracts.checks import Expectation
from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.contracts.reasons import Says
from pipeline.ingest.feeds import PLUGINS
from pipeline.settings import Settings

FIRST_DAY = dt.date(
    1990, 1, 1
)  # older than any tool that exports; 1899 and 1970 are empty cells of a spreadsheet or a server
EVENT_YEARS_AHEAD = (
    2  # what has happened lies in the past; two years leave room for a wrong clock and for plans in event columns
)
PLAN_YEARS_AHEAD = 20  # warranties and framework contracts run long; 2062 is a mistyped 2026
DAY_ENDS_HOURS_LATE = 12  # a day ends last at UTC-12: an instant of today, in UTC, lies at most so far into tomorrow


def feed_rules(feed: str, today: dt.date | None = None, most_hours: float | None = None) -> list[FeedRule]:
    """Every rule of a feed, those that refuse a file first. (code, column) tells them apart.

    most_hours: what one row may hold at most, where a row of this file stands for more than one person's day.
    """
    plugin = PLUGINS[feed]
    today = today or Settings().today()
    rules = list(_batch_rules(plugin.feed)) + list(_reading_rules(plugin.feed))
    for expected in expectations(feed, today, most_hours):
        details = {
            "column": expected.column,
            "other_column": expected.other_column,
            "low": expected.low,
            "high": expected.high,
        }
        told = {name: _plain(value) for name, value in details.items() if value is not None}
        if expected.past:
            told["columns"] = ", ".join(expected.past)
        rules.append(FeedRule(expected.code, expected.column, expected.severity, expected.says.template, told))
    rules += [FeedRule(rule.code, rule.column, RuleSeverity.FLAGS, rule.says.template) for rule in plugin.together]
    return rules


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


# ---- about the file, and about reading a row ------------------------------------------------------------------------

NO_ROWS = "ingest.no_rows"
COLUMN_MISSING = "ingest.required_column_missing"
VALUE_MISSING = "ingest.value_missing"
UNREADABLE = "ingest.unreadable_cell"
RAGGED = "ingest.ragged_row"
REPEATED_KEY = "ingest.repeated_key"
OUT_OF_RANGE = "ingest.share_out_of_range"
READING_CODES = {"ingest.broken_quote": RAGGED}  # reasons of rejected rows that are another's kind


def _batch_rules(feed: Feed) -> Iterator[FeedRule]:
    yield FeedRule(NO_ROWS, "", RuleSeverity.REFUSES, template="The file holds at least one row.")
    if feed.required:
        names = ", ".join(feed.required)
        yield FeedRule(
            COLUMN_MISSING,
            names,
            RuleSeverity.REFUSES,
            template="The columns that every row needs are there: {columns}.",
            details={"columns": names},
        )


def _reading_rules(feed: Feed) -> Iterator[FeedRule]:
    yield FeedRule(RAGGED, "", RuleSeverity.HOLDS, template="Every row has as many cells as the header.")
    for name in feed.required:
        yield FeedRule(
            VALUE_MISSING,
            name,
            RuleSeverity.HOLDS,
            template="{column} must be filled in every row.",
            details={"column": name},
        )
    yield FeedRule(UNREADABLE, "", RuleSeverity.HOLDS, template="Every date, number and share can be read as one.")
    if feed.merge is Merge.BY_KEY:
        keys = ", ".join(feed.row_key)
        yield FeedRule(
            REPEATED_KEY,
            keys,
            RuleSeverity.HOLDS,
            template="No two rows have the same {key} and different values.",
            details={"key": keys},
        )


# ---- about the values of a row --------------------------------------------------------------------------------------


def expectations(feed: str, today: dt.date, most_hours: float | None = None) -> tuple[Expectation, ...]:
    """All rules about the values of a row; dates are judged against `today`."""
    plugin = PLUGINS[feed]
    own = plugin.row_rules(most_hours)
    return (*_dates(plugin, today), *_ahead(plugin, today), *_shares(plugin.feed, own), *own)


def _dates(plugin: FeedPlugin, today: dt.date) -> Iterator[Expectation]:
    for column in plugin.feed.columns:
        if column.kind in (Kind.DATE, Kind.INSTANT):
            years = PLAN_YEARS_AHEAD if column.name in plugin.plans else EVENT_YEARS_AHEAD
            last = dt.date(today.year + years, 12, 31)
            yield Expectation(
                "ingest.date_out_of_range",
                "The date in {column} ({value}) lies outside {low} to {high}. Correct it in the source and load the file again.",
                column.name,
                Says("{column} must lie between {low} and {high}."),
                low=FIRST_DAY,
                high=last,
            )


def _ahead(plugin: FeedPlugin, today: dt.date) -> Iterator[Expectation]:
    """One rule for all columns that tell what has happened: of a million issues only one more column is looked at."""
    names = tuple(
        column.name
        for column in plugin.feed.columns
        if column.kind in (Kind.DATE, Kind.INSTANT) and column.name not in plugin.plans
    )
    if names:
        yield Expectation(
            "ingest.in_the_future",
            "{rows} rows lie in the future, the first in line {line} ({column} is {value}, and today is {high}). "
            "They were kept, and count from that day on.",
            names[0],
            Says("None of these lies after today: {columns}."),
            high=today,
            past=names,
            flag=True,
        )


def _shares(feed: Feed, own: tuple[Expectation, ...]) -> Iterator[Expectation]:
    """Of shares that have no rule of their own about their range."""
    ruled = {rule.column for rule in own if rule.code == OUT_OF_RANGE}
    for column in feed.columns:
        if column.kind is Kind.SHARE and column.name not in ruled:
            yield Expectation(
                OUT_OF_RANGE,
                "{column} is {value}, and a share lies between 0 and 1 (0 % and 100 %).",
                column.name,
                Says("{column} must lie between 0 % and 100 %."),
                low=0,
                high=1,
            )
