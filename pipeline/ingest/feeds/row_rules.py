"""Rules about the values of a row that several feeds have."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.checks import Expectation
from pipeline.ingest.contracts.reasons import Says
from pipeline.ingest.values.hour_units import HOURS_IN_A_DAY

ROUNDING_SHARE = 0.005  # shares printed as whole percents sum to 99.5 to 100.5 %


def not_negative(*columns: str) -> tuple[Expectation, ...]:
    return tuple(
        Expectation(
            "ingest.negative",
            "{column} is {value}, and cannot be less than 0.",
            column,
            Says("{column} cannot be less than 0."),
            low=0,
        )
        for column in columns
    )


def seldom_negative(*columns: str) -> tuple[Expectation, ...]:
    """Amounts that are taken back now and then: they count, and are said."""
    return tuple(
        Expectation(
            "ingest.below_zero",
            "{rows} rows have a negative {canonical}, the first in line {line} ({value}). They count as they stand: check that "
            "they take back what was planned or paid before.",
            column,
            Says("{column} should not be less than 0."),
            low=0,
            flag=True,
        )
        for column in columns
    )


def in_a_day(column: str) -> Expectation:
    return Expectation(
        "ingest.hours_of_a_day_out_of_range",
        "{column} is {value}: a day has from 0 to 24 hours. Correct the entry.",
        column,
        Says("{column} are at least {low} and at most {high}."),
        low=0,
        high=HOURS_IN_A_DAY,
    )


HOURS_OF_A_DAY = Expectation(
    "ingest.hours_out_of_range",
    "{value} hours in one row: more than 0 and at most 24 are possible on a day. Split or correct the entry.",
    "hours",
    Says("{column} are more than {low} and at most {high}."),
    low=0,
    high=HOURS_IN_A_DAY,
    above=True,
)


def hours_of_a_row(most: float) -> Expectation:
    """Of a row that stands for a month, or for several people."""
    return Expectation(
        "ingest.hours_out_of_range",
        "{value} hours in one row: more than 0 and at most {high} are possible here. Split or correct the entry.",
        "hours",
        Says("{column} are more than {low} and at most {high}."),
        low=0,
        high=most,
        above=True,
    )


def finished_first(column: str, start: str) -> Expectation:
    return Expectation(
        "ingest.finished_first",
        "{rows} rows have {column} before {other_column}, the first in line {line} ({value} before {other}). "
        "They were kept; their durations are not counted.",
        column,
        Says("{column} must not lie before {other_column}."),
        at_least=start,
        flag=True,
    )


def rate_above_zero(column: str) -> Expectation:
    return Expectation(
        "ingest.rate_not_positive",
        "The rate is {value}, and must be above 0.",
        column,
        Says("The rate is more than {low}."),
        low=0,
        above=True,
    )


def in_order(column: str, start: str) -> Expectation:
    return Expectation(
        "ingest.dates_out_of_order",
        "{rows} rows have {column} before {other_column}, the first in line {line} ({value} before {other}). "
        "They count as they stand; correct them in the source.",
        column,
        Says("{column} must not lie before {other_column}."),
        at_least=start,
        flag=True,
    )


def number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64).fill_null(0)
