"""What a build must say beside its numbers: years counted by a rule instead of a calendar, schedules that nothing shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.kpis.values import selected_projects
from models.words.catalog import msgid

YEARS = msgid(
    "The holidays of {years} are not known here: days of these years are counted from Monday to Friday. Once they are published, "
    "load them as working calendars without a project, or update Plimsoll, and refresh."
)
NO_DATES = msgid(
    "{project}: {tasks} tasks of its schedule have landed, and none has a date. Export them with their dates."
)
NO_ELEMENT = msgid(
    "{project}: {tasks} tasks of its schedule have landed, and none meets an element of its budget: nothing is earned. Give them "
    "the WBS codes of the budget, or tie the codes on the matching page."
)
NO_BUDGET = msgid(
    "{project}: {tasks} tasks of its schedule have landed, and it has no budget to be earned: no SPI, no CPI. Load its budget."
)

_ASKED = {
    "int_schedule",
    "fct_schedule_tasks",
    "fct_budget",
    "fct_planned_value",
    "fct_person_days",
    "dim_dates",
    "dim_projects",
}


def holidays_known_until(snapshot: Snapshot) -> dt.date | None:
    """The last day before days follow the rule Monday to Friday; None where the calendar of the build knows all its years."""
    rows = snapshot.query(
        """
        select min(calendar_date) - 1 as known_until
        from dim_dates
        where not is_published and calendar_date > (select min(calendar_date) from dim_dates where is_published)
        """
    )
    return rows["known_until"][0]


def unpublished_years(snapshot: Snapshot, projects: Sequence[str]) -> list[int]:
    """Years whose holidays are not published and of which these projects count days: planned value, tasks, hours required."""
    rows = snapshot.query(
        """
        with counted as (
            select extract(year from accrued_on) as year from fct_planned_value
            where project_key in (select unnest($projects)) and planned_value <> 0
            union
            select extract(year from work_date) from fct_person_days where project_key in (select unnest($projects))
            union
            select unnest(range(extract(year from starts_on), extract(year from ends_on) + 1))
            from (
                select
                    min(least(baseline_start, forecast_start, actual_start)) as starts_on,
                    max(greatest(baseline_finish, forecast_finish, actual_finish)) as ends_on
                from fct_schedule_tasks
                where is_latest and project_key in (select unnest($projects))
            ) as spans
        )
        select distinct cast(counted.year as integer) as year
        from counted
        inner join dim_dates as dates on extract(year from dates.calendar_date) = counted.year and not dates.is_published
        order by 1
        """,
        {"projects": list(projects)},
    )
    return rows["year"].to_list()


def years_told(snapshot: Snapshot, selection: Selection) -> dict[str, Any] | None:
    """{template, details} for the chosen projects; None where every year they count is published."""
    years = unpublished_years(snapshot, selected_projects(snapshot, selection))
    return {"template": YEARS, "details": {"years": [str(year) for year in years]}} if years else None


def schedules_apart(snapshot: Snapshot) -> list[dict[str, Any]]:
    """{template, details} per project whose schedule has landed and gives no value: without dates, budget, or common elements."""
    rows = snapshot.query(
        """
        with landed as (
            select
                project_key,
                count(distinct task_id) as tasks,
                count(coalesce(baseline_start, baseline_finish, forecast_start, forecast_finish, actual_start, actual_finish))
                    as dated
            from int_schedule
            where project_key <> 'unallocated'
            group by 1
        ),
        met as (
            select project_key, count(element_code) as placed from fct_schedule_tasks group by 1
        )
        select landed.project_key, landed.tasks, landed.dated, budgets.project_key is not null as planned
        from landed
        left join met on landed.project_key = met.project_key
        left join (select distinct project_key from fct_budget) as budgets on landed.project_key = budgets.project_key
        where landed.dated = 0 or coalesce(met.placed, 0) = 0
        order by 1
        """
    )
    return [_of_schedule(row) for row in rows.iter_rows(named=True)]


def of_build(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Everything of the whole portfolio, as {template, details}; nothing of a build that lacks what is asked."""
    there = set(snapshot.query("select table_name from information_schema.tables")["table_name"])
    if not there >= _ASKED:
        return []
    years = years_told(snapshot, Selection())
    return [*([years] if years else []), *schedules_apart(snapshot)]


def _of_schedule(row: dict[str, Any]) -> dict[str, Any]:
    template = NO_DATES if not row["dated"] else NO_ELEMENT if row["planned"] else NO_BUDGET
    return {"template": template, "details": {"project": row["project_key"], "tasks": row["tasks"]}}
