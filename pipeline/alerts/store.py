"""Rows of alerts and of their history, in the control store."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects.sqlite import insert

from models.alerts.answers import Answer
from models.alerts.signals import Scope, Signal
from models.alerts.state import AlertState, Change
from models.alerts.vocabulary import AlertLevel, SignalKind
from pipeline.store import control
from pipeline.store.alert_tables import alert_events, alerts

_ANYTHING = TypeAdapter(object)
_ACKNOWLEDGED = ("acknowledged_by", "acknowledged_reason")
_PLACES = ("grain", "project_key", "module", "phase", "site")
PIPELINE = "pipeline"  # the actor of what no person did


def load(connection: sa.Connection) -> dict[str, dict]:
    """{alert_key: row} of every alert ever met."""
    return {row["alert_key"]: row for row in control.rows_of(connection, sa.select(alerts))}


def save(connection: sa.Connection, rows: list[dict]) -> None:
    """Writes whole rows; one that is there is replaced."""
    if rows:
        statement = insert(alerts)
        changed = {column.name: statement.excluded[column.name] for column in alerts.c if not column.primary_key}
        connection.execute(statement.on_conflict_do_update(index_elements=["alert_key"], set_=changed), rows)


def add_events(connection: sa.Connection, events: Iterable[dict]) -> list[dict]:
    """Writes the events and returns them with their event_id."""
    added = alert_events.insert().returning(alert_events.c.event_id)
    return [event | {"event_id": connection.execute(added, event).scalar_one()} for event in events]


def machine_of(row: dict) -> AlertState:
    return AlertState.from_json(row["machine"])


def answer_of(row: dict | None) -> Answer:
    if row is None:
        return Answer()
    return Answer(
        acknowledged_on=_day(row["acknowledged_on"]),
        acknowledged_until=row["acknowledged_until"],
        snoozed_until=_day(row["snoozed_until"]),
        escalated_on=_day(row["escalated_on"]),
    )


def row_of(signal: Signal, alert: AlertState, answer: Answer, build_id: str, before: dict | None) -> dict:
    """The row of an alert after a step; what the step does not know (owner, cause, instants) is as it was."""
    course, scope = alert.course, signal.scope
    kept = before or {"cause": {}}
    known = ("fired_at", "ended_at", "owner", *(_ACKNOWLEDGED if answer.acknowledged_on else ()))
    return {
        "alert_key": signal.alert_key,
        "kind": signal.kind.value,
        "name": signal.name,
        "kpi_key": signal.kpi_key,
        **{name: getattr(scope, name) for name in _PLACES},
        "state": course.state.value,
        "severity": course.severity.value if course.severity else None,
        "machine": alert.to_json(),
        "data_date": signal.data_date.isoformat(),
        "value": signal.value,
        "level": signal.level,
        "sentence": {"template": signal.template, "details": json_safe(signal.details)},
        "cause": kept["cause"],
        "since_on": _text(course.since),
        **dict.fromkeys(_ACKNOWLEDGED),
        **{name: kept.get(name) for name in known},
        "acknowledged_on": _text(answer.acknowledged_on),
        "acknowledged_until": answer.acknowledged_until,
        "snoozed_until": _text(answer.snoozed_until),
        "escalated_on": _text(answer.escalated_on),
        "last_build": build_id,
    }


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


def signal_of(row: dict, reading: AlertLevel, data_date: dt.date, template: str, details: dict | None = None) -> Signal:
    """A signal made for an alert of which the build itself says nothing (its series is gone, its rules failed)."""
    return Signal(
        kind=SignalKind(row["kind"]),
        name=row["name"],
        scope=scope_of(row),
        data_date=data_date,
        reading=reading,
        is_clear=False,
        kpi_key=row["kpi_key"],
        template=template,
        details=details or {},
    )


def scope_of(row: dict) -> Scope:
    """The scope of a kept alert; the customer, which has no column of its own, stands in its key."""
    return Scope(**{name: row[name] for name in _PLACES}, customer=_parts(row["alert_key"])[-5])


def json_safe(value: object) -> object:
    """Days as ISO text, enums as their words, numbers as numbers; all else as text."""
    return _ANYTHING.dump_python(value, mode="json", fallback=str)


def _parts(alert_key: str) -> list[str]:
    """The parts of a key between bars that are not escaped, unescaped."""
    parts = re.findall(r"(?s)((?:\\.|[^\\|])*)\|", alert_key + "|")
    return [re.sub(r"(?s)\\(.)", r"\1", part) for part in parts]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
