"""What happened to a project, day by day, that its curves may show."""

from __future__ import annotations

import polars as pl

from models.builds.snapshot import Columns, Snapshot

_COLUMNS: Columns = {"day": pl.Date, "kind": pl.String, "name": pl.String, "days": pl.Float64}


def events(snapshot: Snapshot, project_key: str) -> pl.DataFrame:
    """One row per event, oldest first. Columns: day, kind, name (of the milestone or baseline), days (of an extension).

    kind: freeze (of the requirements), milestone (typed in the schedule, reached), go_live (of the first site), baseline (each
    frozen after the first), extension (approved changes that add days, those of a month as one at the last of their days).
    """
    has_baselines = not snapshot.query(
        "select 1 from information_schema.tables where table_name = 'fct_baselines'"
    ).is_empty()
    baselines = """
        select cast(frozen_at as date), 'baseline', baseline, null
        from (select baseline_id, max(baseline) as baseline, max(frozen_at) as frozen_at
            from fct_baselines where project_key = $project group by 1)
        qualify row_number() over (order by frozen_at, baseline_id) > 1
        union all
    """
    found = snapshot.query(
        f"""
        select freeze_on as day, 'freeze' as kind, null as name, null as days
        from dim_projects where project_key = $project and freeze_on is not null
        union all
        select actual_finish, 'milestone', task_name, null
        from fct_schedule_tasks
        where project_key = $project and is_latest and milestone_type is not null and actual_finish is not null
        union all
        select min(actual_live_on), 'go_live', null, null
        from fct_sites where project_key = $project
        having min(actual_live_on) is not null
        union all
        {baselines if has_baselines else ""}
        select max(decided_on), 'extension', null, sum(days_delta)
        from fct_change_requests
        where project_key = $project and decision = 'approved' and days_delta > 0 and decided_on is not null
        group by date_trunc('month', decided_on)
        order by 1, 2, 3
        """,
        {"project": project_key},
    )
    return found.select(pl.col(name).cast(kind) for name, kind in _COLUMNS.items())
