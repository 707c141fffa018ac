"""Rules: the levels that people set, relative rules and early warnings, by scope and from a day on, with reason and person.

A rule is never altered: it is retired and another one takes its place, so that every build can say by which rule it judged.
What counts is frozen with the next refresh. Light to import: pages call these functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from models.alerts.rule import SCOPES, Rule
from models.alerts.signals import ABSENT
from models.alerts.vocabulary import EarlyRule, RuleKind
from models.builds.data_dir import DataDir
from models.errors import InputError
from models.kpis.levels import BAD_DIRECTIONS, LEVELS
from pipeline.store import control
from pipeline.store.alert_tables import rules as table

_RELATIVE = (RuleKind.LAST_PERIOD, RuleKind.OWN_MEAN, RuleKind.BASELINE)


def rules(data_dir: DataDir) -> list[dict]:
    """Every rule ever made, newest first: the columns of the control store."""
    return control.rows(data_dir, sa.select(table).order_by(table.c.rule_id.desc()))


def rules_in_force(connection: sa.Connection) -> list[dict]:
    """The rules that are not retired, oldest first; a rule whose day has not come yet is among them."""
    in_force = sa.select(table).where(table.c.retired_at.is_(None))
    return control.rows_of(connection, in_force.order_by(table.c.rule_id))


def set_rule(
    data_dir: DataDir, rule: Rule, *, reason: str, person: str, known_kpis: Mapping[str, object] | None = None
) -> int:
    """Makes a rule that counts from the next refresh on; returns its number.

    An equal one (kind, name, scope, first day) is retired by it. known_kpis: {kpi_key: Kpi} of the published catalogue; where
    it is given, a level on a KPI that it does not know, or that has no direction of its own and is given none, is refused.
    Raises: InputError with what is missing or contradicts.
    """
    check(rule, known_kpis)
    reason, person = _filled(reason, person)
    now = control.iso(control.now_utc())
    values = asdict(rule) | {
        "valid_from": rule.valid_from.isoformat(),
        "is_portfolio": int(rule.is_portfolio),
        "is_off": int(rule.is_off),
    }
    same = [table.c[name] == values[name] for name in ("kind", "name", "valid_from", "is_portfolio", *SCOPES)]
    with control.writing(data_dir) as connection:
        replaced = (
            connection.execute(
                table.update()
                .where(table.c.retired_at.is_(None), *same)
                .values(retired_at=now, retired_by=person, retired_reason=reason)
                .returning(table.c.rule_id)
            )
            .scalars()
            .all()
        )
        inserted = connection.execute(table.insert().values(**values, reason=reason, changed_by=person, changed_at=now))
        [rule_id] = inserted.inserted_primary_key
        control.note(connection, person, "rule", rule.name, rule_id=rule_id, reason=reason, replaced=replaced, **values)
    return rule_id


def retire_rule(data_dir: DataDir, rule_id: int, *, reason: str, person: str) -> None:
    """Takes a rule out of force from the next refresh on; it stays in the history.

    Raises: InputError where reason or person are blank, or the rule is not in force any more.
    """
    reason, person = _filled(reason, person)
    with control.writing(data_dir) as connection:
        name = connection.execute(
            table.update()
            .where(table.c.rule_id == rule_id, table.c.retired_at.is_(None))
            .values(retired_at=control.iso(control.now_utc()), retired_by=person, retired_reason=reason)
            .returning(table.c.name)
        ).scalar()
        if name is None:
            raise InputError("rules.gone", "This rule is not in force any more. Reload the page to see what is.")
        control.note(connection, person, "rule", name, retired=rule_id, reason=reason)


def _filled(reason: str, person: str) -> tuple[str, str]:
    reason, person = reason.strip(), person.strip()
    if not (reason and person):
        raise InputError(
            "rules.blank", "A rule needs a reason and the person who decided it. Fill in both; the history shows them."
        )
    return reason, person


def refusal(columns: Mapping[str, Any], known_kpis: Mapping[str, object] | None = None) -> InputError | None:
    """Why a rule of these columns cannot be set; None where it can."""
    try:
        check(Rule(**columns), known_kpis)
    except InputError as error:
        return error
    return None


def check(rule: Rule, known_kpis: Mapping[str, object] | None = None) -> None:
    """Raises InputError where the rule says nothing, or contradicts itself."""
    if rule.kind not in list(RuleKind):
        raise InputError("rules.kind", "'{kind}' is no kind of rule.", kind=rule.kind)
    if rule.direction not in (None, *BAD_DIRECTIONS.values()):
        raise InputError(
            "rules.direction",
            "A level is crossed above, below or outside, not '{said}'.",
            said=rule.direction,
        )
    if min(rule.pending_dates, rule.recovering_dates, rule.escalate_after_dates) < 1:
        raise InputError("rules.dates", "Data dates are counted from 1 on: nothing fires or ends before the first one.")
    if rule.is_portfolio and any(getattr(rule, scope) != ABSENT for scope in SCOPES):
        raise InputError(
            "rules.portfolio", "A rule for the portfolio names no customer, project, module, phase or site."
        )
    if rule.site != ABSENT and rule.project_key == ABSENT or rule.module != ABSENT and rule.project_key == ABSENT:
        raise InputError("rules.project", "A module or a site belongs to a project: choose the project as well.")
    if sum(getattr(rule, scope) != ABSENT for scope in ("module", "phase", "site")) > 1:
        raise InputError("rules.one_part", "A rule is for a module, a phase or a site, not for two of them at once.")
    if rule.kind == RuleKind.EARLY:
        if rule.name.partition(":")[0] not in list(EarlyRule):
            raise InputError("rules.early", "'{name}' is no early warning.", name=rule.name)
        return
    own = None if known_kpis is None else _own_direction(rule, known_kpis)
    direction = rule.direction or ("above" if rule.kind in _RELATIVE else own)
    if rule.is_off:
        return
    if rule.kind == RuleKind.LEVEL and known_kpis is not None and direction is None:
        raise InputError(
            "rules.no_direction",
            "{kpi} is neither better high nor better low: say whether it is bad above, below or outside the level.",
            kpi=rule.name,
        )
    if all(getattr(rule, level) is None for level in LEVELS):
        raise InputError(
            "rules.levels", "A rule needs a level: of warning, critical, or both. To judge nothing, switch it off."
        )
    if direction in ("above", "below") and _low(rule):
        raise InputError("rules.low", "Lower levels belong to a band: say that it is bad outside, or leave them empty.")
    if direction == "outside":
        _ordered(rule.low_critical_at, rule.low_warning_at, rule.low_clear_at, rule.clear_at)
        _ordered(rule.low_clear_at, rule.clear_at, rule.warning_at, rule.critical_at)
        _ordered(rule.low_warning_at, rule.warning_at)
    elif direction == "below":
        _ordered(rule.critical_at, rule.warning_at, rule.clear_at)
    elif direction == "above":
        _ordered(rule.clear_at, rule.warning_at, rule.critical_at)


def _low(rule: Rule) -> bool:
    return any(level is not None for level in (rule.low_warning_at, rule.low_critical_at, rule.low_clear_at))


def _own_direction(rule: Rule, known_kpis: Mapping[str, Any]) -> str | None:
    """Where the KPI itself is bad; None where it does not say."""
    kpi_key = rule.name
    kpi = known_kpis.get(kpi_key)
    if kpi is None:
        raise InputError(
            "rules.kpi", "'{kpi}' is no KPI of the published build. Refresh, or choose another one.", kpi=kpi_key
        )
    if (leading := kpi.status_from or kpi.beside) and rule.kind == RuleKind.LEVEL:
        raise InputError(
            "rules.takes_status",
            "{kpi} goes by the levels of {other}, so that one fact raises one alert. Set the level there.",
            kpi=kpi_key,
            other=leading,
        )
    return BAD_DIRECTIONS.get(kpi.better)


def _ordered(*levels: float | None) -> None:
    stated = [level for level in levels if level is not None]
    if stated != sorted(stated):
        raise InputError(
            "rules.order",
            "The levels contradict each other: critical lies further out than warning, and an alert ends on the good side.",
        )
