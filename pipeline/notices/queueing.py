"""Who hears of the changes of one evaluation: one notice per recipient and build, written in the evaluation's own transaction.

The notice is the inbox, so nothing is lost when nothing can be sent; what shall leave besides waits in the outbox.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from models.alerts.alert import Alert, AlertEvent
from models.alerts.signals import ABSENT
from models.alerts.vocabulary import AlertLevel, ChangeKind, OutboxStatus, RecipientRole, SignalKind
from models.builds.data_dir import DataDir
from models.vocabulary import Section
from pipeline.logs import note_error
from pipeline.notices.channels import Channel
from pipeline.notices.naming import Names, names_of, plain
from pipeline.notices.recipients import all_recipients, ensure_default
from pipeline.notices.wording import ENDINGS, worded
from pipeline.settings import Settings
from pipeline.store import alert_tables, control

_SECTION_OF = {RecipientRole.FINANCE: Section.COST, RecipientRole.QUALITY_LEAD: Section.QUALITY}
_DATA_CHANGES = (ChangeKind.NO_DATA, ChangeKind.STALE, ChangeKind.ERROR)


def queue(
    connection: sa.Connection, data_dir: DataDir, build_id: str, events_written: Iterable[AlertEvent], now: dt.datetime
) -> int:
    """Writes notices and outbox rows for the events that notify. Returns how many notices.

    events_written: the rows of `alerts` must stand as they are after the change.
    The same events again are not told again.
    """
    events = [event for event in events_written if event.notifies]
    if not events:
        return 0
    ensure_default(connection)
    alerts = _alerts_of(connection, {event.alert_key for event in events})
    worst = _worst_of_ended(connection, events)
    names = names_of(data_dir, build_id)
    written = 0
    for recipient in all_recipients(connection):
        if not recipient["is_active"]:
            continue
        queued = _queued_already(connection, recipient["recipient_id"], build_id)
        chosen = [
            (event, alerts[event.alert_key])
            for event in events
            if event.event_id not in queued
            and concerns(recipient, event, alerts[event.alert_key], names, worst.get(event.event_id))
        ]
        if chosen:
            subject, body = _words(chosen, names, recipient["language"], build_id)
            notice = {"build_id": build_id, "subject": subject, "body": body, "created_at": control.iso(now)}
            _write(connection, recipient, notice, [event for event, _alert in chosen])
            written += 1
    return written


def concerns(recipient: Mapping, event: AlertEvent, alert: Alert, names: Names, severity: str | None = None) -> bool:
    """Whether this recipient hears of this change, by project, site, role and severity.

    severity: the worst of the episode, for a change that ends it: who heard of the beginning hears of the end.
    """
    if recipient["projects"] and alert.project_key not in recipient["projects"]:
        return False
    if recipient["sites"] and alert.site not in recipient["sites"]:
        return False
    role = recipient["role"]
    if event.kind == ChangeKind.ESCALATED:  # goes up, whatever its severity
        return role == RecipientRole.PROJECT_OFFICE
    severity = severity or event.severity or AlertLevel.CRITICAL
    if recipient["least_severity"] == AlertLevel.CRITICAL and severity != AlertLevel.CRITICAL:
        return False
    if role in _SECTION_OF:
        kpi = names.kpis.get(alert.kpi_key or alert.name)
        if alert.kind == SignalKind.DATA:
            return False
        return kpi is None or kpi.section == _SECTION_OF[role]  # of an unknown one better too many hear
    if role == RecipientRole.DATA_STEWARD:
        return alert.kind == SignalKind.DATA or event.kind in _DATA_CHANGES
    if role == RecipientRole.SITE_LEAD:
        return alert.site != ABSENT
    return True


def _alerts_of(connection: sa.Connection, keys: set[str]) -> dict[str, Alert]:
    table = alert_tables.alerts
    rows = control.rows_of(connection, sa.select(table).where(table.c.alert_key.in_(sorted(keys))))
    return {row["alert_key"]: Alert(**row) for row in rows}


def _worst_of_ended(connection: sa.Connection, events: Sequence[AlertEvent]) -> dict[int, str]:
    """{event_id: the worst severity since its alert fired} for changes that end something."""
    table = alert_tables.alert_events
    worst: dict[int, str] = {}
    for event in events:
        if event.kind not in ENDINGS:
            continue
        earlier = connection.execute(
            sa.select(table.c.kind, table.c.severity)
            .where(table.c.alert_key == event.alert_key, table.c.event_id <= event.event_id)
            .order_by(table.c.event_id.desc())
        )
        for row in earlier:
            if row.severity == AlertLevel.CRITICAL or event.event_id not in worst:
                worst[event.event_id] = row.severity or AlertLevel.WARNING
            if row.kind == ChangeKind.FIRED:
                break
    return worst


def _words(chosen: Sequence[tuple[AlertEvent, Alert]], names: Names, language: str, build_id: str) -> tuple[str, str]:
    """A change that cannot be put into words is told all the same, by the name of its alert."""
    link_base = Settings().link_base
    try:
        return worded(chosen, names, language, build_id=build_id, link_base=link_base)
    except Exception as error:
        lines = [f"{event.kind}: {plain(event.alert_key)}" for event, _alert in chosen]
        subject = f"[Plimsoll] {len(lines)} · {build_id} (error {note_error(error)})"
        return subject, "\n".join([*lines, f"{link_base}/warnings"])


def _queued_already(connection: sa.Connection, recipient_id: int, build_id: str) -> set[int]:
    table = alert_tables.notices
    told = sa.select(table.c.event_ids).where(table.c.recipient_id == recipient_id, table.c.build_id == build_id)
    event_ids: Iterable[list[int]] = connection.scalars(told)
    return {event_id for of_notice in event_ids for event_id in of_notice}


def _write(connection: sa.Connection, recipient: Mapping, notice: Mapping, events: Sequence[AlertEvent]) -> None:
    escalates = all(event.kind == ChangeKind.ESCALATED for event in events)
    notice_id = connection.scalar(
        alert_tables.notices.insert()
        .values(
            **notice,
            recipient_id=recipient["recipient_id"],
            kind="escalation" if escalates else "changes",
            language=recipient["language"],
            event_ids=[event.event_id for event in events],
        )
        .returning(alert_tables.notices.c.notice_id)
    )
    if recipient["channel"] != Channel.INBOX:
        connection.execute(
            alert_tables.outbox.insert().values(
                notice_id=notice_id,
                status=OutboxStatus.WAITING,
                attempts=0,
                next_attempt_at=notice["created_at"],
            )
        )
