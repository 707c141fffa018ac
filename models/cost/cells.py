"""Budget against cost: by module (or project) and phase or category, the cost of each supplier, the lines behind both, and what
overran its budget.

Everything stands where the KPI stands that it explains: at the same day, without the members that the KPI left out, so that
the cells add up to it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from models.builds.selection import Selection
from models.builds.snapshot import Columns, Snapshot
from models.kpis.standing import day_of
from models.kpis.values import kpi_values, selected_projects
from models.reference.currencies import translation
from models.vocabulary import UNALLOCATED

ROWS = ("module", "project_key")
ACROSS = ("phase", "category")
VENDOR = "vendor"
_COST = "('actual', 'accrual', 'provisional')"
_COST_AND_COMMITMENTS = "('actual', 'accrual', 'provisional', 'commitment', 'drawn')"
_IN_FORCE = "counts_on <= as_of and (superseded_on is null or superseded_on > as_of)"  # a level until the next one


def _chosen(selection: Selection) -> str:
    """Each project at the day at which its KPIs of cost stand."""
    return f"""
    chosen as (
        select project_key, {day_of("cost", selection.period_kind)} as as_of
        from dim_projects as projects
        where project_key in (select unnest($projects)) and not list_contains($left_out, project_key)
    )
"""


def budget_and_cost(snapshot: Snapshot, selection: Selection, rows: str, across: str) -> pl.DataFrame:
    """One row per cell of rows × across that has a budget or a cost. rows: one of ROWS; across: one of ACROSS.

    Columns: the two names (`unallocated` where a line names none), budget, actual, committed (signed and not in cost yet; null in
    projects that record no commitments), left (budget − actual − committed), spent_share (actual ÷ budget, null without a
    budget). Money excluding VAT, of several currencies in the reporting one; what is unconverted is in
    none of them.
    """
    if rows not in ROWS or across not in ACROSS:
        raise ValueError(f"no such cells: {rows} × {across}")
    stands = _stands(snapshot, selection, "budget_consumption")
    if stands is None:
        return _no_cells(rows, across)
    rate = translation(snapshot, stands["projects"], "chosen.as_of", "chosen.project_key")
    return snapshot.query(
        f"""
        with {_chosen(selection)},
        entries as (
            select {rows}, {across}, planned_value{rate} as budget, 0 as actual, null as committed
            from fct_budget
            inner join chosen using (project_key)
            where counts_from <= as_of and ($module = '*' or module = $module)
            union all
            select
                {rows}, {across}, 0, case when kind in {_COST} then amount{rate} else 0 end,
                case kind when 'commitment' then amount{rate} when 'drawn' then -amount{rate} end
            from fct_costs
            inner join chosen using (project_key)
            where {_IN_FORCE} and kind in {_COST_AND_COMMITMENTS} and ($module = '*' or module = $module)
        ),
        cells as (
            select
                coalesce({rows}, '{UNALLOCATED}') as {rows},
                coalesce({across}, '{UNALLOCATED}') as {across},
                sum(budget) as budget,
                sum(actual) as actual,
                case when (select count(committed) from entries) > 0 then coalesce(sum(committed), 0) end as committed
            from entries
            group by 1, 2
        )
        select
            {rows}, {across},
            cast(budget as decimal(18, 2)) as budget,
            cast(actual as decimal(18, 2)) as actual,
            cast(committed as decimal(18, 2)) as committed,
            cast(budget - actual - coalesce(committed, 0) as decimal(18, 2)) as "left",
            cast(actual as double) / nullif(cast(budget as double), 0) as spent_share
        from cells
        order by {rows}, {across}
        """,
        stands,
    )


def cost_by_vendor(snapshot: Snapshot, selection: Selection) -> pl.DataFrame:
    """One row per supplier that a line of cost or a commitment names, what costs most first; what names none last.

    Columns: vendor (`unallocated` where a line names none), actual, signed (commitments, whatever of them is cost by now; null in
    projects that record none). `actual` adds up to that of `budget_and_cost`.
    """
    stands = _stands(snapshot, selection, "budget_consumption")
    if stands is None:
        return pl.DataFrame(schema=_VENDOR_COLUMNS)
    rate = translation(snapshot, stands["projects"], "chosen.as_of", "chosen.project_key")
    return snapshot.query(
        f"""
        with {_chosen(selection)},
        entries as (
            select
                coalesce(vendor, '{UNALLOCATED}') as vendor,
                case when kind in {_COST} then amount{rate} end as actual,
                case when kind = 'commitment' then amount{rate} end as signed
            from fct_costs
            inner join chosen using (project_key)
            where {_IN_FORCE} and kind in {_COST_AND_COMMITMENTS} and kind <> 'drawn' and ($module = '*' or module = $module)
        )
        select
            vendor,
            cast(coalesce(sum(actual), 0) as decimal(18, 2)) as actual,
            cast(case when (select count(signed) from entries) > 0 then coalesce(sum(signed), 0) end as decimal(18, 2)) as signed
        from entries
        group by vendor
        order by vendor = '{UNALLOCATED}', actual desc, signed desc, vendor
        """,
        stands,
    )


def cost_lines(snapshot: Snapshot, selection: Selection, cell: dict[str, str], limit: int = 500) -> pl.DataFrame:
    """The lines of a cell, those that weigh most first. cell: {name: value} of ROWS, ACROSS and VENDOR; {} is all of it.

    Columns: project_key, booked_on, kind, category, document_no, description, vendor, wbs_code, module, phase, amount (null:
    unconverted), currency (the project's), original_amount, original_currency, exchange_rate, file_name, source_row.
    Commitments are among them and what of them is in cost by now (drawn, negative), marked by their kind.
    """
    stands = _stands(snapshot, selection, "budget_consumption")
    if stands is None:
        return pl.DataFrame(schema=_LINE_COLUMNS)
    wanted = {f"cell_{name}": value for name, value in cell.items() if name in (*ROWS, *ACROSS, VENDOR)}
    matches = "".join(f" and coalesce(costs.{name[5:]}, '{UNALLOCATED}') = ${name}" for name in wanted)
    return snapshot.query(
        f"""
        with {_chosen(selection)}
        select
            costs.project_key, costs.booked_on, costs.kind, costs.category, costs.document_no, costs.description, costs.vendor,
            costs.wbs_code, costs.module, costs.phase,
            cast(case when costs.kind = 'drawn' then -costs.amount else costs.amount end as decimal(18, 2)) as amount,
            costs.currency, costs.original_amount, costs.original_currency, costs.exchange_rate,
            batches.file_name, costs.source_row
        from fct_costs as costs
        inner join chosen using (project_key)
        left join dim_batches as batches on costs.batch_id = batches.batch_id
        where {_IN_FORCE} and costs.kind in {_COST_AND_COMMITMENTS}
            and ($module = '*' or costs.module = $module){matches}
        order by abs(costs.amount) desc nulls first, costs.booked_on desc, costs.batch_id, costs.source_row
        limit {int(limit)}
        """,
        stands | wanted,
    )


def overruns(snapshot: Snapshot, selection: Selection, by: str = "wbs_code") -> pl.DataFrame:
    """WBS elements (by='wbs_code') or modules (by='module') by earned value less cost, the largest overrun first.

    Columns: project_key, code, name, budget, earned, actual, variance (earned − actual; negative is an overrun). They add up to
    the KPI cost_variance. What is booked on no element is one row of each project, code `unallocated`, after all others.
    """
    if by not in ("wbs_code", "module"):
        raise ValueError(f"no such elements: {by}")
    stands = _stands(snapshot, selection, "cost_variance")
    if stands is None:
        return pl.DataFrame(schema=_OVERRUN_COLUMNS)
    rate = translation(snapshot, stands["projects"], "chosen.as_of", "chosen.project_key")
    return snapshot.query(
        f"""
        with {_chosen(selection)},
        entries as (
            select project_key, {by} as code, planned_value{rate} as budget, 0 as earned, 0 as actual
            from fct_budget
            inner join chosen using (project_key)
            where counts_from <= as_of and ($module = '*' or module = $module)
            union all
            select project_key, {by}, 0, earned_value{rate}, 0
            from fct_earned_value
            inner join chosen using (project_key)
            where status_on <= as_of and (superseded_on is null or superseded_on > as_of) and ($module = '*' or module = $module)
            union all
            select project_key, {by}, 0, 0, amount{rate}
            from fct_costs
            inner join chosen using (project_key)
            where {_IN_FORCE} and kind in {_COST} and ($module = '*' or module = $module)
        ),
        names as (
            select project_key, wbs_code as code, max(wbs_name) as name from fct_budget group by 1, 2
        )
        select
            entries.project_key,
            coalesce(entries.code, '{UNALLOCATED}') as code,
            max(names.name) as name,
            cast(sum(budget) as double) as budget,
            cast(sum(earned) as double) as earned,
            cast(sum(actual) as double) as actual,
            cast(sum(earned) - sum(actual) as double) as variance
        from entries
        left join names on entries.project_key = names.project_key and entries.code = names.code
        group by 1, 2
        order by coalesce(entries.code, '{UNALLOCATED}') = '{UNALLOCATED}', variance, project_key, code
        """,
        stands,
    )


def booked_on_no_element(snapshot: Snapshot, selection: Selection) -> pl.DataFrame:
    """project_key, cost_kind, amount: the part of `overruns` in code `unallocated`, by kind of cost."""
    stands = _stands(snapshot, selection, "cost_variance")
    if stands is None:
        return pl.DataFrame(schema={"project_key": pl.String, "cost_kind": pl.String, "amount": pl.Float64})
    rate = translation(snapshot, stands["projects"], "chosen.as_of", "chosen.project_key")
    return snapshot.query(
        f"""
        with {_chosen(selection)}
        select project_key, cost_kind, cast(sum(amount{rate}) as double) as amount
        from fct_costs
        inner join chosen using (project_key)
        where {_IN_FORCE} and kind in {_COST} and ($module = '*' or module = $module) and wbs_code is null
        group by 1, 2
        order by 1, 2
        """,
        stands,
    )


_TEXTS = ("project_key", "kind", "category", "document_no", "description", "vendor", "wbs_code", "module", "phase")
_LINE_COLUMNS: Columns = {
    **dict.fromkeys((*_TEXTS, "file_name", "currency", "original_currency"), pl.String),
    **dict.fromkeys(("amount", "original_amount"), pl.Decimal(18, 2)),
    "booked_on": pl.Date,
    "source_row": pl.Int64,
    "exchange_rate": pl.Decimal(20, 12),
}
_VENDOR_COLUMNS: Columns = {"vendor": pl.String, **dict.fromkeys(("actual", "signed"), pl.Decimal(18, 2))}
_OVERRUN_COLUMNS: Columns = {
    **dict.fromkeys(("project_key", "code", "name"), pl.String),
    **dict.fromkeys(("budget", "earned", "actual", "variance"), pl.Float64),
}


def _no_cells(rows: str, across: str) -> pl.DataFrame:
    money = dict.fromkeys(("budget", "actual", "committed", "left"), pl.Decimal(18, 2))
    columns: Columns = {rows: pl.String, across: pl.String, **money, "spent_share": pl.Float64}
    return pl.DataFrame(schema=columns)


def _stands(snapshot: Snapshot, selection: Selection, kpi_key: str) -> dict[str, Any] | None:
    """What the value of the KPI was made of; None when there is no such value at all."""
    values = kpi_values(snapshot, selection).filter(pl.col("kpi_key") == kpi_key)
    if values.is_empty():
        return None
    row = values.row(0, named=True)
    period_end: dt.date = row["period_end"]
    return {
        "projects": list(selected_projects(snapshot, selection)),
        "module": selection.module or "*",
        "period_end": period_end,
        "left_out": list(row["left_out"] or []),
    }
