"""Why the whole will cost other than its budget: the variance at completion, taken apart as far as the facts allow.

Of labor whose hours are planned and logged, the variance is more hours than the work was planned to take (quantity, at the
planned rate) and another cost per hour (price). All other cost has no quantity on record and is not split. What is booked on
no element of the plan has earned nothing. What is left of the estimate is the work still to be done, at the pace so far.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.cost.cells import booked_on_no_element
from models.cost.estimates import Method
from models.cost.series import earned_value
from models.kpis.values import selected_projects
from models.reference.currencies import translation


@dataclass(frozen=True)
class Causes:
    """Money excluding VAT; a positive cause makes the whole dearer. budget + all of them = estimate (BAC ÷ CPI).

    first_budget: of the first frozen baseline of every project; scope: what later baselines, approved, added to it since, so that
    first_budget + scope = budget. Both None where a build has no frozen baselines, or for one module. quantity, price: None
    where no labor has planned and logged hours.
    """

    first_budget: float | None
    scope: float | None
    budget: float
    quantity: float | None
    price: float | None
    not_split: float
    on_no_element: float
    rest_at_pace: float
    estimate: float
    currency: str


def causes(snapshot: Snapshot, selection: Selection) -> Causes | None:
    """Those of the selection, at the data date of its last closed period. None without a budget or an estimate."""
    told = earned_value(snapshot, selection)
    if told.budget is None or told.at_completion is None:
        return None
    estimate = told.at_completion.estimate_at_completion[Method.AT_PACE_OF_COST].value
    known = told.curve.drop_nulls(["earned_value", "actual_cost"])
    if estimate is None or known.is_empty():
        return None
    last = known.row(-1, named=True)
    overrun = last["actual_cost"] - last["earned_value"]
    split = _labor(snapshot, selection, last["period_end"])
    loose = booked_on_no_element(snapshot, replace(selection, period_end=last["period_end"]))
    on_no_element = sum(
        row["amount"]
        for row in loose.iter_rows(named=True)
        if row["cost_kind"] != "labor" or row["project_key"] not in split
    )
    quantity = sum(quantity for quantity, _price in split.values()) if split else None
    price = sum(price for _quantity, price in split.values()) if split else None
    first, scope = _scope(snapshot, selection, told.budget)
    return Causes(
        first_budget=first,
        scope=scope,
        budget=told.budget,
        quantity=quantity,
        price=price,
        not_split=overrun - on_no_element - (quantity or 0.0) - (price or 0.0),
        on_no_element=on_no_element,
        rest_at_pace=estimate - told.budget - overrun,
        estimate=estimate,
        currency=told.currency,
    )


def split_of_labor(earned: float, spent: float, earned_hours: float, logged_hours: float) -> tuple[float, float]:
    """(quantity, price): hours beyond those earned, at the planned rate; the rest of what labor cost beyond what it earned."""
    planned_rate = earned / earned_hours
    quantity = (logged_hours - earned_hours) * planned_rate
    return quantity, spent - earned - quantity


def _labor(snapshot: Snapshot, selection: Selection, until: object) -> dict[str, tuple[float, float]]:
    """{project_key: (quantity, price)} of the projects whose labor has planned and logged hours."""
    projects = list(selected_projects(snapshot, selection))
    rate = translation(snapshot, projects, "cells.cost_on", "cells.project_key")
    rows = snapshot.query(
        f"""
        select
            cells.project_key,
            cast(cells.earned_value_labor__cost{rate} as double) as earned,
            cast(cells.actual_cost_labor__cost{rate} as double) as spent,
            cast(cells.earned_hours__cost as double) as earned_hours,
            cast(cells.hours_logged__cost as double) as logged_hours
        from kpi_cells as cells
        where cells.period_kind = $kind and cells.project_key in (select unnest($projects)) and cells.phase = '*'
            and cells.grain = case when $module = '*' then 'project' else 'module' end and cells.module = $module
            and cells.period_end <= $until
            and cells.earned_hours__cost > 0 and cells.hours_logged__cost > 0
            and cells.earned_value_labor__cost > 0 and cells.actual_cost_labor__cost > 0
            and coalesce(cells.mixed_budget_labor__cost, 0) = 0
        qualify row_number() over (partition by cells.project_key order by cells.period_end desc) = 1
        """,
        {"projects": projects, "module": selection.module or "*", "kind": selection.period_kind.value, "until": until},
    )
    return {
        row["project_key"]: split_of_labor(row["earned"], row["spent"], row["earned_hours"], row["logged_hours"])
        for row in rows.iter_rows(named=True)
        if row["earned"] is not None and row["spent"] is not None
    }


def _scope(snapshot: Snapshot, selection: Selection, budget: float) -> tuple[float | None, float | None]:
    """The budget before, and what approved baselines added since; None where it cannot be told."""
    if (
        selection.module
        or snapshot.query("select 1 from information_schema.tables where table_name = 'fct_baselines'").is_empty()
    ):
        return None, None
    projects = list(selected_projects(snapshot, selection))
    rate = translation(snapshot, projects, "projects.status_on", "totals.project_key")
    row = snapshot.query(
        f"""
        with totals as (
            select project_key, baseline_id, bool_or(is_active) as is_active, sum(planned_value) as total,
                row_number() over (partition by project_key order by max(frozen_at), baseline_id) as place
            from fct_baselines
            where project_key in (select unnest($projects))
            group by 1, 2
        )
        select cast(sum(total{rate}) filter (is_active) - sum(total{rate}) filter (place = 1) as double) as scope
        from totals
        inner join dim_projects as projects using (project_key)
        """,
        {"projects": projects},
    ).row(0, named=True)
    return (None, None) if row["scope"] is None else (budget - row["scope"], row["scope"])
