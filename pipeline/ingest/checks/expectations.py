"""What is expected of each feed, as data: rules about the file, about reading a row, about its values, about rows together.

Each rule says in a sentence what must hold, and what happens where it does not: the file is refused, the row is held back,
or it stays and is flagged. checks.py turns the rules about values into Great Expectations; the data health page shows all
of them. Rules about rows together stand in rows_together.py. Nothing here imports the library.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from models.feeds import FEEDS, Feed, Kind, Merge
from pipeline.ingest.checks.cross_row_rules import ROWS_TOGETHER
from pipeline.ingest.contracts.reasons import Says
from pipeline.settings import Settings

HOURS_IN_A_DAY = 24
FIRST_DAY = dt.date(
    1990, 1, 1
)  # older than any tool that exports; 1899 and 1970 are empty cells of a spreadsheet or a server
EVENT_YEARS_AHEAD = (
    2  # what has happened lies in the past; two years leave room for a wrong clock and for plans in event columns
)
PLAN_YEARS_AHEAD = 20  # warranties and framework contracts run long; 2062 is a mistyped 2026
DAY_ENDS_HOURS_LATE = 12  # a day ends last at UTC-12: an instant of today, in UTC, lies at most so far into tomorrow
CENTS = 0.01  # balances are kept to the cent; a difference of one is rounding
WHOLE = 0.9995  # percent complete as the tools round it: 99.95 % and more is shown as 100 %
# Columns that hold plans, so that they may lie further ahead.
_PLANS = frozenset(
    {
        ("issues", "due_on"),
        ("budget", "period_start"),
        ("schedule", "baseline_start"),
        ("schedule", "baseline_finish"),
        ("schedule", "forecast_start"),
        ("schedule", "forecast_finish"),
        ("contracts", "warranty_end"),
        ("payment_terms", "planned_on"),
        ("payment_terms", "cash_on"),
        ("risks", "review_on"),
        ("sites", "planned_live_on"),
        ("projects", "contract_finish_on"),
        ("projects", "freeze_on"),
        ("projects", "start_on"),
        ("project_aliases", "valid_from"),
        ("people", "valid_from"),
        ("people", "valid_to"),
        ("rates", "valid_from"),
        ("fx_rates", "valid_from"),
        ("leaves", "leave_on"),
        ("calendars", "calendar_date"),
        ("schedule", "constraint_on"),
        ("schedule", "deadline_on"),
    }
)


_SHARES_OF_THEIR_OWN = frozenset({("schedule", "percent_complete")})  # a buffer is used beyond 100 %


class Severity(StrEnum):
    """What happens where a rule is broken."""

    REFUSES = "refuse"  # the file
    HOLDS = "hold"  # the row
    FLAGS = "flag"  # the row stays


@dataclass(frozen=True)
class Expectation:
    """One rule about the values of a row. `template` is the reason given for a row that breaks it, `says` what must hold.

    low, high: the allowed range, both ends included unless `above` (then low itself is not allowed); dates or numbers.
    at_least: another column that this one may not be less than. either: at least one of these columns is filled.
    past: columns of which none may lie after `high`. broken: true where the row breaks the rule, made of `column` and
    `beside`. flag: the row stays and the rule is reported, with how many rows and the first of them.
    """

    code: str
    template: str
    column: str
    says: Says
    low: object = None
    high: object = None
    above: bool = False
    at_least: str | None = None
    either: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    broken: pl.Expr | None = field(default=None, compare=False)
    beside: tuple[str, ...] = ()
    flag: bool = False

    @property
    def severity(self) -> Severity:
        return Severity.FLAGS if self.flag else Severity.HOLDS

    @property
    def other_column(self) -> str | None:
        return self.at_least or (self.beside[0] if self.beside else None)

    @property
    def is_derived(self) -> bool:
        """Whether it is judged on a column made for it rather than on one of the feed."""
        return bool(self.either or self.past or self.broken is not None)


@dataclass(frozen=True)
class Rule:
    """A rule as a person reads it: what must hold (`template` and its blanks), and what happens where it does not."""

    code: str
    column: str
    severity: Severity
    template: str
    details: dict = field(default_factory=dict)


def feed_rules(feed: str, today: dt.date | None = None, most_hours: float | None = None) -> list[Rule]:
    """Every rule of a feed, those that refuse a file first. (code, column) tells them apart.

    most_hours: what one row may hold at most, where a row of this file stands for more than one person's day.
    """
    known = FEEDS[feed]
    today = today or Settings().today()
    rules = list(_batch_rules(known)) + list(_reading_rules(known))
    for one in expectations(feed, today, most_hours):
        details = {"column": one.column, "other_column": one.other_column, "low": one.low, "high": one.high}
        told = {name: _plain(value) for name, value in details.items() if value is not None}
        if one.past:
            told["columns"] = ", ".join(one.past)
        rules.append(Rule(one.code, one.column, one.severity, one.says.template, told))
    for one in ROWS_TOGETHER.get(feed, ()):
        rules.append(Rule(one.code, one.column, Severity.FLAGS, one.says.template))
    return rules


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


# ---- about the file, and about reading a row ------------------------------------------------------------------------

NO_ROWS = "door.no_rows"
COLUMN_MISSING = "door.required_column_missing"
VALUE_MISSING = "door.value_missing"
UNREADABLE = "door.unreadable_cell"
RAGGED = "door.ragged_row"
REPEATED_KEY = "door.repeated_key"
READING_CODES = {"door.broken_quote": RAGGED}  # reasons of rejected rows that are another's kind


def _batch_rules(feed: Feed) -> Iterator[Rule]:
    yield Rule(NO_ROWS, "", Severity.REFUSES, template="The file holds at least one row.")
    if feed.required:
        names = ", ".join(feed.required)
        yield Rule(
            COLUMN_MISSING,
            names,
            Severity.REFUSES,
            template="The columns that every row needs are there: {columns}.",
            details={"columns": names},
        )


def _reading_rules(feed: Feed) -> Iterator[Rule]:
    yield Rule(RAGGED, "", Severity.HOLDS, template="Every row has as many cells as the header.")
    for name in feed.required:
        yield Rule(
            VALUE_MISSING,
            name,
            Severity.HOLDS,
            template="{column} must be filled in every row.",
            details={"column": name},
        )
    yield Rule(UNREADABLE, "", Severity.HOLDS, template="Every date, number and share can be read as one.")
    if feed.merge is Merge.BY_KEY:
        keys = ", ".join(feed.row_key)
        yield Rule(
            REPEATED_KEY,
            keys,
            Severity.HOLDS,
            template="No two rows have the same {key} and different values.",
            details={"key": keys},
        )


# ---- about the values of a row --------------------------------------------------------------------------------------


def expectations(feed: str, today: dt.date, most_hours: float | None = None) -> tuple[Expectation, ...]:
    """All rules about the values of a row; dates are judged against `today`."""
    own = _OF_FEED.get(feed, ())
    if feed == "worklogs" and most_hours:
        own = (_hours_of_a_row(most_hours),)
    return (*_dates(feed, today), *_ahead(feed, today), *_shares(feed), *own)


def _dates(feed: str, today: dt.date) -> Iterator[Expectation]:
    for column in FEEDS[feed].columns:
        if column.kind in (Kind.DATE, Kind.INSTANT):
            years = PLAN_YEARS_AHEAD if (feed, column.name) in _PLANS else EVENT_YEARS_AHEAD
            last = dt.date(today.year + years, 12, 31)
            yield Expectation(
                "door.date_out_of_range",
                "The date in {column} ({value}) lies outside {low} to {high}. Correct it in the source and load the file again.",
                column.name,
                Says("{column} must lie between {low} and {high}."),
                low=FIRST_DAY,
                high=last,
            )


def _ahead(feed: str, today: dt.date) -> Iterator[Expectation]:
    """One rule for all columns that tell what has happened: of a million issues only one more column is looked at."""
    names = tuple(
        column.name
        for column in FEEDS[feed].columns
        if column.kind in (Kind.DATE, Kind.INSTANT) and (feed, column.name) not in _PLANS
    )
    if names:
        yield Expectation(
            "door.in_the_future",
            "{rows} rows lie in the future, the first in line {line} ({column} is {value}, and today is {high}). "
            "They were kept, and count from that day on.",
            names[0],
            Says("None of these lies after today: {columns}."),
            high=today,
            past=names,
            flag=True,
        )


def _shares(feed: str) -> Iterator[Expectation]:
    for column in FEEDS[feed].columns:
        if column.kind is Kind.SHARE and (feed, column.name) not in _SHARES_OF_THEIR_OWN:
            yield Expectation(
                "door.share_out_of_range",
                "{column} is {value}, and a share lies between 0 and 1 (0 % and 100 %).",
                column.name,
                Says("{column} must lie between 0 % and 100 %."),
                low=0,
                high=1,
            )


def _not_negative(*columns: str) -> tuple[Expectation, ...]:
    return tuple(
        Expectation(
            "door.negative",
            "{column} is {value}, and cannot be less than 0.",
            column,
            Says("{column} cannot be less than 0."),
            low=0,
        )
        for column in columns
    )


def _seldom_negative(*columns: str) -> tuple[Expectation, ...]:
    """Amounts that are taken back now and then: they count, and are said."""
    return tuple(
        Expectation(
            "door.below_zero",
            "{rows} rows have a negative {canonical}, the first in line {line} ({value}). They count as they stand: check that "
            "they take back what was planned or paid before.",
            column,
            Says("{column} should not be less than 0."),
            low=0,
            flag=True,
        )
        for column in columns
    )


def _in_a_day(column: str) -> Expectation:
    return Expectation(
        "door.hours_of_a_day_out_of_range",
        "{column} is {value}: a day has from 0 to 24 hours. Correct the entry.",
        column,
        Says("{column} are at least {low} and at most {high}."),
        low=0,
        high=HOURS_IN_A_DAY,
    )


_HOURS = Expectation(
    "door.hours_out_of_range",
    "{value} hours in one row: more than 0 and at most 24 are possible on a day. Split or correct the entry.",
    "hours",
    Says("{column} are more than {low} and at most {high}."),
    low=0,
    high=HOURS_IN_A_DAY,
    above=True,
)


def _hours_of_a_row(most: float) -> Expectation:
    """Of a row that stands for a month, or for several people."""
    return Expectation(
        "door.hours_out_of_range",
        "{value} hours in one row: more than 0 and at most {high} are possible here. Split or correct the entry.",
        "hours",
        Says("{column} are more than {low} and at most {high}."),
        low=0,
        high=most,
        above=True,
    )


def _finished_first(column: str, start: str) -> Expectation:
    return Expectation(
        "door.finished_first",
        "{rows} rows have {column} before {other_column}, the first in line {line} ({value} before {other}). "
        "They were kept; their durations are not counted.",
        column,
        Says("{column} must not lie before {other_column}."),
        at_least=start,
        flag=True,
    )


def _rate_above_zero(column: str) -> Expectation:
    return Expectation(
        "door.rate_not_positive",
        "The rate is {value}, and must be above 0.",
        column,
        Says("The rate is more than {low}."),
        low=0,
        above=True,
    )


def _in_order(column: str, start: str) -> Expectation:
    return Expectation(
        "door.dates_out_of_order",
        "{rows} rows have {column} before {other_column}, the first in line {line} ({value} before {other}). "
        "They count as they stand; correct them in the source.",
        column,
        Says("{column} must not lie before {other_column}."),
        at_least=start,
        flag=True,
    )


def _number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64).fill_null(0)


_BALANCE = (
    _number("opening_debit")
    - _number("opening_credit")
    + _number("debit")
    - _number("credit")
    - _number("closing_debit")
    + _number("closing_credit")
)

_OF_FEED: dict[str, tuple[Expectation, ...]] = {
    "issues": (
        *_not_negative("story_points", "original_estimate_hours", "remaining_estimate_hours", "time_spent_hours"),
        _finished_first("resolved_at", "created_at"),
        _finished_first("closed_at", "created_at"),
    ),
    "worklogs": (_HOURS,),
    "ledger": (
        Expectation(
            "door.no_amount",
            "The line has neither a debit nor a credit amount, or its direction is neither 借 nor 贷.",
            "debit_or_credit",
            Says("Every line has a debit or a credit amount."),
            either=("debit", "credit"),
        ),
        Expectation(
            "door.both_sides",
            "{rows} lines have a debit and a credit amount, the first in line {line} ({value} and {other}). Both count; "
            "check that they are not the total of a voucher.",
            "debit",
            Says("A line has an amount on one side only, debit or credit."),
            broken=(_number("debit") != 0) & (_number("credit") != 0),
            beside=("credit",),
            flag=True,
        ),
    ),
    "account_balances": (
        Expectation(
            "door.balance_does_not_close",
            "{rows} rows do not close, the first in line {line}: opening balance plus debit less credit is not the closing "
            "balance. They are kept for comparison with the ledger; check whether opening balances were left out.",
            "closing_debit",
            Says("Opening balance plus debit less credit is the closing balance."),
            broken=_BALANCE.abs() > CENTS,
            beside=("closing_credit", "opening_debit", "opening_credit", "debit", "credit"),
            flag=True,
        ),
    ),
    "leaves": (_HOURS,),
    "attendance": (_in_a_day("present_hours"), _in_a_day("overtime_hours")),
    "budget": (*_not_negative("planned_hours"), *_seldom_negative("planned_value")),
    "schedule": (
        *_not_negative("duration_days", "planned_hours"),
        _finished_first("baseline_finish", "baseline_start"),
        _finished_first("actual_finish", "actual_start"),
        Expectation(
            "door.share_out_of_range",
            "{column} is {value}, and lies between 0 and 1 (0 % and 100 %) but of a buffer, of which more may be used.",
            "percent_complete",
            Says("{column} must lie between 0 % and 100 %; of a buffer more may be used."),
            broken=(pl.col("percent_complete") < 0)
            | ((pl.col("percent_complete") > 1) & ~pl.col("is_buffer").fill_null(False)),
            beside=("is_buffer",),
        ),
        Expectation(
            "door.finished_incomplete",
            "{rows} tasks are finished and less than 100 % complete, the first in line {line} ({value}, finished on "
            "{other}). They count as they stand: set them to 100 %, or take the date away.",
            "percent_complete",
            Says("A task with an actual finish is 100 % complete."),
            broken=pl.col("actual_finish").is_not_null() & (pl.col("percent_complete") < WHOLE),
            beside=("actual_finish",),
            flag=True,
        ),
    ),
    "coverage": (
        *_not_negative("lines_covered", "lines_valid", "branches_covered", "branches_valid"),
        Expectation(
            "door.more_covered_than_valid",
            "{other} lines are valid and {value} of them covered: that cannot be. Export the report again.",
            "lines_valid",
            Says("No more lines are covered than are valid."),
            at_least="lines_covered",
        ),
        Expectation(
            "door.more_branches_covered_than_valid",
            "{other} branches are valid and {value} of them covered: that cannot be. Export the report again.",
            "branches_valid",
            Says("No more branches are covered than are valid."),
            at_least="branches_covered",
        ),
    ),
    "code_size": _not_negative("effective_lines"),
    "test_results": _not_negative("duration_seconds"),
    "contracts": (
        *_not_negative("amount_incl_tax", "amount_excl_tax"),
        Expectation(
            "door.tax_below_zero",
            "The amount including tax ({value}) is less than the one without ({other}). Were the two columns exchanged? "
            "Correct the row and load it again.",
            "amount_incl_tax",
            Says("The amount including tax is not less than the one without."),
            at_least="amount_excl_tax",
        ),
    ),
    "payment_terms": _seldom_negative("amount", "invoiced_amount", "received_amount"),
    "change_requests": (_in_order("decided_on", "raised_on"),),
    "risks": (*_not_negative("impact_days"), _in_order("closed_on", "raised_on")),
    "sites": (*_not_negative("defects_at_acceptance", "hours"), _in_order("accepted_on", "actual_live_on")),
    "projects": (*_not_negative("contingency_reserve"), _in_order("contract_finish_on", "start_on")),
    "people": (
        Expectation(
            "door.daily_hours_out_of_range",
            "{value} hours a day: more than 0 and at most 24 are possible.",
            "daily_hours",
            Says("{column} are more than {low} and at most {high}."),
            low=0,
            high=HOURS_IN_A_DAY,
            above=True,
        ),
        _in_order("valid_to", "valid_from"),
    ),
    "rates": (_rate_above_zero("hourly_rate"),),
    "fx_rates": (_rate_above_zero("rate"),),
}
