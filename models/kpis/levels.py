"""Levels as SQL, for values that are put together when they are read: which ones hold, and the status they give.

The same rules as in the build (kpi_levels, and the macro level_status): a rule that a person set goes before the levels of the
catalogue and before a KPI's own rule of status; a value exactly on a level passes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from models.builds.snapshot import Snapshot
from models.document import Row
from models.kpis.catalogue import Kpi

_has_rules: WeakKeyDictionary[Snapshot, bool] = WeakKeyDictionary()
LEVELS = ("warning_at", "critical_at", "low_warning_at", "low_critical_at")
COLUMNS = (*LEVELS, "bad_direction", "rule_id")
BAD_DIRECTIONS = {"lower": "above", "higher": "below", "band": "outside"}  # where a value is bad, by what is better
NO_LEVELS = "cast(null as double)"
_RULES = """
    select dim_rules.*
    from dim_rules
    where kpi_key = $kpi and not is_portfolio and project_key = '*' and phase = '*' and site = '*' and module in ('*', $module)
        and (customer = '*' or customer in (
            select min(customer) from dim_projects where project_key in (select unnest($projects))
            having count(distinct coalesce(customer, '')) = 1
        ))
    order by module = '*' desc, customer = '*' desc, valid_from, rule_id
"""


def rules_of_choice(
    snapshot: Snapshot, kpi: Kpi, projects: tuple[str, ...], module: str | None
) -> list[dict[str, Any]]:
    """The rules that hold for all of these projects alike, as rows of dim_rules; the one that goes before all others last."""
    if snapshot not in _has_rules:
        _has_rules[snapshot] = not snapshot.query("select 1 from dim_rules limit 1").is_empty()
    if not _has_rules[snapshot]:
        return []
    parameters = {
        "kpi": kpi.status_from or kpi.beside or kpi.kpi_key,
        "projects": list(projects),
        "module": module or "*",
    }
    return snapshot.query(_RULES, parameters).to_dicts()


def levels_sql(kpi: Kpi, rules: list[dict[str, Any]]) -> str:
    """The columns COLUMNS over rows with period_end: those of the last rule that counts at its end, else the catalogue's."""
    own = {
        "warning_at": kpi.warning_at_sql or _number(kpi.warning_at),
        "critical_at": kpi.critical_at_sql or _number(kpi.critical_at),
        "low_warning_at": _number(kpi.low_warning_at),
        "low_critical_at": _number(None),
    }
    direction = BAD_DIRECTIONS.get(kpi.better)
    own_direction = f"'{direction}'" if direction else "cast(null as varchar)"
    columns = [_chosen(rules, own[level], level, partial(_level_sql, level)) for level in LEVELS]
    columns.append(
        _chosen(
            rules,
            own_direction,
            "bad_direction",
            lambda rule: f"'{rule['direction']}'" if rule["direction"] in BAD_DIRECTIONS.values() else own_direction,
        )
    )
    columns.append(_chosen(rules, "cast(null as bigint)", "rule_id", lambda rule: str(int(rule["rule_id"]))))
    return ", ".join(columns)


def stated_sql(kpi: Kpi, rule: Row) -> str:
    """The columns COLUMNS as this one rule states them, whatever its first day."""
    direction = rule["direction"] if rule["direction"] in BAD_DIRECTIONS.values() else BAD_DIRECTIONS.get(kpi.better)
    columns = [f"{_level_sql(level, rule)} as {level}" for level in LEVELS]
    columns.append(f"'{direction}' as bad_direction" if direction else "cast(null as varchar) as bad_direction")
    return ", ".join([*columns, f"cast({int(rule['rule_id'])} as bigint) as rule_id"])


def status_sql(kpi: Kpi) -> str:
    """The status over numerator, denominator, value and COLUMNS of a row, in decimals."""
    if kpi.status_from:
        return "'unrated'"
    own_rule = f"when rule_id is null then ({kpi.status_sql})" if kpi.status_sql else ""
    return f"""case
        {own_rule}
        when bad_direction is null or coalesce({", ".join(LEVELS)}) is null then 'unrated'
        when {_beyond("critical", kpi)} then 'critical'
        when {_beyond("warning", kpi)} then 'warning'
        else 'ok' end"""


def _chosen(rules: list[dict[str, Any]], otherwise: str, name: str, stated: Callable[[Row], object]) -> str:
    cases = [
        f"when period_end >= date '{rule['valid_from'].isoformat()}' then {stated(rule)}" for rule in reversed(rules)
    ]
    return f"case {' '.join(cases)} else {otherwise} end as {name}" if cases else f"{otherwise} as {name}"


def _level_sql(level: str, rule: Row) -> str:
    return _number(None if rule["is_off"] else rule[level])


def _beyond(level: str, kpi: Kpi) -> str:
    return f"""(bad_direction in ('above', 'outside') and {_crossed(">", f"{level}_at", kpi)}
            or bad_direction = 'below' and {_crossed("<", f"{level}_at", kpi)}
            or bad_direction = 'outside' and {_crossed("<", f"low_{level}_at", kpi)})"""


def _crossed(sign: str, level: str, kpi: Kpi) -> str:
    if kpi.denominator_sql:
        return f"cast(numerator as decimal(30, 6)) {sign} cast({level} as decimal(12, 6)) * cast(denominator as decimal(24, 4))"
    return f"cast(value as decimal(30, 6)) {sign} cast({level} as decimal(24, 6))"


def _number(level: float | None) -> str:
    return NO_LEVELS if level is None else f"cast({float(level)!r} as double)"
