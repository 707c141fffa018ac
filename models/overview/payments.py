"""What customers owe by the payment terms of their contracts, and what of it has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from models.builds.snapshot import Snapshot

_PAYMENTS = """
    with terms as (
        select
            terms.project_key,
            terms.node,
            terms.project_currency as currency,
            cast(terms.project_amount as double) as amount,
            -- received without an amount: unknown, not nothing
            case when terms.received_on <= stands_on then cast(terms.project_received_amount as double) else 0 end as received,
            terms.planned_on,
            terms.planned_on <= stands_on as is_due
        from fct_payment_terms as terms
        inner join fct_contracts as contracts using (contract_no, project_key)
        inner join (
            select project_key, least(coalesce(status_on, $until), $until) as stands_on from dim_projects
        ) using (project_key)
        where contracts.direction = 'sales' and list_contains($projects, terms.project_key)
    )
    select
        project_key,
        any_value(currency) as currency,
        sum(amount) filter (is_due) as due,
        sum(received) as received,
        coalesce(sum(amount - received) filter (is_due and received < amount), 0) as overdue,
        count(*) filter (is_due and received < amount) as overdue_terms,
        min(planned_on) filter (is_due and received < amount) as overdue_since,
        min_by(node, planned_on) filter (is_due and received < amount) as overdue_node,
        count(*) filter (is_due and (amount is null or received is null)) as unknown_terms
    from terms
    group by project_key
    order by project_key
"""


def payments(snapshot: Snapshot, project_keys: Sequence[str], until: dt.date | None = None) -> pl.DataFrame:
    """One row per project with a sales contract, at its data date or at `until`, whichever is earlier.

    Columns: project_key, currency, due (planned to have come by then; null where nothing was), received, overdue (due and not
    received), overdue_terms (how many terms), overdue_since, overdue_node (the oldest of them), unknown_terms (due, without an
    amount in the currency of the project, or received without one: in no sum of what is overdue). Amounts include VAT, as
    payment terms state them.
    """
    return snapshot.query(_PAYMENTS, {"projects": list(project_keys), "until": until or dt.date.max})


def received_course(snapshot: Snapshot, project_keys: Sequence[str], until: dt.date | None = None) -> tuple[float, ...]:
    """Which share of what was due had come, at the last seven month ends and at the data date or `until`, oldest first."""
    rows = snapshot.query(
        """
        with ends as (
            select least(last_day(stands_on - to_months(cast(back as integer))), stands_on) as day
            from (
                select cast(least(max(status_on), $until) as date) as stands_on
                from dim_projects
                where list_contains($projects, project_key)
            ), range(8) as months(back)
        ),
        terms as (
            select terms.*
            from fct_payment_terms as terms
            inner join fct_contracts as contracts using (contract_no, project_key)
            where contracts.direction = 'sales' and list_contains($projects, terms.project_key)
        )
        select
            day,
            sum(case when received_on <= day then least(project_received_amount, project_amount) else 0 end)
                / sum(project_amount) as share
        from ends
        inner join terms on terms.planned_on <= day
        group by day
        order by day
        """,
        {"projects": list(project_keys), "until": until or dt.date.max},
    )
    return tuple(float(share) for share in rows["share"] if share is not None)
