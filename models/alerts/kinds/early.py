"""Early warnings: signs that come before a level is crossed. Each is a rule with a name, on unless a rule row switches it off.

A rule row of the kind `early` tunes one by its warning_at: periods ahead, a ratio, days of float, weeks in a row, days of grace.
An early warning of a KPI gives way to the level itself: it is judged only while that is not crossed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from models.alerts.in_force import policy_of
from models.alerts.kinds.defaults import Finds, Found, Tuned
from models.alerts.kinds.stale import stale_feeds
from models.alerts.kinds.trends import trends
from models.alerts.signals import Scope, Signal
from models.alerts.vocabulary import AlertLevel, EarlyRule, SignalKind
from models.builds.snapshot import Snapshot
from models.document import Row
from models.schedule.calendars import ProjectCalendars, calendars_of_projects
from models.schedule.network import floats_of, last_task_rows
from models.words.catalog import msgid
from models.words.number_tokens import day, number

CHAIN_SHARE_FROM = 0.10  # before a tenth of the chain is done the ratio is that of two small numbers (KPIS)
FLOAT_DATES = 3

_PROJECTS = """
    select project_key, customer, status_on, actual_finish_on, currency
    from dim_projects
    where not is_unallocated and status_on is not null
    order by 1
"""
_BUFFERS = """
    select
        project_key, kpi_values.as_of, status, is_stale, cast(cells.buffer_days as double) as buffer_days,
        cast(cells.buffer_days_used as double) as buffer_days_used, cast(cells.chain_days as double) as chain_days,
        cast(cells.chain_days_done as double) as chain_days_done
    from kpi_values
    inner join kpi_cells as cells using (grain, project_key, module, phase, period_kind, period_end)
    where kpi_key = 'buffer_consumption' and grain = 'project' and period_kind = 'month' and is_current
    order by 1
"""
_WEEKS = """
    with weeks as (
        select project_key, period_start, period_end
        from dim_periods
        inner join dim_projects as projects using (project_key)
        where period_kind = 'week' and period_end <= projects.status_on
        qualify row_number() over (partition by project_key order by period_end desc) <= $most
    )
    select
        project_key, weeks.period_end,
        count(*) filter (where issues.created_on between weeks.period_start and weeks.period_end) as found,
        count(*) filter (where issues.open_until between weeks.period_start and weeks.period_end) as closed
    from weeks
    inner join fct_issues as issues using (project_key)
    where issues.is_confirmed_defect
    group by 1, 2
    order by 1, 2
"""
OPEN_RISK = """
    (risks.closed_on is null or risks.closed_on > projects.status_on) and coalesce(risks.status, 'open') <> 'closed'
"""
_RISKS = f"""
    with register as (
        select
            project_key, risks.risk_id, risks.review_on, {OPEN_RISK} as is_open,
            {OPEN_RISK} and risks.review_on < projects.status_on as is_due
        from fct_risks as risks
        inner join dim_projects as projects using (project_key)
    )
    select
        project_key, count(*) filter (where is_open) as open_risks,
        list(risk_id order by review_on, risk_id) filter (where is_due) as due,
        list(review_on order by review_on, risk_id) filter (where is_due) as due_on
    from register
    group by 1
"""

_BURNS = msgid(
    "{used} of the buffer is used with {done} of the chain done on {day}: {ratio} times as fast, the line is at {level}."
)
_FLOAT_LOST = msgid(
    "{count} tasks on or near the critical path had {before} of float on {since}, {between} on {middle} and {now} on {day}: "
    "{lost} lost. Most: {tasks}."
)
_FLOAT_HELD = msgid("Float on and near the critical path has not shrunk at each of the last data dates up to {day}.")
_FOUND = msgid("In each of the {weeks} weeks to {day} more defects were found than closed: {found} against {closed}.")
_NOT_FOUND = msgid(
    "Defects found did not outnumber those closed in each of the weeks to {day}: {found} found, {closed} closed in all."
)
_OVERDUE = msgid("{count} of {open} open risks were to be reviewed before {day}, the first on {since}: {risks}.")
_REVIEWED = msgid("No review of the {open} open risks is overdue on {day}.")
_TASK = msgid("{task} {days}")
_MOST_NAMED = 3
_FEED_OF = {
    EarlyRule.FLOAT_ERODES: "schedule",
    EarlyRule.DEFECTS_FOUND_FASTER: "issues",
}  # of the others their KPI says it


def early_signals(snapshot: Snapshot, rules: Sequence[Row]) -> list[Signal]:
    """One signal per early warning and project; of trends one per KPI with a critical level too, named "trend_crosses:<kpi>"."""
    projects = {row["project_key"]: row for row in snapshot.query(_PROJECTS).to_dicts()}
    stale = stale_feeds(snapshot)
    found: list[Signal] = []
    for rule, looks in _LOOKS.items():
        tuned = {key: Tuned(rules, rule, project) for key, project in projects.items()}
        for key, name, said in looks(snapshot, tuned):
            if key in projects:
                is_stale = said.reading is not None and _FEED_OF.get(rule) in stale.get(key, ())
                known = replace(said, reading=AlertLevel.STALE) if is_stale else said  # no news is not good news
                found.append(_signal(projects[key], tuned[key], name, known))
    return found


def _signal(project: Row, tuned: Tuned, name: str, said: Found) -> Signal:
    row = tuned.row(name)
    reading = AlertLevel.NOT_JUDGED if said.reading is None or (row and row["is_off"]) else said.reading
    return Signal(
        kind=SignalKind.EARLY,
        name=name,
        scope=Scope("project", project["project_key"]),
        data_date=said.on,
        reading=AlertLevel.CLOSED if tuned.is_closed else reading,
        is_clear=reading is AlertLevel.OK,
        value=said.value,
        level=said.level,
        kpi_key=said.kpi_key,
        rule_id=row["rule_id"] if row else None,
        template=said.template,
        details=said.details,
        policy=policy_of(row),
    )


# ---- buffer, float --------------------------------------------------------------------------------------------------


def _buffers(snapshot: Snapshot, tuned: Mapping[str, Tuned]) -> Finds:
    found = []
    for row in snapshot.query(_BUFFERS).to_dicts():
        if row["project_key"] in tuned and row["buffer_days"] and row["chain_days"]:
            level = tuned[row["project_key"]].parameter()
            found.append((row["project_key"], EarlyRule.BUFFER_BURNS_FASTER.value, _burn(row, level)))
    return found


def _burn(row: Row, level: float) -> Found:
    done, used = row["chain_days_done"] / row["chain_days"], row["buffer_days_used"] / row["buffer_days"]
    kpi_key, on = "buffer_consumption", row["as_of"]
    if done < CHAIN_SHARE_FROM or row["status"] not in ("ok", "no_data", "too_early"):
        return Found(None, on, kpi_key=kpi_key)
    ratio = round(used / done, 9)
    told = {
        "used": number(used, "percent"),
        "done": number(done, "percent"),
        "day": day(on),
        "ratio": number(ratio, "index"),
        "level": number(level, "index"),
    }
    reading = AlertLevel.WARNING if ratio > level else AlertLevel.OK
    return Found(AlertLevel.STALE if row["is_stale"] else reading, on, _BURNS, told, ratio, level, kpi_key)


def _floats(snapshot: Snapshot, tuned: Mapping[str, Tuned]) -> Finds:
    judged = [project for project, own in tuned.items() if own.is_judged]
    rows = last_task_rows(snapshot, judged, FLOAT_DATES).filter(
        (pl.col("status_on").n_unique() == FLOAT_DATES).over("project_key") & pl.col("has_any_data_date")
    )
    dates = dict(rows.group_by("project_key").agg(pl.col("status_on").unique().sort()).iter_rows())
    floats = _floats_at(rows, calendars_of_projects(snapshot, judged)) if dates else {}
    found = []
    for project, own in tuned.items():
        if not own.is_judged:
            found.append((project, EarlyRule.FLOAT_ERODES.value, Found(None, own.status_on)))
        elif project in dates:
            said = _erosion(floats.get((project,)), dates[project], own.parameter())
            found.append((project, EarlyRule.FLOAT_ERODES.value, said))
    return found


def _floats_at(
    rows: pl.DataFrame, calendars: Mapping[str, ProjectCalendars]
) -> Mapping[tuple[object, ...], pl.DataFrame]:
    """{(project,): its floats beside each other} at the last three dates of each.

    Where no task that counts lost float at the newest date, none can have eroded: the first date, which then decides nothing,
    is not computed and the one between stands in for it.
    """
    rows = rows.with_columns(age=pl.col("status_on").rank("dense", descending=True).over("project_key"))
    last = floats_of(rows.filter(pl.col("age") < FLOAT_DATES), calendars)
    between, newest = last.filter(pl.col("age") == FLOAT_DATES - 1), last.filter(pl.col("age") == 1)
    lost = _beside(between, between, newest).filter(pl.col("now") < pl.col("between"))
    has_lost = pl.col("project_key").is_in(lost["project_key"].unique().implode())
    eroding = rows.filter(has_lost & (pl.col("age") == FLOAT_DATES))
    stands_in = between.filter(~has_lost)
    before = pl.concat([floats_of(eroding, calendars), stands_in]) if eroding.height else stands_in
    return _beside(before, between, newest).partition_by("project_key", as_dict=True, maintain_order=True)


def _beside(before: pl.DataFrame, between: pl.DataFrame, newest: pl.DataFrame) -> pl.DataFrame:
    """The tasks that are now near the path and have a float at each date: project_key, task_id, task_name, now, before, between.

    Each: project_key, task_id, task_name, is_buffer, is_critical, is_near_critical, total_float_days.
    """
    both = newest.filter(~pl.col("is_buffer") & (pl.col("is_critical") | pl.col("is_near_critical")))
    both = both.select("project_key", "task_id", "task_name", now="total_float_days").drop_nulls("now")
    task = ["project_key", "task_id"]
    for name, tasks in (("before", before), ("between", between)):
        known = tasks.select(*task, pl.col("total_float_days").alias(name)).drop_nulls(name).unique(task)
        both = both.join(known, on=task, how="inner", maintain_order="left")
    return both


def _erosion(both: pl.DataFrame | None, dates: Sequence[dt.date], least_loss: float) -> Found:
    """both: `_beside` of one project, None where it is empty. dates: the three, in order."""
    if both is None:
        return Found(AlertLevel.OK, dates[-1], _FLOAT_HELD, {"day": day(dates[-1])}, 0.0, 0.0)
    before, between, now = (round(float(both[name].sum()), 3) for name in ("before", "between", "now"))
    if not (before > between > now and before - now >= least_loss):
        return Found(AlertLevel.OK, dates[-1], _FLOAT_HELD, {"day": day(dates[-1])}, now, before)
    both = both.with_columns(lost=pl.col("before") - pl.col("now")).sort("lost", descending=True, maintain_order=True)
    most = both.filter(pl.col("lost") > 0).head(_MOST_NAMED)
    told = {
        "count": both.height,
        "before": number(before, "days"),
        "since": day(dates[0]),
        "between": number(between, "days"),
        "middle": day(dates[1]),
        "now": number(now, "days"),
        "day": day(dates[-1]),
        "lost": number(before - now, "days"),
        "task_ids": both.filter(pl.col("lost") > 0)["task_id"].to_list(),
        "tasks": [
            {
                "template": _TASK,
                "details": {"task": row["task_name"] or row["task_id"], "days": number(-row["lost"], "days")},
            }
            for row in most.to_dicts()
        ],
    }
    return Found(AlertLevel.WARNING, dates[-1], _FLOAT_LOST, told, now, before)


# ---- defects, risks -------------------------------------------------------------------------------------------------


def _defects(snapshot: Snapshot, tuned: Mapping[str, Tuned]) -> Finds:
    asked = {project: max(1, int(own.parameter())) for project, own in tuned.items()}
    weeks: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in snapshot.query(_WEEKS, {"most": max(asked.values(), default=1)}).to_dicts():
        weeks[row["project_key"]].append(row)
    return [
        (project, EarlyRule.DEFECTS_FOUND_FASTER.value, _found_faster(rows[-asked[project] :], asked[project]))
        for project, rows in weeks.items()
        if project in asked
    ]


def _found_faster(weeks: Sequence[Row], asked: int) -> Found:
    on = weeks[-1]["period_end"]
    if len(weeks) < asked:
        return Found(None, on)
    found, closed = (sum(week[name] for week in weeks) for name in ("found", "closed"))
    told = {"weeks": len(weeks), "day": day(on), "found": found, "closed": closed}
    if all(week["found"] > week["closed"] for week in weeks):
        return Found(AlertLevel.WARNING, on, _FOUND, told, found - closed)
    return Found(AlertLevel.OK, on, _NOT_FOUND, told, found - closed)


def _risks(snapshot: Snapshot, tuned: Mapping[str, Tuned]) -> Finds:
    rows = {row["project_key"]: row for row in snapshot.query(_RISKS).to_dicts()}
    return [
        (project, EarlyRule.RISK_REVIEWS_OVERDUE.value, _overdue(rows[project], own))
        for project, own in tuned.items()
        if project in rows
    ]


def _overdue(row: Row, own: Tuned) -> Found:
    until = own.status_on - dt.timedelta(days=own.parameter())
    due = [(risk, on) for risk, on in zip(row["due"] or [], row["due_on"] or [], strict=True) if on < until]
    told: dict[str, Any] = {"open": row["open_risks"], "day": day(own.status_on)}
    if not due:
        return Found(AlertLevel.OK, own.status_on, _REVIEWED, told, 0)
    named_risks = [risk for risk, _on in due[:_MOST_NAMED]]
    if len(due) > _MOST_NAMED:
        named_risks.append({"template": msgid("{count} more"), "details": {"count": len(due) - _MOST_NAMED}})
    told |= {"count": len(due), "since": day(due[0][1]), "risks": named_risks}
    return Found(AlertLevel.WARNING, own.status_on, _OVERDUE, told, len(due))


_LOOKS: dict[EarlyRule, Callable[[Snapshot, Mapping[str, Tuned]], Finds]] = {
    EarlyRule.TREND_CROSSES: trends,
    EarlyRule.BUFFER_BURNS_FASTER: _buffers,
    EarlyRule.FLOAT_ERODES: _floats,
    EarlyRule.DEFECTS_FOUND_FASTER: _defects,
    EarlyRule.RISK_REVIEWS_OVERDUE: _risks,
}
