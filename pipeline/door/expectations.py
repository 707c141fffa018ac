"""What is expected of each feed, as data: the batch rules refuse a file, the row rules hold back a row or flag it.

checks.py turns this into Great Expectations; nothing here imports it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from models.feeds import FEEDS, Kind

HOURS_IN_A_DAY = 24
FIRST_DAY = dt.date(
    1990, 1, 1
)  # older than any tool that exports; 1899 and 1970 are empty cells of a spreadsheet or a server
EVENT_YEARS_AHEAD = (
    2  # what has happened lies in the past; two years leave room for a wrong clock and for plans in event columns
)
PLAN_YEARS_AHEAD = 20  # warranties and framework contracts run long; 2062 is a mistyped 2026
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
        ("leaves", "leave_on"),
    }
)


@dataclass(frozen=True)
class Expectation:
    """One rule about the values of a row.

    low, high: the allowed range, both ends included unless `above` (then low itself is not allowed); dates or numbers.
    at_least: another column that this one may not be less than. either: at least one of these columns is filled.
    flag: the row stays and the rule is reported, with how many rows and the first of them.
    """

    code: str
    template: str
    column: str
    low: object = None
    high: object = None
    above: bool = False
    at_least: str | None = None
    either: tuple[str, ...] = ()
    flag: bool = False


def expectations(feed: str, today: dt.date) -> tuple[Expectation, ...]:
    """All row rules of a feed; dates are judged against `today`."""
    return tuple(_dates(feed, today)) + tuple(_shares(feed)) + _OF_FEED.get(feed, ())


def _dates(feed: str, today: dt.date):
    for column in FEEDS[feed].columns:
        if column.kind in (Kind.DATE, Kind.INSTANT):
            years = PLAN_YEARS_AHEAD if (feed, column.name) in _PLANS else EVENT_YEARS_AHEAD
            last = dt.date(today.year + years, 12, 31)
            yield Expectation(
                "door.date_out_of_range",
                "The date in {column} ({value}) lies outside {low} to {high}. Correct it in the source and load the file again.",
                column.name,
                low=FIRST_DAY,
                high=last,
            )


def _shares(feed: str):
    for column in FEEDS[feed].columns:
        if column.kind is Kind.SHARE:
            yield Expectation(
                "door.share_out_of_range",
                "{column} is {value}, and a share lies between 0 and 1 (0 % and 100 %).",
                column.name,
                low=0,
                high=1,
            )


def _not_negative(*columns: str) -> tuple[Expectation, ...]:
    return tuple(
        Expectation("door.negative", "{column} is {value}, and cannot be less than 0.", column, low=0)
        for column in columns
    )


_HOURS = Expectation(
    "door.hours_out_of_range",
    "{value} hours in one row: more than 0 and at most 24 are possible on a day. Split or correct the entry.",
    "hours",
    low=0,
    high=HOURS_IN_A_DAY,
    above=True,
)
_FINISHED_FIRST = (
    "{rows} rows have {column} before {other_column}, the first in line {line} ({value} before {other}). "
    "They were kept; their durations are not counted."
)

_OF_FEED: dict[str, tuple[Expectation, ...]] = {
    "issues": (
        *_not_negative("story_points", "original_estimate_hours", "remaining_estimate_hours", "time_spent_hours"),
        Expectation("door.finished_first", _FINISHED_FIRST, "resolved_at", at_least="created_at", flag=True),
        Expectation("door.finished_first", _FINISHED_FIRST, "closed_at", at_least="created_at", flag=True),
    ),
    "worklogs": (_HOURS,),
    "ledger": (
        Expectation(
            "door.no_amount",
            "The line has neither a debit nor a credit amount, or its direction is neither 借 nor 贷.",
            "debit_or_credit",
            either=("debit", "credit"),
        ),
    ),
    "leaves": (_HOURS,),
    "budget": _not_negative("planned_hours"),
    "schedule": (
        *_not_negative("duration_days", "planned_hours"),
        Expectation("door.finished_first", _FINISHED_FIRST, "baseline_finish", at_least="baseline_start", flag=True),
        Expectation("door.finished_first", _FINISHED_FIRST, "actual_finish", at_least="actual_start", flag=True),
    ),
    "coverage": (
        *_not_negative("lines_covered", "lines_valid"),
        Expectation(
            "door.more_covered_than_valid",
            "{other} lines are valid and {value} of them covered: that cannot be. Export the report again.",
            "lines_valid",
            at_least="lines_covered",
        ),
    ),
    "code_size": _not_negative("effective_lines"),
    "test_results": _not_negative("duration_seconds"),
    "contracts": _not_negative("amount_incl_tax", "amount_excl_tax"),
    "sites": _not_negative("defects_at_acceptance", "hours"),
    "people": (
        Expectation(
            "door.daily_hours_out_of_range",
            "{value} hours a day: more than 0 and at most 24 are possible.",
            "daily_hours",
            low=0,
            high=HOURS_IN_A_DAY,
            above=True,
        ),
    ),
    "rates": (
        Expectation(
            "door.rate_not_positive", "The rate is {value}, and must be above 0.", "hourly_rate", low=0, above=True
        ),
    ),
    "risks": _not_negative("impact_days"),
}
