"""Rules in words and numbers: whom they judge, their levels as they are typed and read, how patient they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from models.alerts.signals import ABSENT, Scope
from models.alerts.vocabulary import EarlyRule, RuleKind
from models.alerts.words import early_rule_word
from models.kpis.catalogue import Kpi
from models.kpis.levels import BAD_DIRECTIONS
from models.vocabulary import KpiStatus
from ui.shell.numbers import level_text, unit_for, unit_label
from ui.shell.wording import STATUS_SIGNS, _, language, msgid, phase_word, spoken, translate

DIRECTIONS = ("above", "below", "outside")
_DIRECTION_WORDS = {
    "above": msgid("above"),
    "below": msgid("below"),
    "outside": msgid("outside"),
}
_KIND_WORDS: dict[str, str] = {
    RuleKind.LEVEL: msgid("levels"),
    RuleKind.LAST_PERIOD: msgid("change against the month before"),
    RuleKind.OWN_MEAN: msgid("change against its own mean of the months before"),
    RuleKind.BASELINE: msgid("change against the month of the baseline"),
    RuleKind.EARLY: msgid("early warning"),
}
# what the number of an early warning is counted in
PARAMETER_WORDS = {
    EarlyRule.TREND_CROSSES: msgid("months ahead"),
    EarlyRule.BUFFER_BURNS_FASTER: msgid("buffer used ÷ chain done, at most"),
    EarlyRule.FLOAT_ERODES: msgid("working days of float lost"),
    EarlyRule.DEFECTS_FOUND_FASTER: msgid("weeks in a row"),
    EarlyRule.RISK_REVIEWS_OVERDUE: msgid("days of grace"),
}


def direction_word(direction: str | None) -> str:
    return spoken(_DIRECTION_WORDS[direction]) if direction in _DIRECTION_WORDS else ""


def kind_word(kind: str) -> str:
    return spoken(_KIND_WORDS.get(kind, kind))


def subject_word(rule: Mapping, catalogue: Mapping[str, Kpi]) -> str:
    """The KPI or early warning that a rule is about; of a relative rule with what it is held against."""
    name, _colon, of = rule["name"].partition(":")
    if rule["kind"] == RuleKind.EARLY:
        word = early_rule_word(name, language())
        return _("{rule}: {kpi}", rule=word, kpi=_kpi_word(of, catalogue)) if of else word
    word = _kpi_word(name, catalogue)
    return word if rule["kind"] == RuleKind.LEVEL else _("{kpi}, {against}", kpi=word, against=kind_word(rule["kind"]))


def _kpi_word(kpi_key: str, catalogue: Mapping[str, Kpi]) -> str:
    return catalogue[kpi_key].short(language()) if kpi_key in catalogue else kpi_key


def scope_word(of: Mapping | Scope, names: Mapping[str, str]) -> str:
    """Whom a rule judges. names: {project_key: name}."""
    value: Callable[[str], Any] = of.get if isinstance(of, Mapping) else lambda name: getattr(of, name, None)
    grain = None if isinstance(of, Mapping) else of.grain
    if value("is_portfolio") or grain == "portfolio":
        return _("the portfolio itself")
    parts = []
    if value("project_key") != ABSENT:
        parts.append(names.get(value("project_key"), value("project_key")))
    elif value("customer") != ABSENT:
        parts.append(value("customer"))
    parts += [value(part) for part in ("module", "site") if value(part) != ABSENT]
    if value("phase") != ABSENT:
        parts.append(phase_word(value("phase")))
    if value("project_key") == ABSENT and value("customer") == ABSENT:
        parts.insert(0, _("all projects"))
    return " / ".join(parts)


# ---- numbers ----------------------------------------------------------------------------------------------------------


_UNITS = {"days": msgid("{number} days"), "months": msgid("{number} months"), "hours": msgid("{number} h")}


def unit_word(unit: str) -> str:
    """What a level is typed in: %, 元, 天 …; empty for an index or a count."""
    if unit == "percent":
        return "%"
    if unit == "money":
        return unit_label(unit_for([1]), None)
    return translate(_UNITS[unit], {"number": ""}, language()).strip() if unit in _UNITS else ""


def typed(level: float | None, unit: str) -> float | None:
    """A level as a person types it: 0.8 of a share is 80."""
    if level is None:
        return None
    return float(Decimal(repr(float(level))) * 100) if unit == "percent" else float(level)


def stated(number: float | None, unit: str) -> float | None:
    """The level that a typed number means: 80 is 0.8 of a share."""
    if number is None:
        return None
    return float(Decimal(repr(float(number))) / 100) if unit == "percent" else float(number)


def levels_text(rule: Mapping, unit: str, own_direction: str | None) -> str:
    """▲ < 85 % · ■ < 80 %, as plain text."""
    if rule.get("is_off"):
        return _("not judged")
    direction = rule.get("direction") or own_direction
    said = []
    for status, name in ((KpiStatus.WARNING, "warning_at"), (KpiStatus.CRITICAL, "critical_at")):
        high, low = rule.get(name), rule.get(f"low_{name}")
        texts = ["–" if level is None else level_text(level, unit) for level in (low, high)]
        if direction == "outside" and (high is not None or low is not None):
            said.append(f"{STATUS_SIGNS[status]} " + _("outside {low} to {high}", low=texts[0], high=texts[1]))
        elif direction != "outside" and high is not None:
            said.append(f"{STATUS_SIGNS[status]} {'<' if direction == 'below' else '>'} {texts[1]}")
    return " · ".join(said) or "–"


def rule_levels_text(rule: Mapping, catalogue: Mapping[str, Kpi]) -> str:
    """The levels of any rule in force: of a relative rule in percent, of an early warning its number."""
    if rule["kind"] == RuleKind.EARLY:
        if rule["is_off"]:
            return _("off")
        return _("on") if rule["warning_at"] is None else _("on, at {number}", number=f"{rule['warning_at']:g}")
    kpi = catalogue.get(rule["name"])
    own = BAD_DIRECTIONS.get(kpi.better) if kpi else None
    if rule["kind"] != RuleKind.LEVEL:
        told = levels_text(rule, "percent", "above")
        return told if rule["direction"] or rule["is_off"] else _("{levels} worse", levels=told)
    return levels_text(rule, kpi.unit if kpi else "index", own)


def default_text(kpi: Kpi) -> str:
    """The catalogue's levels."""
    if kpi.status_sql or kpi.warning_at_sql:
        return _("own rule")
    own = {"warning_at": kpi.warning_at, "critical_at": kpi.critical_at, "low_warning_at": kpi.low_warning_at}
    return levels_text(own, kpi.unit, BAD_DIRECTIONS.get(kpi.better))


def default_numbers(kpi: Kpi) -> str:
    """The same without signs and units, as they are typed: 85 / 80, of a band 8 – 20."""
    if kpi.status_sql or kpi.warning_at_sql:
        return _("own rule")
    shown = [typed(level, kpi.unit) for level in (kpi.low_warning_at, kpi.warning_at, kpi.critical_at)]
    low, warning, critical = ("–" if level is None else f"{level:g}" for level in shown)
    if kpi.better == "band":
        return f"{low} – {warning}"
    return f"{warning} / {critical}" if (warning, critical) != ("–", "–") else "–"


def patience_text(rule: Mapping, catalogue: Mapping[str, Kpi]) -> str:
    """Only what differs from the usual: fires at the first data date, recovers at the first one beyond the warning level,
    escalates after three."""
    said = []
    unit = catalogue[rule["name"]].unit if rule["kind"] == RuleKind.LEVEL and rule["name"] in catalogue else "percent"
    clear = [level_text(rule[name], unit) for name in ("low_clear_at", "clear_at") if rule[name] is not None]
    if clear:
        said.append(_("ends at {level}", level=" – ".join(clear)))
    if rule["pending_dates"] != 1:
        said.append(_("fires after {count} data dates", count=rule["pending_dates"]))
    if rule["recovering_dates"] != 1:
        said.append(_("recovers after {count}", count=rule["recovering_dates"]))
    if rule["escalate_after_dates"] != 3:
        said.append(_("escalates after {count}", count=rule["escalate_after_dates"]))
    return ", ".join(said)
