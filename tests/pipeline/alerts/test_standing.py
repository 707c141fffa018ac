"""What every page reads of alerts: kept until something happens, and what is over stays in sight for a while."""

from __future__ import annotations

import datetime as dt

from models.alerts.vocabulary import AlertLevel
from pipeline.alerts.answering import acknowledge, alert_of, ended_lately
from pipeline.alerts.open_alerts import open_alerts
from tests.databases import on_both_databases
from tests.pipeline.alerts.test_evaluating import COVERAGE, NOON, World, its_world, signal  # noqa: F401 - a fixture

pytestmark = on_both_databases

TODAY = NOON.date()


def answers(world: World) -> dict[str, str]:
    return {row.alert_key: row.answer for row in open_alerts(world.data_dir, TODAY)}


def test_open_alerts_follow_every_evaluation_and_every_answer(its_world: World) -> None:  # noqa: F811
    assert open_alerts(its_world.data_dir, TODAY) == ()
    its_world.evaluates(1, signal(1, AlertLevel.CRITICAL))
    assert answers(its_world) == {COVERAGE: "unanswered"}
    assert open_alerts(its_world.data_dir, TODAY) is open_alerts(its_world.data_dir, TODAY)  # read once
    acknowledge(its_world.data_dir, COVERAGE, by="张三", reason="补测试", until="next")
    assert answers(its_world) == {COVERAGE: "acknowledged"}
    its_world.evaluates(2, signal(8, AlertLevel.CRITICAL, value=0.5))
    (row,) = open_alerts(its_world.data_dir, TODAY)
    assert (row.value, row.answer) == (0.5, "unanswered")  # the next data date has come
    assert row.details["kpi"] == "test_coverage"  # the banner says what stands in place of a value that is no number
    its_world.evaluates(3, signal(15, AlertLevel.OK))
    assert open_alerts(its_world.data_dir, TODAY) == ()


def test_what_has_recovered_is_told_with_its_days_until_it_is_long_ago(its_world: World) -> None:  # noqa: F811
    its_world.evaluates(1, signal(1, AlertLevel.CRITICAL))
    assert ended_lately(its_world.data_dir, today=TODAY) == []
    its_world.evaluates(2, signal(8, AlertLevel.OK))
    (over,) = ended_lately(its_world.data_dir, today=TODAY)
    assert (over.ended_by, over.ended_on, over.lasted_days) == ("recovered", dt.date(2026, 3, 8), 7)
    assert alert_of(its_world.data_dir, COVERAGE).state == "normal"
    assert alert_of(its_world.data_dir, "no such key") is None
    later = dt.date(2026, 3, 8) + dt.timedelta(days=46)
    its_world.evaluates(3, signal(8, AlertLevel.OK, data_date=later))
    assert ended_lately(its_world.data_dir, today=TODAY) == []


def test_what_fires_again_is_no_longer_over(its_world: World) -> None:  # noqa: F811
    its_world.evaluates(1, signal(1, AlertLevel.CRITICAL))
    its_world.evaluates(2, signal(8, AlertLevel.OK))
    its_world.evaluates(3, signal(15, AlertLevel.CRITICAL))
    assert ended_lately(its_world.data_dir, today=TODAY) == []
