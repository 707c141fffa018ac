"""The page of baselines: what waits is shown with its difference, approved with a reason, and compared with what was frozen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models.builds.data_dir import DataDir
from pipeline.refresh.baselines.baselines import baselines
from tests.grids import grids
from tests.warehouse.cost.test_baselines import months, rebaselined
from tests.warehouse.edges import land

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = "pages/schedule/baselines.py"


@pytest.fixture
def folder(made_once, tmp_path) -> DataDir:
    """Rebaselined once, B1 to B2; and one more budget that waits: 2,000 more of element 2.1, in May."""
    from pipeline.refresh.baselines.baselines import settle

    shutil.copytree(made_once("rebaselined", rebaselined).root, tmp_path / "rebaselined")
    data_dir = DataDir(tmp_path / "rebaselined")
    more = months((2, 12_000), (3, 11_000), (4, 22_000)) + months((5, 2_000), wbs_code="2.1")
    land(data_dir, "budget", more, batch="3", exported_at="2026-03-15T00:00:00Z")
    settle(data_dir)
    return data_dir


@pytest.fixture
def shown(folder, monkeypatch):
    """shown(language, page): the app on that page."""

    def run(language: str = "en", page: str = PAGE) -> AppTest:
        monkeypatch.setenv("PLIMSOLL_DATA", str(folder.root))
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        return app.run().switch_page(page).run()

    return run


def words(app: AppTest) -> str:
    elements = (*app.markdown, *app.caption, *app.warning, *app.info, *app.error, *app.title, *app.subheader)
    return "\n".join(str(element.value) for element in elements)


def test_what_waits_is_shown_with_its_difference(shown):
    app = shown()
    assert not app.exception
    assert "1 budgets differ from what is frozen" in app.warning[0].value
    assert {metric.label: metric.value for metric in app.metric} == {
        "BAC": "CNY\u00a045\u00a0K → CNY\u00a047\u00a0K",
        "Planned finish": "30 Apr 2026 → 31 May 2026",
    }
    # 2.1 is new; of 1.1 the amounts are those of B2, which plans them for two modules, and this budget for none
    assert "WBS elements: 1 added, 0 removed, 1 changed in money, time or category" in words(app)
    [change] = [box for box in app.selectbox if box.label == "Change request that allowed it"]
    assert change.options == ["none", "CR-7 two sites more"]  # the rejected CR-8 is none to choose


def test_the_frozen_ones_say_when_why_and_who_allowed_them(shown):
    tables = [frame.value for frame in grids(shown())]
    [frozen] = [table for table in tables if "reason" in table.columns]
    assert frozen[["baseline", "reason", "change", "by"]].values.tolist() == [
        ["● B2", "two sites more", "CR-7", "CCB"],
        ["B1", "first budget loaded", "", ""],
    ]
    assert frozen["file"].to_list() == ["budget-2.csv", "budget-1.csv (undone; the frozen lines are kept)"]
    [variance] = [table for table in tables if "spi" in table.columns]
    # a quarter is done: 11,250 of 17,000 planned by B2, 8,000 of 20,000 by B1
    assert variance[["baseline", "spi"]].values.tolist() == [["● B2", "0.66"], ["B1", "0.40"]]


def test_a_reason_is_asked_for_and_then_it_is_frozen(shown, folder):
    app = shown()
    [submit] = [button for button in app.button if button.label == "Freeze and activate"]
    submit.click().run()
    assert "Fill in all three" in words(app)
    said = {"Name of the new baseline": "B3", "Approved by": "CCB", "Reason": "a third site"}
    for label, value in said.items():
        next(box for box in app.text_input if box.label == label).set_value(value)
    next(button for button in app.button if button.label == "Freeze and activate").click().run()
    assert not app.exception
    active = [
        (baseline["name"], baseline["reason"], baseline["change_id"])
        for baseline in baselines(folder)
        if baseline["is_active"]
    ]
    assert active == [("B3", "a third site", None)]
    assert not app.warning


def test_a_budget_is_put_aside(shown, folder):
    app = shown()
    next(box for box in app.text_input if box.label == "Decided by").set_value("CCB")
    next(box for box in app.text_input if box.label == "Reason" and "refusal" in box.key).set_value("not signed")
    next(button for button in app.button if button.label == "Do not use this budget").click().run()
    assert not app.exception
    assert [baseline["status"] for baseline in baselines(folder)] == ["frozen", "frozen"]


def test_data_health_tells_which_budget_waits(shown):
    app = shown(page="pages/data/health.py")
    assert not app.exception
    assert any(r"budget\-3\.csv differs from what is frozen" in warning.value for warning in app.warning)


def test_in_chinese(shown):
    app = shown("zh")
    assert not app.exception
    text = words(app)
    assert "已冻结的基准" in text and "与任一基准的偏差" in text
    assert "与 B1 相比" in text
    assert "Frozen" not in text
