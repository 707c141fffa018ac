"""What an early warning finds in a project, and the rule row that tunes it there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from models.alerts.in_force import rule_in_force
from models.alerts.signals import ABSENT, Scope
from models.alerts.vocabulary import AlertLevel, EarlyRule, RuleKind
from models.document import Row

# What warning_at of a rule row replaces, with its reason.
PARAMETERS: dict[EarlyRule, float] = {
    EarlyRule.TREND_CROSSES: 3,  # periods ahead: a quarter is the time in which something can still be done
    EarlyRule.BUFFER_BURNS_FASTER: 1.0,  # share of buffer used ÷ share of chain done
    EarlyRule.FLOAT_ERODES: 1.0,  # working days of float lost in all: less is rounding
    EarlyRule.DEFECTS_FOUND_FASTER: 3,  # weeks in a row
    EarlyRule.RISK_REVIEWS_OVERDUE: 0,  # days after the review was due
}


@dataclass(frozen=True)
class Found:
    """What a rule finds in one project. reading None: not judged yet."""

    reading: AlertLevel | None
    on: dt.date
    template: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    value: float | None = None
    level: float | None = None
    kpi_key: str | None = None


class Tuned:
    """The row that tunes an early warning in a project, and what counts without one."""

    def __init__(self, rules: Sequence[Row], rule: EarlyRule, project: Row) -> None:
        self.rule = rule
        self.status_on: dt.date = project["status_on"]
        self.currency: str | None = project["currency"]
        self.is_closed = project["actual_finish_on"] is not None and project["actual_finish_on"] <= self.status_on
        self._rules = [row for row in rules if row["kind"] == RuleKind.EARLY]
        self._scope = Scope("project", project["project_key"], customer=project["customer"] or ABSENT)
        self._found: dict[str | None, Row | None] = {}

    def row(self, name: str | None = None) -> Row | None:
        """The rule row in force; `name` of one KPI's trend goes before that of all."""
        if name not in self._found:
            names = (name, self.rule) if name and name != self.rule else (self.rule,)
            self._found[name] = rule_in_force(self._rules, RuleKind.EARLY, names, self._scope, self.status_on)
        return self._found[name]

    def parameter(self, name: str | None = None) -> float:
        row = self.row(name)
        return PARAMETERS[self.rule] if row is None or row["warning_at"] is None else row["warning_at"]

    @property
    def is_judged(self) -> bool:
        row = self.row()
        return not self.is_closed and not (row and row["is_off"])


Finds = list[tuple[str, str, Found]]  # project, name of the alert, what was found
