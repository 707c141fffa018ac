"""Warnings on screen: what fires, answered in place; the banner above every page; links that open an alert."""

from __future__ import annotations

import datetime as dt
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


def labels(app: AppTest) -> list[str]:
    return [link.proto.label.replace("\\", "") for link in app.get("page_link")]


def test_what_fires_is_told_with_value_level_state_and_project(opened):  # noqa: F811
    app = opened("critical", WARNINGS)
    assert headline(app).startswith("### ■ Alerts that fire: ")
    told = words(app)
    for part in ("70.0", "level 80.0", "轻舟项目", "firing · unanswered", "since 30 Jun 2026", "no owner"):
        assert part in told.replace("\\", ""), part
    chinese = words(opened("critical", WARNINGS, "zh"))
    assert "预警中 · 未认领" in chinese and "超过超限线" in chinese


@pytest.mark.parametrize("name", ["healthy", "empty_project"])
def test_where_nothing_fires_a_calm_sentence_stands(opened, name):  # noqa: F811
    app = opened(name, WARNINGS)
    assert headline(app) == "### Nothing fires"
    assert "Nothing fires: what was judged lies within its levels." in words(app)
    assert "■" not in words(app)


def test_an_alert_is_answered_in_place_and_what_people_write_is_text(critical):
    folder, run = critical
    app = run(alert=COVERAGE)
    assert app.session_state["alerts_linked"] == COVERAGE
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
    shown = words(app)
    for markup in ("<script>", "[x](http", ":material/home:", "**b**"):
        assert markup not in shown, markup
    assert grids(app)[-1].value["text"].to_list()[2] == HOSTILE  # a grid shows text as text


def test_the_banner_tells_the_worst_on_every_page_answered_or_not(critical):
    folder, run = critical
    critical_now = [row for row in open_alerts(folder) if row.severity == "critical"]
    count = len(critical_now)
    app = run(None)
    assert f"{count} critical, {count} unanswered" in words(app)
    # 750,000 of 600,000 are committed: 25 % over the level; coverage lies 12.5 % under its own, CPI 11.1 %
    assert "Commitment rate" in labels(app)[0]
    worst = "level:commitment_rate|project|*|QT|*|*|*"
    answering.acknowledge(folder, worst, by="张三", reason="补充预算")
    app = run("pages/data/health.py")
    assert f"{count} critical, {count - 1} unanswered" in words(app)
    assert "Commitment rate" in labels(app)[0] and "70.0" in labels(app)[1]
    assert "alert=level%3Atest_coverage" in app.get("page_link")[1].proto.query_string
    assert f"Open alerts: {len(open_alerts(folder))}" in " ".join(labels(run("pages/overview/project.py")))


def test_what_has_recovered_is_told_with_its_days_and_a_build_not_evaluated_is_said(critical, monkeypatch):
    folder, run = critical
    same_rule = {"scope": Scope("project", "QT"), "policy": Policy()}
    recovered = signal(1, AlertLevel.OK, data_date=dt.date(2026, 7, 31), value=0.85, **same_rule)
    monkeypatch.setattr(evaluating, "PROVIDERS", {SignalKind.LEVEL: lambda _snapshot, _rules: [recovered]})
    later = replace(current_build(folder), build_id="b-000002")
    evaluating.evaluate(folder, later, dt.datetime(2026, 8, 3, tzinfo=dt.UTC))
    app = run()
    assert "Build b-000001 has not been evaluated yet" in words(app)
    assert headline(app) == "### Nothing fires"
    app.segmented_control(key="alerts_view").set_value("recovered").run()
    told = words(app).replace("\\", "")
    assert "recovered after 31 days, 31 Jul 2026" in told and "line coverage" in told


def test_a_store_that_cannot_be_read_silences_the_banner_and_breaks_no_page(critical, caplog):
    folder, run = critical
    assert open_alerts(folder)
    for wrong in (b"", b"not a database at all" * 100):
        folder.control_store.with_name("control.db-wal").unlink(missing_ok=True)
        folder.control_store.write_bytes(wrong)
        assert open_alerts(folder) == ()
    app = run(None)
    assert headline(app).startswith("### ■") and "unanswered" not in words(app)
    folder.control_store.unlink()
    assert open_alerts(folder) == ()
    assert not folder.control_store.exists()  # looking makes no store


@pytest.mark.parametrize("garbage", ["'; drop table alerts; -- <script>alert(1)</script>", "%00"])
def test_garbage_in_the_link_is_data(opened, garbage):  # noqa: F811
    app = opened("healthy", WARNINGS, alert=garbage)
    assert not app.exception and "Error id" not in words(app)
    assert "an alert that this data folder does not hold" in words(app)
    assert garbage not in words(app)
