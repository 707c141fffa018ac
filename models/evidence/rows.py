"""The rows behind a number: every measure of a KPI, with the file and the line each row came from.

What counts is what the value was made of: members that the value left out are left out here too, so that the rows add up to it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.kpis.catalogue import catalogue, measure_names
from models.kpis.standing import day_of
from models.kpis.values import kpi_row, selected_projects
from models.words.locales import LANGUAGES

_COUNTED = """
    from kpi_measure_rows as measure_rows
    inner join dim_measures using (measure_key)
    inner join dim_projects as projects on measure_rows.project_key = projects.project_key
    left join dim_batches as batches on measure_rows.batch_id = batches.batch_id
    where list_contains($measures, measure_rows.measure_key)
        and measure_rows.project_key in (select unnest($projects))
        and ($module = '*' or measure_rows.module = $module)
        and measure_rows.counts_from <= {day}
        and (measure_rows.counts_until is null or measure_rows.counts_until > {day})
        and (not dim_measures.is_in_period or measure_rows.counts_from >= $period_start)
        and not list_contains($left_out, measure_rows.project_key)
        and not list_contains($left_out, measure_rows.project_key || '/' || measure_rows.module)
"""

# what a foreign amount was before it was converted, and the line that the rate stands in
_ORIGINALS = """
    left join (
        select
            foreign_lines.batch_id, foreign_lines.source_row, max(original_amount) as original_amount,
            max(original_currency) as original_currency, max(exchange_rate) as exchange_rate, max(rates.file_name) as rate_file,
            max(rate_source_row) as rate_row
        from (
            select batch_id, source_row, cast(original_amount as double) as original_amount, original_currency,
                cast(exchange_rate as double) as exchange_rate, rate_batch_id, rate_source_row
            from fct_costs
            where original_currency is not null
            union all
            select batch_id, source_row, cast(coalesce(amount_excl_tax, amount_incl_tax) as double), currency,
                cast(exchange_rate as double), rate_batch_id, rate_source_row
            from fct_contracts
            where currency <> project_currency
        ) as foreign_lines
        left join dim_batches as rates on foreign_lines.rate_batch_id = rates.batch_id
        group by 1, 2
    ) as originals
        on dim_measures.is_money and measure_rows.batch_id = originals.batch_id and measure_rows.source_row = originals.source_row
"""


def evidence(snapshot: Snapshot, kpi_key: str, selection: Selection, limit: int = 500, offset: int = 0) -> pl.DataFrame:
    """Rows of every measure of the KPI, those that weigh most first.

    Columns: measure_key, project_key, module, phase, counts_from, counts_until, amount, row_key, row_label, file_name,
    source_row, batch_id; of foreign amounts original_amount, original_currency, exchange_rate, rate_file, rate_row.
    """
    return _evidence(snapshot, kpi_key, selection, f"limit {int(limit)} offset {int(offset)}")


def evidence_of_row(snapshot: Snapshot, kpi_key: str, selection: Selection, row_key: str) -> pl.DataFrame:
    """The rows of one issue, voucher or contract among those of `evidence`; the same columns."""
    return _evidence(snapshot, kpi_key, selection, "", row_key)


def _evidence(snapshot: Snapshot, kpi_key: str, selection: Selection, window: str, row_key: str = "") -> pl.DataFrame:
    parameters = _parameters(snapshot, kpi_key, selection)
    if parameters is None:
        return _nothing(snapshot)
    return snapshot.query(
        f"""
        select
            measure_rows.measure_key, measure_rows.project_key, measure_rows.module, measure_rows.phase, measure_rows.counts_from,
            measure_rows.counts_until, cast(measure_rows.amount as double) as amount, measure_rows.row_key,
            measure_rows.row_label, batches.file_name, measure_rows.source_row, measure_rows.batch_id,
            originals.original_amount, originals.original_currency, originals.exchange_rate, originals.rate_file,
            originals.rate_row
        {_counted(snapshot, kpi_key, selection).replace("    where", _ORIGINALS + "    where", 1)}
            and ($row_key = '' or measure_rows.row_key = $row_key)
        order by list_position($measures, measure_rows.measure_key), abs(measure_rows.amount) desc nulls first,
            measure_rows.counts_from desc,
            measure_rows.batch_id, measure_rows.source_row
        {window}
        """,
        parameters | {"row_key": row_key},
    )


def evidence_totals(snapshot: Snapshot, kpi_key: str, selection: Selection) -> pl.DataFrame:
    """One row per measure of the KPI. Columns: measure_key, label_<language>, rows, amount."""
    names = {language: measure_names(snapshot, language) for language in LANGUAGES}
    kpi = catalogue(snapshot)[kpi_key]
    parameters = _parameters(snapshot, kpi_key, selection)
    found: dict[str, tuple[int, float]] = {}
    if parameters is not None:
        totals = snapshot.query(
            f"""
            select measure_rows.measure_key, count(*) as rows, cast(sum(measure_rows.amount) as double) as amount
            {_counted(snapshot, kpi_key, selection)}
            group by 1
            """,
            parameters,
        )
        found = {key: (rows, amount) for key, rows, amount in totals.iter_rows()}
    return pl.DataFrame(
        [
            {
                "measure_key": key,
                **{f"label_{language}": names[language][key] for language in LANGUAGES},
                "rows": found.get(key, (0, 0.0))[0],
                "amount": found.get(key, (0, 0.0))[1],
            }
            for key in kpi.measures
        ],
        schema={
            "measure_key": pl.String,
            **{f"label_{language}": pl.String for language in LANGUAGES},
            "rows": pl.Int64,
            "amount": pl.Float64,
        },
    )


_BRIDGE = """
    with chosen as (
        select project_key, {day} as stands_on, {until} as cost_until
        from dim_projects as projects
        where project_key in (select unnest($projects)) and not list_contains($left_out, project_key)
    ),
    entries as (
        select
            cost_source = 'arrival' as is_accrual, counts_on > stands_on as is_later, amount,
            estimated_rows.batch_id is not null as is_rest,
            counts_on <= stands_on and (superseded_on is null or superseded_on > stands_on) as is_at_data_date,
            counts_on <= cost_until and (superseded_on is null or superseded_on > cost_until) as is_at_close
        from fct_costs as costs
        inner join chosen using (project_key)
        left join (
            select distinct project_key, batch_id, source_row
            from fct_costs inner join chosen using (project_key)
            where counts_on <= stands_on and estimated_until > stands_on
        ) as estimated_rows using (project_key, batch_id, source_row)
        where kind in ('actual', 'accrual', 'provisional') and ($module = '*' or module = $module)
            and not list_contains($left_out, project_key || '/' || module)
    )
    select
        (select min(stands_on) from chosen) as stands_on,
        (select max(cost_until) from chosen) as cost_until,
        cast(coalesce(sum(amount) filter (is_at_data_date), 0) as double) as at_data_date,
        cast(coalesce(sum(amount) filter (is_at_close and is_later and is_rest and not is_accrual), 0) as double)
            as rest_of_estimated,
        cast(coalesce(sum(amount) filter (is_at_close and is_later and not is_rest and not is_accrual), 0) as double)
            as booked_after,
        cast(coalesce(sum(amount) filter (is_at_close and is_accrual), 0)
            - coalesce(sum(amount) filter (is_at_data_date and is_accrual), 0) as double) as accruals,
        cast(coalesce(sum(amount) filter (is_at_close), 0) as double) as at_close
    from entries
"""


def cost_bridge(snapshot: Snapshot, kpi_key: str, selection: Selection) -> dict[str, Any] | None:
    """From the actual cost of a KPI, at its data date, to that at the close of the books (or where the period is cut).

    Returns: stands_on and cost_until, days; at_data_date + rest_of_estimated (of lines that stand for a whole period) +
    booked_after (lines of the days between) + accruals (their change, at arrival) = at_close, money excluding VAT. None for
    other KPIs, and where both days are one.
    """
    kpi = catalogue(snapshot)[kpi_key]
    if kpi.dated != "cost" or "actual_cost" not in kpi.measures:
        return None
    parameters = _parameters(snapshot, kpi_key, selection)
    if parameters is None:
        return None
    sql = _BRIDGE.format(
        day=day_of(kpi.dated, selection.period_kind),
        until=day_of(kpi.dated, selection.period_kind, column="cost_until"),
    )
    wanted = ("projects", "module", "period_end", "left_out")
    bridge = snapshot.query(sql, {name: parameters[name] for name in wanted}).row(0, named=True)
    return None if bridge["stands_on"] == bridge["cost_until"] else bridge


def _counted(snapshot: Snapshot, kpi_key: str, selection: Selection) -> str:
    """The rows that count at the day at which the KPI stands in each project."""
    return _COUNTED.format(day=day_of(catalogue(snapshot)[kpi_key].dated, selection.period_kind))


def _parameters(snapshot: Snapshot, kpi_key: str, selection: Selection) -> dict[str, Any] | None:
    """What the value in question was made of; None when there is no such value."""
    row = kpi_row(snapshot, selection, kpi_key)
    if row is None:
        return None
    kpi = catalogue(snapshot)[kpi_key]
    period_end: dt.date = row["period_end"]
    return {
        "measures": list(kpi.measures),
        "projects": list(selected_projects(snapshot, selection)),
        "module": selection.module or "*",
        "period_start": row["period_start"],
        "period_end": period_end,
        "left_out": list(row["left_out"] or []),
    }


def _nothing(snapshot: Snapshot) -> pl.DataFrame:
    columns = {
        "measure_key": pl.String,
        "project_key": pl.String,
        "module": pl.String,
        "phase": pl.String,
        "counts_from": pl.Date,
        "counts_until": pl.Date,
        "amount": pl.Float64,
        "row_key": pl.String,
        "row_label": pl.String,
        "file_name": pl.String,
        "source_row": pl.Int64,
        "batch_id": pl.String,
        "original_amount": pl.Float64,
        "original_currency": pl.String,
        "exchange_rate": pl.Float64,
        "rate_file": pl.String,
        "rate_row": pl.Int64,
    }
    return pl.DataFrame(schema=columns)
