"""The rule that a person states: written once; its table, what a build freezes of it and its check follow from here."""

from __future__ import annotations

import datetime as dt
from types import NoneType
from typing import get_args, get_type_hints

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from models.alerts.signals import ABSENT

SCOPES = ("customer", "project_key", "module", "phase", "site")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Rule:
    """What a person states. Levels are in the unit of the KPI; of a relative rule they are shares of change (0.1 = 10 %)."""

    kind: str  # RuleKind
    name: str  # the KPI; of an early warning its own name
    valid_from: dt.date
    customer: str = ABSENT  # the scope: whatever is not "*" must agree
    project_key: str = ABSENT
    module: str = ABSENT
    phase: str = ABSENT
    site: str = ABSENT
    is_portfolio: bool = False  # judges the portfolio itself, not each project
    direction: str | None = None  # above, below, outside: where it is bad; empty: as the catalogue says
    warning_at: float | None = None  # upper side of a band
    critical_at: float | None = None
    low_warning_at: float | None = None  # lower side of a band
    low_critical_at: float | None = None
    clear_at: float | None = None  # an alert ends only beyond this level; empty: at the warning level
    low_clear_at: float | None = None
    pending_dates: int = 1  # data dates beyond the level until it fires
    recovering_dates: int = 1  # data dates within it until it has recovered
    escalate_after_dates: int = 3  # unanswered data dates
    is_off: bool = False  # says that nothing is judged in this scope


# {field: str, float, int, bool or date}, whether it may be empty or not
RULE_TYPES: dict[str, type] = {
    name: next(kind for kind in (*get_args(hint), hint) if kind is not NoneType)
    for name, hint in get_type_hints(Rule).items()
}
