"""The outbox: sends what waits, once. A message is marked as being sent before it is, so that a crash can never send it twice.

What surely did not arrive waits for its next attempt, each pause longer than the one before. What may have arrived stays marked
`sending`: only a person sends that again. Several processes may send at once: each message is claimed by one.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping

import sqlalchemy as sa
import structlog

from models.alerts.vocabulary import OutboxStatus
from models.builds.data_dir import DataDir
from models.errors import InputError
from models.words.catalog import msgid
from pipeline.notices.channels import MOST_BYTES, Channel, masked, reached_server
from pipeline.notices.delivery import Delivery, Fate, deliver
from pipeline.notices.recipients import recipient_of
from pipeline.notices.wording import fitted, trial_message
from pipeline.settings import Settings
from pipeline.store import alert_tables, control

PAUSES_MINUTES = (1, 5, 15, 60, 180, 720, 1440, 1440)  # after each attempt; three and a half days, then it is given up
_SECONDS_AFTER_A_REFRESH = 20.0  # whoever refreshes waits this long at most for the first attempts; the worker goes on

_outbox, _notices, _recipients = alert_tables.outbox, alert_tables.notices, alert_tables.recipients
log = structlog.get_logger("plimsoll.notices")


def send_waiting(
    data_dir: DataDir,
    settings: Settings,
    now: dt.datetime,
    *,
    only: int | None = None,
    at_most_seconds: float | None = None,
) -> dict[str, int]:
    """Sends what is due. Returns {sent, waiting, unknown, failed, left}: what became of each that was tried, and how many were
    left for the next time because their server did not answer or the time was up.

    only: this outbox_id alone. at_most_seconds: no attempt begins later than that.
    """
    became = dict.fromkeys(("sent", "waiting", "unknown", "failed", "left"), 0)
    began, silent = time.monotonic(), set()
    for message in _due(data_dir, now, only):
        server = reached_server(message["channel"], message["address"] or {})
        late = at_most_seconds is not None and time.monotonic() - began >= at_most_seconds
        if late or server in silent:
            became["left"] += 1
            continue
        if not _claim(data_dir, message["outbox_id"], now):
            continue  # another process has it
        delivery = _attempt(message, settings.notice_seconds)
        became[_write_down(data_dir, message, delivery, now)] += 1
        if delivery.is_unreachable:
            silent.add(server)
    return became


def send_after_refresh(data_dir: DataDir, settings: Settings, now: dt.datetime) -> None:
    """The first attempt, at the end of a refresh. Whatever goes wrong here is no fault of the refresh: it is only logged."""
    try:
        became = send_waiting(data_dir, settings, now, at_most_seconds=_SECONDS_AFTER_A_REFRESH)
    except Exception as error:
        log.warning("notices_not_sent", kind=type(error).__name__)
    else:
        if any(became.values()):
            log.info("notices", **became)


def send_test(data_dir: DataDir, recipient_id: int, person: str, settings: Settings | None = None) -> Delivery:
    """A test message to one recipient, at once and once; what came of it. An inbox needs none. Raises: InputError."""
    settings = settings or Settings()
    with control.reading(data_dir) as connection:
        recipient = recipient_of(connection, recipient_id)
    if recipient["channel"] == Channel.INBOX:
        raise InputError(
            "notices.inbox_only", "This recipient reads the inbox here: nothing is sent, so nothing can fail."
        )
    subject, body = trial_message(recipient["name"], recipient["language"], settings.link_base)
    delivery = deliver(recipient["channel"], recipient["address"], subject, body, settings.notice_seconds)
    noted = {"address": masked(recipient["channel"], recipient["address"]), "fate": delivery.fate}
    with control.writing(data_dir) as connection:
        control.note(connection, person or "screen", "notice test", f"recipient {recipient_id}", **noted)
    return delivery


def send_again(data_dir: DataDir, outbox_id: int, person: str, now: dt.datetime) -> None:
    """A person asks for one more attempt, whatever happened before. Raises: InputError if it was sent or is gone."""
    values = {"status": OutboxStatus.WAITING, "next_attempt_at": control.iso(now)}
    _turn(data_dir, outbox_id, person, "notice sent again", values)


def send_again_now(data_dir: DataDir, outbox_id: int, person: str, now: dt.datetime) -> dict[str, int]:
    """`send_again`, and the attempt at once, for a screen that waits for it. Returns what `send_waiting` says."""
    send_again(data_dir, outbox_id, person, now)
    return send_waiting(data_dir, Settings(), now, only=outbox_id)


def give_up(data_dir: DataDir, outbox_id: int, person: str) -> None:
    """No more attempts; it stays visible, and in the inbox. Raises: InputError if it was sent or is gone."""
    error = {"template": _GIVEN_UP, "details": {"person": person}}
    values = {"status": OutboxStatus.FAILED, "next_attempt_at": None, "last_error": error}
    _turn(data_dir, outbox_id, person, "notice given up", values)


def _due(data_dir: DataDir, now: dt.datetime, only: int | None) -> list[dict]:
    """Oldest first, each with its notice and its recipient as it is now."""
    wanted = (
        sa.select(
            _outbox.c.outbox_id,
            _outbox.c.attempts,
            _notices.c.subject,
            _notices.c.body,
            _notices.c.language,
            _recipients.c.channel,
            _recipients.c.address,
            _recipients.c.is_active,
        )
        .join(_notices, _notices.c.notice_id == _outbox.c.notice_id)
        .join(_recipients, _recipients.c.recipient_id == _notices.c.recipient_id)
        .where(_outbox.c.status == OutboxStatus.WAITING, _outbox.c.next_attempt_at <= control.iso(now))
        .order_by(_outbox.c.outbox_id)
    )
    if only is not None:
        wanted = wanted.where(_outbox.c.outbox_id == only)
    return control.rows(data_dir, wanted)


def _claim(data_dir: DataDir, outbox_id: int, now: dt.datetime) -> bool:
    """Committed before anything is sent: from here on a crash leaves it `sending`."""
    waiting = _outbox.update().where(_outbox.c.outbox_id == outbox_id, _outbox.c.status == OutboxStatus.WAITING)
    values = {"status": OutboxStatus.SENDING, "attempted_at": control.iso(now), "last_error": None}
    with control.writing(data_dir) as connection:
        claimed = connection.execute(waiting.values(**values, attempts=_outbox.c.attempts + 1))
        return claimed.rowcount == 1


def _attempt(message: Mapping, seconds: float) -> Delivery:
    if not message["is_active"]:
        return Delivery(Fate.NOT_SENT, _RETIRED)
    if message["channel"] == Channel.INBOX:
        return Delivery(Fate.NOT_SENT, _INBOX_NOW)
    body = fitted(message["body"], _room(message), message["language"])
    return deliver(message["channel"], message["address"], message["subject"], body, seconds)


def _room(message: Mapping) -> int | None:
    """Bytes left for the body: robots put the subject into the same text."""
    most = MOST_BYTES.get(message["channel"])
    return None if most is None else most - len(message["subject"].encode()) - 2


def _write_down(data_dir: DataDir, message: Mapping, delivery: Delivery, now: dt.datetime) -> str:
    """What became of a claimed message. Returns sent, waiting, unknown or failed."""
    attempt = message["attempts"]  # how many there were before this one
    hopeless = delivery.template in (_RETIRED, _INBOX_NOW) or attempt >= len(PAUSES_MINUTES)
    values: dict[str, object] = {"last_error": delivery.reason, "next_attempt_at": None}
    if delivery.fate == Fate.SENT:
        became, values = "sent", values | {"status": OutboxStatus.SENT, "sent_at": control.iso(now)}
    elif delivery.fate == Fate.UNKNOWN:
        became, values = "unknown", values | {"status": OutboxStatus.SENDING}
    elif hopeless:
        became, values = "failed", values | {"status": OutboxStatus.FAILED}
    else:
        due = now + dt.timedelta(minutes=PAUSES_MINUTES[attempt])
        became, values = "waiting", values | {"status": OutboxStatus.WAITING, "next_attempt_at": control.iso(due)}
    with control.writing(data_dir) as connection:
        connection.execute(
            _outbox.update()
            .where(_outbox.c.outbox_id == message["outbox_id"], _outbox.c.status == OutboxStatus.SENDING)
            .values(**values)
        )
    log.info("notice", outbox_id=message["outbox_id"], channel=message["channel"], became=became)
    return became


def _turn(data_dir: DataDir, outbox_id: int, person: str, action: str, values: dict) -> None:
    if not person.strip():
        raise InputError("notices.nobody", "Say who makes this change.")
    with control.writing(data_dir) as connection:
        turned = connection.execute(
            _outbox.update()
            .where(_outbox.c.outbox_id == outbox_id, _outbox.c.status != OutboxStatus.SENT)
            .values(attempts=0, **values)
        )
        if turned.rowcount != 1:
            raise InputError("notices.not_waiting", "This message was sent meanwhile. Load the page again.")
        control.note(connection, person.strip(), action, f"outbox {outbox_id}")


_RETIRED = msgid("The recipient was retired before it could be sent.")
_INBOX_NOW = msgid("The recipient reads the inbox only by now: nothing is sent any more.")
_GIVEN_UP = msgid("Given up by {person}.")
