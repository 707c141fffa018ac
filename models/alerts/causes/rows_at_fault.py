"""Rows at fault: what stands behind a number at its data date, with file, line and owner. Every query is parameterised.

A query finds the rows of many numbers at once: `asked` has one row per number and project that it is made of.

Rows have: measure_key, project_key, module, phase, row_key, row_label, amount, counts_from, owner, file_name, source_row,
batch_id. The rows of measures are read up to MOST_READ; `rows_in_all` says how many there are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.builds.snapshot import Snapshot
from models.kpis.site_values import facts_with_sites
from models.kpis.standing import day_of
from models.reference.currencies import translation
from models.vocabulary import PeriodKind

MOST_READ = 2000  # a set to mend beyond that is a project to turn around, not a list to work off
_ASKED = """
    with asked as (
        select unnested.*, {stands_on} as stands_on, least(unnested.period_end, projects.status_on) as until
        from (
            select
                unnest(cast($numbers as integer[])) as number, unnest(cast($projects as varchar[])) as project_key,
                unnest(cast($starts as date[])) as period_start, unnest(cast($ends as date[])) as period_end,
                unnest(cast($modules as varchar[])) as module, unnest(cast($phases as varchar[])) as phase,
                unnest(cast($datings as varchar[])) as dated, unnest(cast($left_out as varchar[][])) as left_out,
                unnest(cast($names as varchar[][])) as names, unnest(cast($elements as varchar[][])) as elements
        ) as unnested
        inner join dim_projects as projects using (project_key)
    )
"""
_PLACE = """
    inner join asked on facts.project_key = asked.project_key
    inner join dim_projects as projects on facts.project_key = projects.project_key
    left join dim_batches as batches on facts.batch_id = batches.batch_id
    where true
"""
_PART = """
        and (asked.module = '*' or facts.module = asked.module) and (asked.phase = '*' or facts.phase = asked.phase)
        and not list_contains(asked.left_out, facts.project_key)
        and not list_contains(asked.left_out, facts.project_key || '/' || facts.module)
"""
_TOLD = "facts.project_key, facts.module, facts.phase, batches.file_name, facts.source_row, facts.batch_id"
_COUNTED = f"""
    from kpi_measure_rows as facts
    inner join dim_measures on facts.measure_key = dim_measures.measure_key
    {_PLACE} {_PART}
        and list_contains($every_name, facts.measure_key) and list_contains(asked.names, facts.measure_key)
        and facts.counts_from <= asked.stands_on
        and (facts.counts_until is null or facts.counts_until > asked.stands_on)
        and (not dim_measures.is_in_period or facts.counts_from >= asked.period_start)
"""
_WEIGHT = """
    list_position(asked.names, facts.measure_key), abs(facts.amount) desc, facts.counts_from desc, facts.batch_id,
    facts.source_row
"""
_MEASURE_ROWS = f"""
    select
        {_TOLD}, facts.measure_key, facts.counts_from, facts.fact, cast(facts.amount as double) as amount, facts.row_key,
        facts.row_label, facts.wbs_code, count(*) over (partition by asked.number) as rows_in_all, asked.number
    {_COUNTED}
        and (len(asked.elements) = 0 or list_contains(asked.elements, facts.wbs_code))
    qualify row_number() over (partition by asked.number order by {_WEIGHT}) <= {MOST_READ}
    order by asked.number, {_WEIGHT}
"""
_ELEMENTS = f"""
    select
        facts.project_key, facts.wbs_code as row_key, facts.measure_key, sum(facts.amount) as amount,
        arg_max(facts.module, abs(facts.amount)) as module, arg_max(facts.phase, abs(facts.amount)) as phase,
        arg_max(batches.file_name, abs(facts.amount)) as file_name, arg_max(facts.source_row, abs(facts.amount)) as source_row,
        arg_max(facts.batch_id, abs(facts.amount)) as batch_id, asked.number
    {_COUNTED}
    group by all
    order by asked.number, 1, 2, 3
"""
_FAILED_CASES = f"""
    select
        {_TOLD}, 'cases_executed' as measure_key, facts.case_name as row_key, facts.suite as row_label,
        facts.run_on as counts_from, 1.0 as amount, facts.outcome, asked.number
    from fct_test_results as facts
    {_PLACE} {_PART}
        and facts.outcome in ('failed', 'error')
        and facts.round_on <= asked.until
        and (facts.superseded_on is null or facts.superseded_on > asked.until)
    order by asked.number, facts.module, facts.suite, facts.case_name
"""
_MODULES = f"""
    select
        {_TOLD}, 'lines_covered' as measure_key, facts.module as row_key, facts.run_id as row_label,
        facts.measured_on as counts_from, facts.lines_valid - facts.lines_covered as amount, facts.lines_valid,
        facts.lines_covered, asked.number
    from fct_coverage as facts
    {_PLACE} {_PART}
        and facts.measured_on <= asked.until
        and (facts.superseded_on is null or facts.superseded_on > asked.until)
        and facts.lines_valid > facts.lines_covered
    order by asked.number, amount desc, facts.module
"""
_LATE_TASKS = f"""
    select
        {_TOLD}, 'earned_value' as measure_key, facts.task_id as row_key, facts.task_name as row_label,
        tasks.baseline_finish as counts_from, facts.progress,
        cast(facts.budget_at_completion - coalesce(facts.earned_value, 0) as double) as amount, asked.number
    from fct_earned_value as facts
    inner join fct_schedule_tasks as tasks
        on facts.project_key = tasks.project_key and facts.task_id = tasks.task_id and facts.batch_id = tasks.batch_id
        and facts.source_row = tasks.source_row
    {_PLACE} {_PART}
        and facts.status_on <= asked.until
        and (facts.superseded_on is null or facts.superseded_on > asked.until)
        and tasks.baseline_finish <= asked.until
        and facts.budget_at_completion > coalesce(facts.earned_value, 0)
    order by asked.number, amount desc, tasks.baseline_finish, facts.task_id
"""
_MISSING_DAYS = f"""
    select
        {_TOLD}, 'hours_required' as measure_key, facts.person as row_key, facts.department as row_label,
        facts.work_date as counts_from, facts.person as owner,
        cast(facts.required_hours - facts.credited_hours as double) as amount, asked.number
    from fct_person_days as facts
    {_PLACE}
        and facts.work_date between asked.period_start and asked.until
        and facts.required_hours > facts.credited_hours
    order by asked.number, amount desc, facts.work_date, facts.person
"""
_SITES_NOT_LIVE = f"""
    select
        {_TOLD}, 'sites_planned_live' as measure_key, facts.site as row_key, facts.site_name as row_label,
        facts.planned_live_on as counts_from, 1.0 as amount, asked.number
    from fct_sites as facts
    {_PLACE}
        and facts.planned_live_on <= asked.until
        and (facts.actual_live_on is null or facts.actual_live_on > asked.until)
    order by asked.number, facts.planned_live_on, facts.site
"""
_RISKS_DUE = f"""
    select
        facts.project_key, facts.risk_id as row_key, facts.title as row_label, facts.review_on as counts_from, facts.owner,
        cast(facts.impact_cost as double) as amount, batches.file_name, facts.source_row, facts.batch_id, asked.number
    from fct_risks as facts
    {_PLACE} and facts.review_on < asked.period_end
        and (facts.closed_on is null or facts.closed_on > projects.status_on) and coalesce(facts.status, 'open') <> 'closed'
    order by asked.number, facts.review_on, facts.risk_id
"""
_TASKS = f"""
    select
        {_TOLD}, facts.task_id as row_key, facts.task_name as row_label, facts.baseline_finish as counts_from,
        cast(facts.baseline_days as double) as amount, asked.number
    from fct_schedule_tasks as facts
    {_PLACE} and facts.status_on = asked.period_end and list_contains(asked.names, facts.task_id)
    order by asked.number, list_position(asked.names, facts.task_id), facts.source_row
"""
_DEFECTS_OF_WEEKS = f"""
    select
        {_TOLD}, facts.issue_key as row_key, facts.summary as row_label, facts.created_on as counts_from, 1.0 as amount,
        facts.assignee as owner, asked.number
    from fct_issues as facts
    {_PLACE} and facts.is_confirmed_defect and facts.created_on between asked.period_start and asked.period_end
        and (facts.open_until is null or facts.open_until > asked.period_end)
    order by
        asked.number, array_position(['fatal', 'serious', 'normal', 'minor', 'suggestion'], facts.severity) nulls last,
        facts.created_on,
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
_OF_MEASURES = ("measure_rows", "elements")
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


@dataclass(frozen=True)
class Wanted:
    """What is asked of one of QUERIES for a place. names: measures or keys, where it asks for them; elements: only these."""

    query: str
    place: Place
    names: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()


def rows_of(snapshot: Snapshot, query: str, wanted: Sequence[Wanted]) -> list[list[dict[str, Any]]]:
    """For each of these, all of one of QUERIES, every row in its order."""
    found: list[list[dict[str, Any]]] = [[] for _ in wanted]
    # amounts of several currencies are compared in the reporting one
    rates = [
        translation(snapshot, asked.place.projects, "asked.until", "facts.project_key") if query in _OF_MEASURES else ""
        for asked in wanted
    ]
    for rate in dict.fromkeys(rates):
        numbers = [number for number, own in enumerate(rates) if own == rate]
        for row in _read(snapshot, query, {number: wanted[number] for number in numbers}, rate):
            found[row.pop("number")].append(row)
    found = [
        rows if asked.place.site == "*" else _of_site(snapshot, rows, query, asked.place)
        for rows, asked in zip(found, wanted, strict=True)
    ]
    return _with_assignees(snapshot, found)


def _read(snapshot: Snapshot, query: str, wanted: Mapping[int, Wanted], rate: str) -> list[dict[str, Any]]:
    sql = QUERIES[query]
    if rate:
        in_one = f"(facts.amount * case when dim_measures.is_money then 1.0 {rate} else 1.0 end)"
        sql = sql.replace("facts.amount", in_one)
    datings = {asked.place.dated for asked in wanted.values() if asked.place.dated}
    days = {dated: day_of(dated, PeriodKind.MONTH).replace("$period_end", "unnested.period_end") for dated in datings}
    cases = " ".join(f"when '{dated}' then {day}" for dated, day in days.items())
    usual = "least(unnested.period_end, projects.status_on)"
    stands_on = f"case dated {cases} else {usual} end" if cases else usual
    every = [(number, asked, key) for number, asked in wanted.items() for key in asked.place.projects]
    given: dict[str, Any] = {
        "numbers": [number for number, _, _ in every],
        "projects": [key for _, _, key in every],
        "starts": [asked.place.period_start for _, asked, _ in every],
        "ends": [asked.place.period_end for _, asked, _ in every],
        "modules": [asked.place.module for _, asked, _ in every],
        "phases": [asked.place.phase for _, asked, _ in every],
        "datings": [asked.place.dated for _, asked, _ in every],
        "left_out": [list(asked.place.left_out) for _, asked, _ in every],
        "names": [list(asked.names) for _, asked, _ in every],
        "elements": [list(asked.elements) for _, asked, _ in every],
    }
    if "$every_name" in sql:
        given["every_name"] = sorted({name for asked in wanted.values() for name in asked.names})
    return snapshot.query(_ASKED.format(stands_on=stands_on) + sql, given).to_dicts()


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


def _with_assignees(snapshot: Snapshot, found: Sequence[Sequence[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """The rows with `owner`: of issues their assignee."""
    issues = {row["row_key"] for rows in found for row in rows if row.get("fact") == "fct_issues" and row["row_key"]}
    named = {}
    if issues:
        assigned = snapshot.query(
            "select issue_key, assignee from fct_issues where assignee is not null and issue_key in (select unnest($keys))",
            {"keys": sorted(issues)},
        )
        named = dict(assigned.iter_rows())
    return [[{"owner": named.get(row["row_key"])} | row for row in rows] for rows in found]
