"""What an answer does to an alert: silence until it expires, and escalation when nobody answers. Pure, as the states are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from models.alerts.signals import Policy
from models.alerts.state import AlertState, Change, at_most_one_notifies
from models.alerts.vocabulary import AlertStatus, AnswerKind, AnswerState, ChangeKind

UNTIL_NEXT = "next"  # data date
# what a person who has acknowledged need not be told again; that it grew worse, or ended, is told
_SILENCED = (ChangeKind.NO_DATA, ChangeKind.ERROR)


@dataclass(frozen=True)
class Answer:
    """What people said to one alert. acknowledged_on, escalated_on: data dates. snoozed_until and an acknowledgement's day
    count to their end."""

    acknowledged_on: dt.date | None = None
    acknowledged_until: str | None = None  # "next", or an ISO day
    snoozed_until: dt.date | None = None
    escalated_on: dt.date | None = None

    def is_acknowledged(self, data_date: dt.date | None, today: dt.date) -> bool:
        if self.acknowledged_on is None or self.acknowledged_until is None:
            return False
        if self.acknowledged_until == UNTIL_NEXT:
            return data_date is None or data_date <= self.acknowledged_on
        return today <= dt.date.fromisoformat(self.acknowledged_until)

    def is_snoozed(self, today: dt.date) -> bool:
        return self.snoozed_until is not None and today <= self.snoozed_until

    def state(self, data_date: dt.date | None, today: dt.date) -> AnswerState:
        if self.is_snoozed(today):
            return AnswerState.SNOOZED
        if self.is_acknowledged(data_date, today):
            return AnswerState.ACKNOWLEDGED
        return AnswerState.ESCALATED if self.escalated_on else AnswerState.UNANSWERED


def answered(
    answer: Answer, alert: AlertState, changes: list[Change], policy: Policy, today: dt.date
) -> tuple[Answer, AlertState, list[Change]]:
    """After a step: what has expired, what stays silent, and whether it is time to escalate.

    Returns the answer that still counts, the alert, and the step's changes with what came of the answers; at most one notifies.
    """
    is_firing = alert.course.state is AlertStatus.FIRING
    expired = None
    if answer.snoozed_until and not answer.is_snoozed(today):
        answer, expired = replace(answer, snoozed_until=None), AnswerKind.SNOOZED
    if answer.acknowledged_on and _has_expired(answer, alert, today):
        answer = replace(answer, acknowledged_on=None, acknowledged_until=None)
        expired = AnswerKind.ACKNOWLEDGED
    if not alert.course.is_open:  # the next episode begins unanswered
        answer = Answer(snoozed_until=answer.snoozed_until)
        alert = replace(alert, answered_at=0)
    elif expired:
        alert = replace(alert, answered_at=alert.course.dates_firing)
        if is_firing:
            changes = [*changes, _said(ChangeKind.ACKNOWLEDGEMENT_EXPIRED, alert, changes, text=expired.value)]
    if answer.is_snoozed(today):
        return answer, alert, [replace(change, notifies=False) for change in changes]
    if answer.acknowledged_on:
        quiet = [replace(change, notifies=change.notifies and change.kind not in _SILENCED) for change in changes]
        return answer, alert, at_most_one_notifies(quiet)
    if _is_overdue(answer, alert, policy) and not any(change.notifies for change in changes):
        changes = [*changes, _said(ChangeKind.ESCALATED, alert, changes)]
        answer = replace(answer, escalated_on=alert.data_date)
    return answer, alert, at_most_one_notifies(changes)


def _has_expired(answer: Answer, alert: AlertState, today: dt.date) -> bool:
    """ "next" waits for a data date that says something: one without data answers nothing."""
    if answer.acknowledged_until == UNTIL_NEXT and alert.course.state is not AlertStatus.FIRING:
        return False
    return not answer.is_acknowledged(alert.data_date, today)


def _is_overdue(answer: Answer, alert: AlertState, policy: Policy) -> bool:
    waited = alert.course.dates_firing - alert.answered_at
    is_waiting = alert.course.state is AlertStatus.FIRING and answer.escalated_on is None
    return is_waiting and 0 < policy.escalate_after_dates <= waited


def _said(kind: ChangeKind, alert: AlertState, changes: list[Change], text: str | None = None) -> Change:
    """A change that is none of the state: what is measured is as in the changes beside it."""
    state = alert.course.state
    beside = changes[0] if changes else None
    return Change(
        kind=kind,
        from_state=state,
        to_state=state,
        severity=alert.course.severity,
        data_date=alert.trail[-1].data_date,  # a step has just been made
        value=beside.value if beside else None,
        level=beside.level if beside else None,
        notifies=True,
        text=text,
    )
