"""Ledgers and balance tables as Yonyou and Kingdee print them, in GB18030 and in sheets with two header rows; sums by hand."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import polars as pl
import pytest
import xlsxwriter

from models.builds.data_dir import DataDir
from tests.ingest.exports import codes, landed_rows, load

JOURNAL = """序时账
核算单位:远帆信息,期间:2026.01,,,,,,
日期,凭证号数,科目编码,科目名称,摘要,辅助核算,借方,贷方
2026.01.05,记-0012,1002.0,银行存款,付材料款,,,1000.00
,,5401.0,工程施工,付材料款,【项目:P2025-018】【部门:BM003】,"1,000.00",
2026.01.06,记-0013,5401.0,工程施工,差旅,【项目:P2025-018 医院集成】,300.00,
,,1002.0,银行存款,差旅,,,300.00
合 计,,,,,,1300.00,1300.00
制表人:甲,,,,打印日期:2026.02.01,,,
"""
DETAIL = """科目明细账
核算单位:远帆信息,期间:2026.01-2026.02,,,币别:人民币,,,单位:元
科目: 5401 工程施工,,,,,,,
2026年,,凭证号数,摘要,借方,贷方,方向,余额
月,日,,,,,,
,,,期初余额,,,平,
1,5,记-0001,领用材料,"1,000.00",,借,"1,000.00"
1,9,记-0002,差旅费,500.00,,借,"1,500.00"
1,31,,本 月 合 计,"1,500.00",,借,"1,500.00"
1,31,,本　年　累　计,"1,500.00",,借,"1,500.00"
,,,过次页,,,借,"1,500.00"
,,,承前页,,,借,"1,500.00"
2,3,记-0001,红字冲销,(200.00),,借,"1,300.00"
2,28,,2月合计,-200.00,,借,"1,300.00"
2,28,,本年累计,"1,300.00",,借,"1,300.00"
,,,结转下年,,,借,"1,300.00"
"""


def gbk(text: str) -> bytes:
    return text.encode("gb18030")


def sheet(rows: list[list], name: str = "Sheet1") -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet(name)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def sums(rows: pl.DataFrame) -> tuple[Decimal, Decimal]:
    return rows["debit"].fill_null(0).sum(), rows["credit"].fill_null(0).sum()


def details(entry: dict, code: str) -> dict:
    return next(reason["details"] for reason in entry["reasons"] if reason["code"] == code)


def test_the_other_lines_of_a_voucher_get_its_number_and_date(data_dir: DataDir) -> None:
    [entry] = load(data_dir, "序时账.csv", gbk(JOURNAL))
    rows = landed_rows(data_dir, entry)
    assert (entry["feed"], entry["system"], entry["encoding"]) == ("ledger", "yonyou", "gb18030")
    assert rows["voucher_no"].to_list() == ["记-0012", "记-0012", "记-0013", "记-0013"]
    assert rows["booked_on"].to_list() == [dt.date(2026, 1, 5)] * 2 + [dt.date(2026, 1, 6)] * 2
    assert rows["account_code"].to_list() == ["1002", "5401", "5401", "1002"]
    assert rows["project"].to_list() == [None, "P2025-018", "P2025-018", None]
    assert rows["department"].to_list() == [None, "BM003", None, None]
    assert rows["ledger_book"].unique().to_list() == ["远帆信息"]
    assert sums(rows) == (1300, 1300)
    assert details(entry, "ingest.voucher_filled_down")["rows"] == 2
    assert details(entry, "ingest.balances")["compared"] == 2
    assert [row["rule"] for row in entry["left_out"]] == ["preamble", "preamble", "total_row", "footer"]


def test_a_voucher_goes_on_over_the_edge_of_a_chunk(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.ingest.files import tables

    monkeypatch.setattr(tables, "CHUNK_ROWS", 1)
    [entry] = load(data_dir, "序时账.csv", JOURNAL)
    assert landed_rows(data_dir, entry)["voucher_no"].to_list() == ["记-0012", "记-0012", "记-0013", "记-0013"]


def test_a_line_with_a_number_and_no_date_is_held_back_and_not_filled(data_dir: DataDir) -> None:
    text = "日期,凭证号数,科目编码,科目名称,借方,贷方\n2026-01-05,记-1,5401,工程施工,10,\n,记-2,1002,银行存款,,10\n"
    [entry] = load(data_dir, "journal.csv", text)
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (1, 1)
    assert "ingest.voucher_filled_down" not in codes(entry)


def test_two_equal_lines_of_two_vouchers_are_both_kept(data_dir: DataDir) -> None:
    """The line number repeats in every voucher, and the voucher's number is printed once."""
    text = (
        "日期,凭证号数,分录号,科目编码,科目名称,摘要,借方,贷方\n"
        "2026-01-05,记-1,1,1002,银行存款,付款,,50\n,,2,5401,工程施工,差旅,50,\n"
        "2026-01-05,记-2,1,1002,银行存款,付款,,50\n,,2,5401,工程施工,差旅,50,\n"
    )
    [entry] = load(data_dir, "journal.csv", text)
    assert (entry["rows_accepted"], entry["rows_duplicate"]) == (4, 0)


def test_a_detail_ledger_says_account_and_year_once(data_dir: DataDir) -> None:
    [entry] = load(data_dir, "明细账.csv", gbk(DETAIL))
    rows = landed_rows(data_dir, entry)
    assert rows["account_code"].unique().to_list() == ["5401"]
    assert rows["account_name"].unique().to_list() == ["工程施工"]
    assert rows["booked_on"].to_list() == [dt.date(2026, 1, 5), dt.date(2026, 1, 9), dt.date(2026, 2, 3)]
    assert rows["period"].to_list() == ["2026-01", "2026-01", "2026-02"]
    assert sums(rows) == (1000 + 500 - 200, 0)  # the red entry stays what it is
    assert entry["rows_left_out"] == 3 + 1 + 8  # preamble, second header row, what is no entry
    assert details(entry, "ingest.balances")["compared"] == 2  # 1,500 of January and -200 of February; the year runs on
    assert entry["status"] == "landed"


@pytest.mark.parametrize(
    ("title", "year"),
    [
        (["科目明细账"], ["会计期间:2026.01-2026.06", "科目:5401 工程施工"]),
        (["2026年 科目明细账"], ["科目编码:5401", "科目名称:工程施工"]),
        (["5401 工程施工 明细账"], ["会计年度:2026"]),
    ],
)
def test_month_and_day_take_the_year_of_title_or_preamble(data_dir: DataDir, title, year) -> None:
    rows = [title, year, ["月", "日", "凭证号", "摘要", "借方", "贷方"], [1, 5, "记-1", "材料", 10, None]]
    rows.append([3, 31, "记-2", "材料", 5.5, None])
    [entry] = load(data_dir, "明细账.xlsx", sheet(rows))
    landed = landed_rows(data_dir, entry)
    assert landed["booked_on"].to_list() == [dt.date(2026, 1, 5), dt.date(2026, 3, 31)]
    assert landed["account_code"].to_list() == ["5401", "5401"]
    assert landed["debit"].to_list() == [10, Decimal("5.50")]


def test_month_and_day_without_any_year_are_refused(data_dir: DataDir) -> None:
    [entry] = load(data_dir, "明细账.csv", "科目:5401 工程施工\n月,日,凭证号,摘要,借方,贷方\n1,5,记-1,材料,10,\n")
    assert entry["status"] == "refused"


def test_each_page_of_a_sheet_has_its_account(data_dir: DataDir) -> None:
    head = [["2026年", None, "凭证号数", "摘要", "借方", "贷方"], ["月", "日", None, None, None, None]]
    rows = [
        ["科目明细账"],
        ["科目: 5401 工程施工"],
        *head,
        [1, 5, "记-1", "材料", 100, None],
        [None, None, None, "本月合计", 100, None],
        ["科目: 5402 管理费用"],
        *head,
        [1, 6, "记-2", "办公", 40, None],
        [1, 7, "记-3", "办公", 2.5, None],
        [None, None, None, "本月合计", 42.5, None],
        ["总计", None, None, None, 142.5, None],
    ]
    [entry] = load(data_dir, "明细账.xlsx", sheet(rows, "明细账"))
    landed = landed_rows(data_dir, entry)
    assert landed["account_code"].to_list() == ["5401", "5402", "5402"]
    assert landed["account_name"].to_list() == ["工程施工", "管理费用", "管理费用"]
    rules = [row["rule"] for row in entry["left_out"]]
    assert rules.count("repeated_header") == 2
    assert rules.count("account_line") == 1
    assert details(entry, "ingest.balances")["compared"] == 3


def test_the_same_pages_in_a_text_file(data_dir: DataDir) -> None:
    page = "科目: {account},,,,,\n2026年,,凭证号数,摘要,借方,贷方\n月,日,,,,\n1,5,记-1,材料,{amount},\n,,,本月合计,{amount},\n"
    text = page.format(account="5401 工程施工", amount=7) + page.format(account="5402 管理费用", amount=9)
    [entry] = load(data_dir, "明细账.csv", gbk(text))
    assert landed_rows(data_dir, entry).select("account_code", "debit").rows() == [("5401", 7), ("5402", 9)]


def test_the_name_of_a_sheet_is_its_account_where_nothing_else_says_it(data_dir: DataDir) -> None:
    rows = [["日期", "凭证号", "摘要", "借方", "贷方"], ["2026-01-05", "记-1", "材料", 100, None]]
    [entry] = load(data_dir, "ledger.xlsx", sheet(rows, "5401 工程施工"))
    assert landed_rows(data_dir, entry).select("account_code", "account_name").row(0) == ("5401", "工程施工")


def test_kingdee_with_word_and_number_of_the_voucher_apart(data_dir: DataDir) -> None:
    text = (
        "日期,会计年度,期间,凭证字,凭证号,摘要,科目代码,科目全名,核算维度,币别,原币金额,借方金额,贷方金额,制单,审核,过账\n"
        "2026-01-05,2026,1,记,12,付款,5401,工程施工,P2025018/BM003,人民币,100,100,,张,李,王\n"
        "2026-01-05,2026,1,记,12,付款,1002,银行存款,,人民币,100,,100,张,李,王\n"
    )
    [entry] = load(data_dir, "凭证序时簿.csv", gbk(text))
    rows = landed_rows(data_dir, entry)
    assert (entry["feed"], entry["system"]) == ("ledger", "kingdee")
    assert rows["voucher_no"].to_list() == ["记-12", "记-12"]
    assert rows["period"].to_list() == ["2026-01", "2026-01"]
    assert (rows["project"][0], rows["department"][0], rows["currency"][0]) == ("P2025018", "BM003", "CNY")
    assert sums(rows) == (100, 100)


def test_yonbip_prints_no_date_and_entries_are_dated_by_their_period(data_dir: DataDir) -> None:
    text = (
        "核算账簿,会计期间,凭证号,摘要,科目,辅助核算,币种,本币借方,本币贷方,方向,余额\n"
        "远帆账簿,2026-02,记-0003,差旅,540102\\工程施工\\差旅,【项目:P2025-018】【部门:研发】,人民币,80,,借,80\n"
    )
    [entry] = load(data_dir, "ledger.csv", text)
    row = landed_rows(data_dir, entry).row(0, named=True)
    assert (entry["feed"], row["booked_on"], row["period"]) == ("ledger", dt.date(2026, 2, 28), "2026-02")
    assert (row["account_code"], row["account_name"], row["project"]) == ("540102", "工程施工\\差旅", "P2025-018")
    assert (row["department"], row["ledger_book"], row["currency"]) == ("研发", "远帆账簿", "CNY")
    assert "ingest.booked_by_period" in codes(entry)


def test_local_currency_goes_before_foreign(data_dir: DataDir) -> None:
    head = [["日期", "凭证字号", "摘要", "科目", "币别", "借方", None, "贷方", None]]
    head += [[None, None, None, None, None, "原币", "本币", "原币", "本币"]]
    rows = [*head, ["2026-01-05", "记-1", "设备", "1604\\在建工程", "美元", 100, 712.5, None, None]]
    [entry] = load(data_dir, "ledger.xlsx", sheet(rows))
    landed = landed_rows(data_dir, entry)
    assert landed.select("debit", "currency", "account_code", "account_name").row(0) == (
        Decimal("712.50"),
        "USD",
        "1604",
        "在建工程",
    )


def test_direction_and_one_amount(data_dir: DataDir) -> None:
    text = (
        "日期,凭证号数,科目编码,科目名称,摘要,方向,数量,外币,金额\n2026.01.05,记-0012,1002.0,银行存款,付款,贷,,,1000.00\n"
        "2026.01.05,记-0012,5401,工程施工,付款,借,,,1000.00\n合计,,,,,,,,1000.00\n"
    )
    [entry] = load(data_dir, "序时账.csv", text)
    assert sums(landed_rows(data_dir, entry)) == (1000, 1000)
    assert "ingest.balances" in codes(entry)


def test_a_total_that_its_rows_do_not_reach_holds_the_batch(data_dir: DataDir) -> None:
    [entry] = load(data_dir, "序时账.csv", JOURNAL.replace("合 计,,,,,,1300.00", "合 计,,,,,,1800.00"))
    assert entry["status"] == "held"
    told = details(entry, "ingest.does_not_balance")
    assert (told["column"], told["total"], told["sum"], told["difference"]) == (
        "debit",
        "1,800.00",
        "1,300.00",
        "500.00",
    )
    assert (told["wrong"], told["compared"], told["line"]) == (1, 2, 8)


def test_a_row_held_back_explains_the_gap_and_the_rest_lands(data_dir: DataDir) -> None:
    [entry] = load(data_dir, "序时账.csv", JOURNAL.replace("2026.01.06", "2026.13.06"))
    assert entry["status"] == "landed"
    assert details(entry, "ingest.short_of_total")["total"] == "1,300.00"


def test_a_voucher_that_does_not_balance_is_named_where_whole_vouchers_are_held(data_dir: DataDir) -> None:
    head = "日期,凭证号数,科目编码,科目名称,借方,贷方\n"
    pair = "2026-01-05,记-{n},5401,工程施工,10,\n2026-01-05,记-{n},1002,银行存款,,{paid}\n"
    text = head + "".join(pair.format(n=n, paid=9 if n == 7 else 10) for n in range(1, 21))
    [entry] = load(data_dir, "序时账.csv", text)
    told = details(entry, "ingest.vouchers_uneven")
    assert (told["vouchers"], told["of"], told["voucher"], told["line"]) == (1, 20, "记-7", 14)
    costs_only = (
        head + "2026-01-05,记-1,5401,工程施工,10,\n2026-01-05,记-1,5402,费用,5,\n2026-01-06,记-2,5401,工程施工,3,\n"
    )
    [other] = load(data_dir, "明细账.csv", costs_only)
    assert "ingest.vouchers_uneven" not in codes(other)


BALANCES = [
    ["科目余额表"],
    ["核算单位:远帆信息", None, "期间:2026.01-2026.02", None, None, None, "单位:元"],
    ["科目编码", "科目名称", "期初余额", None, "本期发生", None, "期末余额", None],
    [None, None, "借方", "贷方", "借方", "贷方", "借方", "贷方"],
    [5401, "工程施工", 0, None, 1300, None, 1300, None],
    [540101, "工程施工-材料", None, None, 800, None, 800, None],
    [540102, "工程施工-差旅", None, None, 500, None, 500, None],
    [1002, "银行存款", 5000, None, None, 1300, 3700, None],
    ["成本小计", None, 0, None, 1300, None, 1300, None],
    ["合计", None, 5000, None, 1300, 1300, 5000, None],
]


def test_a_balance_table_is_no_ledger_and_its_period_may_be_several_months(data_dir: DataDir) -> None:
    rows = [*BALANCES[:7], BALANCES[8], BALANCES[7], BALANCES[9]]
    [entry] = load(data_dir, "科目余额表.xlsx", sheet(rows))
    landed = landed_rows(data_dir, entry)
    assert entry["feed"] == "account_balances"
    assert landed["period"].unique().to_list() == ["2026-01/2026-02"]
    assert landed["ledger_book"].unique().to_list() == ["远帆信息"]
    assert landed["account_code"].to_list() == ["5401", "540101", "540102", "1002"]
    assert landed["debit"].to_list() == [1300, 800, 500, None]
    assert landed["closing_debit"].to_list() == [1300, 800, 500, 3700]
    assert "ingest.balances" in codes(entry)  # the parent counts once: 800 + 500 = 1,300


def test_kingdees_balances_with_dimensions_and_a_year_of_their_own(data_dir: DataDir) -> None:
    text = (
        "会计年度,会计期间,科目编码,科目名称,核算维度编码,核算维度名称,期初借方,期初贷方,本期发生借方,本期发生贷方,期末借方,期末贷方\n"
        "2026,1,5401,工程施工,,,0,,300,,300,\n2026,1,5401,工程施工,P2025018/BM003,甲/乙,0,,300,,300,\n"
    )
    [entry] = load(data_dir, "余额表.csv", gbk(text))
    rows = landed_rows(data_dir, entry)
    assert (entry["feed"], entry["system"]) == ("account_balances", "kingdee")
    assert rows.select("period", "project", "debit").rows() == [("2026-01", None, 300), ("2026-01", "P2025018", 300)]


def test_a_balance_in_one_column_with_its_side(data_dir: DataDir) -> None:
    text = "科目余额表,,,,,,,\n期间:2026年1月,,,,,,,\n科目编码,科目名称,方向,期初余额,本期借方,本期贷方,余额方向,期末余额\n"
    [entry] = load(data_dir, "余额表.csv", text + "1002,银行存款,借,100,,30,借,70\n2202,应付账款,贷,100,30,,贷,70\n")
    rows = landed_rows(data_dir, entry)
    assert rows.select("opening_debit", "opening_credit", "closing_debit", "closing_credit").rows() == [
        (100, None, 70, None),
        (None, 100, None, 70),
    ]
