"""What the actual cost of each project rests on: its source, until when it is booked, what is provisional, what is accrued."""

from __future__ import annotations

import datetime as dt

import polars as pl

from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.kpis.values import selected_projects
from models.reference.project_settings import ACCRUE_AT_ARRIVAL, ACTUAL_COST_SOURCE, PLANNED_VALUE_SOURCE

_BASIS = """
    with costs as (
        select
            project_key,
            sum(case when kind = 'provisional' then amount end) as provisional,
            sum(case when cost_source = 'arrival' then amount end) as accrued
        from fct_costs
        inner join dim_projects using (project_key)
        where counts_on <= least(status_on, $until) and (superseded_on is null or superseded_on > least(status_on, $until))
        group by 1
    )
    select
        projects.project_key,
        settings.actual_cost_source,
        settings.accrue_at_arrival,
        settings.planned_value_source,
        least(projects.cost_closed_on, $until) as booked_until,
        least(projects.status_on, $until) as stands_on,
        cast(coalesce(costs.provisional, 0) as double) as provisional,
        cast(coalesce(costs.accrued, 0) as double) as accrued
    from dim_projects as projects
    inner join int_project_settings as settings using (project_key)
    inner join costs using (project_key)
    where projects.project_key in (select unnest($projects))
    order by projects.project_key
"""
_COLUMNS = (
    dict.fromkeys(("project_key", ACTUAL_COST_SOURCE, ACCRUE_AT_ARRIVAL, PLANNED_VALUE_SOURCE), pl.String)
    | dict.fromkeys(("booked_until", "stands_on"), pl.Date)
    | dict.fromkeys(("provisional", "accrued"), pl.Float64)
)


def cost_basis(snapshot: Snapshot, selection: Selection) -> pl.DataFrame:
    """One row per chosen project with costs: project_key, actual_cost_source, accrue_at_arrival, planned_value_source,
    booked_until (the end of its last closed period), stands_on, provisional and accrued at arrival on that day (money
    excluding VAT).

    No rows in a build of an older version, which knew no choice.
    """
    if snapshot.query("select 1 from information_schema.tables where table_name = 'int_project_settings'").is_empty():
        return pl.DataFrame(schema=_COLUMNS)
    return snapshot.query(
        _BASIS,
        {
            "projects": list(selected_projects(snapshot, selection)),
            "until": selection.period_end or dt.date.max,
        },
    )
