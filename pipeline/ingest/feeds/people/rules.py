"""What is expected of a person, and of the allocations of one together."""

from __future__ import annotations

from pipeline.ingest.contracts.checks import Expectation, Together
from pipeline.ingest.contracts.reasons import Says
from pipeline.ingest.feeds.row_rules import ROUNDING_SHARE, in_order
from pipeline.ingest.values.hour_units import HOURS_IN_A_DAY

RULES = (
    Expectation(
        "ingest.daily_hours_out_of_range",
        "{value} hours a day: more than 0 and at most 24 are possible.",
        "daily_hours",
        Says("{column} are more than {low} and at most {high}."),
        low=0,
        high=HOURS_IN_A_DAY,
        above=True,
    ),
    in_order("valid_to", "valid_from"),
)
TOGETHER = (
    Together(
        "ingest.over_allocated",
        template="{rows} people are allocated by more than 100 % at one time, the first is {person} with {value} % on {day} "
        "(line {line}). They count as they stand: end the older allocation where a new one begins.",
        column="allocation_share",
        says=Says("Nobody is allocated by more than 100 % at one time."),
        sql=f"""
        select person, arg_max(day, value) as day, max(value) as value, arg_max(line, value) as line,
            max(value) > 100 * (1 + {ROUNDING_SHARE}) as is_broken
        from (
            select starts.person, starts.valid_from as day, min(starts.source_row) as line,
                round(100 * sum(others.allocation_share), 2) as value
            from (
                select person, valid_from, min(source_row) as source_row from rows
                where allocation_share is not null group by person, valid_from
            ) as starts
            inner join rows as others
                on starts.person = others.person
                and coalesce(others.valid_from, date '0001-01-01') <= coalesce(starts.valid_from, date '0001-01-01')
                and coalesce(others.valid_to, date '9999-12-31') >= coalesce(starts.valid_from, date '0001-01-01')
            group by starts.person, starts.valid_from
        ) as days
        group by person
    """,
    ),
)
