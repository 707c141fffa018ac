"""What a project meeting goes through: done, late, next, to be decided; changes and risks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from models.builds.snapshot import Snapshot

DAYS = 14  # a meeting looks back and ahead for two weeks

_TASKS = """
    with tasks as (
        select
            task_name, task_id, phase, milestone_type, batch_id, source_row, actual_finish, percent_complete,
            coalesce(actual_start, forecast_start, baseline_start) as start_on,
            baseline_finish,
            coalesce(forecast_finish, baseline_finish) as finish_on
        from fct_schedule_tasks
        where project_key = $project and is_latest and not coalesce(is_buffer, false)
    )
    select
        *,
        case
            when actual_finish > $day - $days and actual_finish <= $day then 'done'
            when actual_finish is null and baseline_finish < $day then 'late'
            when actual_finish is null and start_on > $day and start_on <= $day + $days then 'next'
            when actual_finish is null and finish_on > $day and finish_on <= $day + $days then 'next'
        end as kind,
        case when actual_finish is null then greatest(finish_on, $day) else actual_finish end - baseline_finish as days_late
    from tasks
    where kind is not null
    order by milestone_type is null, coalesce(actual_finish, finish_on), source_row
"""
_ISSUES = """
    select
        count(*) filter (is_defect and resolved_on > $day - $days and resolved_on <= $day) as defects_solved,
        count(*) filter (is_defect and created_on > $day - $days and created_on <= $day) as defects_found,
        count(*) filter (is_completed_item and completed_on > $day - $days and completed_on <= $day) as items_done
    from fct_issues
    where project_key = $project and not coalesce(is_deleted, false)
"""
_CHANGES = """
    select
        change_id, title, raised_on, decision, cast(claimed_amount as double) as amount, days_delta,
        case when decision = 'pending' then 'undecided' else 'unsigned' end as kind
    from fct_change_requests
    where project_key = $project
        and (decision = 'pending' or (decision = 'approved' and customer_signed_on is null))
    order by kind, amount desc nulls last, raised_on
"""
_RISKS = """
    select
        risk_id, title, owner, response, review_on, probability, cast(impact_cost as double) as impact_cost, impact_days,
        probability * cast(impact_cost as double) as exposure
    from fct_risks
    where project_key = $project and closed_on is null and coalesce(status, 'open') <> 'closed'
    order by exposure desc nulls last, risk_id
"""


def agenda(snapshot: Snapshot, project_key: str, day: dt.date) -> pl.DataFrame:
    """Tasks of the newest schedule that a meeting on `day` speaks of, milestones first.

    Columns: kind (done: finished in the last 14 days; late: to be finished by the baseline and not; next: starts or ends in the
    next 14), task_name, task_id, phase, milestone_type, start_on, finish_on, baseline_finish, actual_finish, days_late (calendar
    days of the finish, at least of `day`, after the baseline's), percent_complete.
    """
    return snapshot.query(_TASKS, {"project": project_key, "day": day, "days": DAYS})


def issues_of_the_days(snapshot: Snapshot, project_key: str, day: dt.date) -> dict[str, int]:
    """{defects_solved, defects_found, items_done} in the 14 days up to `day`."""
    return snapshot.query(_ISSUES, {"project": project_key, "day": day, "days": DAYS}).row(0, named=True)


def open_changes(snapshot: Snapshot, project_key: str) -> list[dict[str, Any]]:
    """Changes that nobody has decided, then those that are approved and not signed by the customer, the dearest first."""
    return snapshot.query(_CHANGES, {"project": project_key}).to_dicts()


def open_risks(snapshot: Snapshot, project_key: str) -> list[dict[str, Any]] | None:
    """Open risks, the greatest exposure (probability × impact) first; None where no risk of the project was ever loaded."""
    known = snapshot.query(
        "select count(*) from fct_risks where project_key = $project", {"project": project_key}
    ).item()
    return snapshot.query(_RISKS, {"project": project_key}).to_dicts() if known else None
