"""Rows as an evaluation writes them, and the notices that come of them."""

from __future__ import annotations

import datetime as dt

from models.alerts.alert import AlertEvent
from models.alerts.state import AlertState
from models.alerts.vocabulary import OutboxStatus
from models.builds.data_dir import DataDir
from pipeline.notices import Wanted, add_recipient, queue
from pipeline.settings import Settings
from pipeline.store import alert_tables, control

NOW = dt.datetime(2026, 11, 23, 6, 35, tzinfo=dt.UTC)
KEY = "level:test_coverage|project|*|P2025-005|*|*|*"


def settings(**values: object) -> Settings:
    return Settings(_env_file=None, **({"notice_seconds": 2} | values))


def alert_row(alert_key: str = KEY, **values: object) -> dict:
    row = {
        "alert_key": alert_key,
        "kind": "level",
        "name": "test_coverage",
        "kpi_key": "test_coverage",
        "grain": "project",
        "project_key": "P2025-005",
        "module": "*",
        "phase": "*",
        "site": "*",
        "state": "firing",
        "severity": "critical",
        "machine": AlertState().to_json(),
        "data_date": "2026-11-22",
        "value": 0.76,
        "level": 0.8,
        "sentence": {},
        "cause": {},
        "since_on": "2026-11-08",
        "last_build": "b-000012",
    }
    return row | values


def event_row(alert_key: str = KEY, **values: object) -> dict:
    row = {
        "alert_key": alert_key,
        "at": "2026-11-23T06:35:00Z",
        "build_id": "b-000012",
        "data_date": "2026-11-22",
        "kind": "fired",
        "from_state": "normal",
        "to_state": "firing",
        "severity": "critical",
        "value": 0.76,
        "level": 0.8,
        "duration_days": None,
        "actor": "pipeline",
        "notifies": 1,
    }
    return row | values


def happen(
    data_dir: DataDir, *events: dict, alerts: list[dict] | None = None, build_id: str = "b-000012"
) -> list[AlertEvent]:
    """Writes alerts and events and queues their notices, in one transaction. Returns the events with their ids."""
    with control.writing(data_dir) as connection:
        for row in alerts if alerts is not None else [alert_row()]:
            table = alert_tables.alerts
            connection.execute(table.delete().where(table.c.alert_key == row["alert_key"]))
            connection.execute(table.insert().values(**row))
        written = []
        for event in events:
            values = event | {"build_id": build_id}
            inserted = connection.execute(alert_tables.alert_events.insert().values(**values))
            written.append(AlertEvent(**values, event_id=inserted.inserted_primary_key[0]))
        queue(connection, data_dir, build_id, written, NOW)
    return written


def by_mail(data_dir: DataDir, port: int, name: str = "Chen", **values: object) -> int:
    fields = {
        "to": "chen@example.com",
        "from": "plimsoll@example.com",
        "server": "127.0.0.1",
        "port": str(port),
        "security": "none",
    }
    return add_recipient(data_dir, Wanted(name=name, channel="mail", fields=fields, **values), "tester")


def by_hook(data_dir: DataDir, url: str, name: str = "hook", **values: object) -> int:
    return add_recipient(data_dir, Wanted(name=name, channel="webhook", fields={"url": url}, **values), "tester")


def outbox(data_dir: DataDir) -> list[dict]:
    with control.reading(data_dir) as connection:
        rows = connection.execute(alert_tables.outbox.select().order_by(alert_tables.outbox.c.outbox_id))
        return [dict(row) for row in rows.mappings()]


def statuses(data_dir: DataDir) -> list[OutboxStatus]:
    return [row["status"] for row in outbox(data_dir)]
