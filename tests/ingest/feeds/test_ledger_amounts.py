"""Budgets, costs, contracts and payments: amounts as people write them, periods side by side, units, totals of their own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest.dialects.money_units import header_unit, told_unit, without_unit
from pipeline.ingest.dialects.names import normal_header
from pipeline.ingest.dialects.period_columns import period_of_column
from pipeline.ingest.mapping.preamble import account_of, period_of
from pipeline.ingest.values.amounts import number_of
from tests.ingest.exports import codes, landed_rows, load


@pytest.mark.parametrize(
    "text",
    [
        "1,234.50",
        "1 234.50",
        "1\u00a0234.50",
        "1'234.50",
        "￥1,234.50",
        "¥ 1234.5",
        "€1234.50",
        "US$ 1,234.50",
        "CNY 1,234.50",
    ]
    + ["RMB1,234.50元", "１，２３４．５０", "1234.50 元", "人民币1,234.50元整"],
)
def test_amounts_with_ornaments(text: str) -> None:
    assert number_of(text, decimal_comma=False) == Decimal("1234.50")


@pytest.mark.parametrize(
    "text", ["(1,234.50)", "（1,234.50）", "-1,234.50", "1,234.50-", "−1,234.50", "－1,234.50", "1,234.50(红字)"]
)
def test_negative_amounts(text: str) -> None:
    assert number_of(text, decimal_comma=False) == Decimal("-1234.50")


@pytest.mark.parametrize("text", ["1.234,50", "1 234,50", "1'234,50", "1234,5", "R$ 1.234,50", "1.234,50 zł"])
def test_decimal_commas(text: str) -> None:
    assert number_of(text, decimal_comma=True) == Decimal("1234.50")


@pytest.mark.parametrize("text", ["", "-", "abc", "1,2,3", "12.34.56", "NaN", "inf"])
def test_no_amount(text: str) -> None:
    assert number_of(text, decimal_comma=False) is None


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("合同金额(万元)", "ten_thousand"),
        ("合同金额（万元）", "ten_thousand"),
        ("预算/千元", "thousand"),
        ("金额(百万元)", "million"),
        ("Budget (k€)", "thousand"),
        ("Amount (in millions)", "million"),
        ("金额(元)", None),
        ("金额", None),
        ("amount", None),
    ],
)
def test_units_in_headers(name: str, unit: str | None) -> None:
    assert header_unit(normal_header(name)) == unit


def test_a_name_without_its_unit() -> None:
    assert without_unit(normal_header("合同金额（万元）")) == "合同金额"
    assert without_unit(normal_header("借方(元)")) == "借方"
    assert without_unit(normal_header("元")) == "元"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位:万元", "ten_thousand"),
        ("2026年预算(万元)", "ten_thousand"),
        ("金额单位:人民币千元", "thousand"),
        ("核算单位:万元公司", None),
    ]
    + [("单位:元", None), ("in thousands", "thousand")],
)
def test_units_above_the_header(text: str, unit: str | None) -> None:
    assert told_unit(text) == unit


@pytest.mark.parametrize(
    ("text", "period"),
    [("2026.01", "2026-01"), ("202601", "2026-01"), ("2026年1月", "2026-01"), ("2026.01-2026.06", "2026-01/2026-06")]
    + [("2026年1-6月", "2026-01/2026-06"), ("2026-01-01 至 2026-06-30", "2026-01/2026-06"), ("全部", None)],
)
def test_periods_above_the_header(text: str, period: str | None) -> None:
    assert period_of(text) == period


@pytest.mark.parametrize(
    ("text", "account"),
    [("5401 工程施工", ("5401", "工程施工")), ("[540101]材料", ("540101", "材料")), ("5401.01", ("5401.01", None))]
    + [("工程施工", ("工程施工", "工程施工"))],
)
def test_accounts_above_the_header(text: str, account: tuple) -> None:
    found = account_of(text)
    assert (found["account_code"], found.get("account_name")) == account


@pytest.mark.parametrize("text", ["全部", "1001 至 9999", "1001-9999", ""])
def test_several_accounts_are_none(text: str) -> None:
    assert account_of(text) is None


@pytest.mark.parametrize(
    ("name", "year", "first", "is_quarter"),
    [
        ("1月", "2026", dt.date(2026, 1, 1), False),
        ("十二月", "2026", dt.date(2026, 12, 1), False),
        ("Mar", "2026", dt.date(2026, 3, 1), False),
        ("2026Q2", None, dt.date(2026, 4, 1), True),
        ("Q3 2026", None, dt.date(2026, 7, 1), True),
        ("2026年第四季度", None, dt.date(2026, 10, 1), True),
        ("一季度", "2026", dt.date(2026, 1, 1), True),
        ("2026年5月(万元)", None, dt.date(2026, 5, 1), False),
    ],
)
def test_periods_as_column_names(name: str, year: str | None, first: dt.date, is_quarter: bool) -> None:
    period = period_of_column(name, year)
    assert (period.first, period.is_quarter) == (first, is_quarter)


@pytest.mark.parametrize("name", ["1月", "Q1", "Mar", "合计", "第1项", "Marker", "2026"])
def test_no_period_without_a_year(name: str) -> None:
    assert period_of_column(name) is None


def test_months_side_by_side_in_ten_thousands_with_the_year_in_the_title(data_dir: DataDir) -> None:
    text = (
        "2026年度项目预算表(单位:万元),,,,,,\n项目编号,WBS编码,WBS名称,成本类别,1月,2月,全年\n"
        "P1,1.1,需求,人工,1.5,2.25,3.75\nP1,1.2,开发,设备,(0.5),3,2.5\n合计,,,,1.00,5.25,6.25\n"
    )
    [entry] = load(data_dir, "预算.csv", text.encode("gb18030"))
    rows = landed_rows(data_dir, entry)
    assert rows.select("wbs_code", "period_start", "planned_value").rows() == [
        ("1.1", dt.date(2026, 1, 1), 15_000),
        ("1.1", dt.date(2026, 2, 1), 22_500),
        ("1.2", dt.date(2026, 1, 1), -5_000),
        ("1.2", dt.date(2026, 2, 1), 30_000),
    ]
    assert entry["units"]["planned_value"] == {"unit": "ten_thousand", "from": "header"}
    assert "ingest.balances" in codes(entry)


def test_a_row_total_beside_its_months_is_not_read(data_dir: DataDir) -> None:
    text = "项目编号,WBS编码,预算金额,2026-01,2026-02\nP1,1.1,300,100,200\n总计,,300,100,200\n"
    [entry] = load(data_dir, "budget.csv", text)
    assert landed_rows(data_dir, entry)["planned_value"].to_list() == [100, 200]
    assert entry["columns_unmapped"] == ["预算金额"]


def test_quarters_land_on_their_first_month_and_say_so(data_dir: DataDir) -> None:
    [entry] = load(data_dir, "budget.csv", "项目编号,WBS编码,2026Q1,2026Q2\nP1,1.1,300,600\n")
    assert landed_rows(data_dir, entry)["period_start"].to_list() == [dt.date(2026, 1, 1), dt.date(2026, 4, 1)]
    assert codes(entry).count("ingest.quarters_not_split") == 1


def test_a_quarter_beside_its_months_is_their_sum(data_dir: DataDir) -> None:
    text = "项目编号,WBS编码,2026-01,2026-02,2026-03,2026Q1\nP1,1.1,1,2,3,6\n"
    [entry] = load(data_dir, "budget.csv", text)
    assert landed_rows(data_dir, entry)["planned_value"].sum() == 6
    assert "ingest.quarters_not_split" not in codes(entry)


def test_costs_by_month_are_booked_by_its_end_and_balance(data_dir: DataDir) -> None:
    [entry] = load(
        data_dir, "costs.csv", "项目编号,成本类别,2026-01,2026-02\nP1,人工,100.00,200\nP1,设备,,300\nTotal,,100,500\n"
    )
    rows = landed_rows(data_dir, entry)
    assert entry["feed"] == "costs"
    assert rows.select("booked_on", "amount").rows() == [
        (dt.date(2026, 1, 31), 100),
        (dt.date(2026, 2, 28), 200),
        (dt.date(2026, 2, 28), 300),
    ]
    assert "ingest.balances" in codes(entry)


def test_a_roll_up_row_among_its_parts_does_not_balance(data_dir: DataDir) -> None:
    text = "项目编号,WBS编码,月份,计划价值\nP1,1,2026-01,300\nP1,1.1,2026-01,100\nP1,1.2,2026-01,200\n合计,,,300\n"
    [entry] = load(data_dir, "budget.csv", text)
    assert entry["status"] == "held"
    told = next(reason["details"] for reason in entry["reasons"] if reason["code"] == "ingest.does_not_balance")
    assert (told["total"], told["sum"]) == ("300.00", "600.00")


def test_contracts_and_payment_nodes_as_the_office_keeps_them(data_dir: DataDir) -> None:
    contracts = (
        "合同编号,项目编号,合同名称,合同类型(销售/采购/分包),对方单位,签订日期,合同金额(万元),税率,不含税金额(万元),付款方式,质保期,质保金比例,履约保证金,状态\n"
        "HT-1,P1,集成合同,销售,某医院,2025.12.01,113,13%,100,分期,2年,5%,,执行\n"
    )
    [entry] = load(data_dir, "合同台账.csv", contracts.encode("gb18030"))
    row = landed_rows(data_dir, entry).row(0, named=True)
    assert (row["amount_incl_tax"], row["amount_excl_tax"], row["direction"]) == (1_130_000, 1_000_000, "sales")
    assert (row["tax_rate"], row["retention_rate"]) == (0.13, 0.05)
    payments = (
        "合同编号,款项名称(预付款/到货款/初验款/终验款/质保金),应收比例,应收金额,付款条件,应收日期,条件达成日期,开票日期,开票金额,实际到账日期,实收金额,票据类型\n"
        "HT-1,预付款,30%,339000,签约后十日,2025.12.11,2025.12.01,2025.12.05,339000,2025.12.20,339000,电汇\n"
    )
    [entry] = load(data_dir, "收付款节点.csv", payments)
    row = landed_rows(data_dir, entry).row(0, named=True)
    assert entry["feed"] == "payment_terms"
    assert (row["share"], row["amount"], row["received_amount"]) == (0.3, 339_000, 339_000)
    assert (row["planned_on"], row["received_on"]) == (dt.date(2025, 12, 11), dt.date(2025, 12, 20))


def test_decimal_commas_and_points_for_thousands(data_dir: DataDir) -> None:
    text = "Project;Category;Date;Amount\nP1;labor;2026-01-05;1.234.567,89\nP1;labor;2026-01-06;-1.000,00\nTotal;;;1.233.567,89\n"
    [entry] = load(data_dir, "costs.csv", text)
    assert landed_rows(data_dir, entry)["amount"].sum() == Decimal("1233567.89")
    assert "ingest.balances" in codes(entry)


def test_sub_totals_and_a_total(data_dir: DataDir) -> None:
    labor = "P1,人工,2026-01-05,10\nP1,人工,2026-01-06,20\n小计,,,30\n"
    text = f"项目编号,成本类别,发生日期,金额\n{labor}P1,设备,2026-01-07,5\n小计,,,5\n合计,,,35\n"
    [entry] = load(data_dir, "costs.csv", text)
    assert (
        next(reason["details"]["compared"] for reason in entry["reasons"] if reason["code"] == "ingest.balances") == 3
    )
    assert landed_rows(data_dir, entry)["amount"].sum() == 35
