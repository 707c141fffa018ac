"""Numbers and dates read as LOOK and GLOSSARY say, in both languages."""

import datetime as dt
from decimal import Decimal

import pytest

from models.words import numbers
from models.words.numbers import GAP


def spaced(text: str) -> str:
    """No-break spaces as plain ones, so that the expected text can be read."""
    return text.replace(GAP, " ")


@pytest.mark.parametrize(
    ("share", "card", "exact"),
    [
        (0.762, "76.2 %", "76.2 %"),
        (0.0031, "0.31 %", "0.31 %"),
        (0.061, "6.1 %", "6.1 %"),
        (1.024, "102 %", "102.4 %"),  # three significant digits: 102.4 → 102
        (0.99996, "100 %", "99.996 %"),  # 99.996 rounds to 100.0, and 100 has three digits already
        (0.845, "84.5 %", "84.5 %"),
        (0.00555, "0.56 %", "0.555 %"),  # half up, on the decimal value
        (75 / 108, "69.4 %", "69.4444 %"),  # 75 ÷ 108 = 0.694444…
        (-0.132, "−13.2 %", "−13.2 %"),
        (-0.00001, "0.00 %", "−0.001 %"),  # no minus before a zero
        (0.0, "0 %", "0 %"),
    ],
)
def test_percent(share, card, exact):
    assert spaced(numbers.percent_text(share, "zh")) == card
    assert spaced(numbers.percent_text(share, "en", exact=True)) == exact


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (12_400_000, "1,240 万元", "CNY 12.4 M"),
        (238_499_123.40, "2.38 亿元", "CNY 238 M"),
        (1_200_000, "120 万元", "CNY 1.2 M"),
        (1_236_000_000, "12.4 亿元", "CNY 1.24 B"),
        (9_999, "10,000 元", "CNY 10 K"),  # three significant digits: 9,999 → 10,000
        (532.456, "532 元", "CNY 532"),
        (-45_600, "−4.56 万元", "CNY −45.6 K"),
        (0, "0 元", "CNY 0"),
    ],
)
def test_money_chooses_its_unit_by_size(amount, zh, en):
    assert spaced(numbers.money_text(amount, "CNY", "zh")) == zh
    assert spaced(numbers.money_text(amount, "CNY", "en")) == en


def test_exact_money_is_to_the_cent():
    assert spaced(numbers.money_text(Decimal("1234567.89"), "CNY", "zh", exact=True)) == "1,234,567.89 元"
    assert spaced(numbers.money_text(Decimal("-0.10"), "CNY", "en", exact=True)) == "CNY −0.10"


def test_other_currencies_keep_their_name():
    assert spaced(numbers.money_text(1_200_000, "USD", "zh")) == "120 万美元"
    assert spaced(numbers.money_text(1_200_000, "THB", "zh")) == "120 万THB"
    assert spaced(numbers.money_text(1_200_000, "USD", "en")) == "USD 1.2 M"


def test_one_table_has_one_unit():
    # The largest amount, 30,500,000, sets 万元 for the column; 8,000 reads 0.8 万元 there.
    amounts = [30_500_000, 8_000, None]
    unit = numbers.unit_for(amounts, "zh")
    assert [spaced(numbers.money_text(amount, "CNY", "zh", unit=unit)) for amount in amounts] == [
        "3,050 万元",
        "0.8 万元",
        "无数据",
    ]
    assert numbers.unit_label(unit, "CNY", "zh") == "万元"
    assert numbers.unit_label(numbers.unit_for(amounts, "en"), "CNY", "en") == "CNY M"


@pytest.mark.parametrize(
    ("value", "unit", "card", "exact"),
    [
        (0.8651, "index", "0.87", "0.8651"),
        (1.5, "ratio", "1.50", "1.5000"),
        (12.345, "index", "12.3", "12.3450"),
        (3.26, "days", "3.3 天", "3.26 天"),
        (172.624, "hours", "173 小时", "172.62 小时"),  # three significant digits on a card
        (63.92, "hours", "63.9 小时", "63.92 小时"),
        (12345, "count", "12,345", "12,345"),
        (0.5, "percent", "50.0 %", "50 %"),
        (45_600, "money", "4.56 万元", "45,600.00 元"),
    ],
)
def test_kpi_values(value, unit, card, exact):
    assert spaced(numbers.kpi_value_text(value, unit, "zh")) == card
    assert spaced(numbers.kpi_value_text(value, unit, "zh", exact=True)) == exact


@pytest.mark.parametrize(
    ("value", "unit", "levels", "told"),
    [
        (28 / 352, "percent", (0.20, None, 0.08), "7.9545 %"),  # 8.0 % would be within its band of 8 to 20 %
        (0.08, "percent", (0.20, None, 0.08), "8.0 %"),  # on the line
        (0.076, "percent", (0.20, None, 0.08), "7.6 %"),
        (0.7999, "percent", (0.85, 0.80), "79.99 %"),
        (0.9499, "index", (0.95, 0.90), "0.9499"),
        (0.94, "index", (0.95, 0.90), "0.94"),
        (15, "count", (15,), "15"),
    ],
)
def test_a_value_is_never_rounded_onto_a_level_that_it_is_not_on(value, unit, levels, told):
    assert numbers.kpi_value_text(value, unit, "en", levels=levels).replace(GAP, " ") == told


def test_half_a_unit_rounds_up_whatever_digit_stands_before_it():
    """As people round, and as the eye expects of 0.845 and 0.855 alike: 0.85, 0.86. To even digits it would be 0.84, 0.86."""
    assert [numbers.index_text(value, "en") for value in (0.845, 0.855, 0.885)] == ["0.85", "0.86", "0.89"]
    assert numbers.percent_text(0.1225, "en") == f"12.3{GAP}%"
    assert numbers.days_text(2.25, "en").startswith("2.3")


def test_an_unknown_value_is_a_word_and_never_a_zero():
    assert numbers.kpi_value_text(None, "percent", "zh") == "无数据"
    assert numbers.kpi_value_text(None, "money", "en", status="too_early") == "not yet measurable"
    assert numbers.kpi_value_text(float("nan"), "index", "zh", status="not_applicable") == "不适用"
    assert numbers.money_text(None, "CNY", "zh") == numbers.date_text(None, "zh") == "无数据"


def test_code_defect_rate_prints_its_second_unit():
    # 0.31 % of the lines = 0.0031 × 1000 = 3.1 defects per thousand lines
    assert numbers.second_unit_text("code_defect_rate", 0.0031, "zh") == "= 3.1 个/千行 (KLOC)"
    assert numbers.second_unit_text("code_defect_rate", 0.005, "en") == "= 5.0 per KLOC"
    assert numbers.second_unit_text("defect_ratio", 0.2, "zh") == ""
    assert numbers.second_unit_text("code_defect_rate", None, "zh") == ""


def test_dates():
    sunday = dt.date(2026, 11, 22)  # ISO week 47 runs from 16 to 22 November 2026
    assert numbers.date_text(sunday, "zh") == "2026年11月22日"
    assert numbers.date_text(sunday, "en") == "22 Nov 2026"
    assert numbers.date_text(sunday, "zh", short=True) == "11月22日"
    assert numbers.date_text("2026-09-05", "en", short=True) == "5 Sep"
    assert numbers.week_text(sunday, "zh") == "第47周"
    assert numbers.week_text(sunday, "en") == "W47"
    assert numbers.month_text(dt.date(2026, 10, 31), "zh") == "2026年10月"
    assert numbers.month_text(dt.date(2026, 10, 31), "en") == "Oct 2026"
    assert numbers.period_text("month", dt.date(2026, 10, 31), "zh") == "2026年10月"


def test_a_week_carries_the_year_it_belongs_to():
    # 1 January 2027 is a Friday: it lies in week 53 of 2026.
    assert numbers.period_text("week", dt.date(2027, 1, 1), "zh") == "2026年第53周"
    assert numbers.period_text("week", dt.date(2027, 1, 1), "en") == "W53 2026"


def test_instants_are_shown_in_the_zone_of_the_project():
    # 18:30 UTC on the 22nd is 02:30 on the 23rd in Shanghai (UTC+8).
    assert numbers.instant_text("2026-11-22T18:30:00Z", "zh") == "2026年11月23日 02:30"
    assert numbers.instant_text(dt.datetime(2026, 11, 22, 18, 30), "en") == "23 Nov 2026 02:30"


def test_durations_and_ages():
    now = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
    assert spaced(numbers.duration_text(45.24, "zh")) == "45.2 秒"
    assert spaced(numbers.duration_text(130, "en")) == "2 min 10 s"
    assert spaced(numbers.age_text("2026-11-22T11:48:00Z", now, "zh")) == "12 分钟前"
    assert spaced(numbers.age_text("2026-11-20T12:00:00Z", now, "en")) == "2 d ago"
    assert numbers.age_text("2026-11-22T11:59:30Z", now, "zh") == "刚刚"
