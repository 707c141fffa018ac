"""Every frozen baseline of a project in a build: its totals, what it planned by now, and its curve."""

from __future__ import annotations

import polars as pl

from models.builds.snapshot import Columns, Snapshot


def baseline_standing(snapshot: Snapshot, project_key: str) -> pl.DataFrame:
    """One row per frozen baseline of the project, the active one first, then the newest.

    Columns: baseline_id, baseline, is_active, frozen_at (UTC), budget_at_completion, planned_value (by the status date),
    earned_value (at the newest data date by then), schedule_variance (EV − PV), budget_difference (BAC of the active baseline
    less its own; all money, excl. VAT), schedule_performance_index (EV ÷ PV), finish_on (end of its last month),
    finish_difference_days (finish of the active baseline less its own), status_on, currency.
    Every baseline pays for the work by its own budget: EV = Σ over its WBS elements of its BAC × the element's progress. Work on
    an element that the active baseline does not plan has no progress. Null where nothing is known, SPI where nothing was due.
    """
    if not _has_baselines(snapshot):
        return pl.DataFrame(schema=_STANDING)
    return snapshot.query(
        """
        with baselines as (
            select
                project_key,
                baseline_id,
                max(baseline) as baseline,
                bool_or(is_active) as is_active,
                max(frozen_at) as frozen_at,
                sum(planned_value) as budget_at_completion,
                sum(planned_value_due) as planned_value,
                max(month_end) as finish_on
            from fct_baselines
            where project_key = $project
            group by 1, 2
        ),
        earned as (
            select earned.wbs_code, sum(earned.earned_value) as earned_value
            from fct_earned_value as earned
            inner join dim_projects as projects using (project_key)
            where project_key = $project
                and earned.status_on <= projects.status_on
                and (earned.superseded_on is null or earned.superseded_on > projects.status_on)
            group by 1
        ),
        elements as (
            select baseline_id, wbs_code, bool_or(is_active) as is_active, cast(sum(planned_value) as double) as budget
            from fct_baselines
            where project_key = $project
            group by 1, 2
        ),
        progress as (
            select earned.wbs_code, cast(earned.earned_value as double) / nullif(elements.budget, 0) as share
            from earned
            inner join elements on earned.wbs_code = elements.wbs_code and elements.is_active
        ),
        earned_by_baseline as (
            select elements.baseline_id, round(sum(elements.budget * progress.share), 2) as earned_value
            from elements
            left join progress on elements.wbs_code = progress.wbs_code
            group by 1
        )
        select
            baselines.baseline_id,
            baselines.baseline,
            baselines.is_active,
            baselines.frozen_at,
            cast(baselines.budget_at_completion as double) as budget_at_completion,
            cast(baselines.planned_value as double) as planned_value,
            earned.earned_value,
            earned.earned_value - cast(baselines.planned_value as double) as schedule_variance,
            cast(active.budget_at_completion - baselines.budget_at_completion as double) as budget_difference,
            earned.earned_value / nullif(cast(baselines.planned_value as double), 0) as schedule_performance_index,
            baselines.finish_on,
            date_diff('day', baselines.finish_on, active.finish_on) as finish_difference_days,
            projects.status_on,
            projects.currency
        from baselines
        inner join dim_projects as projects using (project_key)
        left join baselines as active on active.is_active
        left join earned_by_baseline as earned on baselines.baseline_id = earned.baseline_id
        order by baselines.is_active desc, baselines.frozen_at desc, baselines.baseline_id desc
        """,
        {"project": project_key},
    )


def baseline_curves(snapshot: Snapshot, project_key: str) -> pl.DataFrame:
    """Planned value to date of every frozen baseline at the end of each of its months, oldest first.

    Columns: baseline_id, month_end, planned_value_to_date (money, excl. VAT).
    """
    if not _has_baselines(snapshot):
        return pl.DataFrame(schema=_CURVES)
    return snapshot.query(
        """
        select
            baseline_id,
            month_end,
            cast(sum(sum(planned_value)) over (partition by baseline_id order by month_end) as double)
                as planned_value_to_date
        from fct_baselines
        where project_key = $project
        group by baseline_id, month_end
        order by baseline_id, month_end
        """,
        {"project": project_key},
    )


def approved_changes(snapshot: Snapshot, project_key: str) -> pl.DataFrame:
    """Change requests of the project that were approved, newest first. Columns: change_id, title, decided_on."""
    return snapshot.query(
        """
        select change_id, title, decided_on
        from fct_change_requests
        where project_key = $project and decision = 'approved'
        order by decided_on desc nulls last, change_id
        """,
        {"project": project_key},
    )


def _has_baselines(snapshot: Snapshot) -> bool:
    """A build published before baselines were frozen has none of them."""
    found = snapshot.query("select 1 from information_schema.tables where table_name = 'fct_baselines'")
    return not found.is_empty()


_STANDING: Columns = {
    "baseline_id": pl.Int64,
    "baseline": pl.String,
    "is_active": pl.Boolean,
    "frozen_at": pl.Datetime("us"),
    "budget_at_completion": pl.Float64,
    "planned_value": pl.Float64,
    "earned_value": pl.Float64,
    "schedule_variance": pl.Float64,
    "budget_difference": pl.Float64,
    "schedule_performance_index": pl.Float64,
    "finish_on": pl.Date,
    "finish_difference_days": pl.Int64,
    "status_on": pl.Date,
    "currency": pl.String,
}
_CURVES = {"baseline_id": pl.Int64, "month_end": pl.Date, "planned_value_to_date": pl.Float64}
