"""Money of several currencies: what is in which, what no rate could put in the project's own, and what the rate made of cost."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from models.builds.snapshot import Snapshot
from models.words.catalog import msgid
from models.words.locales import listed
from models.words.numbers import hours_text, money_text
from models.words.wording import translate

HOURS = "h"  # stands where a currency does: hours that no hourly rate makes money


def currency_of(snapshot: Snapshot, projects: Sequence[str]) -> str:
    """ISO code of what amounts of these projects together are in: their own currency, of several currencies the reporting one."""
    found = _currencies(snapshot, projects)
    return found[0] if len(found) == 1 else reporting_currency(snapshot)


def reporting_currency(snapshot: Snapshot) -> str:
    """ISO code of the currency that the portfolio is added up in."""
    sql = "select coalesce(max(reporting_currency), 'CNY') as currency from reporting_rates"
    return snapshot.query(sql)["currency"][0]


def translation(snapshot: Snapshot, projects: Sequence[str], day: str, project: str = "project_key") -> str:
    """SQL to put behind an amount of a row: nothing where the projects share a currency, else times the rate of its project.

    day, project: SQL for a day on which a period of the project stands, and for the project. Without a rate the product is null.
    """
    if len(_currencies(snapshot, projects)) <= 1:
        return ""
    return f"""
        * (
            select cast(max(reporting_rates.exchange_rate) as double)
            from reporting_rates
            inner join dim_projects as own on reporting_rates.currency = own.currency
            where own.project_key = {project} and reporting_rates.as_of = {day}
        )
    """


def unconverted(snapshot: Snapshot, projects: Sequence[str] | None = None) -> pl.DataFrame:
    """Foreign amounts without a rate of their day and hours without an hourly rate, of these projects or all: they are in no sum.

    Columns: project_key, feed, currency (HOURS: hours), rows, amount (in that currency or in hours), first_on, last_on.
    """
    return snapshot.query(
        """
        select * from unconverted_totals
        where $everything or project_key in (select unnest(cast($projects as varchar[])))
        order by project_key, currency, feed
        """,
        {"everything": projects is None, "projects": list(projects or ())},
    )


def currencies_without_rate(snapshot: Snapshot, projects: Sequence[str]) -> list[str]:
    """ISO codes of what keeps sums of money of these projects unknown."""
    rows = unconverted(snapshot, projects).filter(pl.col("feed") != "payment_terms")
    return sorted(set(rows["currency"].to_list()))


def original_text(amount: float | None, currency: str, language: str) -> str:
    """An unconverted amount with its currency, or hours without an hourly rate."""
    if currency == HOURS:
        return hours_text(amount, language)
    return money_text(amount, currency, language, exact=True)


def missing_rates(codes: str, language: str) -> str:
    """What rates are missing, from the list in a value's reason: 'EUR,h' is 'EUR, hours'."""
    hours = translate(msgid("hours"), None, language)
    return listed((hours if code == HOURS else code for code in codes.split(",")), language)


def exchange_variance(snapshot: Snapshot, projects: Sequence[str], period_end: object) -> pl.DataFrame:
    """What of actual cost comes from the rate having left the budget's, one row per project, up to a period's end.

    Columns: project_key, currency (the project's), exchange_variance (booked less foreign amount x budget rate; positive is more
    cost), lines, without_budget_rate (lines in a foreign currency for which no budget rate is known).
    """
    return snapshot.query(
        """
        select
            costs.project_key,
            max(projects.currency) as currency,
            cast(sum(costs.exchange_variance) as double) as exchange_variance,
            count(costs.exchange_variance) as lines,
            count(*) - count(costs.exchange_variance) as without_budget_rate
        from fct_costs as costs
        inner join dim_projects as projects using (project_key)
        where costs.project_key in (select unnest(cast($projects as varchar[])))
            and costs.kind in ('actual', 'accrual', 'provisional')
            and costs.original_currency <> 'h'
            and costs.counts_on <= least(cast($period_end as date), projects.status_on)
        group by costs.project_key
        order by costs.project_key
        """,
        {"projects": list(projects), "period_end": period_end},
    )


def _currencies(snapshot: Snapshot, projects: Sequence[str]) -> list[str]:
    every = snapshot.query("select project_key, currency from dim_projects order by currency")
    named = set(projects)
    return list(dict.fromkeys(currency for project, currency in every.iter_rows() if project in named))
