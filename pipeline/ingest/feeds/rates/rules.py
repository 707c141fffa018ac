"""What is expected of the rates of one person together."""

from __future__ import annotations

from pipeline.ingest.contracts.checks import Together
from pipeline.ingest.contracts.reasons import Says

TOGETHER = (
    Together(
        "ingest.two_rates",
        template="{rows} people or roles have two rates from one day on, the first is {who} from {day} (line {line}). "
        "One of them counts: leave the right one in the file.",
        column="hourly_rate",
        says=Says("A person or role has one rate from one day on."),
        sql="""
        select coalesce(person, role, vendor) as who, valid_from as day, min(source_row) as line,
            count(distinct hourly_rate) > 1 as is_broken
        from rows group by coalesce(person, role, vendor), person, valid_from, case when person is null then role end,
            case when person is null then vendor end
    """,
    ),
)
