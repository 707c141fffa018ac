"""Tables whose rows are not yet rows: months as columns, worklogs in cells, ledgers as two makers print them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest.feeds.issues.cells import log_work_rows
from pipeline.ingest.feeds.issues.reshape import without_summed_parents
from pipeline.ingest.feeds.ledger.reshape import with_periods
from tests.ingest.exports import codes, landed_rows, load


def test_budget_with_months_as_columns(data_dir: DataDir) -> None:
    budget = (
        "项目编号,WBS编码,WBS名称,成本类别,2026-01,2026年2月,2026-03\n"
        "P1,1.10,接口,人工,1000.50,,300\n"
        "P1,1.2,设备,设备,,2000,\n"
        "合计,,,,1000.50,2000,300\n"
    )
    entry = load(data_dir, "budget.csv", budget)[0]
    rows = landed_rows(data_dir, entry)
    # Three cells hold a plan: January and March of row 2, February of row 3; the total is no row.
    assert rows.select("source_row", "wbs_code", "period_start", "planned_value").rows() == [
        (2, "1.10", dt.date(2026, 1, 1), Decimal("1000.50")),
        (2, "1.10", dt.date(2026, 3, 1), Decimal("300.00")),
        (3, "1.2", dt.date(2026, 2, 1), Decimal("2000.00")),
    ]
    assert (entry["rows_read"], entry["rows_left_out"]) == (3, 1)
    assert entry["covers"] == {"projects": ["P1"], "from": "2026-01-01", "to": "2026-03-01"}


@pytest.mark.parametrize(
    "weeks",
    [
        ("2026-01-05", "2026-01-12", "2026-01-19"),
        ("2026-W02", "2026-W03", "2026-W04"),
        ("2026年第2周", "2026年第3周", "2026年第4周"),
    ],
)
def test_weeks_as_columns(data_dir: DataDir, weeks: tuple[str, ...]) -> None:
    """ISO week 2 of 2026 begins on Monday 5 January; what a week's cost column holds is booked by its Sunday."""
    budget = f"项目编号,WBS编码,成本类别,{','.join(weeks)}\nP1,1,人工,100,,300\n"
    entry = load(data_dir, "budget.csv", budget)[0]
    assert (entry["feed"], entry["status"]) == ("budget", "landed"), entry["reasons"]
    assert landed_rows(data_dir, entry).select("period_start", "planned_value").rows() == [
        (dt.date(2026, 1, 5), Decimal(100)),
        (dt.date(2026, 1, 19), Decimal(300)),
    ]
    entry = load(data_dir, "实际成本.csv", budget.replace("100", "90"))[0]
    assert entry["feed"] == "costs"
    assert landed_rows(data_dir, entry)["booked_on"].to_list() == [dt.date(2026, 1, 11), dt.date(2026, 1, 25)]


@pytest.mark.parametrize(
    ("name", "title", "feed"),
    [
        ("budget.csv", "", "budget"),
        ("费用.csv", "", "costs"),
        ("table.csv", "项目成本预算表", "budget"),
        ("cost.csv", "2026年预算", "budget"),
        ("table.csv", "", None),
        ("预算执行情况.csv", "", None),
    ],
)
def test_amounts_by_element_and_month_are_a_plan_or_cost_as_the_name_says(data_dir, name, title, feed):
    """The columns are the same: a plan read as cost would make every project bankrupt, cost read as a plan its baseline."""
    content = f"{title},,,,\n" if title else ""
    content += "项目编号,WBS编码,成本类别,2026-01,2026-02\nP1,1,人工,100,200\n"
    [entry] = load(data_dir, name, content)
    if feed:
        assert (entry["feed"], entry["status"]) == (feed, "landed"), entry["reasons"]
    else:
        assert entry["status"] == "refused" and codes(entry) == ["ingest.kind_unsure"]


def test_an_unreadable_month_holds_back_that_month_only(data_dir: DataDir) -> None:
    budget = "项目编号,WBS编码,成本类别,2026-01,2026-02\nP1,1,人工,100,many\n"
    entry = load(data_dir, "budget.csv", budget)[0]
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_quarantined"]) == (2, 1, 1)


def test_log_work_cells(data_dir: DataDir) -> None:
    issues = (
        "Summary,Issue key,Issue Type,Status,Project key,Created,Component/s,Log Work,Log Work\n"
        "a,YB-1,Bug,Open,YB,2026-01-05 09:00,pay,fixed; tested;2026-01-06 09:00;p101;7200,;2026-01-07 10:00;p102;1800\n"
        "b,YB-2,Bug,Open,YB,2026-01-05 09:00,pay,,\n"
        "c,YB-3,Bug,Open,YB,2026-01-05 09:00,pay,not a worklog,\n"
    )
    entries = {entry["feed"]: entry for entry in load(data_dir, "jira.csv", issues)}
    assert entries["issues"]["rows_accepted"] == 3
    worklogs = entries["worklogs"]
    assert (worklogs["rows_read"], worklogs["rows_accepted"], worklogs["rows_quarantined"]) == (3, 2, 1)
    rows = landed_rows(data_dir, worklogs).select(
        "source_row", "issue_key", "person", "work_date", "hours", "description"
    )
    assert rows.rows() == [
        (2, "YB-1", "p101", dt.date(2026, 1, 6), 2.0, "fixed; tested"),  # 7,200 s; the comment holds a semicolon
        (2, "YB-1", "p102", dt.date(2026, 1, 7), 0.5, None),  # 1,800 s; no comment
    ]


def test_log_work_keeps_line_breaks_in_comments() -> None:
    raw = pl.DataFrame({"c0": ["two\nlines;2026-01-06 09:00;p1;3600"], "source_row": [2]})
    rows, rejected, cells = log_work_rows(raw, [0], pl.DataFrame({"issue_key": ["A-1"], "source_row": [2]}))
    assert cells == 1 and not rejected
    assert rows["description"][0] == "two\nlines" and rows["hours"][0] == "1.0"


YONYOU = (
    "核算账簿,会计期间,凭证号,日期,摘要,科目编码,科目名称,辅助核算,本币借方,本币贷方\n"
    "B1,2026-03,记-0001,2026-03-05,期初余额,5401,工程施工,,100,\n"
    "B1,2026-03,记-0012,2026-03-31,工资,5401.01,工程施工,【项目:P2025-018】【部门:研发部】,1000.10,\n"
    "B1,2026-03,记-0012,2026-03-31,工资,5401.01,工程施工,【项目:P2025-018】【部门:研发部】,1000.10,\n"
    "B1,2026-03,,,本月合计,,,,2000.20,\n"
)


def test_yonyou_ledger(data_dir: DataDir) -> None:
    entry = load(data_dir, "ledger.csv", YONYOU)[0]
    rows = landed_rows(data_dir, entry)
    assert entry["system"] == "yonyou" and entry["rows_left_out"] == 2  # opening balance and monthly total
    assert rows.height == 2  # two identical lines without a number of their own: both happened
    row = rows.row(0, named=True)
    assert row["project"] == "P2025-018" and row["department"] == "研发部"
    assert row["debit"] == Decimal("1000.10") and row["credit"] is None
    assert entry["covers"] == {"projects": ["P2025-018"], "from": "2026-03-01", "to": "2026-03-31"}


def test_ledger_with_direction_and_amount(data_dir: DataDir) -> None:
    ledger = (
        "日期,凭证号数,科目编码,科目名称,摘要,方向,金额\n"
        "2026.01.31,记-0001,1002.0,银行存款,a,借,10.5\n"
        "2026.02.01,记-0002,5401,工程施工,b,贷,20\n"
        "2026.02.01,记-0003,5401,工程施工,c,平,30\n"
    )
    entry = load(data_dir, "ledger.csv", ledger)[0]
    rows = landed_rows(data_dir, entry)
    assert rows.select("period", "account_code", "debit", "credit").rows() == [
        ("2026-01", "1002", Decimal("10.50"), None),
        ("2026-02", "5401", None, Decimal("20.00")),
    ]
    assert entry["rows_quarantined"] == 1  # 平 is neither side, and money must not vanish


def test_kingdee_dimensions_in_one_cell(data_dir: DataDir) -> None:
    ledger = (
        "日期,期间,凭证字,凭证号,摘要,科目编码,科目名称,核算维度,借方金额,贷方金额\n"
        "2026-01-31,1,记,12,a,5401,工程施工,P2025018/BM003,10,\n"
        "2026-01-31,1,记,13,a,5401,工程施工,P2025018,10,\n"
    )
    rows = landed_rows(data_dir, load(data_dir, "kingdee.csv", ledger)[0])
    assert rows.select("voucher_no", "project", "department", "period").rows() == [
        ("记-12", "P2025018", "BM003", "2026-01"),
        ("记-13", "P2025018", None, "2026-01"),
    ]


def test_periods_as_written_and_as_derived() -> None:
    rows = pl.DataFrame(
        {
            "period": ["2026.03", "202604", "5", "2026年6月", "?"],
            "booked_on": [dt.date(2026, month, 1) for month in range(3, 8)],
        }
    )
    periods = with_periods(rows, "generic")["period"].to_list()
    assert periods == ["2026-03", "2026-04", "2026-05", "2026-06", "2026-07"]


def test_zentao_parents_do_not_repeat_their_childrens_hours() -> None:
    rows = pl.DataFrame(
        {
            "issue_key": ["1", "2", "3", "4"],
            "summary": ["parent", ">first", ">second", "alone"],
            "time_spent_hours": ["5", "2", "3", "4"],
            "source_row": [2, 3, 4, 5],
        }
    )
    shaped = without_summed_parents(rows)
    assert shaped["time_spent_hours"].to_list() == [None, "2", "3", "4"]  # 2 + 3 + 4 = 9, not 14
    assert shaped["parent_key"].to_list() == [None, "1", "1", None]
    assert shaped["summary"].to_list() == ["parent", "first", "second", "alone"]


def test_the_project_is_read_from_the_key(data_dir: DataDir) -> None:
    entry = load(
        data_dir, "issues.csv", "Issue key,Summary,Status,Created\nYB-1,a,Open,2026-01-05\n17,b,Open,2026-01-05\n"
    )[0]
    assert landed_rows(data_dir, entry)["project"].to_list() == ["YB", None]
    assert "ingest.columns_absent" in codes(entry)
