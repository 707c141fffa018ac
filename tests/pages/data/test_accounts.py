"""The account mapping and the control totals on screen, over a ledger of two accounts and its balance table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from models.builds.data_dir import DataDir
from models.builds.published import current_build
from models.builds.snapshot import open_snapshot
from models.reference.accounts import account_list, control_totals
from ui.reference import accounts

REPOSITORY = Path(__file__).resolve().parents[3]
LEDGER = """序时账
核算单位:远帆信息,期间:2026.01
日期,凭证号数,科目编码,科目名称,摘要,项目编码,借方,贷方
2026.01.05,记-1,540101,材料费,领用材料,QT,800,
,,1002,银行存款,领用材料,,,800
2026.01.06,记-2,660201,办公支出,办公,QT,500,
,,1002,银行存款,办公,,,500
"""
BALANCES = """科目余额表
核算单位:远帆信息,期间:2026.01
科目编码,科目名称,期初借方,期初贷方,本期发生借方,本期发生贷方,期末借方,期末贷方
5401,工程施工,,,800,,800,
1002,银行存款,2000,,,1350,650,
1601,固定资产,90,,,,90,
"""
PROJECTS = "project_key,name,customer,delivery_profile,method\nQT,轻舟项目,建设单位甲,software,waterfall\n"


def books(data_dir: DataDir) -> None:
    from pipeline.ingest import LoadOptions, load_bytes
    from pipeline.refresh.refreshing import refresh
    from pipeline.store.accounts import set_account

    for name, text in (("projects.csv", PROJECTS), ("序时账.csv", LEDGER), ("科目余额表.csv", BALANCES)):
        [entry] = load_bytes(data_dir, name, text.encode(), LoadOptions())
        assert entry.status == "landed", entry.reasons
    set_account(data_dir, "5401", category="equipment", kind="actual")
    assert refresh(data_dir).status == "published"


@pytest.fixture
def shown(made_once, monkeypatch):
    """shown(page, language): the app on that page."""

    def run(page: str, language: str = "en") -> AppTest:
        monkeypatch.setenv("PLIMSOLL_DATA", str(made_once("books", books).root))
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        return app.run().switch_page(f"pages/data/{page}.py").run()

    return run


@pytest.fixture
def snapshot(made_once):
    return open_snapshot(current_build(made_once("books", books)))


def test_an_edit_on_screen_makes_an_account_a_cost(snapshot):
    costs = snapshot.query("select category, kind, amount, booked_on from fct_costs").rows()
    assert [(category, kind, float(amount)) for category, kind, amount, _ in costs] == [("equipment", "actual", 800.0)]
    assert costs[0][3] == dt.date(2026, 1, 5)


def test_what_looks_like_a_cost_and_counts_as_nothing_stands_first(snapshot):
    rows = account_list(snapshot)
    found = rows.select("account_code", "debit", "category", "mapped_by", "is_cost_like").rows()
    assert [(code, float(debit), category, by, like) for code, debit, category, by, like in found] == [
        ("660201", 500.0, None, "nothing", True),
        ("540101", 800.0, "equipment", "screen", True),
        ("1002", 0.0, None, "nothing", False),
    ]


def test_the_ledger_stands_beside_its_balance_table(snapshot):
    rows = control_totals(snapshot)
    assert [
        (code, float(debit), float(credit))
        for code, debit, credit in rows.select("account_code", "debit_difference", "credit_difference").rows()
    ] == [
        ("1002", 0.0, -50.0),  # 800 + 500 paid, 1,350 stated
        ("5401", 0.0, 0.0),  # 540101 below it: 800; no ledger holds 1601
    ]


def drawn(app) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_page_says_what_waits_and_what_was_edited(shown):
    app = shown("accounts")
    assert not app.exception
    assert '<h1 class="page-title">Accounts</h1>' in drawn(app)
    assert "1 account looks like costs and counts as nothing" in app.warning[0].value
    assert {button.label for button in app.button} >= {"Save the accounts", "Remove the ticked rows", "Refresh now"}
    assert '<h1 class="page-title">科目映射</h1>' in drawn(shown("accounts", "zh"))


def test_the_health_page_says_that_the_ledger_differs(shown):
    app = shown("health")
    assert not app.exception
    assert any("1 of 2 accounts and periods differ" in warning.value for warning in app.warning)


def test_a_change_in_the_table_is_saved_only_when_it_is_whole():
    rows = pl.DataFrame(
        {
            "ledger_book": ["", "", "", ""],
            "account_code": ["1", "2", "3", "4"],
            "account_name": ["a", "b", "c", "d"],
            "category": [None, None, "labor", "labor"],
            "kind": [None, None, "actual", "actual"],
        },
        schema_overrides={"category": pl.String, "kind": pl.String},
    )
    edited = rows.with_columns(
        category=pl.Series(["travel", "travel", "labor", "labor"]),
        kind=pl.Series(["accrual", None, "actual", "excluded"]),
    )
    asked = accounts.changed_accounts(rows, edited)
    assert [(account["account_code"], account["category"], account["kind"]) for account in asked] == [
        ("1", "travel", "accrual"),
        ("4", "excluded", "excluded"),
    ]
