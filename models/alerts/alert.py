"""An alert as the control store keeps it, what happened to it, and how it stands today. Written once, for pipeline and pages."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Self

from pydantic import PlainSerializer, PlainValidator

from models.alerts.answers import Answer
from models.alerts.signals import Scope
from models.alerts.state import AlertState
from models.alerts.vocabulary import AlertLevel, AlertStatus, AnswerKind, AnswerState, ChangeKind, SignalKind
from models.document import Document
from models.kpis.worst import place, share_beyond


def _machine(told: AlertState | dict[str, Any]) -> AlertState:
    return told if isinstance(told, AlertState) else AlertState.from_json(told)


class AlertEvent(Document):
    """One line of an alert's history: what a build changed, or what a person did. `at`: ISO UTC. text: a comment, a reason."""

    event_id: int
    alert_key: str
    at: str
    build_id: str | None = None
    data_date: dt.date | None = None
    kind: ChangeKind | AnswerKind
    from_state: AlertStatus | None = None
    to_state: AlertStatus | None = None
    severity: AlertLevel | None = None
    value: float | None = None
    level: float | None = None
    duration_days: int | None = None
    actor: str
    text: str | None = None
    notifies: bool


class Alert(Document):
    """A row of `alerts`, whose columns its fields are. An absent dimension is "*".

    severity: warning or critical while it fires. since_on: data date at which the episode began. fired_at, ended_at: ISO UTC.
    sentence: {template, details} that says it in words. cause: rows, mending set and owners, as of last_build.
    acknowledged_on, escalated_on: data dates. acknowledged_until: "next" data date, or an ISO day. due_on: the day until which
    somebody took it on; it outlives the silence, until the episode ends or another day is agreed.
    """

    alert_key: str
    kind: SignalKind
    name: str
    kpi_key: str | None = None
    grain: str
    project_key: str
    module: str
    phase: str
    site: str
    state: AlertStatus
    severity: AlertLevel | None = None
    machine: Annotated[AlertState, PlainValidator(_machine), PlainSerializer(AlertState.to_json)]
    data_date: dt.date
    value: float | None = None
    level: float | None = None
    sentence: dict[str, Any]
    cause: dict[str, Any] = {}
    since_on: dt.date | None = None
    fired_at: str | None = None
    ended_at: str | None = None
    owner: str | None = None
    acknowledged_by: str | None = None
    acknowledged_reason: str | None = None
    acknowledged_on: dt.date | None = None
    acknowledged_until: str | None = None
    snoozed_until: dt.date | None = None
    escalated_on: dt.date | None = None
    last_build: str
    due_on: dt.date | None = None

    @property
    def customer(self) -> str:
        """Which has no column of its own: it stands in the key. "*" but of a whole customer."""
        parts = re.findall(r"(?s)((?:\\.|[^\\|])*)\|", self.alert_key + "|")  # between bars that are not escaped
        return re.sub(r"(?s)\\(.)", r"\1", parts[-5])

    @property
    def scope(self) -> Scope:
        return Scope(self.grain, self.project_key, self.module, self.phase, self.site, self.customer)

    @property
    def standing(self) -> AlertStatus:
        """normal, pending, firing, recovering: also while its state is no_data, stale or error."""
        return self.machine.course.standing

    @property
    def is_open(self) -> bool:
        """Told as firing and not yet as over."""
        return self.machine.course.is_open

    @property
    def days(self) -> int | None:
        """From the first data date of the episode to the last; None outside an episode."""
        return (self.data_date - self.since_on).days if self.since_on else None

    @property
    def details(self) -> dict[str, Any]:
        """What fills the blanks of its sentence."""
        return self.sentence.get("details") or {}

    @property
    def answers(self) -> Answer:
        return Answer(self.acknowledged_on, self.acknowledged_until, self.snoozed_until, self.escalated_on)

    @property
    def place(self) -> tuple[Any, ...]:
        """What sorts the worst first: by severity and the level it has crossed."""
        return place(self.severity, abs(share_beyond(self.value, self.level)), self.project_key, self.alert_key)

    def at(self, event: AlertEvent) -> Self:
        """The same alert, as severe and as far from its level as it was when this happened."""
        return self.model_copy(update={name: getattr(event, name) for name in ("severity", "value", "level")})


class AlertToday(Alert):
    """An alert on the day that somebody looks.

    ended_on (data date), ended_by, lasted_days: of one that is over, or critical no more.
    warning_at, critical_at: levels of the published value that it stands on, where they were looked up.
    """

    today: dt.date
    ended_on: dt.date | None = None
    ended_by: ChangeKind | None = None
    lasted_days: int | None = None
    warning_at: float | None = None
    critical_at: float | None = None

    @property
    def is_overdue(self) -> bool:
        """It fires still, and the day until which somebody took it on has passed."""
        return self.is_open and self.due_on is not None and self.due_on < self.today

    @property
    def answer(self) -> AnswerState:
        return self.answers.state(self.data_date, self.today)
