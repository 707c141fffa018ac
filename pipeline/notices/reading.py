"""What was told to whom, and what could not be sent: the inbox of each recipient and the outbox. Light to import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from models.alerts.vocabulary import OutboxStatus
from models.builds.data_dir import DataDir
from pipeline.store import alert_tables, control

# After this long an attempt is over, whoever made it: no delivery waits longer, by any setting that makes sense.
STUCK_AFTER_SECONDS = 300
_outbox, _notices, _recipients = alert_tables.outbox, alert_tables.notices, alert_tables.recipients


def inbox(data_dir: DataDir, recipient_id: int | None = None, limit: int = 200) -> list[dict]:
    """Notices of one recipient, or of all, newest first: notice_id, recipient_id, recipient, build_id, kind, language, subject,
    body, event_ids, created_at, read_at, status (of its message, None where the inbox is all), last_error."""
    wanted = (
        sa.select(_notices, _recipients.c.name.label("recipient"), _outbox.c.status, _outbox.c.last_error)
        .join(_recipients, _recipients.c.recipient_id == _notices.c.recipient_id)
        .join(_outbox, _outbox.c.notice_id == _notices.c.notice_id, isouter=True)
        .order_by(_notices.c.notice_id.desc())
        .limit(limit)
    )
    if recipient_id is not None:
        wanted = wanted.where(_notices.c.recipient_id == recipient_id)
    return control.rows(data_dir, wanted)


def unread(data_dir: DataDir) -> dict[int, int]:
    """{recipient_id: how many notices are not marked as read}."""
    counted = sa.select(_notices.c.recipient_id, sa.func.count().label("unread")).where(_notices.c.read_at.is_(None))
    rows = control.rows(data_dir, counted.group_by(_notices.c.recipient_id))
    return {row["recipient_id"]: row["unread"] for row in rows}


def mark_read(data_dir: DataDir, notice_ids: Sequence[int], now: dt.datetime) -> None:
    """The first reading counts."""
    with control.writing(data_dir) as connection:
        connection.execute(
            _notices.update()
            .where(_notices.c.notice_id.in_(list(notice_ids)), _notices.c.read_at.is_(None))
            .values(read_at=control.iso(now))
        )


def not_sent(data_dir: DataDir, now: dt.datetime) -> list[dict]:
    """What has not left: outbox_id, recipient, channel, subject, created_at, status, attempts, attempted_at, last_error,
    next_attempt_at, is_stuck: it was being sent when the program ended, or its connection broke; nobody knows whether it
    arrived. The stuck ones first, then the given up, then the waiting."""
    wanted = (
        sa.select(
            _outbox,
            _notices.c.subject,
            _notices.c.created_at,
            _recipients.c.name.label("recipient"),
            _recipients.c.channel,
        )
        .join(_notices, _notices.c.notice_id == _outbox.c.notice_id)
        .join(_recipients, _recipients.c.recipient_id == _notices.c.recipient_id)
        .where(_outbox.c.status != OutboxStatus.SENT)
        .order_by(_outbox.c.outbox_id.desc())
    )
    rows = control.rows(data_dir, wanted)
    for row in rows:
        row["is_stuck"] = row["status"] == OutboxStatus.SENDING and (
            row["last_error"] is not None or _seconds_since(row["attempted_at"], now) > STUCK_AFTER_SECONDS
        )
    order = (OutboxStatus.SENDING, OutboxStatus.FAILED, OutboxStatus.WAITING)
    return sorted(rows, key=lambda row: order.index(row["status"]))


def _seconds_since(instant: str | None, now: dt.datetime) -> float:
    return (now - dt.datetime.fromisoformat(instant)).total_seconds() if instant else float("inf")
