"""Early warnings: signs that come before a level is crossed. Each is a rule with a name, on unless a rule row switches it off.

A rule row of the kind `early` tunes one by its warning_at: periods ahead, a ratio, days of float, weeks in a row, days of grace.
An early warning of a KPI gives way to the level itself: it is judged only while that is not crossed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from models.alerts.in_force import policy_of, rule_in_force
from models.alerts.said import day, month, named, number
from models.alerts.signals import ABSENT, Scope, Signal
from models.alerts.vocabulary import EarlyRule, Reading, RuleKind, SignalKind
from models.project_calendars import project_calendars
from models.schedule_network import scheduled, task_rows
from models.snapshot import Snapshot
from models.wording import msgid

# What warning_at of a rule row replaces, with its reason.
PARAMETERS: dict[EarlyRule, float] = {
    EarlyRule.TREND_CROSSES: 3,  # periods ahead: a quarter is the time in which something can still be done
    EarlyRule.BUFFER_BURNS_FASTER: 1.0,  # share of buffer used ÷ share of chain done
    EarlyRule.FLOAT_ERODES: 1.0,  # working days of float lost in all: less is rounding
    EarlyRule.DEFECTS_FOUND_FASTER: 3,  # weeks in a row
    EarlyRule.RISK_REVIEWS_OVERDUE: 0,  # days after the review was due
}
TREND_MONTHS, FEWEST_TREND_MONTHS = 6, 4  # half a year; three points make a line of anything
CHAIN_SHARE_FROM = 0.10  # before a tenth of the chain is done the ratio is that of two small numbers (KPIS)
FLOAT_DATES = 3
_RATED = ("ok", "warning", "critical")

_PROJECTS = """
    select project_key, customer, status_on, actual_finish_on, currency
    from dim_projects
    where not is_unallocated and status_on is not null
    order by 1
"""
_MONTHS = """
    select
        kpi_key, project_key, period_end, as_of, value, status, is_stale, is_current, is_incomplete, counts_window,
        kpi_values.critical_at, kpi_values.low_critical_at, bad_direction, unit, name_en, name_zh,
        period_end <= as_of and not (is_cost and is_provisional) as is_finished
    from kpi_values
    inner join dim_kpis using (kpi_key)
    where grain = 'project' and period_kind = 'month' and status_from is null and bad_direction is not null
        and critical_at_sql is null and coalesce(kpi_values.critical_at, kpi_values.low_critical_at) is not null
    order by period_end
"""
_BUFFERS = """
    select
        project_key, kpi_values.as_of, status, is_stale, cast(cells.buffer_days as double) as buffer_days,
        cast(cells.buffer_days_used as double) as buffer_days_used, cast(cells.chain_days as double) as chain_days,
        cast(cells.chain_days_done as double) as chain_days_done
    from kpi_values
    inner join kpi_cells as cells using (grain, project_key, module, phase, period_kind, period_end)
    where kpi_key = 'buffer_consumption' and grain = 'project' and period_kind = 'month' and is_current
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

_CROSSES = msgid(
    "{kpi} was {value} in {last} and has moved by {slope} a month over {months} months: at this pace it crosses its critical "
    "level of {level} in {month}."
)
_DOES_NOT_CROSS = msgid("{kpi} was {value} in {last}: its trend does not cross the critical level of {level} soon.")
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


@dataclass(frozen=True)
class _Found:
    """What a rule finds in one project. reading None: not judged yet."""

    reading: Reading | None
    on: dt.date
    template: str = ""
    details: dict = field(default_factory=dict)
    value: float | None = None
    level: float | None = None
    kpi_key: str | None = None


def early_signals(snapshot: Snapshot, rules: Sequence[Mapping]) -> list[Signal]:
    """One signal per early warning and project; of trends one per KPI with a critical level too, named "trend_crosses:<kpi>"."""
    projects = {row["project_key"]: row for row in snapshot.query(_PROJECTS).to_dicts()}
    found: list[Signal] = []
    for rule, looks in _LOOKS.items():
        tuned = {key: _Tuned(rules, rule, project) for key, project in projects.items()}
        for key, name, said in looks(snapshot, tuned):
            if key in projects:
                found.append(_signal(projects[key], tuned[key], name, said))
    return found


class _Tuned:
    """The row that tunes an early warning in a project, and what counts without one."""

    def __init__(self, rules: Sequence[Mapping], rule: EarlyRule, project: Mapping) -> None:
        self.rule = rule
        self.status_on: dt.date = project["status_on"]
        self.currency: str | None = project["currency"]
        self.is_closed = project["actual_finish_on"] is not None and project["actual_finish_on"] <= self.status_on
        self._rules = [row for row in rules if row["kind"] == RuleKind.EARLY]
        self._scope = Scope("project", project["project_key"], customer=project["customer"] or ABSENT)

    def row(self, name: str | None = None) -> Mapping | None:
        """The rule row in force; `name` of one KPI's trend goes before that of all."""
        names = (name, self.rule) if name and name != self.rule else (self.rule,)
        return rule_in_force(self._rules, RuleKind.EARLY, names, self._scope, self.status_on)

    def parameter(self, name: str | None = None) -> float:
        row = self.row(name)
        return PARAMETERS[self.rule] if row is None or row["warning_at"] is None else row["warning_at"]

    @property
    def is_judged(self) -> bool:
        row = self.row()
        return not self.is_closed and not (row and row["is_off"])


def _signal(project: Mapping, tuned: _Tuned, name: str, said: _Found) -> Signal:
    row = tuned.row(name)
    reading = Reading.NOT_JUDGED if said.reading is None or (row and row["is_off"]) else said.reading
    return Signal(
        kind=SignalKind.EARLY,
        name=name,
        scope=Scope("project", project["project_key"]),
        data_date=said.on,
        reading=Reading.CLOSED if tuned.is_closed else reading,
        is_clear=reading is Reading.OK,
        value=said.value,
        level=said.level,
        kpi_key=said.kpi_key,
        rule_id=row["rule_id"] if row else None,
        template=said.template,
        details=said.details,
        policy=policy_of(row),
    )


_Finds = list[tuple[str, str, _Found]]


# ---- a trend that will cross ----------------------------------------------------------------------------------------


def _trends(snapshot: Snapshot, tuned: Mapping[str, _Tuned]) -> _Finds:
    series: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for row in snapshot.query(_MONTHS).to_dicts():
        series[row["project_key"], row["kpi_key"]].append(row)
    found = []
    for (project, kpi_key), rows in series.items():
        if project in tuned:
            name = f"{EarlyRule.TREND_CROSSES}:{kpi_key}"
            found.append((project, name, _trend(rows, tuned[project].parameter(name), tuned[project].currency)))
    return found


def _trend(rows: Sequence[Mapping], periods_ahead: float, currency: str | None) -> _Found:
    finished = [row for row in rows if row["is_finished"]]
    in_period = rows[-1]["counts_window"] == "in_period"
    judged = finished[-1] if in_period and finished else next((row for row in rows if row["is_current"]), rows[-1])
    kpi_key, on = rows[-1]["kpi_key"], judged["period_end"] if in_period else judged["as_of"]
    known = [row for row in finished if row["value"] is not None and row["status"] in _RATED]
    last_months = finished[-TREND_MONTHS:]
    points = [(place, row["value"]) for place, row in enumerate(last_months) if row in known]
    if len(points) < FEWEST_TREND_MONTHS or judged["status"] in ("warning", "critical", "not_applicable", "unrated"):
        return _Found(None, on, kpi_key=kpi_key)  # too little to tell, or the level itself speaks
    if judged["is_stale"]:
        return _Found(Reading.STALE, on, kpi_key=kpi_key)
    if judged["status"] != "ok" or last_months[-1] not in known:
        return _Found(Reading.NO_DATA, on, kpi_key=kpi_key)
    slope, start = (float(number_) for number_ in np.polyfit(*zip(*points, strict=True), 1))
    at_end = start + slope * (len(last_months) - 1)
    crossing = crosses_in(at_end, slope, judged, periods_ahead)
    level = crossing[1] if crossing else judged["critical_at"]
    level = judged["low_critical_at"] if level is None else level
    last = last_months[-1]
    told = {
        "kpi": named(last["name_en"], last["name_zh"]),
        "value": number(last["value"], last["unit"], currency=currency),
        "last": month(last["period_end"]),
        "slope": number(slope, last["unit"], currency=currency, signed=True),
        "months": len(points),
        "level": number(level, last["unit"], currency=currency),
    }
    if crossing is None:
        return _Found(Reading.OK, on, _DOES_NOT_CROSS, told, last["value"], level, kpi_key)
    told["month"] = month(_months_later(last["period_end"], crossing[0]))
    return _Found(Reading.WARNING, on, _CROSSES, told, last["value"], level, kpi_key)


def crosses_in(at_end: float, slope: float, levels: Mapping, periods_ahead: float) -> tuple[int, float] | None:
    """(periods from now, level) where a line that stands at `at_end` first lies beyond a critical level; None within the reach.

    levels: bad_direction (above, below, outside), critical_at, low_critical_at. A line that runs the other way never crosses.
    """
    direction, high, low = levels["bad_direction"], levels["critical_at"], levels["low_critical_at"]
    low = high if direction == "below" else low
    for ahead in range(1, int(periods_ahead) + 1):
        value = round(at_end + slope * ahead, 9)
        if direction in ("above", "outside") and slope > 0 and high is not None and value > high:
            return ahead, high
        if direction in ("below", "outside") and slope < 0 and low is not None and value < low:
            return ahead, low
    return None


def _months_later(period_end: dt.date, months: int) -> dt.date:
    """The end of the month so many months after the one that holds `period_end`."""
    whole = period_end.year * 12 + period_end.month + months
    return dt.date(whole // 12, whole % 12 + 1, 1) - dt.timedelta(days=1)


# ---- buffer, float --------------------------------------------------------------------------------------------------


def _buffers(snapshot: Snapshot, tuned: Mapping[str, _Tuned]) -> _Finds:
    found = []
    for row in snapshot.query(_BUFFERS).to_dicts():
        if row["project_key"] in tuned and row["buffer_days"] and row["chain_days"]:
            level = tuned[row["project_key"]].parameter()
            found.append((row["project_key"], EarlyRule.BUFFER_BURNS_FASTER.value, _burn(row, level)))
    return found


def _burn(row: Mapping, level: float) -> _Found:
    done, used = row["chain_days_done"] / row["chain_days"], row["buffer_days_used"] / row["buffer_days"]
    kpi_key, on = "buffer_consumption", row["as_of"]
    if done < CHAIN_SHARE_FROM or row["status"] not in ("ok", "no_data", "too_early"):
        return _Found(None, on, kpi_key=kpi_key)
    ratio = round(used / done, 9)
    told = {
        "used": number(used, "percent"),
        "done": number(done, "percent"),
        "day": day(on),
        "ratio": number(ratio, "index"),
        "level": number(level, "index"),
    }
    reading = Reading.WARNING if ratio > level else Reading.OK
    return _Found(Reading.STALE if row["is_stale"] else reading, on, _BURNS, told, ratio, level, kpi_key)


def _floats(snapshot: Snapshot, tuned: Mapping[str, _Tuned]) -> _Finds:
    found = []
    for project, own in tuned.items():
        if not own.is_judged:
            found.append((project, EarlyRule.FLOAT_ERODES.value, _Found(None, own.status_on)))
            continue
        rows = task_rows(snapshot, project)
        dates = sorted(rows["status_on"].unique())[-FLOAT_DATES:]
        if len(dates) < FLOAT_DATES or not rows["has_data_date"].any():
            continue
        calendars = project_calendars(snapshot, project)
        floats = [scheduled(rows.filter(pl.col("status_on") == on), calendars).tasks for on in dates]
        found.append((project, EarlyRule.FLOAT_ERODES.value, _erosion(floats, dates, own.parameter())))
    return found


def _erosion(floats: Sequence[pl.DataFrame], dates: Sequence[dt.date], least_loss: float) -> _Found:
    """floats: task_id, task_name, is_buffer, is_critical, is_near_critical, total_float_days at each of the dates, in order."""
    newest = floats[-1].filter(
        ~pl.col("is_buffer")
        & (pl.col("is_critical") | pl.col("is_near_critical"))
        & pl.col("total_float_days").is_not_null()
    )
    both = newest.select("task_id", "task_name", pl.col("total_float_days").alias("now"))
    for name, tasks in zip(("before", "between"), floats, strict=False):
        known = tasks.select("task_id", pl.col("total_float_days").alias(name)).drop_nulls().unique("task_id")
        both = both.join(known, on="task_id", how="inner", maintain_order="left")
    before, between, now = (round(float(both[name].sum()), 3) for name in ("before", "between", "now"))
    if not (both.height and before > between > now and before - now >= least_loss):
        return _Found(Reading.OK, dates[-1], _FLOAT_HELD, {"day": day(dates[-1])}, now, before)
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
    return _Found(Reading.WARNING, dates[-1], _FLOAT_LOST, told, now, before)


# ---- defects, risks -------------------------------------------------------------------------------------------------


def _defects(snapshot: Snapshot, tuned: Mapping[str, _Tuned]) -> _Finds:
    asked = {project: max(1, int(own.parameter())) for project, own in tuned.items()}
    weeks: dict[str, list[dict]] = defaultdict(list)
    for row in snapshot.query(_WEEKS, {"most": max(asked.values(), default=1)}).to_dicts():
        weeks[row["project_key"]].append(row)
    return [
        (project, EarlyRule.DEFECTS_FOUND_FASTER.value, _found_faster(rows[-asked[project] :], asked[project]))
        for project, rows in weeks.items()
        if project in asked
    ]


def _found_faster(weeks: Sequence[Mapping], asked: int) -> _Found:
    on = weeks[-1]["period_end"]
    if len(weeks) < asked:
        return _Found(None, on)
    found, closed = (sum(week[name] for week in weeks) for name in ("found", "closed"))
    told = {"weeks": len(weeks), "day": day(on), "found": found, "closed": closed}
    if all(week["found"] > week["closed"] for week in weeks):
        return _Found(Reading.WARNING, on, _FOUND, told, found - closed)
    return _Found(Reading.OK, on, _NOT_FOUND, told, found - closed)


def _risks(snapshot: Snapshot, tuned: Mapping[str, _Tuned]) -> _Finds:
    rows = {row["project_key"]: row for row in snapshot.query(_RISKS).to_dicts()}
    return [
        (project, EarlyRule.RISK_REVIEWS_OVERDUE.value, _overdue(rows[project], own))
        for project, own in tuned.items()
        if project in rows
    ]


def _overdue(row: Mapping, own: _Tuned) -> _Found:
    until = own.status_on - dt.timedelta(days=own.parameter())
    due = [(risk, on) for risk, on in zip(row["due"] or [], row["due_on"] or [], strict=True) if on < until]
    told: dict = {"open": row["open_risks"], "day": day(own.status_on)}
    if not due:
        return _Found(Reading.OK, own.status_on, _REVIEWED, told, 0)
    named_risks = [risk for risk, _on in due[:_MOST_NAMED]]
    if len(due) > _MOST_NAMED:
        named_risks.append({"template": msgid("{count} more"), "details": {"count": len(due) - _MOST_NAMED}})
    told |= {"count": len(due), "since": day(due[0][1]), "risks": named_risks}
    return _Found(Reading.WARNING, own.status_on, _OVERDUE, told, len(due))


_LOOKS: dict[EarlyRule, Callable[[Snapshot, Mapping[str, _Tuned]], _Finds]] = {
    EarlyRule.TREND_CROSSES: _trends,
    EarlyRule.BUFFER_BURNS_FASTER: _buffers,
    EarlyRule.FLOAT_ERODES: _floats,
    EarlyRule.DEFECTS_FOUND_FASTER: _defects,
    EarlyRule.RISK_REVIEWS_OVERDUE: _risks,
}
