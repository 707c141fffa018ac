"""The levels of KPIs as signals: one reading per KPI and scope, as the build judged it.

Every project is judged by the levels that hold for it. A module, phase, site, customer or the portfolio raises an alert only
where somebody wrote a rule for that very scope.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from models.alerts.in_force import day_of, policy_of
from models.alerts.signals import ABSENT, Policy, Scope, Signal
from models.alerts.vocabulary import AlertLevel, RuleKind, SignalKind
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.document import Row
from models.gate.verdict import decimal
from models.kpis import combined, other_basis, site_values
from models.kpis.catalogue import Kpi, catalogue
from models.kpis.crossed_level import level_told
from models.kpis.levels import BAD_DIRECTIONS
from models.kpis.values import selected_projects
from models.vocabulary import UNALLOCATED, KpiStatus
from models.words.catalog import msgid
from models.words.number_tokens import named

READINGS = {
    KpiStatus.OK: AlertLevel.OK,
    KpiStatus.WARNING: AlertLevel.WARNING,
    KpiStatus.CRITICAL: AlertLevel.CRITICAL,
    KpiStatus.NO_DATA: AlertLevel.NO_DATA,
    KpiStatus.TOO_EARLY: AlertLevel.NO_DATA,
    KpiStatus.NOT_APPLICABLE: AlertLevel.NOT_JUDGED,
    KpiStatus.UNRATED: AlertLevel.NOT_JUDGED,
}
NO_SITES = msgid("{kpi} cannot be told for one site: the rows it is counted from name no site.")
_BEYOND = msgid("{kpi} is beyond its level")
_BEYOND_BY = msgid("{kpi} is beyond its level; {beside}")
_WITHIN = msgid("{kpi} is within its level")
# of what is counted in a period only the last finished one is read; of all else the current row
_VALUES = """
    select kpi_values.* exclude (period_kind, is_current, is_incomplete), actual_finish_on <= as_of as is_closed
    from (select columns('^({read})$') from kpi_values) as kpi_values
    inner join dim_kpis using (kpi_key)
    left join dim_projects using (project_key)
    where period_kind = 'month' and kpi_key in (select unnest($judged)) and project_key <> $unallocated
        and (is_current or counts_window = 'in_period')
        and not (counts_window = 'in_period' and (is_incomplete or period_end > as_of))
        and (grain = 'project' {named})
    qualify row_number() over (partition by kpi_key, grain, project_key, module, phase order by period_end desc) = 1
    order by kpi_key, grain, project_key, module, phase
"""
# all that is read of a row: of the wide table every other column costs time
_READ = (
    "kpi_key|grain|project_key|module|phase|period_kind|period_start|period_end|as_of|value|numerator|denominator|status|"
    "is_stale|is_current|is_incomplete|reason|warning_at|critical_at|low_warning_at|low_critical_at|bad_direction|rule_id"
)
_NAMED = """
    or grain in ('module', 'phase') and rule_id in (select unnest($of_parts))
    or grain = 'portfolio' and rule_id in (select unnest($of_portfolio))
"""
_CLOSED = "select project_key, actual_finish_on from dim_projects where actual_finish_on is not null"


def level_signals(snapshot: Snapshot, rules: list[dict[str, Any]]) -> list[Signal]:
    """One signal per KPI with levels and project, and per scope that a rule was written for: its last value that may be judged.

    rules: rows of the table `rules` that the build was made with.
    """
    kpis = catalogue(snapshot)
    levels = [rule for rule in rules if rule["kind"] == RuleKind.LEVEL and rule["name"] in kpis]
    levels = [rule for rule in levels if kpis[rule["name"]].has_own_status]
    by_id = {rule["rule_id"]: rule for rule in levels}
    rows = _published(snapshot, [key for key, kpi in kpis.items() if not kpi.status_from], levels)
    everyone = selected_projects(snapshot, Selection())
    found = [
        level_signal(row, kpis[row["kpi_key"]], by_id.get(row.get("rule_id")), _scope(row), beside)
        for row, beside in zip(rows, other_basis.other_readings(snapshot, rows, everyone), strict=True)
        if kpis[row["kpi_key"]].has_own_status
    ]
    return [*found, *_of_customers(snapshot, kpis, levels), *_of_sites(snapshot, kpis, levels)]


def level_signal(row: Row, kpi: Kpi, rule: Row | None, scope: Scope, beside: dict[str, Any] | None = None) -> Signal:
    """What a row of kpi_values says. rule: the one that set its levels. is_closed in the row: the project is over.

    beside: of a KPI of two bases, the sentence of models.kpis.other_basis.
    """
    reading = READINGS[KpiStatus(row["status"])]
    if rule is not None and rule["is_off"]:
        reading = AlertLevel.NOT_JUDGED
    elif row.get("is_closed"):
        reading = AlertLevel.CLOSED
    elif row["is_stale"]:
        reading = AlertLevel.STALE
    details = {"kpi": row["kpi_key"]} | ({"edge": row["reason"]} if row["value"] is None else {})
    return Signal(
        kind=SignalKind.LEVEL,
        name=row["kpi_key"],
        scope=scope,
        data_date=row["period_end"] if kpi.counts_window == "in_period" else row["as_of"],
        reading=reading,
        is_clear=reading is AlertLevel.OK and (rule is None or _is_clear(row, kpi, rule)),
        value=row["value"],
        level=level_told(row, is_critical=reading is AlertLevel.CRITICAL),
        kpi_key=row["kpi_key"],
        rule_id=rule["rule_id"] if rule else None,
        template=_WITHIN if reading is AlertLevel.OK else _BEYOND_BY if beside else _BEYOND,
        details=details | ({"beside": beside} if beside and reading is not AlertLevel.OK else {}),
        policy=policy(kpi, rule),
    )


def policy(kpi: Kpi, rule: Row | None) -> Policy:
    """The patience of the rule, else the usual one; the fingerprint changes with the rule, or with the catalogue's levels.

    Levels that a KPI computes for each row are known by their formula: a zone that slopes is one rule, not a new one each day.
    """
    if rule is not None:
        stated = policy_of(rule)
        return replace(stated, fingerprint=f"rule {rule['rule_id']} {stated.fingerprint}")
    own = (kpi.better, kpi.warning_at, kpi.critical_at, kpi.low_warning_at)
    computed = "".join(text or "" for text in (kpi.warning_at_sql, kpi.critical_at_sql, kpi.status_sql))
    mark = hashlib.sha256(computed.encode()).hexdigest()[:8] if computed else ""
    return Policy(fingerprint=" ".join(str(part) for part in (*own, mark)).strip())


# ---- published rows -------------------------------------------------------------------------------------------------


def _published(snapshot: Snapshot, judged: list[str], rules: Sequence[Row]) -> list[dict[str, Any]]:
    has_rules = "select 1 from information_schema.columns where table_name = 'kpi_values' and column_name = 'rule_id'"
    parameters: dict[str, Any] = {"unallocated": UNALLOCATED, "judged": judged}
    of_parts = [rule["rule_id"] for rule in rules if rule["module"] != ABSENT or rule["phase"] != ABSENT]
    of_portfolio = [rule["rule_id"] for rule in rules if rule["is_portfolio"]]
    named = ""
    if (of_parts or of_portfolio) and snapshot.query(has_rules).height:  # none in a build of an earlier version
        named = _NAMED
        parameters |= {"of_parts": of_parts or [-1], "of_portfolio": of_portfolio or [-1]}
    return snapshot.query(_VALUES.format(named=named, read=_READ), parameters).to_dicts()


def _scope(row: Row) -> Scope:
    return Scope(row["grain"], row["project_key"], row["module"], row["phase"])


# ---- customers and sites: put together when they are read --------------------------------------------------------------


def _is_of_customer(rule: Row) -> bool:
    return rule["customer"] != ABSENT and rule["project_key"] == ABSENT and rule["phase"] == ABSENT


def _of_customers(snapshot: Snapshot, kpis: Mapping[str, Kpi], rules: Sequence[Row]) -> Iterable[Signal]:
    by_id = {rule["rule_id"]: rule for rule in rules if _is_of_customer(rule)}
    for kpi_key, customer in sorted({(rule["name"], rule["customer"]) for rule in by_id.values()}):
        projects = selected_projects(snapshot, Selection(customers=(customer,)))
        row = _row_of_customer(snapshot, kpis[kpi_key], projects) if projects else None
        if row and row["rule_id"] in by_id:
            yield level_signal(row, kpis[kpi_key], by_id[row["rule_id"]], Scope("customer", customer=customer))


def _row_of_customer(snapshot: Snapshot, kpi: Kpi, projects: tuple[str, ...]) -> dict[str, Any] | None:
    if kpi.counts_window == "in_period":
        return last_finished(combined.history(snapshot, kpi, projects, Selection()))
    rows = combined.values(snapshot, {kpi.kpi_key: kpi}, projects, Selection())
    return rows.row(-1, named=True) if len(rows) else None


def last_finished(rows: pl.DataFrame) -> dict[str, Any] | None:
    """The last period that is over."""
    finished = rows.filter(~pl.col("is_incomplete") & (pl.col("period_end") <= pl.col("as_of"))) if len(rows) else rows
    return finished.row(-1, named=True) if len(finished) else None


def rules_of_site(rules: Iterable[Row], kpi_key: str, project_key: str, site: str) -> list[dict[str, Any]]:
    """The rules of one site as levels_sql wants them: the one that goes before all others last."""
    found = [
        dict(rule) | {"valid_from": day_of(rule)}
        for rule in rules
        if (rule["name"], rule["project_key"], rule["site"]) == (kpi_key, project_key, site)
    ]
    return sorted(found, key=lambda rule: (rule["valid_from"], rule["rule_id"]))


def _of_sites(snapshot: Snapshot, kpis: Mapping[str, Kpi], rules: Sequence[Row]) -> Iterable[Signal]:
    of_sites = [rule for rule in rules if rule["site"] != ABSENT]
    if not of_sites:
        return
    closed = dict(snapshot.query(_CLOSED).iter_rows())
    for kpi_key, project_key, site in sorted({(rule["name"], rule["project_key"], rule["site"]) for rule in of_sites}):
        kpi, scope = kpis[kpi_key], Scope("site", project_key, site=site)
        stated = rules_of_site(of_sites, kpi_key, project_key, site)
        if not site_values.has_sites(snapshot, kpi):
            yield _without_sites(kpi, stated[-1], scope)
            continue
        rows = site_values.history(snapshot, kpi, project_key, site, stated)
        row = (
            last_finished(rows) if kpi.counts_window == "in_period" else rows.row(-1, named=True) if len(rows) else None
        )
        if row and row["rule_id"] is not None:
            row["is_closed"] = project_key in closed and closed[project_key] <= row["as_of"]
            rule = next(rule for rule in stated if rule["rule_id"] == row["rule_id"])
            yield level_signal(row, kpi, rule, scope)


def _without_sites(kpi: Kpi, rule: Row, scope: Scope) -> Signal:
    return Signal(
        kind=SignalKind.LEVEL,
        name=kpi.kpi_key,
        scope=scope,
        data_date=day_of(rule),
        reading=AlertLevel.NOT_JUDGED,
        is_clear=False,
        kpi_key=kpi.kpi_key,
        rule_id=rule["rule_id"],
        template=NO_SITES,
        details={"kpi": named(kpi.label)},
        policy=policy(kpi, rule),
    )


# ---- levels -----------------------------------------------------------------------------------------------------------


def _is_clear(row: Row, kpi: Kpi, rule: Row) -> bool:
    """Whether a value within the warning level is far enough within it; exactly on the clear level is."""
    direction = rule["direction"] or BAD_DIRECTIONS.get(kpi.better)
    high = rule["clear_at"] if direction in ("above", "outside") else None
    low = rule["clear_at"] if direction == "below" else rule["low_clear_at"] if direction == "outside" else None
    above, below = (row["numerator"], row["denominator"]) if kpi.denominator_sql else (row["value"], None)
    if above is None:
        return True
    reached, size = decimal(above), decimal(1 if below is None else below)
    return (high is None or reached <= decimal(high) * size) and (low is None or reached >= decimal(low) * size)
