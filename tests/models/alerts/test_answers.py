"""Answers to an alert: silence that ends, and escalation when nobody answers. Days of March 2026."""

from __future__ import annotations

import datetime as dt

from models.alerts.answers import UNTIL_NEXT, Answer, answered
from models.alerts.signals import Policy, Scope, Signal
from models.alerts.state import AlertState, step
from models.alerts.vocabulary import AlertLevel, AnswerState, SignalKind

POLICY = Policy(escalate_after_dates=3, fingerprint="a rule")


def day(number: int) -> dt.date:
    return dt.date(2026, 3, number)


class Answered:
    """One firing alert; reads() gives what is told, as in the tests of states."""

    def __init__(self) -> None:
        self.alert, self.answer, self.build = AlertState(), Answer(), 0

    def reads(self, data_day: int, reading: AlertLevel, today: int | None = None) -> list[str]:
        self.build += 1
        signal = Signal(
            kind=SignalKind.LEVEL,
            name="test_coverage",
            scope=Scope("project", "YB"),
            data_date=day(data_day),
            reading=reading,
            is_clear=reading is AlertLevel.OK,
            policy=POLICY,
        )
        self.alert, changes = step(self.alert, signal, f"b-{self.build:06d}")
        self.answer, self.alert, changes = answered(self.answer, self.alert, changes, POLICY, day(today or data_day))
        return [f"{change.kind}{'!' if change.notifies else ''}" for change in changes]


def test_unanswered_for_three_data_dates_it_escalates_once() -> None:
    story = Answered()
    told = [story.reads(number, AlertLevel.WARNING) for number in range(1, 8)]
    assert told == [["fired!"], [], [], ["escalated!"], [], [], []]  # the 2nd, 3rd and 4th went unanswered
    assert story.answer.escalated_on == day(4)
    assert story.answer.state(day(7), day(7)) is AnswerState.ESCALATED


def test_the_same_data_date_again_does_not_count_towards_escalation() -> None:
    story = Answered()
    assert [story.reads(number, AlertLevel.WARNING) for number in (1, 2, 2, 2, 3)] == [["fired!"], [], [], [], []]


def test_an_escalation_waits_while_the_step_tells_something_else() -> None:
    story = Answered()
    told = [story.reads(number, AlertLevel.WARNING) for number in (1, 2, 3)]
    told += [story.reads(4, AlertLevel.CRITICAL), story.reads(5, AlertLevel.CRITICAL)]
    assert told[3:] == [["worsened!"], ["escalated!"]]


def test_acknowledged_until_the_next_data_date() -> None:
    story = Answered()
    story.reads(1, AlertLevel.WARNING)
    story.answer = Answer(acknowledged_on=day(1), acknowledged_until=UNTIL_NEXT)
    assert story.reads(1, AlertLevel.WARNING, today=5) == []  # no later data date yet
    assert story.answer.state(day(1), day(5)) is AnswerState.ACKNOWLEDGED
    assert story.reads(8, AlertLevel.WARNING) == ["acknowledgement_expired!"]
    assert story.answer == Answer()
    assert [story.reads(number, AlertLevel.WARNING) for number in (9, 10, 11)] == [
        [],
        [],
        ["escalated!"],
    ]  # counted from the 8th


def test_acknowledged_until_the_end_of_a_day() -> None:
    story = Answered()
    story.reads(1, AlertLevel.WARNING)
    story.answer = Answer(acknowledged_on=day(1), acknowledged_until="2026-03-06")
    assert [story.reads(number, AlertLevel.WARNING) for number in range(2, 7)] == [[]] * 5
    assert story.reads(7, AlertLevel.WARNING) == ["acknowledgement_expired!"]


def test_an_acknowledged_alert_is_silent_but_for_what_is_new() -> None:
    story = Answered()
    story.reads(1, AlertLevel.WARNING)
    story.answer = Answer(acknowledged_on=day(1), acknowledged_until="2026-03-31")
    assert story.reads(2, AlertLevel.NO_DATA) == ["no_data"]
    assert story.reads(3, AlertLevel.CRITICAL) == ["worsened!", "data_came_back"]
    assert story.reads(4, AlertLevel.OK) == ["recovered!"]
    assert story.answer == Answer()


def test_an_acknowledgement_that_expires_as_it_grows_worse_is_told_once() -> None:
    story = Answered()
    story.reads(1, AlertLevel.WARNING)
    story.answer = Answer(acknowledged_on=day(1), acknowledged_until=UNTIL_NEXT)
    assert story.reads(2, AlertLevel.CRITICAL) == ["worsened!", "acknowledgement_expired"]


def test_a_data_date_without_data_answers_nothing() -> None:
    story = Answered()
    story.reads(1, AlertLevel.WARNING)
    story.answer = Answer(acknowledged_on=day(1), acknowledged_until=UNTIL_NEXT)
    assert story.reads(2, AlertLevel.NO_DATA) == ["no_data"]
    assert story.answer.acknowledged_on == day(1)
    assert story.reads(3, AlertLevel.WARNING) == ["data_came_back", "acknowledgement_expired!"]


def test_a_snoozed_alert_goes_on_in_silence_and_says_so_when_the_snooze_ends() -> None:
    story = Answered()
    story.answer = Answer(snoozed_until=day(10))
    assert story.reads(1, AlertLevel.WARNING) == ["fired"]
    assert story.reads(5, AlertLevel.CRITICAL) == ["worsened"]
    assert story.answer.state(day(5), day(5)) is AnswerState.SNOOZED
    assert story.reads(11, AlertLevel.CRITICAL) == ["acknowledgement_expired!"]


def test_a_snooze_that_outlasts_the_alert_tells_nothing() -> None:
    story = Answered()
    story.reads(1, AlertLevel.WARNING)
    story.answer = Answer(snoozed_until=day(10))
    assert story.reads(5, AlertLevel.OK) == ["recovered"]
    assert story.reads(11, AlertLevel.OK) == []
    assert story.answer == Answer()
