"""Rules about several rows of a file together: they are counted in DuckDB over all chunks, and flag what they find."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.ingest.contracts.reasons import Reason, Says
from pipeline.ingest.landing.staging import query_files

ROUNDING_HOURS = 0.005  # hours come from minutes and decimals; half a minute more than a day is no second day
ROUNDING_SHARE = 0.005  # shares printed as whole percents sum to 99.5 to 100.5 %


@dataclass(frozen=True)
class Together:
    """template: the reason, for {rows} groups of which the first begins in {line}. says: what must hold.

    sql: one row per group over the relation `rows`, with `line` (its first row), `is_broken`, and the reason's blanks.
    """

    code: str
    template: str
    column: str
    says: Says
    sql: str


@dataclass(frozen=True)
class Outcome:
    """groups that were judged and that broke the rule; `first`: the blanks of the first of them."""

    rule: Together
    checked: int
    failed: int
    first: dict

    def reason(self, file: str) -> Reason:
        return Reason(
            self.rule.code, template=self.rule.template, details=self.first | {"file": file, "rows": self.failed}
        )


def judged_together(feed: str, rows_file: Path) -> list[Outcome]:
    """The rules of the feed over the whole file, written but not yet landed."""
    outcomes = []
    for rule in ROWS_TOGETHER.get(feed, ()):
        sql = f"""
            with
            rows as (select * from read_parquet(?)),
            found as materialized ({rule.sql}),
            counted as (select count(*) as checked, count(*) filter (where is_broken) as failed from found),
            broken as (select * exclude (is_broken) from found where is_broken order by line limit 1)
            select * from counted left join broken on true
        """
        told = query_files(sql, rows_file).row(0, named=True)
        checked, failed = told.pop("checked"), told.pop("failed")
        outcomes.append(Outcome(rule, checked, failed, {name: _shown(value) for name, value in told.items()}))
    return outcomes


def _shown(value: object) -> object:
    return f"{value:g}" if isinstance(value, float) else value if isinstance(value, int) else str(value)


_A_DAY = Together(
    "door.more_than_a_day",
    template="{rows} times somebody has more than 24 hours on one day in this file; the first is {person} on {day} with "
    "{value} hours (from line {line} on). They count as they stand: look for hours that were entered twice.",
    column="hours",
    says=Says("Nobody has more than 24 hours on one day, all rows together."),
    sql=f"""
        select person, work_date as day, sum(hours) as value, min(source_row) as line,
            sum(hours) > 24 + {ROUNDING_HOURS} as is_broken
        from rows where person is not null group by person, work_date
    """,
)
_ALL_SHARES = Together(
    "door.shares_not_whole",
    template="The shares of {rows} contracts do not add up to 100 %, the first is {contract} with {value} % (from line "
    "{line} on). They count as they stand: a term may be missing, or stand there twice.",
    column="share",
    says=Says("The shares of the payment terms of a contract add up to 100 %."),
    sql=f"""
        select contract_no as contract, round(100 * sum(share), 2) as value, min(source_row) as line,
            abs(sum(share) - 1) > {ROUNDING_SHARE} as is_broken
        from rows group by contract_no having count(share) = count(*)
    """,
)
_ALLOCATION = Together(
    "door.over_allocated",
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
)
_RATES = Together(
    "door.two_rates",
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
)

ROWS_TOGETHER: dict[str, tuple[Together, ...]] = {
    "worklogs": (_A_DAY,),
    "payment_terms": (_ALL_SHARES,),
    "people": (_ALLOCATION,),
    "rates": (_RATES,),
}
