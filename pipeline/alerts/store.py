"""Rows of alerts and of their history, in the control store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from pydantic import TypeAdapter

from models.alerts.alert import Alert, AlertEvent
from models.alerts.answers import Answer
from models.alerts.signals import Signal
from models.alerts.state import AlertState, Change
from models.alerts.vocabulary import AlertLevel
from models.document import Row
from pipeline.store import control
from pipeline.store.alert_tables import alert_events, alerts

_ANYTHING = TypeAdapter(object)
_ACKNOWLEDGED = ("acknowledged_by", "acknowledged_reason")
PIPELINE = "pipeline"  # the actor of what no person did


def load(connection: sa.Connection) -> dict[str, Alert]:
    """{alert_key: alert} of every alert ever met."""
    return {row["alert_key"]: Alert(**row) for row in control.rows_of(connection, sa.select(alerts))}


def save(connection: sa.Connection, stepped: Collection[Alert]) -> None:
    """Writes whole rows; one that is there is replaced."""
    if stepped:
        statement = control.insert_into(connection, alerts)
        changed = {column.name: statement.excluded[column.name] for column in alerts.c if not column.primary_key}
        rows = [alert.model_dump(mode="json") for alert in stepped]
        connection.execute(statement.on_conflict_do_update(index_elements=["alert_key"], set_=changed), rows)


def add_events(connection: sa.Connection, events: Iterable[Row]) -> list[AlertEvent]:
    """Writes the events, columns of alert_events, and returns them with their event_id."""
    rows = [dict(event) for event in events]
    if not rows:
        return []
    added = alert_events.insert().returning(alert_events.c.event_id, sort_by_parameter_order=True)
    numbers: Sequence[int] = connection.execute(added, rows).scalars().all()
    return [AlertEvent(**row, event_id=number) for row, number in zip(rows, numbers, strict=True)]


def stepped(signal: Signal, machine: AlertState, answer: Answer, build_id: str, before: Alert | None) -> Alert:
    """An alert after a step; what the step does not know (owner, cause, instants) is as it was."""
    course, scope = machine.course, signal.scope
    known = ("cause", "fired_at", "ended_at", "owner", *(_ACKNOWLEDGED if answer.acknowledged_on else ()))
    return Alert(
        alert_key=signal.alert_key,
        kind=signal.kind,
        name=signal.name,
        kpi_key=signal.kpi_key,
        grain=scope.grain,
        project_key=scope.project_key,
        module=scope.module,
        phase=scope.phase,
        site=scope.site,
        state=course.state,
        severity=course.severity,
        machine=machine,
        data_date=signal.data_date,
        value=signal.value,
        level=signal.level,
        sentence={"template": signal.template, "details": json_safe(signal.details)},
        since_on=course.since,
        acknowledged_on=answer.acknowledged_on,
        acknowledged_until=answer.acknowledged_until,
        snoozed_until=answer.snoozed_until,
        escalated_on=answer.escalated_on,
        last_build=build_id,
        due_on=before.due_on if before and course.is_open else None,
        **({name: getattr(before, name) for name in known} if before else {}),
    )


def event_of(signal: Signal, change: Change, build_id: str, at: str) -> dict:
    return {
        "alert_key": signal.alert_key,
        "at": at,
        "build_id": build_id,
        "data_date": change.data_date.isoformat(),
        "kind": change.kind.value,
        "from_state": change.from_state.value,
        "to_state": change.to_state.value,
        "severity": change.severity.value if change.severity else None,
        "value": signal.value if change.value is None else change.value,
        "level": signal.level if change.level is None else change.level,
        "duration_days": change.duration_days,
        "actor": PIPELINE,
        "text": change.text,
        "notifies": int(change.notifies),
    }


def signal_of(
    alert: Alert, reading: AlertLevel, data_date: dt.date, template: str, details: dict | None = None
) -> Signal:
    """A signal made for an alert of which the build itself says nothing (its series is gone, its rules failed)."""
    return Signal(
        kind=alert.kind,
        name=alert.name,
        scope=alert.scope,
        data_date=data_date,
        reading=reading,
        is_clear=False,
        kpi_key=alert.kpi_key,
        template=template,
        details=details or {},
    )


def json_safe(value: object) -> object:
    """Days as ISO text, enums as their words, numbers as numbers; all else as text."""
    return _ANYTHING.dump_python(value, mode="json", fallback=str)
