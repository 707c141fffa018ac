"""Numbers and dates as people read them: Chinese and English, rounded for a card or exact for a table.

Every function takes a plain value and the language ('zh' or 'en') and returns text; None is shown as the word for the
status, never as a zero. Rounding is half up on the decimal value. A no-break space stands between number and unit.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date

from models.vocabulary import KpiStatus, PeriodKind
from models.words.catalog import msgid
from models.words.terms import status_word
from models.words.wording import translate

GAP = "\u00a0"
MINUS = "\u2212"
CARD_DIGITS = 3  # significant digits on a card (LOOK, "A page")

PAGE_CURRENCY = ContextVar("page_currency", default="CNY")  # of the projects chosen: what amounts are in that name none
_CHINESE_CURRENCIES = {"CNY": "元", "USD": "美元", "EUR": "欧元", "HKD": "港元", "JPY": "日元", "GBP": "英镑"}


@dataclass(frozen=True)
class MoneyUnit:
    """What an amount is divided by, and the word for it in each language."""

    divisor: int
    zh: str
    en: str


_CHINESE_UNITS = (MoneyUnit(10**8, "亿", ""), MoneyUnit(10**4, "万", ""), MoneyUnit(1, "", ""))
_ENGLISH_UNITS = (
    MoneyUnit(10**9, "", "B"),
    MoneyUnit(10**6, "", "M"),
    MoneyUnit(10**3, "", "K"),
    MoneyUnit(1, "", ""),
)


# ---- values of KPIs -------------------------------------------------------------------------------------------------


def kpi_value_text(
    value: float | None,
    unit: str,
    language: str,
    exact: bool = False,
    *,
    status: str = KpiStatus.NO_DATA,
    currency: str | None = None,
    money_unit: MoneyUnit | None = None,
) -> str:
    """One KPI value. `unit`: percent (a share, 0.762), index, ratio, money, count, days, hours or months, as in dim_kpis.

    A card takes at most three significant digits; `exact` gives what tables and hovers show. Counts are never rounded.
    A value that is None reads as the word of its `status`.
    """
    if value is None or math.isnan(value):
        return status_word(status, language)
    if unit == "percent":
        return percent_text(value, language, exact)
    if unit == "money":
        return money_text(value, currency, language, exact, unit=money_unit)
    if unit == "count":
        return count_text(value, language)
    if unit == "days":
        return days_text(value, language, exact)
    if unit == "hours":
        return hours_text(value, language)
    if unit == "months":
        return months_text(value, language, exact)
    return index_text(value, language, exact)


def second_unit_text(kpi_key: str, value: float | None, language: str) -> str:
    """The second unit that some KPIs print beside the first; empty for the others.

    code_defect_rate 0.0031 is "= 3.1 per KLOC": 0.31 % of lines is 3.1 defects in a thousand lines.
    """
    if kpi_key != "code_defect_rate" or value is None:
        return ""
    per_thousand = _grouped(_rounded(_decimal(value) * 1000, 1), 1)
    return f"= {per_thousand} 个/千行 (KLOC)" if language == "zh" else f"= {per_thousand} per KLOC"


def percent_text(share: float | None, language: str, exact: bool = False, *, signed: bool = False) -> str:
    """0.762 → '76.2 %', 0.0031 → '0.31 %', 1.024 → '102 %'; exact up to four decimals of a percent."""
    if share is None:
        return status_word(KpiStatus.NO_DATA, language)
    percent = _decimal(share) * 100
    if exact:
        text = _trimmed(percent, 4)
    elif percent == 0:
        text = "0"
    else:
        text = _grouped(percent, _card_decimals(percent, most=2 if abs(percent) < 1 else 1))
    return _with_sign(text, percent, signed) + f"{GAP}%"


def points_text(difference: float, language: str) -> str:
    """A difference of two shares in percentage points: 0.013 → '1.3 点' / '1.3 pts'. Without its sign."""
    points = abs(_decimal(difference)) * 100
    text = _grouped(points, _card_decimals(points, most=2 if points < 1 else 1))
    return f"{text}{GAP}点" if language == "zh" else f"{text}{GAP}pts"


def index_text(value: float | None, language: str, exact: bool = False) -> str:
    """An index or ratio with two decimals, four where exact."""
    if value is None:
        return status_word(KpiStatus.NO_DATA, language)
    number = _decimal(value)
    return _grouped(number, 4 if exact else _card_decimals(number, most=2))


def days_text(days: float | None, language: str, exact: bool = False) -> str:
    if days is None:
        return status_word(KpiStatus.NO_DATA, language)
    number = _decimal(days)
    text = _grouped(number, 2 if exact else _card_decimals(number, most=1))
    return f"{text}{GAP}天" if language == "zh" else f"{text}{GAP}days"


def months_text(value: float, language: str, exact: bool = False) -> str:
    """2.04 个月 / 2.04 months; a card takes one decimal."""
    number = index_text(value, language, exact) if exact else _grouped(_rounded(_decimal(value), 1), 1)
    return translate(msgid("{number} months"), {"number": number}, language)


def hours_text(hours: float | None, language: str) -> str:
    if hours is None:
        return status_word(KpiStatus.NO_DATA, language)
    text = _trimmed(_decimal(hours), 2)
    return f"{text}{GAP}小时" if language == "zh" else f"{text}{GAP}h"


def count_text(count: float | None, language: str) -> str:
    """12345 → '12,345'. Whole things are never rounded away."""
    if count is None:
        return status_word(KpiStatus.NO_DATA, language)
    return _trimmed(_decimal(count), 2)


# ---- money ----------------------------------------------------------------------------------------------------------


def unit_for(amounts: Iterable[float | None], language: str) -> MoneyUnit:
    """One unit for a whole series or column, chosen by its largest amount, so that a table has one unit."""
    largest = max((abs(_decimal(amount)) for amount in amounts if amount is not None), default=Decimal(0))
    units = _CHINESE_UNITS if language == "zh" else _ENGLISH_UNITS
    return next(unit for unit in units if largest >= unit.divisor or unit.divisor == 1)


def unit_label(unit: MoneyUnit, currency: str | None, language: str) -> str:
    """'万元' or 'CNY M': the words for an axis or a column head."""
    currency = currency or PAGE_CURRENCY.get()
    if language == "zh":
        return f"{unit.zh}{_CHINESE_CURRENCIES.get(currency, currency)}"
    return f"{currency} {unit.en}".strip()


def money_text(
    amount: float | Decimal | None,
    currency: str | None,
    language: str,
    exact: bool = False,
    *,
    unit: MoneyUnit | None = None,
    signed: bool = False,
) -> str:
    """12_400_000 → '1,240 万元' / 'CNY 12.4 M'; exact → '12,400,000.00 元' / 'CNY 12,400,000.00'.

    `unit`: that of the series the amount stands in (`unit_for`); without it the amount chooses its own. `currency`: without it
    that of the page.
    """
    if amount is None:
        return status_word(KpiStatus.NO_DATA, language)
    value = _decimal(amount)
    if exact:
        chosen, text = (_CHINESE_UNITS if language == "zh" else _ENGLISH_UNITS)[-1], _grouped(value, 2)
    else:
        chosen = unit or unit_for([amount], language)
        scaled = value / chosen.divisor
        text = _trimmed(_significant(scaled, CARD_DIGITS), _card_decimals(scaled, most=2))
    text = _with_sign(text, value, signed)
    if language == "zh":
        return f"{text}{GAP}{unit_label(chosen, currency, language)}"
    return f"{currency or PAGE_CURRENCY.get()}{GAP}{text}" + (f"{GAP}{chosen.en}" if chosen.en else "")


# ---- dates ----------------------------------------------------------------------------------------------------------


def date_text(day: dt.date | str | None, language: str, short: bool = False) -> str:
    """2026年11月22日 / 22 Nov 2026; short without the year: 11月22日 / 22 Nov."""
    day = _date(day)
    if day is None:
        return status_word(KpiStatus.NO_DATA, language)
    if language == "zh":
        return f"{day.month}月{day.day}日" if short else f"{day.year}年{day.month}月{day.day}日"
    return format_date(day, "d MMM" if short else "d MMM y", locale="en")


def week_text(day: dt.date | str, language: str, with_year: bool = False) -> str:
    """The ISO week that holds `day`: 第47周 / W47; with its year 2026年第47周 / W47 2026."""
    year, week, _weekday = _date(day).isocalendar()
    if language == "zh":
        return f"{year}年第{week}周" if with_year else f"第{week}周"
    return f"W{week:02d} {year}" if with_year else f"W{week:02d}"


def month_text(day: dt.date | str, language: str, short: bool = False) -> str:
    """2026年10月 / Oct 2026; short without the year: 10月 / Oct."""
    day = _date(day)
    if language == "zh":
        return f"{day.month}月" if short else f"{day.year}年{day.month}月"
    return format_date(day, "MMM" if short else "MMM y", locale="en")


def period_text(period_kind: str, period_end: dt.date | str, language: str) -> str:
    """The week or month that ends on `period_end`, with its year."""
    if period_kind == PeriodKind.WEEK:
        return week_text(period_end, language, with_year=True)
    return month_text(period_end, language)


def instant_text(instant: dt.datetime | str | None, language: str, time_zone: str = "Asia/Shanghai") -> str:
    """2026年11月22日 16:45 / 22 Nov 2026 16:45 in `time_zone`. Text and naive instants are UTC, as they are stored."""
    if instant is None:
        return status_word(KpiStatus.NO_DATA, language)
    if isinstance(instant, str):
        instant = dt.datetime.fromisoformat(instant)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=dt.UTC)
    local = instant.astimezone(ZoneInfo(time_zone))
    return f"{date_text(local.date(), language)} {local:%H:%M}"


def local_date_text(instant: dt.datetime | str | None, language: str, time_zone: str = "Asia/Shanghai") -> str:
    """The day of an instant in `time_zone`: 2026年11月22日 / 22 Nov 2026."""
    return instant_text(instant, language, time_zone).rpartition(" ")[0] if instant else date_text(None, language)


def duration_text(seconds: float | None, language: str) -> str:
    """45.2 → '45.2 秒' / '45.2 s'; 130 → '2 分 10 秒' / '2 min 10 s'; 7260 → '2 小时 1 分' / '2 h 1 min'."""
    if seconds is None:
        return ""
    second, minute, hour, day = ("秒", "分", "小时", "天") if language == "zh" else ("s", "min", "h", "d")
    if seconds < 60:
        return f"{_trimmed(_decimal(seconds), 1)}{GAP}{second}"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}{GAP}{minute} {whole % 60}{GAP}{second}"
    if whole < 86400:
        return f"{whole // 3600}{GAP}{hour} {whole % 3600 // 60}{GAP}{minute}"
    return f"{whole // 86400}{GAP}{day} {whole % 86400 // 3600}{GAP}{hour}"


def age_text(instant: dt.datetime | str, now: dt.datetime, language: str) -> str:
    """How long ago: '12 分钟前' / '12 min ago'; under a minute '刚刚' / 'just now'."""
    if isinstance(instant, str):
        instant = dt.datetime.fromisoformat(instant)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=dt.UTC)
    minutes = int((now - instant).total_seconds() // 60)
    if minutes < 1:
        return "刚刚" if language == "zh" else "just now"
    for size, zh, en in ((1440, "天前", "d ago"), (60, "小时前", "h ago"), (1, "分钟前", "min ago")):
        if minutes >= size:
            return f"{minutes // size}{GAP}{zh if language == 'zh' else en}"
    return ""


# ---- digits ---------------------------------------------------------------------------------------------------------


def _decimal(value: float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _significant(value: Decimal, digits: int) -> Decimal:
    """`value` with at most `digits` significant digits: 1236 → 1240."""
    if value == 0:
        return value
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), rounding=ROUND_HALF_UP)


def _card_decimals(value: Decimal, most: int) -> int:
    """Decimals that keep `value` within three significant digits, at most `most`."""
    rounded = abs(_rounded(value, most))
    return max(0, min(most, CARD_DIGITS - 1 - max(rounded.adjusted(), 0)))


def _grouped(value: Decimal, decimals: int) -> str:
    """Thousands separators, a true minus sign, and no minus before a zero."""
    rounded = _rounded(value, decimals)
    if rounded == 0:
        rounded = abs(rounded)
    return f"{rounded:,f}".replace("-", MINUS)


def _trimmed(value: Decimal, decimals: int) -> str:
    """As `_grouped`, without trailing zeros after the point."""
    text = _grouped(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _with_sign(text: str, value: Decimal, signed: bool) -> str:
    return f"+{text}" if signed and value > 0 else text


def _date(day: dt.date | str | None) -> dt.date | None:
    if isinstance(day, str):
        return dt.date.fromisoformat(day[:10])
    if isinstance(day, dt.datetime):
        return day.date()
    return day
