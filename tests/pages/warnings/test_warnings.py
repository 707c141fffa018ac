"""Warnings on screen: what fires, answered in place; what a project's sheet says of them; links that open an alert."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import shutil
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from models.alerts.signals import Policy, Scope
from models.alerts.vocabulary import AlertLevel, SignalKind
from models.builds.data_dir import DataDir
from models.builds.published import current_build
from pipeline.alerts import answering, evaluating
from pipeline.alerts.open_alerts import open_alerts
from tests.grids import grids
from tests.pages.test_worlds import REPOSITORY, headline, opened, words  # noqa: F401 - a fixture
from tests.pipeline.alerts.test_evaluating import signal
from ui.kpis.cards import slug

COVERAGE = "level:test_coverage|project|*|QT|*|*|*"
HOSTILE = "<script>alert(1)</script> [x](http://e) :material/home: **b**"
WARNINGS = "pages/warnings/warnings.py"


@pytest.fixture
def critical(world, tmp_path, monkeypatch):
    """(its data folder, open it): coverage of 70 % and CPI of 0.80, to write in."""
    shutil.copytree(world("critical").root, tmp_path / "world")
    monkeypatch.setenv("PLIMSOLL_DATA", str(tmp_path / "world"))

    def run(page: str | None = WARNINGS, language: str = "en", **query: str) -> AppTest:
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        return app.switch_page(page).run() if page else app

    return DataDir(tmp_path / "world"), run


def listed(app: AppTest) -> str:
    """What the list says, as a reader sees it."""
    shown = " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", element.proto.body) for element in app.get("html"))
    return re.sub(r"\s+", " ", html.unescape(shown))


def entries_of(app: AppTest) -> list[list[str]]:
    """The alerts that each tick of the list answers."""
    bodies = "".join(element.proto.body for element in app.get("html"))
    return [json.loads(html.unescape(keys)) for keys in re.findall(r'data-keys="([^"]*)"', bodies)]


def test_what_fires_is_told_with_value_level_state_and_project(opened):  # noqa: F811
    app = opened("critical", WARNINGS)
    assert headline(app).startswith("■ Alerts that fire: ")
    told = listed(app).replace("\u00a0", " ")
    for part in ("70.0 %", "level 80.0 %", "轻舟项目", "firing · unanswered", "since 30 Jun 2026", "no owner"):
        assert part in told, part
    chinese = listed(opened("critical", WARNINGS, "zh"))
    assert "预警中 · 未认领" in chinese and "超过超限线" in chinese


@pytest.mark.parametrize("name", ["healthy", "empty_project"])
def test_where_nothing_fires_a_calm_sentence_stands(opened, name):  # noqa: F811
    app = opened(name, WARNINGS)
    assert headline(app) == "Nothing fires"
    assert "Nothing fires: what was judged lies within its levels." in words(app)
    assert "■" not in words(app) + listed(app)


def test_an_alert_is_answered_in_place_and_what_people_write_is_text(critical):
    folder, run = critical
    app = run(alert=COVERAGE)
    assert app.session_state["alerts_open"] == COVERAGE
    assert (
        sum("alerts-queue" in element.proto.body for element in app.get("html")) >= 2
    )  # the list, around what is open in it
    submit = f"FormSubmitter:alerts_form_acknowledge_{slug(COVERAGE)}_1-Acknowledge"
    app.button(key=submit).click().run()
    assert "needs the person who gives it" in app.error[0].value.replace("\\", "")
    app.text_input(key="alerts_person").set_value(HOSTILE).run()
    app.text_input(key=f"alerts_ack_reason_{slug(COVERAGE)}_1").set_value(HOSTILE)
    app.button(key=submit).click().run()
    assert not app.error
    [row] = [row for row in answering.alerts_now(folder) if row.alert_key == COVERAGE]
    assert (row.answer, row.acknowledged_by) == ("acknowledged", HOSTILE)
    for way, field, value in (
        ("comment", f"alerts_comment_{slug(COVERAGE)}_2", HOSTILE),
        ("assign", f"alerts_owner_{slug(COVERAGE)}_3", HOSTILE),
        ("snooze", f"alerts_snooze_reason_{slug(COVERAGE)}_4", "测试环境维护"),
    ):
        app.segmented_control(key=f"alerts_way_{slug(COVERAGE)}").set_value(way).run()
        found = app.text_area if way == "comment" else app.text_input
        found(key=field).set_value(value)
        number = field.rpartition("_")[2]
        label = way.capitalize()
        app.button(key=f"FormSubmitter:alerts_form_{way}_{slug(COVERAGE)}_{number}-{label}").click().run()
        assert not app.error and not app.exception
    [row] = [row for row in answering.alerts_now(folder) if row.alert_key == COVERAGE]
    assert (row.answer, row.owner) == ("snoozed", HOSTILE)
    kinds = [event.kind for event in answering.events_of(folder, COVERAGE)]
    assert kinds == ["snoozed", "assigned", "commented", "acknowledged", "fired"]
    assert "<script>" not in "".join(element.proto.body for element in app.get("html"))
    read_as_markdown = " ".join(str(element.value) for element in (*app.markdown, *app.caption))
    for markup in ("<script>", "[x](http", ":material/home:", "**b**"):
        assert markup not in read_as_markdown, markup
    assert "<script>" not in words(app)  # HTML of ours holds text as text
    assert grids(app)[-1].value["text"].to_list()[2] == HOSTILE  # a grid shows text as text


def test_one_cause_is_one_entry_and_can_be_answered_as_one(critical):
    folder, run = critical
    cost = "level:cost_performance_index|project|*|QT|*|*|*"
    app = run(alert=cost)
    [whole] = [keys for keys in entries_of(app) if len(keys) > 1 and cost in keys]
    assert all([key] in entries_of(app) for key in whole if key != whole[0])  # its parts, each with a tick of its own
    app.checkbox(key=f"alerts_whole_{slug(cost)}").check().run()
    app.text_input(key="alerts_person").set_value("张三").run()
    app.text_input(key=f"alerts_ack_reason_{slug(cost)}_1").set_value("成本复盘")
    app.button(key=f"FormSubmitter:alerts_form_acknowledge_{slug(cost)}_1-Acknowledge").click().run()
    assert not app.error and not app.exception
    answered = {row.alert_key for row in answering.alerts_now(folder) if row.acknowledged_by == "张三"}
    assert answered == set(whole)


def test_several_are_answered_at_once_and_what_is_refused_is_told_per_alert(critical):
    folder, run = critical
    firing = [row for row in answering.alerts_now(folder) if row.is_open]
    blind = next(row for row in answering.alerts_now(folder) if row.kind == "level" and not row.is_open)
    app = run(None)
    app.session_state["alerts_answering"] = [firing[0].alert_key, COVERAGE, blind.alert_key, "level:made up"]
    app.switch_page(WARNINGS).run()
    assert "**Answer 3 alerts**" in words(app)
    app.text_input(key="alerts_person").set_value("张三").run()
    app.text_input(key="alerts_ack_reason_ticked_0").set_value(HOSTILE)
    app.button(key="FormSubmitter:alerts_form_acknowledge_ticked_0-Acknowledge").click().run()
    [error] = app.error
    assert error.value.startswith("轻舟项目") and "does not fire now" in error.value
    answered = {row.alert_key for row in answering.alerts_now(folder) if row.acknowledged_by == "张三"}
    assert answered == {firing[0].alert_key, COVERAGE}
    assert "**Answer" not in words(app)
    app.run()
    assert not app.error


def test_what_the_chips_leave_stands_in_the_sentence_and_what_is_seen_is_no_news(critical):
    folder, run = critical
    app = run()
    every = len(entries_of(app))
    app.selectbox(key="alerts_kpi").set_value("test_coverage").run()
    assert entries_of(app) == [[COVERAGE]]
    assert headline(app) == ("■ Alerts that fire: 1 (critical 1); unanswered: 1 (only Line coverage)")
    app.selectbox(key="alerts_state").set_value("acknowledged").run()
    assert "No alert of this view is Line coverage, acknowledged" in words(app).replace("\\", "")
    for chip in ("kpi", "state"):
        app.selectbox(key=f"alerts_{chip}").set_value("*").run()
    assert len(entries_of(app)) == every
    app.button(key="alerts_seen").click().run()
    assert app.button(key="alerts_seen").disabled
    answering.acknowledge(folder, COVERAGE, by="李四", reason="补测", until=dt.date(2999, 1, 1))
    app.run()
    assert headline(app).endswith("since you last looked: answered 1")
    assert "Changed since you last looked (1)" in listed(app)
    assert "acknowledged by 李四 until 1 Jan 2999" in listed(app)
    app.button(key="alerts_seen").click().run()
    assert "since you last looked" not in headline(app) + listed(app)


def test_what_the_queue_is_narrowed_to_stands_in_the_address_and_comes_back_by_it(critical):
    _folder, run = critical
    app = run()
    assert app.query_params["order"] == "worst" and "what" not in app.query_params
    app.selectbox(key="alerts_kpi").set_value("test_coverage").run()
    app.selectbox(key="alerts_sort").set_value("age").run()
    app.selectbox(key="alerts_owner").set_value("").run()  # nobody's
    app.segmented_control(key="alerts_view").set_value("all").run()
    address = {name: app.query_params[name] for name in ("order", "show", "what", "owner")}
    assert address == {"order": "age", "show": "all", "what": "test_coverage", "owner": ""}
    app.switch_page("pages/cost/cost.py").run()
    assert not {"order", "show", "what", "owner"} & set(app.query_params)

    another = run(order="age", show="all", what="test_coverage", owner="")
    chips = ("sort", "kpi", "owner", "state")
    assert [another.session_state[f"alerts_{chip}"] for chip in chips] == ["age", "test_coverage", "", "*"]
    assert entries_of(another) == [[COVERAGE]] and another.session_state["alerts_view"] == "all"
    another.query_params["order"] = "due"  # what an address of the queue does not name, it does not narrow to
    for name in ("show", "what", "owner"):
        del another.query_params[name]
    another.run()
    assert [another.session_state[f"alerts_{chip}"] for chip in chips] == ["due", "*", "*", "*"]
    assert another.session_state["alerts_view"] == "firing" and not another.exception


def test_what_an_address_of_the_queue_asks_for_and_nobody_offers_is_given_up(critical):
    _folder, run = critical
    typed = "<script>alert(1)</script>"
    app = run(order=typed, show=typed, what=typed, owner=typed, whose=typed, state=typed, age=typed)
    assert not app.exception and not app.error
    assert [app.session_state[f"alerts_{chip}"] for chip in ("sort", "view", "kpi", "age")] == [
        "worst",
        "firing",
        "*",
        "*",
    ]
    assert "script" not in str(app.run().query_params)


def test_answered_or_not_what_is_critical_is_counted_and_named_where_it_stands(critical):
    folder, run = critical
    answering.acknowledge(folder, "level:commitment_rate|project|*|QT|*|*|*", by="张三", reason="补充预算")
    told = listed(run("pages/overview/project.py"))
    open_here = [row for row in open_alerts(folder) if row.kind in (SignalKind.LEVEL, SignalKind.RELATIVE)]
    # the same word, the same number: causes on the sheet, in the queue and in the portfolio
    firing, waiting = re.match(r".*Alerts that fire: (\d+).*unanswered: (\d+)", headline(run(project="QT"))).groups()
    assert 1 < int(firing) < len(open_here) and int(waiting) == int(firing) - 1
    assert f"Alerts that want an answer: {waiting} of {firing}" in told
    assert "Line coverage 70.0" in told.replace("\u00a0", " ")
    [cell] = grids(run(None))[0].cells("alerts")
    assert (cell.text, cell.value) == (firing, int(firing))
    assert cell.hover == f"causes: {firing}, alerts: {len(open_here)}"


def test_what_has_recovered_is_told_with_its_days_and_a_build_not_evaluated_is_said(critical, monkeypatch):
    folder, run = critical
    same_rule = {"scope": Scope("project", "QT"), "policy": Policy()}
    recovered = signal(1, AlertLevel.OK, data_date=dt.date(2026, 7, 31), value=0.85, **same_rule)
    monkeypatch.setattr(evaluating, "PROVIDERS", {SignalKind.LEVEL: lambda _snapshot, _rules: [recovered]})
    later = replace(current_build(folder), build_id="b-000002")
    evaluating.evaluate(folder, later, dt.datetime(2026, 8, 3, tzinfo=dt.UTC))
    app = run()
    assert "Build b-000001 has not been evaluated yet" in words(app)
    assert headline(app) == "Nothing fires"
    app.segmented_control(key="alerts_view").set_value("recovered").run()
    told = listed(app).replace("\\", "")
    assert "recovered after 31 days, 31 Jul 2026" in told and "Line coverage" in told


def test_a_store_that_cannot_be_read_counts_nothing_and_breaks_no_page(critical, caplog):
    folder, run = critical
    assert open_alerts(folder)
    for wrong in (b"", b"not a database at all" * 100):
        folder.control_store.with_name("control.db-wal").unlink(missing_ok=True)
        folder.control_store.write_bytes(wrong)
        assert open_alerts(folder) == ()
    app = run(None)
    assert headline(app).startswith("■")
    folder.control_store.unlink()
    assert open_alerts(folder) == ()
    assert not folder.control_store.exists()  # looking makes no store


@pytest.mark.parametrize("garbage", ["'; drop table alerts; -- <script>alert(1)</script>", "%00"])
def test_garbage_in_the_link_is_data(opened, garbage):  # noqa: F811
    app = opened("healthy", WARNINGS, alert=garbage)
    assert not app.exception and "Error id" not in words(app)
    assert "an alert that this data folder does not hold" in words(app)
    assert garbage not in words(app)
