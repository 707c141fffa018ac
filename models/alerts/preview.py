"""What a draft rule would have done: it is replayed over the published months, beside the levels that hold now.

The same state machine as in an evaluation, fed with one reading per month. A draft counts from its first day on; here it is held
against the whole history, so that a person sees how often it would have called.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from models.alerts.in_force import rule_in_force
from models.alerts.kinds.levels import level_signal, rules_of_site
from models.alerts.signals import ABSENT, Scope, Signal
from models.alerts.state import AlertState, step
from models.alerts.vocabulary import AlertLevel, ChangeKind, RuleKind
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.document import Row
from models.kpis import combined, site_values
from models.kpis.catalogue import Kpi, catalogue
from models.kpis.levels import COLUMNS, stated_sql, status_sql
from models.kpis.values import selected_projects
from models.vocabulary import UNALLOCATED

DRAFT = 2**53  # newer than every rule there is
_PARTS = ("grain", "project_key", "module", "phase")
# what has a reason is no number to be judged: it keeps the status that the build gave it
_ROWS = """
    with stated as (
        select kpi_values.* exclude ({columns}), {stated}
        from kpi_values
        where kpi_key = $kpi and grain = $grain and period_kind = 'month' and project_key <> $unallocated
    ),
    published as (
        select grain, project_key, module, phase, period_end, {published}
        from kpi_values
        where kpi_key = $kpi and grain = $grain and period_kind = 'month' and project_key <> $unallocated
    )
    select
        stated.* exclude (status),
        case
            when reason is not null or status in ('no_data', 'not_applicable', 'too_early') then status
            else {status}
        end as status,
        status as published_status,
        {published_names},
        coalesce(actual_finish_on <= as_of, false) as is_closed
    from stated
    inner join published using (grain, project_key, module, phase, period_end)
    left join dim_projects using (project_key)
    order by period_end
"""


@dataclass(frozen=True)
class Episode:
    """One alert from its firing to its end. ended_on None: it would still be open. severity: the worst it reached."""

    fired_on: dt.date
    severity: AlertLevel
    ended_on: dt.date | None = None
    days: int | None = None


@dataclass(frozen=True)
class Replay:
    """One series under one set of levels. readings: (data date, reading), oldest first."""

    readings: tuple[tuple[dt.date, AlertLevel], ...]
    episodes: tuple[Episode, ...]


@dataclass(frozen=True)
class Preview:
    """One scope. draft None: a more specific rule holds there. present None: no levels raise an alert there now."""

    scope: Scope
    draft: Replay | None
    present: Replay | None


def preview(snapshot: Snapshot, draft: Row, rules: Sequence[Row]) -> list[Preview]:
    """What `draft` would have done in every scope that it covers, by project.

    draft: the columns of the table `rules` that state a rule of the kind level; rules: those in force.
    """
    kpi = catalogue(snapshot).get(draft["name"])
    if kpi is None or not kpi.has_own_status:
        return []
    draft = {**draft, "rule_id": DRAFT, "valid_from": dt.date.min}
    levels = [rule for rule in rules if (rule["kind"], rule["name"]) == (RuleKind.LEVEL, kpi.kpi_key)]
    if draft["site"] != ABSENT:
        return _of_site(snapshot, kpi, draft, levels)
    found = []
    if draft["customer"] != ABSENT and draft["project_key"] == ABSENT and draft["phase"] == ABSENT:
        found = _of_customer(snapshot, kpi, draft, levels)
    return [*found, *_of_cells(snapshot, kpi, draft, levels)]


def replay(signals: Iterable[Signal]) -> Replay:
    """One signal per data date, oldest first, through the state machine."""
    state: AlertState | None = None
    episodes: list[Episode] = []
    readings: list[tuple[dt.date, AlertLevel]] = []
    for number, signal in enumerate(signals, start=1):
        was_open = state is not None and state.course.is_open
        state, changes = step(state, signal, f"b-{number:06d}")
        readings.append((signal.data_date, signal.reading))
        severity = state.course.severity
        if state.course.is_open and not was_open and severity:
            episodes.append(Episode(signal.data_date, severity))
        elif was_open and state.course.is_open and any(change.kind is ChangeKind.WORSENED for change in changes):
            episodes[-1] = Episode(episodes[-1].fired_on, AlertLevel.CRITICAL)
        elif was_open and not state.course.is_open:
            days = next((change.duration_days for change in changes if change.duration_days is not None), None)
            episodes[-1] = Episode(episodes[-1].fired_on, episodes[-1].severity, signal.data_date, days)
    return Replay(tuple(readings), tuple(episodes))


# ---- cells that the build published -----------------------------------------------------------------------------------


def _of_cells(snapshot: Snapshot, kpi: Kpi, draft: Row, rules: Sequence[Row]) -> list[Preview]:
    grain = _grain(draft)
    sql = _ROWS.format(
        columns=", ".join(COLUMNS),
        stated=stated_sql(kpi, draft),
        published=", ".join(f"{column} as published_{column}" for column in COLUMNS),
        published_names=", ".join(f"published_{column}" for column in COLUMNS),
        status=status_sql(kpi),
    )
    rows = snapshot.query(sql, {"kpi": kpi.kpi_key, "grain": grain, "unallocated": UNALLOCATED}).to_dicts()
    customers = dict(snapshot.query("select project_key, customer from dim_projects").iter_rows())
    series: dict[Scope, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        customer = customers.get(row["project_key"]) or ABSENT
        series[Scope(**{part: row[part] for part in _PARTS}, customer=customer)].append(row)
    found = []
    for scope, months in sorted(series.items(), key=lambda item: item[0].key):
        if not _covers(draft, scope):
            continue
        bare = Scope(scope.grain, scope.project_key, scope.module, scope.phase)
        winner = rule_in_force(
            [*rules, {**draft, "valid_from": dt.date.max}], draft["kind"], (kpi.kpi_key,), scope, dt.date.max
        )
        judged = [row for row in months if _is_judged(row, kpi)]
        drafted = (
            replay(level_signal(row, kpi, draft, bare) for row in judged)
            if winner and winner["rule_id"] == DRAFT
            else None
        )
        found.append(Preview(bare, drafted, _present(judged, kpi, rules, scope)))
    return found


def _present(rows: Sequence[Row], kpi: Kpi, rules: Sequence[Row], scope: Scope) -> Replay | None:
    """As the build judged each month; of a part of a project or the portfolio only where a rule was written for it."""
    rule = rule_in_force(rules, RuleKind.LEVEL, (kpi.kpi_key,), scope, rows[-1]["period_end"]) if rows else None
    parts = [part for part in ("module", "phase") if getattr(scope, part) != ABSENT]
    if scope.grain != "project" and (rule is None or any(rule[part] == ABSENT for part in parts)):
        return None
    by_id = {rule["rule_id"]: rule for rule in rules}
    published = (
        {**row, "status": row["published_status"]} | {column: row[f"published_{column}"] for column in COLUMNS}
        for row in rows
    )
    bare = Scope(scope.grain, scope.project_key, scope.module, scope.phase)
    return replay(level_signal(row, kpi, by_id.get(row["rule_id"]), bare) for row in published)


def _grain(rule: Row) -> str:
    if rule["is_portfolio"]:
        return "portfolio"
    return next((part for part in ("module", "phase") if rule[part] != ABSENT), "project")


def _covers(rule: Row, scope: Scope) -> bool:
    return all(rule[name] in (ABSENT, getattr(scope, name)) for name in ("customer", "project_key", "module", "phase"))


def _is_judged(row: Row, kpi: Kpi) -> bool:
    """As in an evaluation: of what is counted in a period only finished ones, of cost only closed months."""
    if kpi.is_cost and row["is_provisional"]:
        return False
    return not (kpi.counts_window == "in_period" and (row["is_incomplete"] or row["period_end"] > row["as_of"]))


# ---- customers and sites ------------------------------------------------------------------------------------------------


def _of_customer(snapshot: Snapshot, kpi: Kpi, draft: Row, rules: Sequence[Row]) -> list[Preview]:
    projects = selected_projects(snapshot, Selection(customers=(draft["customer"],)))
    if not projects:
        return []
    scope = Scope("customer", customer=draft["customer"])
    stated = sorted(
        (rule for rule in rules if rule["customer"] == draft["customer"] and rule["project_key"] == ABSENT),
        key=lambda rule: (str(rule["valid_from"]), rule["rule_id"]),
    )

    def told(rule: Row) -> pl.DataFrame:
        return combined.history(snapshot, kpi, projects, Selection(), rules=[{**rule, "valid_from": dt.date.min}])

    present = _replayed(told(stated[-1]), kpi, stated[-1], scope) if stated else None
    return [Preview(scope, _replayed(told(draft), kpi, draft, scope), present)]


def _of_site(snapshot: Snapshot, kpi: Kpi, draft: Row, rules: Sequence[Row]) -> list[Preview]:
    project, site = draft["project_key"], draft["site"]
    scope = Scope("site", project, site=site)
    rows = site_values.history(snapshot, kpi, project, site, [dict(draft)])
    if rows.is_empty():
        return []
    stated = rules_of_site(rules, kpi.kpi_key, project, site)
    present = None
    if stated:
        now = {**stated[-1], "valid_from": dt.date.min}
        present = _replayed(site_values.history(snapshot, kpi, project, site, [now]), kpi, now, scope)
    return [Preview(scope, _replayed(rows, kpi, draft, scope), present)]


def _replayed(rows: pl.DataFrame, kpi: Kpi, rule: Row, scope: Scope) -> Replay:
    judged = [row for row in rows.iter_rows(named=True) if _is_judged(row, kpi)]
    return replay(level_signal(row, kpi, rule, scope) for row in judged)
