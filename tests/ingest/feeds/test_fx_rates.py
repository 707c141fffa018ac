"""Lists of exchange rates as banks, the state and an office print them; foreign amounts beside booked ones."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.ingest.exports import codes, landed_rows, load

DAY = dt.date(2026, 2, 24)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        # the state's, for a hundred, said in a column
        ("日期,币种,单位,中间价,来源\n2026-02-24,美元,100,710.00,国家外汇管理局\n", ("USD", None, 100, None, 710.0)),
        # the Bank of China's own price is for a hundred, and it prints no unit
        (
            "货币名称,现汇买入价,现钞买入价,现汇卖出价,现钞卖出价,中行折算价,发布日期\n美元,708.1,702.3,711.1,711.1,710.0,2026-02-24\n",
            ("USD", None, 100, None, 710.0),
        ),
        ("币种,汇率日期,中间价(100外币)\n日元,2026-02-24,4.65\n", ("JPY", None, 100, None, 4.65)),
        # an office's own, with every kind of rate
        (
            "From currency,To currency,Rate type,Valid from,Rate\nUSD,CNY,Budget rate,2026-02-24,6.90\n",
            ("USD", "CNY", None, "budget", 6.9),
        ),
        (
            "币别,目标币种,汇率类型,生效日期,汇率\n欧元,人民币,月平均汇率,2026-02-24,8.05\n",
            ("EUR", "CNY", None, "month_average", 8.05),
        ),
        ("币别,汇率类型,生效日期,汇率\n港币,期末汇率,2026-02-24,0.91\n", ("HKD", None, None, "closing", 0.91)),
        ("币种,日期,汇率\n美金,2026-02-24,7.1\n", ("USD", None, None, None, 7.1)),
    ],
)
def test_a_list_of_rates_is_known_by_its_header(data_dir, content, expected):
    entry = load(data_dir, "rates.csv", content)[0]
    assert (entry["feed"], entry["status"]) == ("fx_rates", "landed"), entry["reasons"]
    columns = ("from_currency", "to_currency", "per", "kind", "rate", "valid_from")
    assert landed_rows(data_dir, entry).select(columns).row(0) == (*expected, DAY)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        # the state's list of a day: a hundred dollars cost 710 yuan, a hundred yuan cost 62.5 ringgit
        (
            "日期,美元,欧元,日元,港元,林吉特,丹麦克朗\n2026-02-24,710.00,805.10,4.65,91.00,62.5,\n",
            [
                ("CNY", "MYR", 100, 62.5),
                ("EUR", "CNY", 100, 805.1),
                ("HKD", "CNY", 100, 91.0),
                ("JPY", "CNY", 100, 4.65),
                ("USD", "CNY", 100, 710.0),
            ],
        ),
        # the trade system's, whose headers say pair and unit
        (
            "日期,USD/CNY,EUR/CNY,100JPY/CNY,CNY/MYR\n2026-02-24,7.1000,8.0510,4.6500,0.6250\n",
            [("CNY", "MYR", 1, 0.625), ("EUR", "CNY", 1, 8.051), ("JPY", "CNY", 100, 4.65), ("USD", "CNY", 1, 7.1)],
        ),
        # the unit before the name, as some banks print it
        ("日期,1美元,100日元\n2026-02-24,7.1,4.65\n", [("JPY", "CNY", 100, 4.65), ("USD", "CNY", 1, 7.1)]),
        # an office's own, for one unit each
        ("日期,美元(USD),泰铢(THB)\n2026-02-24,7.1,0.2\n", [("THB", "CNY", 1, 0.2), ("USD", "CNY", 1, 7.1)]),
    ],
)
def test_currencies_side_by_side(data_dir, content, expected):
    entry = load(data_dir, "人民币汇率中间价.csv", content)[0]
    assert (entry["feed"], entry["status"]) == ("fx_rates", "landed"), entry["reasons"]
    rows = landed_rows(data_dir, entry)
    assert sorted(rows.select("from_currency", "to_currency", "per", "rate").rows()) == expected
    assert set(rows["valid_from"]) == {DAY} and set(rows["source_row"]) == {2}


def test_a_rate_of_nothing_is_held_back(data_dir):
    content = "币种,日期,汇率\n美元,2026-02-24,0\n欧元,2026-02-24,8\n"
    entry = load(data_dir, "汇率表.csv", content)[0]
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (1, 1)
    assert entry["feed"] == "fx_rates" and "ingest.rate_not_positive" in str(entry)


def test_kingdees_booked_amount_stands_and_the_foreign_one_beside_it(data_dir):
    content = (
        "日期,期间,凭证字号,摘要,科目代码,科目名称,核算项目,币别,汇率,原币金额,借方金额,贷方金额\n"
        "2026-02-25,2,记-1,服务器,5401.02,合同履约成本-设备,YB,美元,7.15,1000.00,7150.00,\n"
    )
    entry = load(data_dir, "明细账.csv", content)[0]
    assert entry["feed"] == "ledger", codes(entry)
    row = landed_rows(data_dir, entry).select("debit", "currency", "original_amount", "exchange_rate").row(0)
    assert row == (Decimal("7150.00"), "USD", Decimal("1000.00"), 7.15)


def test_a_cost_list_with_the_foreign_amount_alone_brings_it_to_be_converted(data_dir):
    alone = "项目编号,成本类别,发生日期,币种,原币金额\nYB,设备,2026-02-25,美元,1000\n"
    both = "项目编号,成本类别,发生日期,币种,原币金额,本币金额\nYB,设备,2026-02-26,美元,1000,7150\n"
    columns = ("amount", "currency", "original_amount")
    found = [
        landed_rows(data_dir, load(data_dir, f"{name}.csv", content)[0]).select(columns).row(0)
        for name, content in (("alone", alone), ("both", both))
    ]
    assert found == [(Decimal(1000), "USD", None), (Decimal(7150), "USD", Decimal(1000))]


def test_totals_at_ingest_are_one_for_each_currency(data_dir):
    header = "项目编号,成本类别,发生日期,单据号,币种,原币金额,本币金额\n"
    first = header + "YB,设备,2026-02-25,D1,美元,1000,7150\nYB,设备,2026-02-25,D2,,,50\n"
    assert load(data_dir, "a.csv", first)[0]["totals"] == {"rows": 2, "amount": 7200.0}  # booked, both of them
    alone = "项目编号,成本类别,发生日期,单据号,币种,金额\nYB,设备,2026-02-26,D3,美元,1000\nYB,设备,2026-02-26,D4,人民币,30\n"
    entry = load(data_dir, "b.csv", alone)[0]
    assert entry["totals"] == {"rows": 2, "amount": 30.0, "amount USD": 1000.0}
    assert entry["totals_before"] == {"rows": 2, "amount": 7200.0}
    assert entry["totals_after"] == {"rows": 4, "amount": 7230.0, "amount USD": 1000.0}
