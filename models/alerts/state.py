"""The state machine of an alert: what one reading makes of it. Pure: no clock, no database.

An alert stands normal, pending, firing or recovering; while its data are missing, stale or in error that state is shown
instead, and what it stood as is held until data come back. Counted in data dates: the trail keeps, for each of the last
ones, how the alert stood before it, so that a date read again replaces its first reading, a date that goes back forgets the
later ones, and a build that is rolled back forgets its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from models.alerts.signals import Signal
from models.alerts.vocabulary import AlertLevel, AlertStatus, ChangeKind, SignalKind
from models.builds.published import build_number
from models.kpis.worst import share_beyond

DEEPER_BY = (
    0.1  # of the level: what lies further past it by less is the usual movement of a value between two data dates
)
TRAIL_KEPT = 12  # data dates that can be taken back one by one: a quarter of weekly exports
_BEYOND = (AlertLevel.WARNING, AlertLevel.CRITICAL)
_UNKNOWN = {
    AlertLevel.NO_DATA: (AlertStatus.NO_DATA, ChangeKind.NO_DATA),
    AlertLevel.STALE: (AlertStatus.STALE, ChangeKind.STALE),
    AlertLevel.ERROR: (AlertStatus.ERROR, ChangeKind.ERROR),
}
UNHEARD = (AlertLevel.OK, AlertLevel.NOT_JUDGED, AlertLevel.CLOSED)  # readings that make no alert where there is none
UNKNOWN_STATES = frozenset(state for state, _kind in _UNKNOWN.values())
OPEN = (AlertStatus.FIRING, AlertStatus.RECOVERING)


@dataclass(frozen=True)
class Course:
    """How an alert stands.

    state: what is shown. standing: normal, pending, firing or recovering, also while state is no_data, stale or error.
    since: first data date beyond the level in this episode; critical_since: the first critical one of those without a break.
    told_beyond: how far past its level, as a share of it, when it fired, changed its severity or was last told to be deeper.
    beyond, clear: consecutive data dates counted so far. dates_firing: data dates found firing after the one at which it fired.
    """

    state: AlertStatus = AlertStatus.NORMAL
    standing: AlertStatus = AlertStatus.NORMAL
    severity: AlertLevel | None = None
    since: dt.date | None = None
    critical_since: dt.date | None = None
    told_beyond: float | None = None
    beyond: int = 0
    clear: int = 0
    dates_firing: int = 0
    fingerprint: str = ""
    is_gone: bool = False

    @property
    def is_open(self) -> bool:
        return self.standing in OPEN


@dataclass(frozen=True)
class Step:
    """One data date of the trail: the build that read it last, and how the alert stood before that date."""

    data_date: dt.date
    build_id: str
    before: Course


@dataclass(frozen=True)
class AlertState:
    """Everything the next step needs. answered_at: dates_firing when a person answered last."""

    course: Course = Course()
    trail: tuple[Step, ...] = ()
    answered_at: int = 0

    @property
    def data_date(self) -> dt.date | None:
        return self.trail[-1].data_date if self.trail else None

    def to_json(self) -> dict[str, Any]:
        """JSON-safe; `from_json` gives the same state back."""
        return {
            "course": _course_to_json(self.course),
            "trail": [
                {"data_date": step.data_date.isoformat(), "build_id": step.build_id}
                | {"before": _course_to_json(step.before)}
                for step in self.trail
            ],
            "answered_at": self.answered_at,
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> AlertState:
        trail = (
            Step(dt.date.fromisoformat(step["data_date"]), step["build_id"], _course_from_json(step["before"]))
            for step in told["trail"]
        )
        return cls(_course_from_json(told["course"]), tuple(trail), told.get("answered_at", 0))


@dataclass(frozen=True)
class Change:
    """What happened in one step.

    duration_days: of an episode that ended, from its first data date beyond the level; of EASED, how long it was critical.
    """

    kind: ChangeKind
    from_state: AlertStatus
    to_state: AlertStatus
    severity: AlertLevel | None
    data_date: dt.date
    value: float | None = None
    level: float | None = None
    duration_days: int | None = None
    notifies: bool = field(default=False)
    text: str | None = None


def step(
    before: AlertState | None, signal: Signal, build_id: str, *, rolled_back: bool = False
) -> tuple[AlertState, list[Change]]:
    """The alert after one reading, and what changed; at most one of the changes notifies.

    rolled_back: readings of builds after `build_id` are forgotten first, and whatever differs is one change ROLLED_BACK.
    The same signal of the same build again changes nothing.
    """
    before = before or AlertState()
    base, trail = before.course, before.trail
    if rolled_back:
        base, trail = _forget(base, trail, lambda met: build_number(met.build_id) > build_number(build_id))
        if signal.reading is AlertLevel.GONE and not trail:  # the build rolled back to never knew this series
            return replace(before, course=base, trail=()), _changes(before.course, base, signal, rolled_back=True)
    if signal.reading in _UNKNOWN:  # says nothing of its date, so it takes back no reading of it
        is_later = not trail or trail[-1].data_date < signal.data_date
        met = (Step(signal.data_date, build_id, base),) if is_later else ()
    else:
        if not _rule_differs(base, signal):  # a new rule counts on from where the old one left it, this date included
            base, _ = _forget(base, trail, lambda met: met.data_date >= signal.data_date)
        trail = tuple(met for met in trail if met.data_date < signal.data_date)
        met = (Step(signal.data_date, build_id, base),)
    course = _advanced(base, signal)
    trail = (*trail, *met)[-TRAIL_KEPT:]
    after = replace(before, course=course, trail=trail)
    return after, _changes(before.course, course, signal, rolled_back=rolled_back)


def _forget(
    course: Course, trail: tuple[Step, ...], is_forgotten: Callable[[Step], bool]
) -> tuple[Course, tuple[Step, ...]]:
    """How the alert stood before the first reading that is forgotten, and the trail up to there."""
    for place, met in enumerate(trail):
        if is_forgotten(met):
            return met.before, trail[:place]
    return course, trail


def _rule_differs(course: Course, signal: Signal) -> bool:
    return bool(course.fingerprint and signal.policy.fingerprint) and course.fingerprint != signal.policy.fingerprint


def _advanced(base: Course, signal: Signal) -> Course:
    is_new_rule = _rule_differs(base, signal)
    base = replace(base, fingerprint=signal.policy.fingerprint or base.fingerprint, is_gone=False)
    if is_new_rule:
        base = replace(base, beyond=0, clear=0, told_beyond=None)
    reading = signal.reading
    if reading in _UNKNOWN:
        return replace(base, state=_UNKNOWN[reading][0])
    if reading is AlertLevel.GONE:
        return Course(state=AlertStatus.NO_DATA, fingerprint=base.fingerprint, is_gone=True)
    ended = Course(fingerprint=base.fingerprint)
    if reading in _BEYOND:
        return _beyond(base, signal)
    if reading is not AlertLevel.OK or not base.is_open or is_new_rule:
        return ended
    return _within(base, signal, ended)


def _beyond(base: Course, signal: Signal) -> Course:
    critical_since = (base.critical_since or signal.data_date) if signal.reading is AlertLevel.CRITICAL else None
    base = replace(base, critical_since=critical_since, told_beyond=_told_beyond(base, signal))
    if base.is_open:
        firing = AlertStatus.FIRING
        return replace(
            base, state=firing, standing=firing, severity=signal.reading, clear=0, dates_firing=base.dates_firing + 1
        )
    beyond = base.beyond + 1
    since = base.since if base.beyond and base.since else signal.data_date
    state = AlertStatus.FIRING if beyond >= signal.policy.pending_dates else AlertStatus.PENDING
    return replace(base, state=state, standing=state, severity=signal.reading, since=since, beyond=beyond)


def _told_beyond(base: Course, signal: Signal) -> float | None:
    """None where a share says nothing: of a level of zero, and of all but a KPI's own level."""
    if signal.kind is not SignalKind.LEVEL or signal.value is None or not signal.level:
        return None
    now, told = abs(share_beyond(signal.value, signal.level)), base.told_beyond
    if told is None or not base.is_open or base.severity != signal.reading:
        return now
    return now if now - told > DEEPER_BY else told


def _within(base: Course, signal: Signal, ended: Course) -> Course:
    """Of an open alert whose value is within the level again."""
    clear = base.clear + 1 if signal.is_clear else 0
    if clear >= max(signal.policy.recovering_dates, 1):
        return ended
    if clear:
        return replace(base, state=AlertStatus.RECOVERING, standing=AlertStatus.RECOVERING, clear=clear)
    counted = base.dates_firing + (base.standing is AlertStatus.FIRING)
    return replace(base, state=base.standing, clear=0, dates_firing=counted)


# ---- what changed ---------------------------------------------------------------------------------------------------

_TRANSITIONS = {
    (AlertStatus.NORMAL, AlertStatus.PENDING): ChangeKind.PENDING,
    (AlertStatus.NORMAL, AlertStatus.FIRING): ChangeKind.FIRED,
    (AlertStatus.NORMAL, AlertStatus.RECOVERING): ChangeKind.FIRED,  # a restated date takes a recovery back
    (AlertStatus.PENDING, AlertStatus.NORMAL): ChangeKind.WITHDRAWN,
    (AlertStatus.PENDING, AlertStatus.FIRING): ChangeKind.FIRED,
    (AlertStatus.PENDING, AlertStatus.RECOVERING): ChangeKind.FIRED,
    (AlertStatus.FIRING, AlertStatus.NORMAL): ChangeKind.RECOVERED,
    (AlertStatus.FIRING, AlertStatus.PENDING): ChangeKind.WITHDRAWN,  # data dates went back
    (AlertStatus.FIRING, AlertStatus.RECOVERING): ChangeKind.RECOVERING,
    (AlertStatus.RECOVERING, AlertStatus.NORMAL): ChangeKind.RECOVERED,
    (AlertStatus.RECOVERING, AlertStatus.PENDING): ChangeKind.WITHDRAWN,
    (AlertStatus.RECOVERING, AlertStatus.FIRING): ChangeKind.RELAPSED,
}


def _changes(was: Course, now: Course, signal: Signal, *, rolled_back: bool) -> list[Change]:
    if rolled_back:
        found = _rolled_back(was, now)
    elif signal.reading in (AlertLevel.GONE, AlertLevel.CLOSED):
        found = _ended(was, signal.reading)
    else:
        found = [*_of_standing(was, now, signal), *_of_data(was, now)]
    began = was.since if was.is_open and not now.is_open else None
    lasted = {
        kind: max((signal.data_date - since).days, 0) if since else None
        for kind, since in ((kind, was.critical_since if kind is ChangeKind.EASED else began) for kind, _ in found)
    }
    changes = [
        Change(
            kind=kind,
            from_state=was.state,
            to_state=now.state,
            severity=now.severity or was.severity,
            data_date=signal.data_date,
            value=signal.value,
            level=signal.level,
            duration_days=lasted[kind],
            notifies=notifies,
        )
        for kind, notifies in found
    ]
    return at_most_one_notifies(changes)


def at_most_one_notifies(changes: list[Change]) -> list[Change]:
    """The same changes; of those that notify only the first one still does."""
    first = next((change for change in changes if change.notifies), None)
    return [replace(change, notifies=change is first) for change in changes]


def _rolled_back(was: Course, now: Course) -> list[tuple[ChangeKind, bool]]:
    if (was.state, was.standing, was.severity) == (now.state, now.standing, now.severity):
        return []
    worse = now.is_open and was.severity is AlertLevel.WARNING and now.severity is AlertLevel.CRITICAL
    return [(ChangeKind.ROLLED_BACK, was.is_open != now.is_open or worse)]


def _ended(was: Course, reading: AlertLevel) -> list[tuple[ChangeKind, bool]]:
    if reading is AlertLevel.GONE:
        return [] if was.is_gone else [(ChangeKind.GONE, was.is_open)]
    return [] if was.state is AlertStatus.NORMAL else [(ChangeKind.CLOSED, was.is_open)]


def _of_standing(was: Course, now: Course, signal: Signal) -> list[tuple[ChangeKind, bool]]:
    found: list[tuple[ChangeKind, bool]] = []
    ended = was.is_open and not now.is_open
    is_new_rule = _rule_differs(was, signal) and was.standing is not AlertStatus.NORMAL
    if is_new_rule:
        found.append((ChangeKind.RULE_CHANGED, ended))
    kind = _TRANSITIONS.get((was.standing, now.standing))
    if is_new_rule and now.standing is AlertStatus.NORMAL:
        kind = None  # RULE_CHANGED has said it
    elif ended and signal.reading is AlertLevel.NOT_JUDGED:
        kind = ChangeKind.WITHDRAWN
    if kind is ChangeKind.WITHDRAWN:  # an early warning gives way to the alert of the level itself, which is told
        is_superseded = signal.kind is SignalKind.EARLY and signal.reading is AlertLevel.NOT_JUDGED
        found.append((kind, ended and not is_superseded))
    elif kind:
        found.append((kind, kind in (ChangeKind.FIRED, ChangeKind.RECOVERED)))
    if was.is_open and now.standing is AlertStatus.FIRING and was.severity != now.severity:
        found.append((ChangeKind.WORSENED if now.severity is AlertLevel.CRITICAL else ChangeKind.EASED, True))
    elif was.is_open and now.standing is AlertStatus.FIRING and not kind and not is_new_rule and _is_deeper(was, now):
        found.append((ChangeKind.DEEPENED, False))
    return found


def _is_deeper(was: Course, now: Course) -> bool:
    return was.told_beyond is not None and now.told_beyond is not None and now.told_beyond > was.told_beyond


def _of_data(was: Course, now: Course) -> list[tuple[ChangeKind, bool]]:
    if now.state in UNKNOWN_STATES:
        if now.state is was.state and not was.is_gone:
            return []
        kind = next(kind for state, kind in _UNKNOWN.values() if state is now.state)
        return [(kind, kind is ChangeKind.ERROR or (kind is ChangeKind.NO_DATA and now.is_open))]
    return [(ChangeKind.DATA_CAME_BACK, False)] if was.state in UNKNOWN_STATES else []


# ---- JSON -----------------------------------------------------------------------------------------------------------

_NOTHING = dict(vars(Course()))


def _course_to_json(course: Course) -> dict[str, Any]:
    """Only what differs from a normal alert."""
    told = {name: value for name, value in vars(course).items() if value != _NOTHING[name]}
    return told | {name: value.isoformat() for name, value in told.items() if isinstance(value, dt.date)}


def _course_from_json(told: dict[str, Any]) -> Course:
    known: dict[str, Any] = {name: value for name, value in told.items() if name in _NOTHING}
    for name, kind in (("state", AlertStatus), ("standing", AlertStatus), ("severity", AlertLevel)):
        if name in known:
            known[name] = kind(known[name])
    for name in ("since", "critical_since"):
        if name in known:
            known[name] = dt.date.fromisoformat(known[name])
    return Course(**known)
