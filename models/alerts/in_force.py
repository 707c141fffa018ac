"""Which rule counts for a project, module or phase on a day, and what it says of patience."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from models.alerts.signals import ABSENT, Policy, Scope
from models.document import Row

_PLACES = ("module", "phase", "site")
_LEVELS = ("direction", "warning_at", "critical_at", "low_warning_at", "low_critical_at", "clear_at", "low_clear_at")


def rule_in_force(rules: Sequence[Row], kind: str, names: Sequence[str], scope: Scope, on: dt.date) -> Row | None:
    """The most specific rule of that kind and one of those names (the first name first); of equal ones the newest.

    scope: with its customer, so that a customer's rule is found for each of its projects. A portfolio obeys only rules made
    for it. rules: rows of the table `rules` that are not retired.
    """
    found = [
        rule
        for rule in rules
        if rule["kind"] == kind and rule["name"] in names and day_of(rule) <= on and _applies(rule, scope)
    ]
    order = {name: -place for place, name in enumerate(names)}
    return max(
        found,
        key=lambda rule: (_specificity(rule), order[rule["name"]], day_of(rule), rule["rule_id"]),
        default=None,
    )


def policy_of(rule: Row | None) -> Policy:
    """The patience that the rule states, with a fingerprint of its levels."""
    if rule is None:
        return Policy()
    return Policy(
        pending_dates=rule["pending_dates"],
        recovering_dates=rule["recovering_dates"],
        escalate_after_dates=rule["escalate_after_dates"],
        fingerprint=" ".join(str(rule[level]) for level in _LEVELS),
    )


def day_of(rule: Row) -> dt.date:
    valid_from = rule["valid_from"]
    return valid_from if isinstance(valid_from, dt.date) else dt.date.fromisoformat(valid_from)


def _applies(rule: Row, scope: Scope) -> bool:
    if bool(rule["is_portfolio"]) != (scope.grain == "portfolio"):
        return False
    return all(
        rule[name] in (ABSENT, getattr(scope, name)) for name in ("customer", "project_key", "module", "phase", "site")
    )


def _specificity(rule: Row) -> tuple[int, int, int]:
    places = sum(rule[name] != ABSENT for name in _PLACES)
    return (places, rule["project_key"] != ABSENT, rule["customer"] != ABSENT)
