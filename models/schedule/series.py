"""What the schedule pages draw over time: the buffer, milestones, schedule performance in time, the burn-up of the work."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from models.builds.snapshot import Snapshot
from models.kpis.catalogue import catalogue
from models.kpis.levels import levels_sql, status_sql
from models.schedule.earned_schedule import TimePerformance, TimeStatus, forecast_finish
from models.schedule.network import ProjectSchedule, task_rows

WHOLE_PROJECT = "*"
_BUFFER = "buffer_consumption"
_NO_SCOPE = ("defect", "bug", "epic", "sub_task", "change_request", "risk", "support ticket")
_ITEMS = """
        select
            issue_key, summary, created_on,
            case when is_completed_item then completed_on end as done_on,
            is_scope and is_after_freeze as is_late_scope,
            estimated_days, batch_id, source_row
        from fct_issues
        where project_key = $project and not is_deleted and created_on is not null
            and coalesce(issue_type, '') not in (select unnest($no_scope))
            and coalesce(resolution, '') not in (select unnest($void))
            and coalesce(status_category, '') <> 'cancelled'
"""
_VOID = ("as_designed", "duplicate", "cannot_reproduce", "to_requirement", "cancelled", "invalid", "third_party")


def buffer_zones(snapshot: Snapshot) -> dict[str, tuple[float, float]]:
    """{warning, critical: the level of a share of buffer used at the start of the chain and at its end}; between, it slopes."""
    sums = pl.DataFrame(
        {
            "chain_days": [1.0, 1.0],
            "chain_days_done": [0.0, 1.0],
            "buffer_days": [1.0, 1.0],
            "buffer_days_used": [0.0, 0.0],
        }
    )
    judged = judged_buffers(snapshot, sums)
    return {"warning": tuple(judged["warning_at"]), "critical": tuple(judged["critical_at"])}


def judged_buffers(snapshot: Snapshot, sums: pl.DataFrame) -> pl.DataFrame:
    """`sums` with buffer_share, warning_at, critical_at and status, by the formula and the levels of the KPI.

    sums: its terms, in working days, one row each.
    """
    kpi = catalogue(snapshot)[_BUFFER]
    names = ", ".join(f"unnest(${name}) as {name}" for name in kpi.measures)
    return pl.concat(
        [
            sums.drop(kpi.measures),
            snapshot.query(
                f"""
                select *, {status_sql(kpi)} as status
                from (
                    select
                        terms.*,
                        {kpi.formula_sql} as value,
                        value as buffer_share,
                        {kpi.numerator_sql} as numerator,
                        {kpi.denominator_sql} as denominator,
                        {levels_sql(kpi, [])}
                    from (select {names}, generate_subscripts($buffer_days, 1) as place) as terms
                )
                order by place
                """,
                {name: sums[name].to_list() for name in kpi.measures},
            ),
        ],
        how="horizontal",
    )


def buffer_history(snapshot: Snapshot, project_key: str) -> pl.DataFrame:
    """Chain done and buffer used at each data date, of the project and of each wave that has a buffer of its own.

    Columns: status_on, part (`*` for the project, else the wave), chain_share, buffer_share (0 … 1, more once overdrawn),
    buffer_days, buffer_days_used (working days), warning_at, critical_at (shares), status. Empty without a buffer task.
    The sums are those of the KPI buffer_consumption; a wave's chain is the tasks of its sites.
    """
    waves = snapshot.query(
        "select distinct site, wave from fct_sites where project_key = $project and site is not null",
        {"project": project_key},
    ).unique("site", keep="first", maintain_order=True)
    sums = buffer_sums(task_rows(snapshot, project_key), waves)
    return judged_buffers(snapshot, sums).select(
        "status_on", "part", "chain_share", "buffer_share", "buffer_days", "buffer_days_used",
        "warning_at", "critical_at", "status",
    )  # fmt: skip


def buffer_sums(rows: pl.DataFrame, waves: pl.DataFrame) -> pl.DataFrame:
    """Days of buffer and chain by data date and part, of rows of fct_schedule_tasks. waves: site, wave.

    Columns: status_on, part, buffer_days, buffer_days_used, chain_days, chain_days_done, chain_share.

    A buffer belongs to the wave of its site, to the wave that stands in place of a site, or to the one that its name names.
    """
    names = sorted(waves["wave"].drop_nulls().unique().to_list(), key=lambda name: (-len(name), name))
    named = {task: wave_named(task, names) for task in rows.filter("is_buffer")["task_name"].drop_nulls().unique()}
    placed = rows.join(waves.select("site", "wave"), on="site", how="left", maintain_order="left").with_columns(
        wave=pl.when(pl.col("wave").is_not_null() | ~pl.col("is_buffer"))
        .then("wave")
        .when(pl.col("site").is_in(names))
        .then("site")
        .otherwise(pl.col("task_name").replace_strict(named, default=None, return_dtype=pl.String))
    )
    whole = placed.with_columns(part=pl.lit(WHOLE_PROJECT))
    parts = pl.concat([whole, placed.filter(pl.col("wave").is_not_null()).with_columns(part="wave")])
    return (
        parts.group_by("status_on", "part")
        .agg(pl.col("buffer_days", "buffer_days_used", "chain_days", "chain_days_done").sum())
        .filter(pl.col("buffer_days") > 0)
        .sort("part", "status_on")
        .with_columns(
            chain_share=pl.when(pl.col("chain_days") > 0).then(pl.col("chain_days_done") / pl.col("chain_days"))
        )
        .drop_nulls("chain_share")
    )


def wave_named(task_name: str, waves: Sequence[str]) -> str | None:
    """The wave that a task's name names: by its code as a word of its own, or a number as in 第2波, Wave 2, W2."""
    for wave in waves:
        shape = rf"(?<![0-9A-Za-z]){re.escape(wave)}(?![0-9A-Za-z])"
        if wave.isdigit():
            shape = rf"第\s*{wave}\s*[波批期]|(?:wave|批次|波次|\bw)\s*{wave}(?!\d)"
        if re.search(shape, task_name, re.IGNORECASE):
            return wave
    return None


def milestones(snapshot: Snapshot, project_key: str, contract_finish: dt.date | None) -> pl.DataFrame:
    """Milestones at every data date; where the schedule names none, the ends of its phases stand for them.

    Columns: status_on, milestone_key, name, milestone_type (null for the end of a phase), phase, baseline_finish,
    finish (actual, else forecast, else baseline), is_reached, slip_days (calendar days against the baseline, later positive),
    contract_slip_days (against the contract's finish; negative: earlier). In the order of the baseline, oldest data date first.
    """
    rows = task_rows(snapshot, project_key).filter(~pl.col("is_buffer"))
    finish = pl.coalesce("actual_finish", "forecast_finish", "baseline_finish")
    named = rows.filter(pl.col("milestone_type").is_not_null())
    if named.height:
        found = named.select(
            "status_on",
            pl.col("task_id").alias("milestone_key"),
            pl.col("task_name").alias("name"),
            "milestone_type",
            "phase",
            "baseline_finish",
            finish.alias("finish"),
            pl.col("actual_finish").is_not_null().alias("is_reached"),
        )
    else:
        found = (
            rows.filter(~pl.col("phase").is_in(["unallocated", "initiation"]))  # work that runs along ends no phase
            .group_by("status_on", "phase")
            .agg(
                pl.col("baseline_finish").max(),
                finish.max().alias("finish"),
                pl.col("actual_finish").is_not_null().all().alias("is_reached"),
            )
            .select(
                "status_on",
                pl.col("phase").alias("milestone_key"),
                pl.lit(None, pl.String).alias("name"),
                pl.lit(None, pl.String).alias("milestone_type"),
                "phase",
                "baseline_finish",
                "finish",
                "is_reached",
            )
        )
    contract = pl.lit(contract_finish, pl.Date)
    return found.with_columns(
        slip_days=(pl.col("finish") - pl.col("baseline_finish")).dt.total_days(),
        contract_slip_days=(pl.col("finish") - contract).dt.total_days(),
    ).sort("status_on", "baseline_finish", "milestone_key", nulls_last=True)


@dataclass(frozen=True)
class TimeForecast:
    """Where the pace in time leads. performance: of the newest data date, in months. forecast_on: None while unknown."""

    status_on: dt.date
    starts_on: dt.date
    planned_finish: dt.date
    performance: TimePerformance
    forecast_on: dt.date | None


def time_forecast(snapshot: Snapshot, project_key: str) -> TimeForecast | None:
    """The forecast finish by earned schedule: start + planned duration ÷ SPI(t); None where nothing is earned by data dates.

    Start and planned finish are the first and last day of the plan's months; index and variance by the formulas of their KPIs.
    """
    kpis = catalogue(snapshot)
    index, variance = kpis["schedule_performance_index_time"], kpis["schedule_variance_time"]
    rows = snapshot.query(
        f"""
        select
            earned.status_on, starts_on, ends_on,
            cast(planned_months as double) as planned_months,
            cast(earned_schedule as double) as earned_schedule,
            cast(actual_time as double) as actual_time,
            {variance.formula_sql} as variance,
            case when {index.too_early_sql} is null then {index.formula_sql} end as index,
            coalesce(projects.actual_finish_on <= earned.status_on, false) as is_finished
        from fct_earned_schedule as earned
        inner join dim_projects as projects using (project_key)
        where earned.project_key = $project
        order by earned.status_on desc
        limit 1
        """,
        {"project": project_key},
    )
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    found = row["index"]
    rated = TimeStatus.TOO_EARLY if found is None else TimeStatus.RATED
    performance = TimePerformance(
        status=TimeStatus.FINISHED if row["is_finished"] else rated,
        earned_schedule=row["earned_schedule"],
        actual_time=row["actual_time"],
        planned_duration=row["planned_months"],
        schedule_variance_time=row["variance"],
        schedule_performance_index_time=found,
        forecast_duration=row["planned_months"] / found if found else None,
    )
    forecast = None if row["is_finished"] else forecast_finish(row["starts_on"], row["ends_on"], performance)
    return TimeForecast(row["status_on"], row["starts_on"], row["ends_on"], performance, forecast)


def time_index_if(forecast: TimeForecast | None, finish: dt.date | None) -> float | None:
    """SPI(t) at completion if the project finishes on that day: planned days ÷ days until then, both from the start."""
    if forecast is None or finish is None or finish < forecast.starts_on:
        return None
    planned = (forecast.planned_finish - forecast.starts_on).days + 1
    return planned / ((finish - forecast.starts_on).days + 1)


def burn_up(snapshot: Snapshot, project_key: str) -> pl.DataFrame:
    """Work done against the scope, week by week up to the project's status date.

    Columns: week_end, scope_items, done_items (counts), scope_days, done_days (estimated person-days), unestimated_items,
    late_scope_items (requirements and stories raised after the freeze).
    Scope: every item that is asked for or to be done — not defects, epics, sub-tasks, change requests, nor what was called off —
    from the day it was raised.
    """
    return snapshot.query(
        f"""
        with items as ({_ITEMS}),
        bounds as (
            select min(created_on) as first_on, coalesce(max(projects.status_on), max(created_on)) as last_on
            from items
            left join dim_projects as projects on projects.project_key = $project
        ),
        weeks as (
            select distinct dates.week_end, least(dates.week_end, bounds.last_on) as counted_on
            from dim_dates as dates
            inner join bounds on dates.calendar_date between bounds.first_on and bounds.last_on
        )
        select
            weeks.week_end,
            count(*) filter (where items.created_on <= counted_on) as scope_items,
            count(*) filter (where items.done_on <= counted_on) as done_items,
            coalesce(sum(items.estimated_days) filter (where items.created_on <= counted_on), 0.0) as scope_days,
            coalesce(sum(items.estimated_days) filter (where items.done_on <= counted_on), 0.0) as done_days,
            count(*) filter (where items.created_on <= counted_on and items.estimated_days is null) as unestimated_items,
            count(*) filter (where items.created_on <= counted_on and items.is_late_scope) as late_scope_items
        from weeks
        cross join items
        group by weeks.week_end
        order by weeks.week_end
        """,
        _of_project(project_key),
    )


def _of_project(project_key: str) -> dict[str, object]:
    return {"project": project_key, "no_scope": list(_NO_SCOPE), "void": list(_VOID)}


def burn_up_items(snapshot: Snapshot, project_key: str, week_end: dt.date, only_done: bool) -> pl.DataFrame:
    """The items behind a week of `burn_up`, the newest first: those raised by its end, or those done by it.

    Columns: issue_key, summary, created_on, done_on (null after that week), is_late_scope, estimated_days, file_name, source_row.
    """
    return snapshot.query(
        f"""
        with items as ({_ITEMS}),
        bounds as (
            select least($week_end, coalesce(max(status_on), (select max(created_on) from items))) as counted_on
            from dim_projects where project_key = $project
        )
        select
            issue_key, summary, created_on, case when done_on <= counted_on then done_on end as done_on,
            coalesce(is_late_scope, false) as is_late_scope, estimated_days, file_name, source_row
        from items
        cross join bounds
        left join dim_batches as batches using (batch_id)
        where created_on <= counted_on and (done_on <= counted_on or not $only_done)
        order by coalesce(case when done_on <= counted_on then done_on end, created_on) desc, issue_key
        """,
        _of_project(project_key) | {"week_end": week_end, "only_done": only_done},
    )


def slip_origins(planned: ProjectSchedule) -> pl.DataFrame:
    """Where the delay so far came from: begun tasks that are later than their predecessors made them, the largest first.

    Columns: task_id, task_name, phase, slip_days (what has happened: of a finished task its finish, of a running one its start or
    the days it is overdue, in calendar days against the baseline), own_slip_days (beyond the largest slip of its predecessors,
    at least 1). Tasks without any link are left out: they run along with the project and hand nothing on.
    """
    overdue = (pl.col("status_on") - pl.col("baseline_finish")).dt.total_days()
    late_start = (pl.col("actual_start") - pl.col("baseline_start")).dt.total_days()
    slip = (
        pl.when(pl.col("actual_finish").is_not_null())
        .then("finish_slip_days")
        .when(pl.col("actual_start").is_not_null())
        .then(pl.max_horizontal(late_start, overdue))
    )
    work = planned.tasks.filter(~pl.col("is_buffer") & ~pl.col("is_summary").fill_null(False)).with_columns(
        slip_days=slip
    )
    handed = dict(work.select("task_id", pl.col("finish_slip_days").fill_null(0).clip(0)).iter_rows())
    links = planned.schedule.network.links
    ids = planned.schedule.network.tasks["task_id"].to_list()
    received: dict[str, int] = {}
    linked = set()
    for before, after in zip(links.predecessor.tolist(), links.successor.tolist(), strict=True):
        linked |= {ids[row] for row in (before, after) if row < len(ids)}
        if before < len(ids) and after < len(ids):
            received[ids[after]] = max(received.get(ids[after], 0), handed.get(ids[before], 0))
    before_it = pl.DataFrame(
        {"task_id": list(received), "received": list(received.values())},
        schema={"task_id": pl.String, "received": pl.Int64},
    )
    return (
        work.filter(pl.col("task_id").is_in(list(linked)))
        .join(before_it, on="task_id", how="left", maintain_order="left")
        .with_columns(own_slip_days=pl.col("slip_days") - pl.col("received").fill_null(0))
        .filter(pl.col("own_slip_days") > 0)
        .select("task_id", "task_name", "phase", "slip_days", "own_slip_days")
        .sort("own_slip_days", "task_id", descending=[True, False])
    )


def third_party_defects(snapshot: Snapshot, project_key: str) -> dict[str, int]:
    """{total, open, recent}: defects whose cause lies with a third party (devices, other systems); recent: raised in the last
    90 days before the status date."""
    rows = snapshot.query(
        """
        select
            count(*) as total,
            count(*) filter (where issues.open_until is null) as open,
            count(*) filter (where issues.created_on > projects.status_on - 90) as recent
        from fct_issues as issues
        inner join dim_projects as projects using (project_key)
        where issues.project_key = $project and issues.is_third_party_defect
        """,
        {"project": project_key},
    )
    return rows.row(0, named=True)
