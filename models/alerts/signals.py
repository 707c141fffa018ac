"""A signal: what one build says about one rule in one scope. Everything that can raise an alert arrives in this shape."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from models.alerts.vocabulary import AlertLevel, SignalKind

ABSENT = "*"


@dataclass(frozen=True)
class Policy:
    """How patient a rule is, counted in data dates, and a fingerprint that changes with the rule."""

    pending_dates: int = 1
    recovering_dates: int = 1
    escalate_after_dates: int = 3
    fingerprint: str = ""


@dataclass(frozen=True)
class Scope:
    """Where a signal holds; "*" for a dimension it does not have."""

    grain: str  # portfolio, customer, project, module, phase, site
    project_key: str = ABSENT
    module: str = ABSENT
    phase: str = ABSENT
    site: str = ABSENT
    customer: str = ABSENT

    @property
    def key(self) -> str:
        parts = (self.grain, self.customer, self.project_key, self.module, self.phase, self.site)
        return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


@dataclass(frozen=True)
class Signal:
    """One reading.

    name: the KPI of a level; of a relative rule "<kpi>:<rule kind>"; of an early warning its rule; of data the feed.
    data_date: the day the reading stands for: the status date, of a KPI counted in a period the end of its last finished period.
    is_clear: far enough within the level to end an alert (beyond the clear level where the rule has one).
    value, level: as numbers of the KPI; None where there are none. template, details: a sentence that says it (catalog msgid).
    """

    kind: SignalKind
    name: str
    scope: Scope
    data_date: dt.date
    reading: AlertLevel
    is_clear: bool
    value: float | None = None
    level: float | None = None
    kpi_key: str | None = None
    rule_id: int | None = None
    template: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    policy: Policy = Policy()

    @property
    def alert_key(self) -> str:
        return f"{self.kind}:{self.name}|{self.scope.key}"
