"""Relative rules: how far a KPI has moved against the last period, its own mean, or its baseline.

Only finished months are compared, of cost KPIs closed ones. A reference that is missing or zero gives no share of change: that
is said in words, never as an infinity.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.alerts.in_force import policy_of, rule_in_force
from models.alerts.signals import ABSENT, Scope, Signal
from models.alerts.vocabulary import AlertLevel, RuleKind, SignalKind
from models.builds.snapshot import Snapshot
from models.document import Row
from models.vocabulary import UNALLOCATED
from models.words.catalog import msgid
from models.words.number_tokens import month, named, number

KINDS = (RuleKind.LAST_PERIOD, RuleKind.OWN_MEAN, RuleKind.BASELINE)
MONTHS_OF_MEAN = 12  # a year: every season once
_DECIMALS = 9  # two doubles that are equal on paper differ beyond; a change exactly on the line is within
_KNOWN = ("ok", "warning", "critical", "unrated")

_VALUES = """
    select
        kpi_key, grain, project_key, module, phase, period_end, value, status, is_stale, unit, better, label,
        period_end <= as_of and not (is_cost and is_provisional) as is_finished
    from kpi_values
    inner join dim_kpis using (kpi_key)
    where period_kind = 'month' and list_contains($kpis, kpi_key) and project_key <> $unallocated
        and (grain in ('project', 'portfolio') or list_contains($modules, module) and list_contains($phases, phase))
    order by kpi_key, grain, project_key, module, phase, period_end
"""
_PROJECTS = "select project_key, customer, status_on, actual_finish_on, freeze_on, currency from dim_projects"
_FROZEN = """
    select project_key, cast(timezone(projects.time_zone, timezone('UTC', max(baselines.frozen_at))) as date) as frozen_on
    from fct_baselines as baselines
    inner join dim_projects as projects using (project_key)
    where baselines.is_active
    group by project_key, projects.time_zone
"""

_SAID = {
    RuleKind.LAST_PERIOD: msgid(
        "{kpi} was {value} in {month}: {change} against {before} in the month before; the line is drawn at {line}."
    ),
    RuleKind.OWN_MEAN: msgid(
        "{kpi} was {value} in {month}: {change} against {before}, the mean of {months} months; the line is drawn at {line}."
    ),
    RuleKind.BASELINE: msgid(
        "{kpi} was {value} in {month}: {change} against {before} in {reference}, at the baseline; the line is drawn at {line}."
    ),
}
_FINISHED = msgid("The project is closed.")
_NO_VALUE = msgid("{kpi} has no value in {month}, so no change can be told.")
_NO_REFERENCE = msgid("{kpi} has no value to be held against in {reference}, so no change can be told.")
_NO_MONTHS = msgid("{kpi} has no finished month before {month} to be held against.")
_NO_BASELINE = msgid("No freeze date and no frozen baseline is known, so {kpi} has nothing to be held against.")
_ZERO = msgid("{kpi} is held against zero: a change against zero is no share. It was {value} in {month}.")


@dataclass(frozen=True)
class _Cell:
    """One series that a rule judges. rows: its months, oldest first."""

    rule: Row
    kpi: Row
    scope: Scope
    project: Row
    rows: Sequence[Row]

    @property
    def finished(self) -> list[Row]:
        return [row for row in self.rows if row["is_finished"]]


@dataclass(frozen=True)
class _Reference:
    """What the last value is held against; value None where there is nothing; template: why."""

    value: float | None
    template: str = ""
    details: Row | None = None


def relative_signals(snapshot: Snapshot, rules: Sequence[Row]) -> list[Signal]:
    """One signal per relative rule and series it judges: projects, and the module, phase or portfolio a rule names.

    rules: rows of the table `rules` that are in force or will be; a month uses the rule valid at its end.
    """
    relative = [rule for rule in rules if rule["kind"] in KINDS]
    if not relative:
        return []
    series: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    judged = {f"{part}s": sorted({rule[part] for rule in relative}) for part in ("module", "phase")}
    judged["kpis"] = sorted({rule["name"] for rule in relative})
    for row in snapshot.query(_VALUES, {**judged, "unallocated": UNALLOCATED}).to_dicts():
        series[row["kpi_key"], Scope(*(row[name] for name in ("grain", "project_key", "module", "phase")))].append(row)
    projects = {row["project_key"]: row for row in snapshot.query(_PROJECTS).to_dicts()}
    frozen = _frozen_months(snapshot, projects)
    found = []
    for (_kpi_key, scope), rows in series.items():
        for kind in KINDS:
            cell = _cell(relative, kind, scope, project=projects.get(scope.project_key, {}), rows=rows)
            if cell:
                found.append(_signal(cell, kind, frozen.get(scope.project_key)))
    return found


def _cell(rules: Sequence[Row], kind: RuleKind, scope: Scope, *, project: Row, rows: Sequence[Row]) -> _Cell | None:
    """None where no rule judges this series: a module or phase is judged by a rule that names it."""
    finished = [row for row in rows if row["is_finished"]]
    if not finished:
        return None
    placed = Scope(
        scope.grain, scope.project_key, scope.module, scope.phase, customer=project.get("customer") or ABSENT
    )
    rule = rule_in_force(rules, kind, (rows[-1]["kpi_key"],), placed, finished[-1]["period_end"])
    if rule is None:
        return None
    is_for_it = scope.grain in ("project", "portfolio") or (rule["module"], rule["phase"]) == (
        scope.module,
        scope.phase,
    )
    return _Cell(rule, rows[-1], scope, project, rows) if is_for_it else None


def _signal(cell: _Cell, kind: RuleKind, frozen_month: dt.date | None) -> Signal:
    last = cell.finished[-1]
    direction, levels = _levels(cell)
    told: dict[str, Any] = {"kpi": named(cell.kpi["label"]), "month": month(last["period_end"])}
    common = {
        "kind": SignalKind.RELATIVE,
        "name": f"{cell.kpi['kpi_key']}:{kind}",
        "scope": cell.scope,
        "data_date": last["period_end"],
        "kpi_key": cell.kpi["kpi_key"],
        "rule_id": cell.rule["rule_id"],
        "policy": policy_of(cell.rule),
    }
    finish = cell.project.get("actual_finish_on")
    if finish and finish <= cell.project["status_on"]:
        return Signal(reading=AlertLevel.CLOSED, is_clear=False, template=_FINISHED, details=told, **common)
    if cell.rule["is_off"] or last["status"] == "not_applicable":
        return Signal(reading=AlertLevel.NOT_JUDGED, is_clear=False, template=_NO_VALUE, details=told, **common)
    value = _known(last)
    if value is None:
        return Signal(reading=AlertLevel.NO_DATA, is_clear=False, template=_NO_VALUE, details=told, **common)
    told["value"] = _number(cell, value)
    reference = _reference(cell, kind, frozen_month)
    told |= reference.details or {}
    if not reference.value:
        template = reference.template or _ZERO
        return Signal(reading=AlertLevel.NO_DATA, is_clear=False, template=template, details=told, **common)
    change = round((value - reference.value) / abs(reference.value), _DECIMALS)
    reading, line = _judged(change, direction, levels)
    told |= {
        "change": number(change, "percent", signed=True),
        "before": _number(cell, reference.value),
        "line": number(line, "percent", signed=True),
    }
    is_clear = reading is AlertLevel.OK and _is_clear(cell, change, direction)
    if any(row["is_stale"] for row in cell.rows):
        reading = AlertLevel.STALE
    return Signal(
        reading=reading, is_clear=is_clear, value=change, level=line, template=_SAID[kind], details=told, **common
    )


def _reference(cell: _Cell, kind: RuleKind, frozen_month: dt.date | None) -> _Reference:
    *before, last = cell.finished
    if kind is RuleKind.BASELINE:
        if frozen_month is None:
            return _Reference(None, _NO_BASELINE)
        when = {"reference": month(frozen_month)}
        row = next((row for row in cell.finished if row["period_end"] == frozen_month), None)
        value = _known(row) if row else None
        return _Reference(value, _NO_REFERENCE if value is None else "", when)
    if not before:
        return _Reference(None, _NO_MONTHS)
    if kind is RuleKind.LAST_PERIOD:
        value = _known(before[-1])
        when = {"reference": month(before[-1]["period_end"])}
        return _Reference(value, _NO_REFERENCE if value is None else "", when)
    known = [value for row in before[-MONTHS_OF_MEAN:] if (value := _known(row)) is not None]
    if not known:
        return _Reference(None, _NO_MONTHS)
    return _Reference(sum(known) / len(known), "", {"months": len(known)})


def _known(row: Row) -> float | None:
    """A value that can be judged; one that is too early to judge is none."""
    return row["value"] if row["status"] in _KNOWN else None


def _levels(cell: _Cell) -> tuple[str, dict[str, float | None]]:
    """Where a change is bad, and the levels as signed changes.

    A rule that names no direction states how much worse the KPI may get: a rise where low is better, a fall where high is.
    """
    rule = cell.rule
    stated = {name: rule[f"{name}_at"] for name in ("warning", "critical", "low_warning", "low_critical", "clear")}
    if rule["direction"] or cell.kpi["better"] not in ("higher", "band"):
        return rule["direction"] or "above", stated
    if cell.kpi["better"] == "higher":
        return "below", {name: None if level is None else -level for name, level in stated.items()}
    mirrored = {
        f"low_{name}": stated[f"low_{name}"] if stated[f"low_{name}"] is not None else _negative(stated[name])
        for name in ("warning", "critical")
    }
    return "outside", stated | mirrored


def _negative(level: float | None) -> float | None:
    return None if level is None else -level


def _judged(change: float, direction: str, levels: Mapping[str, float | None]) -> tuple[AlertLevel, float | None]:
    """The reading and the line that it is told with: the one crossed, else the first one ahead."""
    for reading, name in ((AlertLevel.CRITICAL, "critical"), (AlertLevel.WARNING, "warning")):
        high, low = levels[name], levels[f"low_{name}"] if direction == "outside" else levels[name]
        if direction in ("above", "outside") and high is not None and change > high:
            return reading, high
        if direction in ("below", "outside") and low is not None and change < low:
            return reading, low
    ahead = ["warning", "critical"] if change >= 0 or direction != "outside" else ["low_warning", "low_critical"]
    stated = [levels[name] for name in [*ahead, "warning", "critical", "low_warning", "low_critical"]]
    return AlertLevel.OK, next((level for level in stated if level is not None), None)


def _is_clear(cell: _Cell, change: float, direction: str) -> bool:
    clear = _levels(cell)[1]["clear"]
    low = cell.rule["low_clear_at"]
    is_low_enough = clear is None or change <= clear
    is_high_enough = low is None or change >= low
    if direction == "below":
        return clear is None or change >= clear
    return is_low_enough and (direction == "above" or is_high_enough)


def _number(cell: _Cell, value: float) -> dict[str, Any]:
    return number(value, cell.kpi["unit"], currency=cell.project.get("currency"))


def _frozen_months(snapshot: Snapshot, projects: Mapping[str, Row]) -> dict[str, dt.date]:
    """{project_key: end of the month of its freeze date, else of the day its active baseline was frozen}."""
    has_baselines = snapshot.query("select 1 from information_schema.tables where table_name = 'fct_baselines'").height
    frozen = dict(snapshot.query(_FROZEN).iter_rows()) if has_baselines else {}
    found = {}
    for key, project in projects.items():
        on = project["freeze_on"] or frozen.get(key)
        if on:
            found[key] = _month_end(on)
    return found


def _month_end(on: dt.date) -> dt.date:
    following = dt.date(on.year + on.month // 12, on.month % 12 + 1, 1)
    return following - dt.timedelta(days=1)
