"""Every transition of an alert, worked out by hand: data dates are days of March 2026, builds count from b-000001."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from models.alerts.signals import Policy, Scope, Signal
from models.alerts.state import AlertState, Change, step
from models.alerts.vocabulary import AlertLevel, AlertStatus, SignalKind

OK, WARNING, CRITICAL = AlertLevel.OK, AlertLevel.WARNING, AlertLevel.CRITICAL
NO_DATA, STALE, ERROR = AlertLevel.NO_DATA, AlertLevel.STALE, AlertLevel.ERROR
ONCE = Policy(fingerprint="as first set")
PATIENT = Policy(pending_dates=2, recovering_dates=2, fingerprint="patient")


class Story:
    """One alert from build to build; each reading goes through JSON, as if everything were restarted in between."""

    def __init__(self, policy: Policy = ONCE, kind: SignalKind = SignalKind.LEVEL) -> None:
        self.policy, self.kind = policy, kind
        self.alert: AlertState | None = None
        self.build = 0

    def reads(
        self,
        day: int,
        reading: AlertLevel,
        *,
        is_clear: bool | None = None,
        build: int | None = None,
        value: float = 0.76,
        level: float = 0.8,
        **options,
    ):
        """The kinds of the changes of one reading on that day of March; those that notify with a "!" behind."""
        self.build, self.value, self.level = build or self.build + 1, value, level
        return [
            f"{change.kind}{'!' if change.notifies else ''}" for change in self.changes(day, reading, is_clear, options)
        ]

    def changes(self, day: int, reading: AlertLevel, is_clear: bool | None, options: dict) -> list[Change]:
        signal = Signal(
            kind=self.kind,
            name="test_coverage",
            scope=Scope("project", "YB"),
            data_date=dt.date(2026, 3, day),
            reading=reading,
            is_clear=reading is OK if is_clear is None else is_clear,
            value=self.value,
            level=self.level,
            policy=self.policy,
        )
        self.alert, self.last = step(self.alert, signal, f"b-{self.build:06d}", **options)
        self.alert = AlertState.from_json(json.loads(json.dumps(self.alert.to_json())))
        return self.last

    @property
    def state(self) -> AlertStatus:
        return self.alert.course.state


def test_what_is_within_its_level_says_nothing() -> None:
    story = Story()
    assert [story.reads(day, OK) for day in (1, 2, 3)] == [[], [], []]
    assert story.state is AlertStatus.NORMAL


def test_fires_at_once_and_recovers_with_the_days_it_lasted() -> None:
    story = Story()
    assert story.reads(2, CRITICAL) == ["fired!"]
    assert story.reads(9, CRITICAL) == []
    assert story.reads(16, OK) == ["recovered!"]
    assert story.last[0].duration_days == 14  # 2 to 16 March
    assert (story.last[0].from_state, story.last[0].to_state) == (AlertStatus.FIRING, AlertStatus.NORMAL)
    assert story.last[0].severity is CRITICAL


def test_fires_only_after_two_data_dates_and_survives_a_restart_in_between() -> None:
    story = Story(PATIENT)  # every reading goes through JSON
    assert story.reads(2, WARNING) == ["pending"]
    assert story.state is AlertStatus.PENDING
    assert story.reads(9, WARNING) == ["fired!"]
    assert story.alert.course.since == dt.date(2026, 3, 2)


def test_what_does_not_last_is_withdrawn_without_a_word() -> None:
    story = Story(PATIENT)
    assert [story.reads(2, WARNING), story.reads(9, OK)] == [["pending"], ["withdrawn"]]
    assert story.reads(16, WARNING) == ["pending"]  # counted anew
    assert story.alert.course.since == dt.date(2026, 3, 16)


def test_flapping_is_told_once_and_its_end_once() -> None:
    story = Story(PATIENT)
    told = [
        story.reads(day, reading)
        for day, reading in enumerate([CRITICAL, CRITICAL, OK, CRITICAL, OK, CRITICAL, OK, OK], start=1)
    ]
    assert told == [
        ["pending"], ["fired!"], ["recovering"], ["relapsed"], ["recovering"], ["relapsed"], ["recovering"], ["recovered!"],
    ]  # fmt: skip
    assert story.last[0].duration_days == 7  # 1 to 8 March


def test_within_the_level_but_not_clear_goes_on_firing() -> None:
    """Level 80 %, clear at 85 %: 82 % is within the level and ends nothing."""
    story = Story()
    assert story.reads(1, WARNING) == ["fired!"]
    assert story.reads(2, OK, is_clear=False) == []
    assert story.state is AlertStatus.FIRING
    assert story.reads(3, OK) == ["recovered!"]


def test_dates_within_the_level_but_not_clear_begin_the_count_anew() -> None:
    story = Story(PATIENT)
    story.reads(1, WARNING)
    story.reads(2, WARNING)
    assert story.reads(3, OK) == ["recovering"]
    assert story.reads(4, OK, is_clear=False) == []
    assert story.reads(5, OK) == []  # one of two again
    assert story.reads(6, OK) == ["recovered!"]


def test_pending_needs_no_clear_level_to_be_withdrawn() -> None:
    story = Story(PATIENT)
    story.reads(1, WARNING)
    assert story.reads(2, OK, is_clear=False) == ["withdrawn"]


def test_getting_worse_is_told_and_easing_with_how_long_it_was_critical() -> None:
    story = Story()
    assert story.reads(1, WARNING) == ["fired!"]
    assert story.reads(2, CRITICAL) == ["worsened!"]
    assert story.reads(4, CRITICAL) == []
    assert story.reads(5, WARNING) == ["eased!"]
    assert story.last[0].duration_days == 3  # critical from the 2nd to the 5th, beyond its level since the 1st
    assert story.alert.course.severity is WARNING


def test_further_past_the_same_level_is_told_by_more_than_a_tenth_of_it() -> None:
    """Of the level 0.8 a tenth is 0.08. Fired at 0.76, told anew below 0.68; then from 0.67 on, below 0.59."""
    story = Story()
    assert story.reads(1, WARNING) == ["fired!"]
    assert story.reads(2, WARNING, value=0.72) == []
    assert story.reads(3, WARNING, value=0.69) == []  # 0.07 more: by steps no less than at once
    assert story.reads(4, WARNING, value=0.67) == ["deepened"]  # 0.09 more
    assert story.reads(4, WARNING, value=0.67) == []  # the same date once more
    assert story.reads(5, WARNING, value=0.76) == []
    assert story.reads(6, WARNING, value=0.60) == []
    assert story.reads(7, WARNING, value=0.58) == ["deepened"]
    assert story.reads(8, CRITICAL, value=0.40, level=0.7) == ["worsened!"]  # another level: told as that
    assert story.reads(9, CRITICAL, value=0.34, level=0.7) == []  # 0.06 more, of the level 0.7 a tenth is 0.07
    assert story.reads(10, CRITICAL, value=0.32, level=0.7) == ["deepened"]


def test_only_a_level_that_has_a_tenth_is_gone_further_past() -> None:
    story = Story()
    story.reads(1, WARNING, value=3, level=0)
    assert story.reads(2, WARNING, value=300, level=0) == []
    feed = Story(kind=SignalKind.DATA)
    feed.reads(1, WARNING, value=40, level=30)
    assert feed.reads(2, WARNING, value=400, level=30) == []
    before = Story()  # of a store of before: nothing was noted
    before.reads(1, WARNING)
    kept = before.alert.to_json()
    del kept["course"]["told_beyond"]
    before.alert = AlertState.from_json(kept)
    assert before.reads(2, WARNING, value=0.1) == []
    assert before.reads(3, WARNING, value=0.0) == ["deepened"]  # 0.1 more than 0.08


def test_a_relapse_to_critical_is_told_as_worse() -> None:
    story = Story(PATIENT)
    story.reads(1, WARNING)
    story.reads(2, WARNING)
    story.reads(3, OK)
    assert story.reads(4, CRITICAL) == ["relapsed", "worsened!"]


@pytest.mark.parametrize(("reading", "told"), [(NO_DATA, ["no_data!"]), (STALE, ["stale"]), (ERROR, ["error!"])])
def test_a_firing_alert_is_held_while_nothing_is_known(reading: AlertLevel, told: list[str]) -> None:
    story = Story()
    story.reads(1, CRITICAL)
    assert story.reads(2, reading) == told
    assert story.state.value == reading.value
    assert story.alert.course.is_open
    assert story.reads(3, reading) == []  # told once
    assert story.reads(4, CRITICAL) == ["data_came_back"]
    assert story.state is AlertStatus.FIRING


@pytest.mark.parametrize(("reading", "told"), [(NO_DATA, ["no_data"]), (STALE, ["stale"]), (ERROR, ["error!"])])
def test_without_an_alert_only_an_error_is_told(reading: AlertLevel, told: list[str]) -> None:
    story = Story()
    story.reads(1, OK)
    assert story.reads(2, reading) == told
    assert story.reads(3, OK) == ["data_came_back"]


def test_what_was_pending_goes_on_counting_when_data_come_back() -> None:
    story = Story(PATIENT)
    assert [story.reads(1, WARNING), story.reads(2, NO_DATA)] == [["pending"], ["no_data"]]
    assert story.reads(3, WARNING) == ["fired!", "data_came_back"]
    assert story.alert.course.since == dt.date(2026, 3, 1)


def test_data_that_come_back_clear_end_the_alert() -> None:
    story = Story()
    story.reads(1, CRITICAL)
    story.reads(2, NO_DATA)
    assert story.reads(5, OK) == ["recovered!", "data_came_back"]
    assert story.last[0].duration_days == 4


def test_one_kind_of_not_knowing_after_another() -> None:
    story = Story()
    story.reads(1, CRITICAL)
    assert [story.reads(2, STALE), story.reads(3, NO_DATA), story.reads(4, ERROR)] == [
        ["stale"],
        ["no_data!"],
        ["error!"],
    ]
    assert story.reads(5, CRITICAL) == ["data_came_back"]


def test_a_closed_project_ends_what_fires_and_says_so() -> None:
    story = Story()
    story.reads(1, CRITICAL)
    assert story.reads(8, AlertLevel.CLOSED) == ["closed!"]
    assert story.last[0].duration_days == 7
    assert story.state is AlertStatus.NORMAL
    assert story.reads(9, AlertLevel.CLOSED) == []


def test_a_closed_project_ends_what_is_pending_in_silence() -> None:
    story = Story(PATIENT)
    story.reads(1, CRITICAL)
    assert story.reads(2, AlertLevel.CLOSED) == ["closed"]


def test_a_series_that_is_gone_ends_what_fires_and_is_unknown() -> None:
    story = Story()
    story.reads(1, CRITICAL)
    assert story.reads(2, AlertLevel.GONE) == ["gone!"]
    assert story.state is AlertStatus.NO_DATA
    assert not story.alert.course.is_open
    assert story.reads(3, AlertLevel.GONE) == []
    assert story.reads(4, CRITICAL) == ["fired!", "data_came_back"]
    assert story.alert.course.since == dt.date(2026, 3, 4)


def test_what_is_no_longer_judged_ends() -> None:
    story = Story()
    story.reads(1, CRITICAL)
    assert story.reads(2, AlertLevel.NOT_JUDGED) == ["withdrawn!"]
    early = Story(kind=SignalKind.EARLY)
    early.reads(1, WARNING)
    assert early.reads(2, AlertLevel.NOT_JUDGED) == ["withdrawn"]  # the level itself fires now, and tells


# ---- rules ----------------------------------------------------------------------------------------------------------


def test_a_rule_edited_while_firing_ends_what_is_now_within_at_once() -> None:
    story = Story(PATIENT)
    story.reads(1, WARNING)
    story.reads(2, WARNING)
    story.policy = Policy(pending_dates=2, recovering_dates=2, fingerprint="looser")
    assert story.reads(4, OK, is_clear=False) == ["rule_changed!"]
    assert story.last[0].duration_days == 3
    assert story.state is AlertStatus.NORMAL


def test_a_rule_edited_while_firing_leaves_what_is_still_beyond() -> None:
    story = Story(PATIENT)
    story.reads(1, WARNING)
    story.reads(2, WARNING)
    story.policy = Policy(pending_dates=3, fingerprint="stricter")
    assert story.reads(2, CRITICAL) == ["rule_changed", "worsened!"]  # the same data date, in a build of the new rule
    assert story.state is AlertStatus.FIRING
    assert story.alert.course.since == dt.date(2026, 3, 1)


def test_a_rule_edited_while_pending_counts_anew() -> None:
    story = Story(PATIENT)
    story.reads(1, WARNING)
    story.policy = Policy(pending_dates=2, fingerprint="another")
    assert story.reads(2, WARNING) == ["rule_changed"]
    assert story.state is AlertStatus.PENDING
    assert story.reads(3, WARNING) == ["fired!"]
    assert story.alert.course.since == dt.date(2026, 3, 2)


def test_a_rule_edited_while_recovering_counts_as_firing_again_where_it_is_beyond() -> None:
    story = Story(PATIENT)
    story.reads(1, WARNING)
    story.reads(2, WARNING)
    story.reads(3, OK)
    story.policy = Policy(fingerprint="stricter")
    assert story.reads(3, WARNING) == ["rule_changed", "relapsed"]


# ---- dates and builds -----------------------------------------------------------------------------------------------


def test_a_date_read_again_replaces_its_first_reading_and_never_counts_twice() -> None:
    story = Story(PATIENT)
    assert story.reads(2, WARNING) == ["pending"]
    assert story.reads(2, WARNING) == []
    assert story.state is AlertStatus.PENDING
    assert story.reads(2, OK) == ["withdrawn"]
    assert story.reads(2, WARNING) == ["pending"]


def test_a_recovery_that_is_restated_goes_on_from_before_it() -> None:
    story = Story()
    story.reads(1, CRITICAL)
    assert story.reads(4, OK) == ["recovered!"]
    assert story.reads(4, CRITICAL) == ["fired!"]  # they were told that it is over
    assert story.alert.course.since == dt.date(2026, 3, 1)
    assert story.reads(6, OK) == ["recovered!"]
    assert story.last[0].duration_days == 5


@pytest.mark.parametrize(("reading", "told"), [(NO_DATA, ["no_data!"]), (STALE, ["stale"]), (ERROR, ["error!"])])
def test_a_date_of_which_nothing_is_known_any_more_takes_back_no_reading(reading: AlertLevel, told: list[str]) -> None:
    """The only report was undone, or the rule broke, while the data date stayed: nobody may read that as recovered."""
    story = Story()
    story.reads(1, CRITICAL)
    assert story.reads(1, reading) == told
    assert story.alert.course.is_open
    assert story.reads(1, CRITICAL) == ["data_came_back"]
    assert story.alert.course.since == dt.date(2026, 3, 1)


def test_an_alert_that_is_restated_away_recovers_after_no_day() -> None:
    story = Story()
    story.reads(4, CRITICAL)
    assert story.reads(4, OK) == ["recovered!"]
    assert story.last[0].duration_days == 0


def test_data_dates_that_go_back_forget_the_later_ones() -> None:
    story = Story(PATIENT)
    story.reads(2, WARNING)
    story.reads(9, WARNING)
    assert story.reads(5, WARNING) == []  # the batch of the 9th was taken back: 2 and 5 March are two dates
    assert story.state is AlertStatus.FIRING
    assert story.reads(1, WARNING) == ["withdrawn!"]  # one date only is left
    assert story.state is AlertStatus.PENDING
    assert story.reads(2, WARNING) == ["fired!"]


def test_a_build_once_more_changes_nothing() -> None:
    story = Story(PATIENT)
    for day, reading in enumerate([WARNING, CRITICAL, OK, NO_DATA, OK], start=1):
        story.reads(day, reading)
        before = story.alert
        assert story.reads(day, reading, build=story.build) == []
        assert story.alert == before


def test_a_build_rolled_back_forgets_what_later_builds_said() -> None:
    story = Story()
    story.reads(1, OK, build=1)
    story.reads(2, CRITICAL, build=2)
    assert story.reads(1, OK, build=1, rolled_back=True) == ["rolled_back!"]
    assert story.state is AlertStatus.NORMAL
    assert story.reads(1, OK, build=1, rolled_back=True) == []
    assert story.reads(3, CRITICAL, build=3) == ["fired!"]
    assert story.alert.course.since == dt.date(2026, 3, 3)


def test_rolled_back_while_pending_keeps_what_the_kept_builds_counted() -> None:
    story = Story(PATIENT)
    story.reads(1, WARNING, build=1)
    story.reads(2, WARNING, build=2)
    assert story.reads(1, WARNING, build=1, rolled_back=True) == ["rolled_back!"]
    assert story.state is AlertStatus.PENDING
    assert story.reads(2, WARNING, build=3) == ["fired!"]


def test_rolled_back_before_the_series_was_known() -> None:
    story = Story()
    story.reads(2, CRITICAL, build=2)
    assert story.reads(2, AlertLevel.GONE, build=1, rolled_back=True) == ["rolled_back!"]
    assert (story.state, story.alert.trail) == (AlertStatus.NORMAL, ())


def test_the_trail_stays_short() -> None:
    story = Story()
    for day in range(1, 31):
        story.reads(day, CRITICAL)
    assert len(story.alert.trail) == 12
    assert story.alert.course.dates_firing == 29
    assert story.alert.course.since == dt.date(2026, 3, 1)
