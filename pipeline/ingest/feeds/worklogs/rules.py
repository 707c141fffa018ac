"""What is expected of the hours of one person together."""

from __future__ import annotations

from pipeline.ingest.contracts.checks import Together
from pipeline.ingest.contracts.reasons import Says

ROUNDING_HOURS = 0.005  # hours come from minutes and decimals; half a minute more than a day is no second day

TOGETHER = (
    Together(
        "ingest.more_than_a_day",
        template="{rows} times somebody has more than 24 hours on one day in this file; the first is {person} on {day} with "
        "{value} hours (from line {line} on). They count as they stand: look for hours that were entered twice.",
        column="hours",
        says=Says("Nobody has more than 24 hours on one day, all rows together."),
        sql=f"""
        select person, work_date as day, sum(hours) as value, min(source_row) as line,
            sum(hours) > 24 + {ROUNDING_HOURS} as is_broken
        from rows where person is not null group by person, work_date
    """,
    ),
)
