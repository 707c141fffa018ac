"""Rows at fault: what stands behind a number at its data date, with file, line and owner. Every query is parameterised.

Rows have: measure_key, project_key, module, phase, row_key, row_label, amount, counts_from, owner, file_name, source_row,
batch_id. The rows of measures are read up to MOST_READ; `rows_in_all` says how many there are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from models.builds.snapshot import Snapshot
from models.kpis.site_values import facts_with_sites
from models.kpis.standing import day_of
from models.reference.currencies import translation
from models.vocabulary import PeriodKind

MOST_READ = 2000  # a set to mend beyond that is a project to turn around, not a list to work off
_PLACE = """
    inner join dim_projects as projects on facts.project_key = projects.project_key
    left join dim_batches as batches on facts.batch_id = batches.batch_id
    where list_contains($projects, facts.project_key)
"""
_PART = """
        and ($module = '*' or facts.module = $module) and ($phase = '*' or facts.phase = $phase)
        and not list_contains($left_out, facts.project_key)
        and not list_contains($left_out, facts.project_key || '/' || facts.module)
"""
_TOLD = "facts.project_key, facts.module, facts.phase, batches.file_name, facts.source_row, facts.batch_id"
_STANDS = "/* stands on */"  # the day at which the KPI stands, filled in when it is asked
_COUNTED = f"""
    from kpi_measure_rows as facts
    inner join dim_measures on facts.measure_key = dim_measures.measure_key
    {_PLACE} {_PART}
        and list_contains($measures, facts.measure_key)
        and facts.counts_from <= {_STANDS}
        and (facts.counts_until is null or facts.counts_until > {_STANDS})
        and (not dim_measures.is_in_period or facts.counts_from >= $period_start)
"""
_MEASURE_ROWS = f"""
    select
        {_TOLD}, facts.measure_key, facts.counts_from, facts.fact, cast(facts.amount as double) as amount, facts.row_key,
        facts.row_label, facts.wbs_code, count(*) over () as rows_in_all
    {_COUNTED}
        and (len($elements) = 0 or list_contains($elements, facts.wbs_code))
    order by
        list_position($measures, facts.measure_key), abs(facts.amount) desc, facts.counts_from desc, facts.batch_id,
        facts.source_row
    limit {MOST_READ}
"""
_ELEMENTS = f"""
    select
        facts.project_key, facts.wbs_code as row_key, facts.measure_key, sum(facts.amount) as amount,
        arg_max(facts.module, abs(facts.amount)) as module, arg_max(facts.phase, abs(facts.amount)) as phase,
        arg_max(batches.file_name, abs(facts.amount)) as file_name, arg_max(facts.source_row, abs(facts.amount)) as source_row,
        arg_max(facts.batch_id, abs(facts.amount)) as batch_id
    {_COUNTED}
    group by 1, 2, 3
    order by 1, 2
"""
_FAILED_CASES = f"""
    select
        {_TOLD}, 'cases_executed' as measure_key, facts.case_name as row_key, facts.suite as row_label,
        facts.run_on as counts_from, 1.0 as amount, facts.outcome
    from fct_test_results as facts
    {_PLACE} {_PART}
        and facts.outcome in ('failed', 'error')
        and facts.round_on <= least($period_end, projects.status_on)
        and (facts.superseded_on is null or facts.superseded_on > least($period_end, projects.status_on))
    order by facts.module, facts.suite, facts.case_name
"""
_MODULES = f"""
    select
        {_TOLD}, 'lines_covered' as measure_key, facts.module as row_key, facts.run_id as row_label,
        facts.measured_on as counts_from, facts.lines_valid - facts.lines_covered as amount, facts.lines_valid,
        facts.lines_covered
    from fct_coverage as facts
    {_PLACE} {_PART}
        and facts.measured_on <= least($period_end, projects.status_on)
        and (facts.superseded_on is null or facts.superseded_on > least($period_end, projects.status_on))
        and facts.lines_valid > facts.lines_covered
    order by amount desc, facts.module
"""
_LATE_TASKS = f"""
    select
        {_TOLD}, 'earned_value' as measure_key, facts.task_id as row_key, facts.task_name as row_label,
        tasks.baseline_finish as counts_from, facts.progress,
        cast(facts.budget_at_completion - coalesce(facts.earned_value, 0) as double) as amount
    from fct_earned_value as facts
    inner join fct_schedule_tasks as tasks
        on facts.project_key = tasks.project_key and facts.task_id = tasks.task_id and facts.batch_id = tasks.batch_id
        and facts.source_row = tasks.source_row
    {_PLACE} {_PART}
        and facts.status_on <= least($period_end, projects.status_on)
        and (facts.superseded_on is null or facts.superseded_on > least($period_end, projects.status_on))
        and tasks.baseline_finish <= least($period_end, projects.status_on)
        and facts.budget_at_completion > coalesce(facts.earned_value, 0)
    order by amount desc, tasks.baseline_finish, facts.task_id
"""
_MISSING_DAYS = f"""
    select
        {_TOLD}, 'hours_required' as measure_key, facts.person as row_key, facts.department as row_label,
        facts.work_date as counts_from, facts.person as owner,
        cast(facts.required_hours - facts.credited_hours as double) as amount
    from fct_person_days as facts
    {_PLACE}
        and facts.work_date between $period_start and least($period_end, projects.status_on)
        and facts.required_hours > facts.credited_hours
    order by amount desc, facts.work_date, facts.person
"""
_SITES_NOT_LIVE = f"""
    select
        {_TOLD}, 'sites_planned_live' as measure_key, facts.site as row_key, facts.site_name as row_label,
        facts.planned_live_on as counts_from, 1.0 as amount
    from fct_sites as facts
    {_PLACE}
        and facts.planned_live_on <= least($period_end, projects.status_on)
        and (facts.actual_live_on is null or facts.actual_live_on > least($period_end, projects.status_on))
    order by facts.planned_live_on, facts.site
"""
_RISKS_DUE = """
    select
        facts.project_key, facts.risk_id as row_key, facts.title as row_label, facts.review_on as counts_from, facts.owner,
        cast(facts.impact_cost as double) as amount, batches.file_name, facts.source_row, facts.batch_id
    from fct_risks as facts
    inner join dim_projects as projects on facts.project_key = projects.project_key
    left join dim_batches as batches on facts.batch_id = batches.batch_id
    where list_contains($projects, facts.project_key) and facts.review_on < $period_end
        and (facts.closed_on is null or facts.closed_on > projects.status_on) and coalesce(facts.status, 'open') <> 'closed'
    order by facts.review_on, facts.risk_id
"""
_TASKS = f"""
    select
        {_TOLD}, facts.task_id as row_key, facts.task_name as row_label, facts.baseline_finish as counts_from,
        cast(facts.baseline_days as double) as amount
    from fct_schedule_tasks as facts
    {_PLACE} and facts.status_on = $period_end and list_contains($keys, facts.task_id)
    order by list_position($keys, facts.task_id), facts.source_row
"""
_DEFECTS_OF_WEEKS = f"""
    select
        {_TOLD}, facts.issue_key as row_key, facts.summary as row_label, facts.created_on as counts_from, 1.0 as amount,
        facts.assignee as owner
    from fct_issues as facts
    {_PLACE} and facts.is_confirmed_defect and facts.created_on between $period_start and $period_end
        and (facts.open_until is null or facts.open_until > $period_end)
    order by
        array_position(['fatal', 'serious', 'normal', 'minor', 'suggestion'], facts.severity) nulls last, facts.created_on,
        facts.issue_key
"""
QUERIES = {
    "measure_rows": _MEASURE_ROWS,
    "elements": _ELEMENTS,
    "failed_cases": _FAILED_CASES,
    "modules": _MODULES,
    "late_tasks": _LATE_TASKS,
    "missing_days": _MISSING_DAYS,
    "sites_not_live": _SITES_NOT_LIVE,
    "risks_due": _RISKS_DUE,
    "tasks": _TASKS,
    "defects_of_weeks": _DEFECTS_OF_WEEKS,
}
_FACT_OF = {"late_tasks": "fct_schedule_tasks", "tasks": "fct_schedule_tasks", "sites_not_live": "fct_sites"}
_FACT_NAME = re.compile(
    r"fct_[a-z_]+"
)  # a table cannot be a parameter: only names of this shape, from the build itself


@dataclass(frozen=True)
class Place:
    """Where and when rows count: what a value in kpi_values was made of. "*" for a dimension that it does not have."""

    projects: list[str]
    period_start: dt.date
    period_end: dt.date
    module: str = "*"
    phase: str = "*"
    left_out: tuple[str, ...] = ()
    site: str = "*"
    dated: str | None = None


def rows_of(snapshot: Snapshot, query: str, place: Place, **more: object) -> list[dict[str, Any]]:
    """Every row of one of QUERIES, in its order. more: measures or keys, where the query asks for them."""
    sql = QUERIES[query].replace(_STANDS, day_of(place.dated, PeriodKind.MONTH))
    rate = translation(snapshot, place.projects, "least($period_end, projects.status_on)", "facts.project_key")
    if rate and query in (
        "measure_rows",
        "elements",
    ):  # amounts of several currencies are compared in the reporting one
        in_one = f"(facts.amount * case when dim_measures.is_money then 1.0 {rate} else 1.0 end)"
        sql = sql.replace("facts.amount", in_one)
    given = {**asdict(place), "left_out": list(place.left_out), "elements": [], **more}
    rows = snapshot.query(
        sql, {name: value for name, value in given.items() if re.search(rf"\${name}\b", sql)}
    ).to_dicts()
    return _with_assignees(snapshot, rows if place.site == "*" else _of_site(snapshot, rows, query, place))


def _of_site(snapshot: Snapshot, rows: Sequence[dict[str, Any]], query: str, place: Place) -> list[dict[str, Any]]:
    """The rows that name the site, by its key or its name."""
    places: dict[str, set[tuple[str, int]]] = {}
    with_sites = facts_with_sites(snapshot)
    for fact in {row.get("fact") or _FACT_OF.get(query, "") for row in rows} & with_sites:
        found = snapshot.query(
            f"""
            select batch_id, source_row from {fact}
            where list_contains($projects, project_key) and (
                site = $site or site in (select site_name from fct_sites where fct_sites.site = $site)
                or site in (select sites.site from fct_sites as sites where sites.site_name = $site)
            )
            """,
            {"projects": place.projects, "site": place.site},
        )
        places[fact] = set(found.iter_rows())
    kept = [
        row
        for row in rows
        if (row["batch_id"], row["source_row"]) in places.get(row.get("fact") or _FACT_OF.get(query, ""), ())
    ]
    return [row | {"rows_in_all": len(kept)} for row in kept]


def batches_of(snapshot: Snapshot, project_key: str, feed: str, most: int) -> list[dict[str, Any]]:
    """The newest batches from which a project's rows of a feed came, each a row: amount its number of rows."""
    facts = snapshot.query(
        "select distinct fact from feed_freshness where feed = $feed and project_key = $project order by 1",
        {"feed": feed, "project": project_key},
    )["fact"].to_list()
    fact = next((name for name in facts if _FACT_NAME.fullmatch(name)), None)
    if fact is None:
        return []
    return snapshot.query(
        f"""
        select
            facts.project_key, facts.batch_id as row_key, max(batches.source_system) as row_label,
            max(coalesce(batches.covers_to, cast(timezone(projects.time_zone, timezone('UTC', batches.exported_at)) as date)))
                as counts_from,
            cast(count(*) as double) as amount, max(batches.file_name) as file_name,
            cast(null as bigint) as source_row, facts.batch_id
        from {fact} as facts
        inner join dim_batches as batches on facts.batch_id = batches.batch_id
        inner join dim_projects as projects on facts.project_key = projects.project_key
        where facts.project_key = $project
        group by facts.project_key, facts.batch_id
        order by max(batches.landed_at) desc, facts.batch_id desc
        limit {int(most)}
        """,
        {"project": project_key},
    ).to_dicts()


def _with_assignees(snapshot: Snapshot, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with `owner`: of issues their assignee."""
    issues = sorted({row["row_key"] for row in rows if row.get("fact") == "fct_issues" and row["row_key"]})
    named = {}
    if issues:
        found = snapshot.query(
            "select issue_key, assignee from fct_issues where assignee is not null and list_contains($keys, issue_key)",
            {"keys": issues},
        )
        named = dict(found.iter_rows())
    return [{"owner": named.get(row["row_key"])} | row for row in rows]
