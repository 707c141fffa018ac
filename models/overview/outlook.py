"""When each project ends, by its newest schedule, against what was agreed; and in which phase it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from models.builds.snapshot import Snapshot

_OUTLOOK = """
    with newest as (
        select *, coalesce(actual_start, forecast_start, baseline_start) as start_on,
            coalesce(actual_finish, forecast_finish, baseline_finish) as finish_on
        from fct_schedule_tasks
        where list_contains($projects, project_key) and not coalesce(is_buffer, false) and status_on <= $until
        qualify dense_rank() over (partition by project_key order by status_on desc) = 1
    ),
    plans as (
        select
            project_key,
            max(status_on) as schedule_on,
            max(finish_on) as finish_on,
            max(baseline_finish) as baseline_on,
            bool_and(actual_finish is not null) as is_finished,
            coalesce(
                max_by(phase, start_on) filter (actual_start is not null and actual_finish is null and phase <> 'initiation'),
                min_by(phase, start_on) filter (actual_finish is null),
                max_by(phase, finish_on)
            ) as phase
        from newest
        group by project_key
    ),
    granted as (
        select project_key, sum(days_delta) as granted_days
        from fct_change_requests
        where decision = 'approved' and customer_signed_on <= $until and days_delta is not null
        group by project_key
    )
    select
        projects.project_key, schedule_on, coalesce(actual_finish_on, finish_on) as finish_on, baseline_on,
        actual_finish_on is not null or coalesce(is_finished, false) as is_finished, phase, contract_finish_on,
        cast(coalesce(granted_days, 0) as integer) as granted_days,
        contract_finish_on + cast(coalesce(granted_days, 0) as integer) as agreed_on
    from dim_projects as projects
    left join plans using (project_key)
    left join granted using (project_key)
    where list_contains($projects, projects.project_key)
    order by 1
"""


def outlooks(snapshot: Snapshot, project_keys: Sequence[str], until: dt.date | None = None) -> pl.DataFrame:
    """One row per project, by its newest schedule of a data date up to `until`.

    Columns: project_key, schedule_on, finish_on (actual, else forecast, else planned; of all tasks but buffers), baseline_on,
    is_finished, phase (of the task that began last and still runs, else of the next one), contract_finish_on, granted_days
    (calendar days of approved changes that the customer signed), agreed_on (contract and extensions), days_late (calendar days of
    finish_on after agreed_on; null where either is unknown).
    """
    rows = snapshot.query(_OUTLOOK, {"projects": list(project_keys), "until": until or dt.date.max})
    return rows.with_columns((pl.col("finish_on") - pl.col("agreed_on")).dt.total_days().alias("days_late"))


def finish_course(
    snapshot: Snapshot, project_key: str, agreed_on: dt.date, until: dt.date | None = None
) -> tuple[float, ...]:
    """Calendar days of the forecast finish after `agreed_on`, at the last eight data dates of the schedule, oldest first."""
    rows = snapshot.query(
        """
        select
            max(coalesce(actual_finish, forecast_finish, baseline_finish)) - cast($agreed as date) as days
        from fct_schedule_tasks
        where project_key = $project and not coalesce(is_buffer, false) and status_on <= $until
        group by status_on
        order by status_on desc
        limit 8
        """,
        {"project": project_key, "agreed": agreed_on, "until": until or dt.date.max},
    )
    return tuple(float(days) for days in reversed(rows["days"].to_list()) if days is not None)
