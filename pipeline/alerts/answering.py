"""What people do about an alert, and what there is to answer. Every answer stands in the alert's history and in the audit.

Light to import: pages call these functions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import sqlalchemy as sa

from models.alerts.alert import Alert, AlertEvent, AlertToday
from models.alerts.answers import UNTIL_NEXT
from models.alerts.news import NEWS, News, told_once
from models.alerts.vocabulary import AlertLevel, AlertStatus, AnswerKind, ChangeKind
from models.builds.data_dir import DataDir
from models.errors import InputError, PlimsollError
from pipeline.alerts import store
from pipeline.settings import Settings
from pipeline.store import control
from pipeline.store.alert_tables import alert_events, alert_looks, alerts, evaluations

LATELY_DAYS = 45  # a month's value and the status dates since: what ended with either is still of interest
_SEVERITY_ORDER = {AlertLevel.CRITICAL.value: 0, AlertLevel.WARNING.value: 1}
_STATE_ORDER = (
    *(AlertStatus.FIRING, AlertStatus.RECOVERING, AlertStatus.PENDING, AlertStatus.ERROR),
    *(AlertStatus.NO_DATA, AlertStatus.STALE, AlertStatus.NORMAL),
)


# ---- answers ----------------------------------------------------------------------------------------------------------


def acknowledge(data_dir: DataDir, alert_key: str, *, by: str, reason: str, until: str | dt.date = UNTIL_NEXT) -> None:
    """Someone knows of it: silent until the next data date ("next") or the end of a day, then told again if it still fires.
    The day is also the one it is due on.

    Raises: InputError where the alert is unknown or does not fire, by or reason is blank, or the day has passed.
    """
    by, reason = _filled(by, reason)
    today = Settings().today()
    until_text = UNTIL_NEXT if until == UNTIL_NEXT else _day_to_come(until, today).isoformat()
    due = {} if until_text == UNTIL_NEXT else {"due_on": until_text}
    with _answering(data_dir) as connection:
        alert = _open_alert(connection, alert_key)
        values = {
            "acknowledged_by": by,
            "acknowledged_reason": reason,
            "acknowledged_on": alert.data_date.isoformat(),
            "acknowledged_until": until_text,
            "machine": _counted_from_now(alert),
        }
        _write(connection, alert, values | due)
        _record(connection, alert, AnswerKind.ACKNOWLEDGED, by, reason, until=until_text)


def snooze(data_dir: DataDir, alert_key: str, *, by: str, reason: str, until: str | dt.date) -> None:
    """No notices until the end of a day; its state goes on, and what still fires then is told.

    Raises: InputError where the alert is unknown, by or reason is blank, or the day has passed.
    """
    by, reason = _filled(by, reason)
    day = _day_to_come(until, Settings().today())
    with _answering(data_dir) as connection:
        alert = _known_alert(connection, alert_key)
        _write(connection, alert, {"snoozed_until": day.isoformat(), "machine": _counted_from_now(alert)})
        _record(connection, alert, AnswerKind.SNOOZED, by, reason, until=day.isoformat())


def comment(data_dir: DataDir, alert_key: str, *, by: str, text: str) -> None:
    """Adds words to the history of an alert; they answer nothing. Raises: InputError where it is unknown, or a blank is empty."""
    by, text = _filled(by, text)
    with _answering(data_dir) as connection:
        _record(connection, _known_alert(connection, alert_key), AnswerKind.COMMENTED, by, text)


def assign(
    data_dir: DataDir, alert_key: str, *, by: str, owner: str, reason: str = "", due: str | dt.date | None = None
) -> None:
    """Makes somebody the owner until the next episode, on wish with the day until which it is theirs to mend.

    Raises: InputError where the alert is unknown, by or owner is blank, the day has passed, or it is for one that does not fire.
    """
    by, owner = _filled(by, owner)
    day = _day_to_come(due, Settings().today()).isoformat() if due else None
    with _answering(data_dir) as connection:
        alert = (_open_alert if day else _known_alert)(connection, alert_key)
        _write(connection, alert, {"owner": owner} | ({"due_on": day} if day else {}))
        words = [owner, *([day] if day else [])]
        text = f"{', '.join(words)}: {reason.strip()}" if reason.strip() else ", ".join(words)
        _record(connection, alert, AnswerKind.ASSIGNED, by, text, before=alert.owner, due=day)


def each(act: Callable[[str], None], alert_keys: Iterable[str]) -> dict[str, PlimsollError]:
    """One answer to several alerts, each with an event of its own. Returns what was refused, by alert key."""
    refused = {}
    for alert_key in dict.fromkeys(alert_keys):
        try:
            act(alert_key)
        except PlimsollError as error:
            refused[alert_key] = error
    return refused


# ---- what there is ----------------------------------------------------------------------------------------------------


def alerts_now(data_dir: DataDir, today: dt.date | None = None) -> list[AlertToday]:
    """Every alert that is not normal: what fires first, critical before warning, the oldest first."""
    today = today or Settings().today()
    abnormal = sa.select(alerts).where(alerts.c.state != AlertStatus.NORMAL.value)
    found = (AlertToday(**row, today=today) for row in control.rows(data_dir, abnormal))
    return sorted((alert for alert in found if not alert.machine.course.is_gone), key=_urgency)


def ended_lately(data_dir: DataDir, today: dt.date | None = None) -> list[AlertToday]:
    """Alerts that are over, or critical no more, the latest first, with what ended them: of the last 45 days before the newest
    data date of any alert."""
    today = today or Settings().today()
    statement = (
        sa.select(
            alerts,
            alert_events.c.data_date.label("ended_on"),
            alert_events.c.kind.label("ended_by"),
            alert_events.c.duration_days.label("lasted_days"),
        )
        .join(
            alert_events,
            sa.and_(
                alert_events.c.alert_key == alerts.c.alert_key,
                sa.or_(alert_events.c.at == alerts.c.ended_at, alert_events.c.kind == ChangeKind.EASED),
            ),
        )
        .where(alert_events.c.duration_days.is_not(None))
        .order_by(alert_events.c.event_id.desc())
    )
    with control.reading(data_dir) as connection:
        newest = connection.execute(sa.select(sa.func.max(alerts.c.data_date))).scalar_one()
        rows = control.rows_of(connection, statement)
    if newest is None:
        return []
    since = (dt.date.fromisoformat(newest) - dt.timedelta(days=LATELY_DAYS)).isoformat()
    once = {row["alert_key"]: row for row in reversed(rows) if row["ended_on"] >= since}
    shown = (AlertToday(**row, today=today) for row in reversed(once.values()))
    return [alert for alert in shown if not alert.is_open or _is_critical_no_more(alert)]


def _is_critical_no_more(alert: AlertToday) -> bool:
    return alert.ended_by == ChangeKind.EASED and alert.severity == AlertLevel.WARNING


def alert_of(data_dir: DataDir, alert_key: str) -> AlertToday | None:
    """One alert, in whatever state; None where there is none of this key."""
    found = control.rows(data_dir, sa.select(alerts).where(alerts.c.alert_key == alert_key))
    return AlertToday(**found[0], today=Settings().today()) if found else None


def events_of(data_dir: DataDir, alert_key: str) -> list[AlertEvent]:
    """The history of one alert, newest first."""
    own = sa.select(alert_events).where(alert_events.c.alert_key == alert_key)
    return [AlertEvent(**row) for row in control.rows(data_dir, own.order_by(alert_events.c.event_id.desc()))]


def news(data_dir: DataDir, viewer: str, person: str = "") -> News:
    """What happened to alerts since this viewer last said "seen". person: whose own answers are no news."""
    told = [kind.value for kind in NEWS]
    last_look = sa.select(alert_looks.c.event_id).where(alert_looks.c.viewer == viewer)
    with control.reading(data_dir) as connection:
        newest = connection.execute(sa.select(sa.func.max(alert_events.c.event_id))).scalar_one() or 0
        seen = connection.execute(last_look).scalar_one_or_none()
        if seen is None or seen >= newest:
            return News(seen, newest, {})
        later = sa.select(alert_events).where(alert_events.c.event_id > seen, alert_events.c.kind.in_(told))
        events = [AlertEvent(**row) for row in control.rows_of(connection, later.order_by(alert_events.c.event_id))]
    return News(seen, newest, told_once(event for event in events if not person or event.actor != person))


def see(data_dir: DataDir, viewer: str, up_to: int) -> None:
    """The viewer has seen every event up to this one; what was seen stays seen."""
    look = {"viewer": viewer, "event_id": up_to, "at": control.iso(control.now_utc())}
    with control.writing(data_dir) as connection:
        statement = control.insert_into(connection, alert_looks).values(look)
        moved = statement.on_conflict_do_update(
            index_elements=["viewer"], set_=look, where=alert_looks.c.event_id < statement.excluded.event_id
        )
        connection.execute(moved)


def last_evaluation(data_dir: DataDir) -> dict | None:
    """{build_id, evaluated_at, cause, signals, changes, problems} of the newest one; None before the first."""
    newest = control.rows(data_dir, sa.select(evaluations).order_by(evaluations.c.evaluation_no.desc()).limit(1))
    return newest[0] if newest else None


def _urgency(alert: AlertToday) -> tuple:
    return (
        not alert.is_open,
        _SEVERITY_ORDER.get(alert.severity or "", 2),
        _STATE_ORDER.index(alert.state),
        alert.since_on or alert.data_date,
        alert.project_key,
        alert.alert_key,
    )


# ---- one answer ---------------------------------------------------------------------------------------------------------


@contextmanager
def _answering(data_dir: DataDir) -> Iterator[sa.Connection]:
    """A transaction that holds the store before it reads: an evaluation that ends meanwhile is not written over."""
    with control.writing(data_dir) as connection:
        control.hold(connection)
        yield connection


def _filled(by: str, text: str) -> tuple[str, str]:
    by, text = by.strip(), text.strip()
    if not (by and text):
        raise InputError(
            "alerts.blank", "An answer needs the person who gives it, and a reason or words. Fill in what is empty."
        )
    return by, text


def _day_to_come(until: str | dt.date, today: dt.date) -> dt.date:
    try:
        day = until if isinstance(until, dt.date) else dt.date.fromisoformat(until)
    except ValueError as error:
        raise InputError(
            "alerts.until", "'{until}' is no day. Choose the next data date, or a day as YYYY-MM-DD.", until=str(until)
        ) from error
    if day < today:
        raise InputError("alerts.until_past", "{until} has passed. Choose today or a later day.", until=day.isoformat())
    return day


def _known_alert(connection: sa.Connection, alert_key: str) -> Alert:
    row = control.first_of(connection, sa.select(alerts).where(alerts.c.alert_key == alert_key))
    if row is None:
        raise InputError(
            "alerts.unknown",
            "There is no alert {alert_key}. `python -m pipeline alerts` lists those that are open.",
            alert_key=alert_key,
        )
    return Alert(**row)


def _open_alert(connection: sa.Connection, alert_key: str) -> Alert:
    alert = _known_alert(connection, alert_key)
    if not alert.is_open:
        raise InputError(
            "alerts.not_firing",
            "{alert_key} does not fire now: there is nothing to acknowledge. Comment on it, or snooze it instead.",
            alert_key=alert_key,
        )
    return alert


def _counted_from_now(alert: Alert) -> dict:
    """Unanswered data dates are counted from this answer on."""
    return replace(alert.machine, answered_at=alert.machine.course.dates_firing).to_json()


def _write(connection: sa.Connection, alert: Alert, values: dict) -> None:
    connection.execute(sa.update(alerts).where(alerts.c.alert_key == alert.alert_key).values(**values))


def _record(connection: sa.Connection, alert: Alert, kind: AnswerKind, by: str, text: str, **details: object) -> None:
    event = alert.model_dump(mode="json", include={"alert_key", "data_date", "severity", "value", "level"}) | {
        "at": control.iso(control.now_utc()),
        "build_id": alert.last_build,
        "kind": kind.value,
        "from_state": alert.state.value,
        "to_state": alert.state.value,
        "actor": by,
        "text": text,
        "notifies": 0,
    }
    store.add_events(connection, [event])
    control.note(connection, by, f"alert {kind.value}", alert.alert_key, text=text, **details)
