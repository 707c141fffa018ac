"""Whatever the readings: at most one notice per change of state, nothing from a build read twice, and every alert that was
told as fired is told as over, with the days it lasted."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from models.alerts.answers import Answer, answered
from models.alerts.signals import Policy, Scope, Signal
from models.alerts.state import AlertState, step
from models.alerts.vocabulary import AlertLevel, ChangeKind, SignalKind

FIRST_DAY = dt.date(2026, 1, 1)
ENDS = {
    ChangeKind.RECOVERED,
    ChangeKind.WITHDRAWN,
    ChangeKind.CLOSED,
    ChangeKind.GONE,
    ChangeKind.RULE_CHANGED,
}
policies = st.builds(
    Policy,
    pending_dates=st.integers(1, 3),
    recovering_dates=st.integers(1, 3),
    escalate_after_dates=st.integers(0, 3),
    fingerprint=st.just("one rule"),
)
# days to the next data date: usually on, sometimes the same once more, sometimes back
readings = st.lists(
    st.tuples(st.sampled_from([1, 1, 1, 7, 0, -1, -3]), st.sampled_from(list(AlertLevel)), st.booleans()), max_size=30
)


def signal(day: int, reading: AlertLevel, is_clear: bool, policy: Policy) -> Signal:
    return Signal(
        kind=SignalKind.LEVEL,
        name="test_coverage",
        scope=Scope("project", "YB"),
        data_date=FIRST_DAY + dt.timedelta(days=day),
        reading=reading,
        is_clear=is_clear and reading is AlertLevel.OK,
        policy=policy,
    )


@settings(deadline=None, max_examples=150, derandomize=True)
@given(readings, policies)
def test_any_sequence(told: list[tuple[int, AlertLevel, bool]], policy: Policy) -> None:
    alert, day, open_since = AlertState(), 10, None
    answer = Answer()
    for number, (days, reading, is_clear) in enumerate(told, start=1):
        day = max(day + days, 0)
        said = signal(day, reading, is_clear, policy)
        before = alert.course
        alert, changes = step(alert, said, f"b-{number:06d}")
        notifying = [change for change in changes if change.notifies]
        assert len(notifying) <= 1
        if (before.state, before.standing, before.severity) == (
            alert.course.state,
            alert.course.standing,
            alert.course.severity,
        ):
            assert notifying == []
        for change in notifying:
            if change.kind is ChangeKind.FIRED:
                assert open_since is None
                open_since = alert.course.since
            elif change.kind in ENDS:
                assert open_since is not None
                assert change.duration_days == max((said.data_date - open_since).days, 0)
                open_since = None
        assert alert.course.is_open == (open_since is not None)
        if alert.course.is_open:
            open_since = alert.course.since  # dates that go back may take its beginning along
        assert AlertState.from_json(alert.to_json()) == alert
        assert step(alert, said, f"b-{number:06d}") == (alert, [])
        answer, alert, changes = answered(answer, alert, changes, policy, said.data_date)
        assert sum(change.notifies for change in changes) <= 1


@settings(deadline=None, max_examples=100, derandomize=True)
@given(readings, policies, st.integers(1, 30))
def test_rolled_back_is_as_if_the_later_builds_had_not_been(told, policy: Policy, kept: int) -> None:
    """Within the trail, with data dates that go on: the alert stands as it did when the kept build was evaluated."""
    alert, stood = AlertState(), []
    for number, (_days, reading, is_clear) in enumerate(told[:10], start=1):
        said = signal(number, reading, is_clear, policy)
        alert, _changes = step(alert, said, f"b-{number:06d}")
        stood.append((said, alert))
    if kept <= len(stood):
        said, then = stood[kept - 1]
        back, changes = step(alert, said, f"b-{kept:06d}", rolled_back=True)
        assert back.course == then.course
        assert len(changes) <= 1
