"""What charts and tables draw beside the KPI values: curves, schedules, freshness, unallocated totals."""

from __future__ import annotations

import polars as pl

from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.kpis.values import selected_projects


def feed_freshness(snapshot: Snapshot) -> pl.DataFrame:
    """One row per project and feed. Columns: project_key, project_name, feed, covers_from, covers_to, rows."""
    return snapshot.query(
        """
        select
            project_key, project_name, feed, min(covers_from) as covers_from, max(covers_to) as covers_to, max(rows) as rows
        from feed_freshness
        inner join dim_projects using (project_key)
        group by 1, 2, 3
        order by 1, 3
        """
    )


def unallocated(snapshot: Snapshot) -> pl.DataFrame:
    """Codes that match no project, largest first.

    Columns: feed, system, external_code, rows, amount, unit (items, hours or a currency).
    """
    return snapshot.query("select * from unallocated_totals order by feed, abs(amount) desc, external_code")


def sites_by_wave(snapshot: Snapshot, project_key: str) -> pl.DataFrame:
    """The roll-out of a project, wave by wave in the order they were planned.

    Columns: wave, sites, planned_live (by the status date), live, accepted (counts), defects_per_site (mean at acceptance),
    hours_per_site (h), first_live_on, last_live_on (dates).
    """
    return snapshot.query(
        """
        select
            coalesce(sites.wave, '-') as wave,
            count(*) as sites,
            count(*) filter (where sites.planned_live_on <= projects.status_on) as planned_live,
            count(sites.actual_live_on) as live,
            count(sites.accepted_on) as accepted,
            avg(sites.defects_at_acceptance) as defects_per_site,
            avg(sites.hours) as hours_per_site,
            min(sites.actual_live_on) as first_live_on,
            max(sites.actual_live_on) as last_live_on
        from fct_sites as sites
        inner join dim_projects as projects using (project_key)
        where project_key = $project
        group by 1
        order by min(sites.planned_live_on) nulls last, 1
        """,
        {"project": project_key},
    )


def sites_of_wave(snapshot: Snapshot, project_key: str, wave: str) -> pl.DataFrame:
    """The sites of a wave as `sites_by_wave` counts them, in the order they were planned.

    Columns: site, site_name, planned_live_on, actual_live_on, accepted_on, defects_at_acceptance (count), file_name, source_row.
    """
    return snapshot.query(
        """
        select
            site, site_name, planned_live_on, actual_live_on, accepted_on, defects_at_acceptance, file_name, source_row
        from fct_sites
        left join dim_batches using (batch_id)
        where project_key = $project and coalesce(wave, '-') = $wave
        order by planned_live_on nulls last, site
        """,
        {"project": project_key, "wave": wave},
    )


def hours_by_activity(snapshot: Snapshot, selection: Selection) -> pl.DataFrame:
    """Hours of the selected projects per period and kind of work, oldest period first.

    Columns: period_end, is_incomplete, activity (null where the timesheet names none), hours (h), share (0..1 of the period).
    """
    return snapshot.query(
        """
        with placed as (
            select
                case when $kind = 'week' then dates.week_end else dates.month_end end as period_end,
                worklogs.activity,
                cast(worklogs.hours as double) as hours,
                projects.status_on
            from fct_worklogs as worklogs
            inner join dim_dates as dates on worklogs.work_date = dates.calendar_date
            inner join dim_projects as projects using (project_key)
            where project_key in (select unnest($projects)) and ($module = '*' or worklogs.module = $module)
                and worklogs.work_date <= projects.status_on
        )
        select
            period_end,
            period_end > max(status_on) as is_incomplete,
            activity,
            sum(hours) as hours,
            sum(hours) / nullif(sum(sum(hours)) over (partition by period_end), 0) as share
        from placed
        where period_end <= coalesce($until, date '9999-12-31')
        group by period_end, activity
        order by period_end, hours desc
        """,
        {
            "projects": list(selected_projects(snapshot, selection)),
            "kind": selection.period_kind.value,
            "module": selection.module or "*",
            "until": selection.period_end,
        },
    )
