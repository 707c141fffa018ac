"""Pages over several currencies: what is unconverted or lies unallocated is said, and money is in the currency of its project."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import REPOSITORY
from tests.pages.test_worlds import words
from tests.warehouse.cost.money import make_money


@pytest.fixture
def shown(made_once, monkeypatch):
    """shown(page, language, **parameters): the text of that page."""

    def run(page: str, language: str = "en", **parameters: str) -> str:
        monkeypatch.setenv("PLIMSOLL_DATA", str(made_once("money", make_money).root))
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        for name, value in parameters.items():
            app.query_params[name] = value
        app = app.run().switch_page(f"pages/{page}.py").run()
        assert not app.exception and "Error id" not in words(app)
        return words(app).replace("\u00a0", " ")

    return run


def test_the_cost_page_names_what_is_unconverted_and_the_exchange_variance(shown):
    text = shown("cost/cost", project="OLD")
    assert "Unconverted, and in no sum, for want of a rate of EUR: EUR 200.00 of Project OLD (costs, 1 rows)" in text
    text = shown("cost/cost", "zh", project="HAND")
    assert "Project HAND 汇兑差异：成本中有 +30,000.00 元 来自实际汇率与预算汇率之差" in text


def test_money_is_shown_in_the_currency_of_its_project(shown):
    text = shown("cost/cost", project="DOLLAR")
    assert "USD 1,000" in text or "USD 1 K" in text
    assert "CNY" not in text.replace("CNY 710", "")


def test_a_value_carries_what_lies_unallocated_under_a_code_nearly_its_own(shown):
    assert "CNY 12,000.00 lies unallocated under P2025018" in shown("cost/cost", project="P2025-018")
    assert "lies unallocated" not in shown("cost/cost", project="BOOKS")


def test_evidence_and_data_health_say_why_there_is_no_number(shown):
    text = shown("overview/evidence", project="OLD", kpi="cost_performance_index")
    assert "Rate of EUR missing" in text and "amounts are unconverted and in no sum" in text
    health = shown("data/health", "zh")
    assert "已知至2026年12月31日。从2027年1月1日起" in health  # to where chinesecalendar 1.11.0 knows holidays
    assert "known up to 31 Dec 2026. From 1 Jan 2027 on" in shown("data/health")
    assert "外币金额缺少当日可用汇率" in health and "A1 写法相近，按不同编码处理" in health
