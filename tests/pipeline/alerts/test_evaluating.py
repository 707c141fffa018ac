"""Builds evaluated one after the other: what is kept, what is told, what an error costs. The signals are made by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from models.alerts.alert import Alert, AlertEvent
from models.alerts.news import News
from models.alerts.signals import Policy, Scope, Signal
from models.alerts.vocabulary import AlertLevel, SignalKind
from models.builds.data_dir import DataDir
from models.builds.published import Build
from models.errors import InputError
from pipeline.alerts import evaluating
from pipeline.alerts.answering import (
    acknowledge,
    alerts_now,
    assign,
    comment,
    each,
    events_of,
    last_evaluation,
    news,
    see,
    snooze,
)
from pipeline.store import control
from pipeline.store.alert_tables import alert_events, alerts
from pipeline.store.alert_tables import evaluations as evaluations_table
from tests.databases import on_both_databases

pytestmark = on_both_databases

COVERAGE = "level:test_coverage|project|*|YB|*|*|*"
RATE = "level:code_defect_rate|project|*|YB|*|*|*"
NOON = dt.datetime(2026, 3, 31, 4, 0, tzinfo=dt.UTC)


def signal(day: int, reading: AlertLevel, name: str = "test_coverage", **changed: object) -> Signal:
    values: dict = {
        "kind": SignalKind.LEVEL,
        "name": name,
        "scope": Scope("project", "YB"),
        "data_date": dt.date(2026, 3, day),
        "reading": reading,
        "is_clear": reading is AlertLevel.OK,
        "value": 0.76,
        "level": 0.8,
        "kpi_key": name,
        "template": "{kpi} is beyond its level",
        "details": {"kpi": name, "on": dt.date(2026, 3, day)},
        "policy": Policy(fingerprint="a rule"),
    }
    return Signal(**(values | changed))


class World:
    """A data folder whose builds say what a test tells them to; notices are only noted."""

    def __init__(self, data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
        self.data_dir, self.monkeypatch = data_dir, monkeypatch
        self.noticed: list[list[AlertEvent]] = []
        monkeypatch.setattr("pipeline.notices.queue", self.queue)
        monkeypatch.setattr(
            evaluating, "_causes", lambda _run, told: [{"rows": [said.name], "owners": ["张三"]} for said in told]
        )

    def queue(self, _connection, _data_dir, build_id: str, events: list[AlertEvent], _now: dt.datetime) -> None:
        self.noticed.append([event for event in events if event.notifies])

    def build(self, number: int) -> Build:
        path = self.data_dir.root / f"plimsoll_b-{number:06d}.duckdb"
        if not path.exists():
            duckdb.connect(str(path)).close()
        return Build(f"b-{number:06d}", path, NOON, {"time_zone": "Asia/Shanghai"})

    def evaluates(self, number: int, *signals: Signal, cause: str = "publish", level=None) -> dict:
        def said(_snapshot: object, _rules: list[dict]) -> list[Signal]:
            return list(signals)

        self.monkeypatch.setattr(evaluating, "PROVIDERS", {SignalKind.LEVEL: level or said})
        return evaluating.evaluate(self.data_dir, self.build(number), NOON, cause)

    def states(self) -> dict[str, str]:
        return {row.alert_key: row.state for row in alerts_now(self.data_dir, today=NOON.date())}

    def history(self, key: str = COVERAGE) -> list[str]:
        return [event.kind for event in reversed(events_of(self.data_dir, key))]


@pytest.fixture
def its_world(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(data_dir, monkeypatch)


def test_a_build_is_evaluated_once(its_world: World) -> None:
    told = its_world.evaluates(1, signal(1, AlertLevel.CRITICAL), signal(1, AlertLevel.OK, "code_defect_rate"))
    assert (told["changes"], told["firing"], told["is_new"]) == (1, 1, True)
    assert its_world.evaluates(1, signal(9, AlertLevel.OK))["is_new"] is False
    assert its_world.states() == {COVERAGE: "firing"}  # what never was an alert is no row
    assert [[event.kind for event in events] for events in its_world.noticed] == [["fired"]]
    assert last_evaluation(its_world.data_dir)["build_id"] == "b-000001"


def test_an_alert_carries_its_sentence_cause_and_owner_and_recovers_with_its_days(its_world: World) -> None:
    its_world.evaluates(1, signal(1, AlertLevel.CRITICAL))
    (alert,) = alerts_now(its_world.data_dir)
    assert alert.sentence["details"] == {"kpi": "test_coverage", "on": "2026-03-01"}
    assert (alert.cause["rows"], alert.owner) == (["test_coverage"], "张三")
    assert (alert.severity, alert.since_on, alert.fired_at) == (
        "critical",
        dt.date(2026, 3, 1),
        "2026-03-31T04:00:00Z",
    )
    its_world.evaluates(2, signal(8, AlertLevel.OK))
    assert alerts_now(its_world.data_dir) == []
    assert its_world.noticed[-1][0].kind == "recovered"
    assert its_world.noticed[-1][0].duration_days == 7


def test_a_series_that_vanished_is_gone(its_world: World) -> None:
    its_world.evaluates(1, signal(1, AlertLevel.CRITICAL))
    its_world.evaluates(2)
    assert its_world.history() == ["fired", "gone"]
    assert its_world.states() == {}


def test_rules_that_fail_are_an_error_and_end_nothing(its_world: World) -> None:
    its_world.evaluates(1, signal(1, AlertLevel.CRITICAL))

    def broken(_snapshot: object, _rules: list[dict]) -> list[Signal]:
        raise ZeroDivisionError("a secret of the code")

    told = its_world.evaluates(2, level=broken)
    assert [problem["alert_key"] for problem in told["problems"]] == ["level:evaluation"]
    assert its_world.states() == {COVERAGE: "error", "level:evaluation|portfolio|*|*|*|*|*": "error"}
    assert {event.kind for event in its_world.noticed[-1]} == {"error"}
    its_world.evaluates(3, signal(3, AlertLevel.CRITICAL))
    assert its_world.history() == ["fired", "error", "data_came_back"]
    assert its_world.states() == {COVERAGE: "firing"}


def test_one_signal_that_cannot_be_read_stops_no_other(its_world: World) -> None:
    its_world.evaluates(1, signal(1, AlertLevel.CRITICAL), signal(1, AlertLevel.CRITICAL, "code_defect_rate"))
    broken = signal(2, AlertLevel.OK, policy=Policy(recovering_dates="two", fingerprint="a rule"))
    told = its_world.evaluates(2, broken, signal(2, AlertLevel.OK, "code_defect_rate"))
    assert [problem["alert_key"] for problem in told["problems"]] == [COVERAGE]
    assert its_world.states() == {COVERAGE: "error"}
    assert its_world.history(RATE) == ["fired", "recovered"]


def test_notices_that_cannot_be_written_cost_no_alert(its_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("pipeline.notices.queue", full)
    told = its_world.evaluates(1, signal(1, AlertLevel.CRITICAL))
    assert [problem["alert_key"] for problem in told["problems"]] == ["notices"]
    assert its_world.states() == {COVERAGE: "firing"}


def test_a_kill_in_the_middle_leaves_nothing_and_the_next_start_makes_up_for_it(
    its_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    its_world.evaluates(1, signal(1, AlertLevel.OK))

    def killed(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(evaluating.store, "add_events", killed)
        with pytest.raises(KeyboardInterrupt):
            its_world.evaluates(2, signal(2, AlertLevel.CRITICAL))
    assert its_world.states() == {}
    monkeypatch.setattr(evaluating, "current_build", lambda _folder: its_world.build(2))
    assert evaluating.catch_up(its_world.data_dir)["firing"] == 1
    assert evaluating.catch_up(its_world.data_dir) is None
    assert its_world.history() == ["fired"]


def test_a_rollback_forgets_what_later_builds_said(its_world: World) -> None:
    its_world.evaluates(1, signal(1, AlertLevel.CRITICAL))
    its_world.evaluates(2, signal(2, AlertLevel.OK), signal(2, AlertLevel.CRITICAL, "code_defect_rate"))
    its_world.evaluates(1, signal(1, AlertLevel.CRITICAL), cause="rollback")
    assert its_world.states() == {COVERAGE: "firing"}
    assert its_world.history() == ["fired", "recovered", "rolled_back"]
    assert its_world.history(RATE) == ["fired", "rolled_back"]
    its_world.evaluates(3, signal(9, AlertLevel.OK))
    assert its_world.noticed[-1][0].duration_days == 8  # since 1 March
    with control.reading(its_world.data_dir) as connection:
        causes = connection.execute(sa.select(evaluations_table.c.build_id, evaluations_table.c.cause)).all()
    assert set(causes) == {("b-000001", "rollback"), ("b-000002", "publish"), ("b-000003", "publish")}


def test_answers_are_kept_and_told_in_the_history(its_world: World) -> None:
    folder = its_world.data_dir
    its_world.evaluates(1, signal(1, AlertLevel.CRITICAL))
    acknowledge(folder, COVERAGE, by="李四", reason="报告下周补", until="next")
    comment(folder, COVERAGE, by="王五", text="已联系测试组")
    assign(folder, COVERAGE, by="李四", owner="王五")
    (alert,) = alerts_now(folder)
    assert (alert.answer, alert.owner, alert.acknowledged_by) == ("acknowledged", "王五", "李四")
    assert its_world.history() == ["fired", "acknowledged", "commented", "assigned"]
    with control.reading(folder) as connection:
        audited = connection.execute(sa.select(control.audit.c.actor, control.audit.c.action)).all()
    assert audited == [("李四", "alert acknowledged"), ("王五", "alert commented"), ("李四", "alert assigned")]
    its_world.evaluates(2, signal(8, AlertLevel.CRITICAL))
    assert [event.kind for event in its_world.noticed[-1]] == ["acknowledgement_expired"]
    assert alerts_now(folder)[0].owner == "王五"


def test_an_answer_that_cannot_be_is_refused_in_words(its_world: World) -> None:
    folder = its_world.data_dir
    its_world.evaluates(1, signal(1, AlertLevel.CRITICAL), signal(1, AlertLevel.NO_DATA, "code_defect_rate"))
    refused = {
        "alerts.unknown": lambda: comment(folder, "level:nothing", by="李四", text="?"),
        "alerts.blank": lambda: acknowledge(folder, COVERAGE, by="李四", reason=" "),
        "alerts.not_firing": lambda: acknowledge(folder, RATE, by="李四", reason="为什么"),
        "alerts.until": lambda: snooze(folder, COVERAGE, by="李四", reason="节后", until="31.03.2026"),
        "alerts.until_past": lambda: snooze(folder, COVERAGE, by="李四", reason="节后", until="2020-01-01"),
    }
    for code, answer in refused.items():
        with pytest.raises(InputError) as error:
            answer()
        assert error.value.code == code
    assert its_world.history() == ["fired"]


def test_a_due_day_outlives_the_silence_and_ends_with_the_episode(its_world: World) -> None:
    folder, far = its_world.data_dir, dt.date(2999, 1, 1)
    its_world.evaluates(1, signal(1, AlertLevel.CRITICAL))
    acknowledge(folder, COVERAGE, by="李四", reason="报告下周补", until=far)
    by_day = {day: alerts_now(folder, today=day)[0] for day in (far, far + dt.timedelta(days=1))}
    assert [(alert.answer, alert.is_overdue) for alert in by_day.values()] == [
        ("acknowledged", False),  # on the day itself
        ("unanswered", True),
    ]
    assign(folder, COVERAGE, by="李四", owner="王五", reason="补测", due="2999-02-01")
    assert events_of(folder, COVERAGE)[0].text == "王五, 2999-02-01: 补测"
    its_world.evaluates(2, signal(8, AlertLevel.CRITICAL))
    assert alerts_now(folder)[0].due_on == dt.date(2999, 2, 1)
    its_world.evaluates(3, signal(9, AlertLevel.OK))
    with pytest.raises(InputError, match="does not fire now"):
        assign(folder, COVERAGE, by="李四", owner="王五", due="2999-02-01")
    its_world.evaluates(4, signal(10, AlertLevel.CRITICAL))
    assert alerts_now(folder)[0].due_on is None


def test_several_are_answered_each_with_an_event_of_its_own_and_refusals_are_named(its_world: World) -> None:
    folder = its_world.data_dir
    its_world.evaluates(1, signal(1, AlertLevel.CRITICAL), signal(1, AlertLevel.NO_DATA, "code_defect_rate"))
    refused = each(
        lambda key: acknowledge(folder, key, by="李四", reason="节后"), [COVERAGE, RATE, COVERAGE, "level:nothing"]
    )
    assert {key: error.code for key, error in refused.items()} == {
        RATE: "alerts.not_firing",
        "level:nothing": "alerts.unknown",
    }
    assert its_world.history() == ["fired", "acknowledged"]  # named twice, answered once


def test_news_is_what_happened_since_the_viewer_said_seen(its_world: World) -> None:
    folder = its_world.data_dir
    its_world.evaluates(1, signal(1, AlertLevel.WARNING), signal(1, AlertLevel.CRITICAL, "code_defect_rate"))
    assert news(folder, "screen") == News(None, 2, {})  # two have fired; before the first look nothing is news
    see(folder, "screen", 2)
    its_world.evaluates(2, signal(8, AlertLevel.CRITICAL), signal(8, AlertLevel.CRITICAL, "code_defect_rate"))
    comment(folder, RATE, by="王五", text="已联系测试组")
    told = news(folder, "screen")
    assert {key: event.kind for key, event in told.events.items()} == {COVERAGE: "worsened", RATE: "commented"}
    assert list(news(folder, "screen", "王五").events) == [COVERAGE]  # one's own words are no news
    assert news(folder, "somebody else").seen is None
    see(folder, "screen", told.newest)
    see(folder, "screen", 1)  # a page drawn earlier: what was seen stays seen
    assert news(folder, "screen") == News(4, 4, {})


def test_events_are_ours_to_count(its_world: World) -> None:
    """Whatever is told is an event: those that notify are the notices, no more and no less."""
    for number, reading in enumerate(
        [AlertLevel.WARNING, AlertLevel.CRITICAL, AlertLevel.NO_DATA, AlertLevel.OK], start=1
    ):
        its_world.evaluates(number, signal(number, reading))
    with control.reading(its_world.data_dir) as connection:
        notifying = connection.execute(sa.select(sa.func.count()).where(alert_events.c.notifies == 1)).scalar()
    assert notifying == sum(len(events) for events in its_world.noticed) == 4
    assert not Path(its_world.data_dir.root / "warehouse").exists()


def test_causes_are_looked_for_in_the_worst_news_first_and_in_the_rest_with_the_next_build(
    its_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluating, "MOST_CAUSES", 1)
    mild, bad = signal(1, AlertLevel.WARNING, "code_defect_rate"), signal(1, AlertLevel.CRITICAL)
    its_world.evaluates(1, mild, bad)
    told = {row.name: (row.cause, row.owner) for row in alerts_now(its_world.data_dir)}
    named = {name: {"rows": [name], "owners": ["张三"]} for name in ("code_defect_rate", "test_coverage")}
    assert told == {"code_defect_rate": ({}, None), "test_coverage": (named["test_coverage"], "张三")}
    its_world.evaluates(2, mild, bad)
    assert {row.name: row.cause for row in alerts_now(its_world.data_dir)} == named


def test_an_alert_and_its_events_are_their_rows() -> None:
    assert list(Alert.model_fields) == alerts.c.keys()
    assert list(AlertEvent.model_fields) == alert_events.c.keys()
