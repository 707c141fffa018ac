"""The page of rules: a level is previewed, saved with reason and person, shown as waiting for a refresh, and retired."""

from __future__ import annotations

import datetime as dt
import shutil

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from models.alerts.signals import Scope
from models.builds.data_dir import DataDir
from models.builds.published import current_build
from models.builds.snapshot import open_snapshot
from models.kpis.catalogue import catalogue
from pipeline.store.rules import Rule, rules, set_rule
from tests.grids import grids
from tests.pages.test_worlds import REPOSITORY, words
from ui.warnings.rules import rules as shown
from ui.warnings.rules import words as rule_words


@pytest.fixture
def folder(world, tmp_path) -> DataDir:
    """One project, QT, with 70 % coverage and all data of 30 June 2026."""
    shutil.copytree(world("critical").root, tmp_path / "world")
    return DataDir(tmp_path / "world")


@pytest.fixture
def page(folder, monkeypatch):
    monkeypatch.setenv("PLIMSOLL_DATA", str(folder.root))

    def run(language: str = "en") -> AppTest:
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        return app.run().switch_page("pages/warnings/rules.py").run()

    return run


def by_end(elements, ending: str):
    return next(element for element in elements if element.key and element.key.endswith(ending))


def table(app: AppTest, column: str):
    return next(frame.value for frame in grids(app) if column in frame.value.columns)


def test_a_level_is_previewed_saved_and_retired(page, folder):
    app = page()
    assert not app.exception
    assert "Nobody has set a rule" in words(app)
    app.selectbox(key="rules_kpi_project").set_value("test_coverage").run()
    assert by_end(app.number_input, "below_warning_at").value == 85
    by_end(app.number_input, "below_warning_at").set_value(60.0).run()
    assert "The levels contradict each other" in app.warning[0].value  # critical is still 80
    by_end(app.number_input, "below_critical_at").set_value(50.0).run()
    assert not app.warning
    # only June has a report, 70 %: beyond the levels so far, within these
    assert "it would have raised 0 alerts in 0 of 1 places; the levels so far raised 1" in words(app)
    app.button(key="rules_full_save").click().run()
    assert "needs a reason and the person" in app.error[0].value
    app.text_input(key="rules_full_reason").set_value("pilot [x](http://e)").run()
    app.text_input(key="rules_full_person").set_value("PMO").run()
    app.button(key="rules_full_save").click().run()
    assert not app.exception and not app.error
    [kept] = rules(folder)
    assert (kept["warning_at"], kept["critical_at"], kept["direction"]) == (0.6, 0.5, None)
    assert (kept["valid_from"], kept["project_key"], kept["changed_by"]) == ("2026-06-01", "*", "PMO")
    assert "Rules set or retired since the last refresh: 1" in app.info[0].value
    assert table(app, "counts")["counts"].to_list() == ["1 Jun 2026, after a refresh"]
    assert table(app, "counts")["levels"].to_list() == ["▲ < 60\u00a0% · ■ < 50\u00a0%"]

    app.text_input(key="rules_retire_reason").set_value("agreed otherwise").run()
    app.text_input(key="rules_retire_person").set_value("director").run()
    app.button(key="rules_retire").click().run()
    assert not app.exception
    assert rules(folder)[0]["retired_by"] == "director"
    assert table(app, "why_not")["why_not"].to_list() == ["agreed otherwise"]


def test_scopes_changes_and_early_warnings_are_set_too(page, folder):
    app = page()
    app.selectbox(key="rules_scope").set_value("module").run()
    app.selectbox(key="rules_module").set_value("core").run()
    app.selectbox(key="rules_kpi_module").set_value("test_coverage").run()
    by_end(app.segmented_control, "test_coverage_0_way").set_value("off").run()
    app.text_input(key="rules_full_reason").set_value("generated code").run()
    app.text_input(key="rules_full_person").set_value("PMO").run()
    app.button(key="rules_full_save").click().run()
    app.selectbox(key="rules_relative_kpi").set_value("throughput").run()
    by_end(app.number_input, "throughput_0_warning_at").set_value(10.0).run()
    app.text_input(key="rules_relative_reason").set_value("steady").run()
    app.text_input(key="rules_relative_person").set_value("PMO").run()
    app.button(key="rules_relative_save").click().run()
    assert "Early warnings are told of projects" in words(app)
    app.selectbox(key="rules_scope").set_value("all").run()
    by_end(app.toggle, "float_erodes_0_on").set_value(False).run()
    app.text_input(key="rules_early_reason").set_value("no network").run()
    app.text_input(key="rules_early_person").set_value("PMO").run()
    app.button(key="rules_early_save").click().run()
    assert not app.exception
    early, relative, off = rules(folder)
    assert (off["module"], off["project_key"], bool(off["is_off"])) == ("core", "QT", True)
    assert (relative["kind"], relative["name"], relative["warning_at"]) == ("last_period", "throughput", 0.1)
    assert (early["kind"], early["name"], bool(early["is_off"])) == ("early", "float_erodes", True)
    levels = table(app, "counts")["levels"].to_list()
    assert levels == ["off", "▲ > 10\u00a0% worse", "not judged"]


def test_in_chinese(page, folder):
    june = dt.date(2026, 6, 1)
    set_rule(
        folder, Rule("level", "test_coverage", june, warning_at=0.9, clear_at=0.92), reason="合同要求", person="PMO"
    )
    app = page("zh")
    assert not app.exception
    told = table(app, "counts").iloc[0]
    assert (told["what"], told["scope"], told["patience"]) == ("行覆盖率", "全部项目", "恢复线 92\u00a0%")
    assert "预警规则" in words(app) and "Rules" not in words(app)
    first = app.dataframe[0].value
    assert first.loc[first["kpi"] == "行覆盖率 (%)", ["bad", "warning_at", "set_for"]].values.tolist() == [
        ["低于阈值", 90.0, "全部项目"]
    ]


def test_every_changed_row_of_the_table_is_a_draft_for_its_scope(folder):
    """Coverage from 85 to 90 %, and a KPI that is neither better high nor low gets a band: typed as they are shown."""
    kpis = catalogue(open_snapshot(current_build(folder)))
    chosen = [kpis["test_coverage"], kpis["percent_complete"], kpis["cost_performance_index"]]
    known = shown.RulePageContext(kpis, {"QT": "轻舟项目"}, [], dt.date(2026, 6, 30), frozenset(), None, None)
    scope = Scope("project", "QT", customer="建设单位甲")
    before = shown.level_rows(chosen, scope, known)
    assert before["default"].to_list() == ["85 / 80", "–", "0.95 / 0.9"]
    coverage, percent = pl.col("kpi") == before["kpi"][0], pl.col("kpi") == before["kpi"][1]
    after = before.with_columns(
        pl.when(percent).then(pl.lit("outside")).otherwise("bad").alias("bad"),
        pl.when(coverage).then(90.0).when(percent).then(80.0).otherwise("warning_at").alias("warning_at"),
        pl.when(percent).then(12.5).otherwise("low_warning_at").alias("low_warning_at"),
    )
    first, second = shown.changed_drafts(chosen, before, after, scope, known)
    assert (first["name"], first["warning_at"], first["critical_at"], first["direction"]) == (
        "test_coverage",
        0.9,
        0.8,
        None,
    )
    assert (first["project_key"], first["customer"], first["is_portfolio"]) == ("QT", "*", False)
    assert (second["direction"], second["low_warning_at"], second["warning_at"]) == ("outside", 0.125, 0.8)
    assert shown.changed_drafts(chosen, before, before, scope, known) == []


@pytest.mark.parametrize(
    ("level", "unit", "typed"), [(0.85, "percent", 85.0), (0.003, "percent", 0.3), (1.05, "index", 1.05)]
)
def test_a_level_is_typed_as_it_is_shown(level, unit, typed):
    assert rule_words.typed(level, unit) == typed
    assert rule_words.stated(typed, unit) == level
