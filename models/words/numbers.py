"""Numbers and dates as people read them in their language, rounded for a card or exact for a table.

Every function takes a plain value and the language (a key of LANGUAGES) and returns text; None is shown as the word for the
status, never as a zero. Rounding is half up on the decimal value. A no-break space stands between number and unit.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from contextvars import ContextVar
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from babel.dates import format_date

from models.vocabulary import KpiStatus, PeriodKind
from models.words.catalog import msgid, sentence
from models.words.locales import LANGUAGES, MoneyUnit
from models.words.terms import status_word

GAP = "\u00a0"
MINUS = "\u2212"
CARD_DIGITS = 3  # significant digits on a card (LOOK, "A page")

PAGE_CURRENCY = ContextVar("page_currency", default="CNY")  # of the projects chosen: what amounts are in that name none


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
    levels: Iterable[float | None] = (),
) -> str:
    """One KPI value. `unit`: percent (a share, 0.762), index, ratio, money, count, days, hours or months, as in dim_kpis.

    A card takes at most three significant digits; `exact` gives what tables and hovers show. Counts are never rounded.
    A value that is None reads as the word of its `status`. levels: those it is judged by; where rounding would put it on one of
    them that it is not on, it is exact: 7.95 % under a level of 8 % does not read "8.0 %, warning".
    """
    if value is None or math.isnan(value):
        return status_word(status, language)
    if not exact:
        alike = partial(kpi_value_text, unit=unit, language=language, currency=currency, money_unit=money_unit)
        exact = any(level not in (None, value) and alike(level) == alike(value) for level in levels)
    if unit == "percent":
        return percent_text(value, language, exact)
    if unit == "money":
        return money_text(value, currency, language, exact, unit=money_unit)
    if unit == "count":
        return count_text(value, language)
    if unit == "days":
        return days_text(value, language, exact)
    if unit == "hours":
        return hours_text(value, language, exact)
    if unit == "months":
        return months_text(value, language, exact)
    return index_text(value, language, exact)


def second_unit_text(kpi_key: str, value: float | None, language: str) -> str:
    """The second unit that some KPIs print beside the first; empty for the others.

    code_defect_rate 0.0031 is "= 3.1 per KLOC": 0.31 % of lines is 3.1 defects in a thousand lines.
    """
    if kpi_key != "code_defect_rate" or value is None:
        return ""
    per_thousand = decimal_text(_decimal(value) * 1000, 1, language)
    return sentence(msgid("= {number} per KLOC"), {"number": per_thousand}, language)


def percent_text(share: float | None, language: str, exact: bool = False, *, signed: bool = False) -> str:
    """0.762 → '76.2 %', 0.0031 → '0.31 %', 1.024 → '102 %'; exact up to four decimals of a percent."""
    if share is None:
        return status_word(KpiStatus.NO_DATA, language)
    percent = _decimal(share) * 100
    if exact:
        text = _trimmed(percent, 4, language)
    elif percent == 0:
        text = "0"
    else:
        text = decimal_text(percent, _card_decimals(percent, most=2 if abs(percent) < 1 else 1), language)
    return _with_sign(text, percent, signed) + f"{GAP}%"


def points_text(difference: float, language: str) -> str:
    """A difference of two shares in percentage points: 0.013 → '1.3 点' / '1.3 pts'. Without its sign."""
    points = abs(_decimal(difference)) * 100
    text = decimal_text(points, _card_decimals(points, most=2 if points < 1 else 1), language)
    return _in_unit(msgid("{number} pts"), text, language)


def index_text(value: float | None, language: str, exact: bool = False) -> str:
    """An index or ratio with two decimals, four where exact."""
    if value is None:
        return status_word(KpiStatus.NO_DATA, language)
    number = _decimal(value)
    return decimal_text(number, 4 if exact else _card_decimals(number, most=2), language)


def days_text(days: float | None, language: str, exact: bool = False) -> str:
    if days is None:
        return status_word(KpiStatus.NO_DATA, language)
    number = _decimal(days)
    text = decimal_text(number, 2 if exact else _card_decimals(number, most=1), language)
    return _in_unit(msgid("{number} days"), text, language)


def months_text(value: float, language: str, exact: bool = False) -> str:
    """2.04 个月 / 2.04 months; a card takes one decimal."""
    number = index_text(value, language, exact) if exact else decimal_text(_decimal(value), 1, language)
    return _in_unit(msgid("{number} months"), number, language)


def hours_text(hours: float | None, language: str, exact: bool = True) -> str:
    """172.62 h; a card takes three significant digits: 173 h."""
    if hours is None:
        return status_word(KpiStatus.NO_DATA, language)
    number = _decimal(hours)
    text = _trimmed(number, 2 if exact else _card_decimals(number, most=2), language)
    return _in_unit(msgid("{number} h"), text, language)


def count_text(count: float | None, language: str) -> str:
    """12345 → '12,345'. Whole things are never rounded away."""
    if count is None:
        return status_word(KpiStatus.NO_DATA, language)
    return _trimmed(_decimal(count), 2, language)


# ---- money ----------------------------------------------------------------------------------------------------------


def unit_for(amounts: Iterable[float | None], language: str) -> MoneyUnit:
    """One unit for a whole series or column, chosen by its largest amount, so that a table has one unit."""
    largest = max((abs(_decimal(amount)) for amount in amounts if amount is not None), default=Decimal(0))
    units = LANGUAGES[language].money_units
    return next(unit for unit in units if largest >= unit.divisor or unit.divisor == 1)


def unit_label(unit: MoneyUnit, currency: str | None, language: str) -> str:
    """'万元' or 'CNY M': the words for an axis or a column head."""
    return " ".join(_money("", unit, currency, language))


def money_text(
    amount: float | Decimal | None,
    currency: str | None,
    language: str,
    exact: bool = False,
    *,
    unit: MoneyUnit | None = None,
    signed: bool = False,
    decimals: int | None = None,
) -> str:
    """12_400_000 → '1,240 万元' / 'CNY 12.4 M'; exact → '12,400,000.00 元' / 'CNY 12,400,000.00'.

    `unit`: that of the series the amount stands in (`unit_for`); without it the amount chooses its own. `currency`: without it
    that of the page. decimals: as many as the series needs; without them three significant digits.
    """
    if amount is None:
        return status_word(KpiStatus.NO_DATA, language)
    value = _decimal(amount)
    if exact:
        chosen, text = MoneyUnit(1), decimal_text(value, 2, language)
    else:
        chosen = unit or unit_for([float(amount)], language)
        scaled = value / chosen.divisor
        text = _trimmed(_significant(scaled, CARD_DIGITS), _card_decimals(scaled, most=2), language)
        if decimals is not None:
            text = decimal_text(scaled, decimals, language)
    return GAP.join(_money(_with_sign(text, value, signed), chosen, currency, language))


def _money(number: str, unit: MoneyUnit, currency: str | None, language: str) -> list[str]:
    """The words of an amount, in the order of the language."""
    locale, currency = LANGUAGES[language], currency or PAGE_CURRENCY.get()
    currency = locale.currencies.get(currency, currency)
    return locale.money.format(number=number, unit=unit.word, currency=currency).split()


# ---- dates ----------------------------------------------------------------------------------------------------------


def date_text(day: dt.date | str | None, language: str, short: bool = False) -> str:
    """2026年11月22日 / 22 Nov 2026; short without the year: 11月22日 / 22 Nov."""
    if day is None:
        return status_word(KpiStatus.NO_DATA, language)
    locale = LANGUAGES[language]
    return _day_text(_date(day), locale.short_day if short else locale.day, language)


def week_text(day: dt.date | str, language: str, with_year: bool = False) -> str:
    """The ISO week that holds `day`: 第47周 / W47; with its year 2026年第47周 / W47 2026."""
    year, week, _weekday = _date(day).isocalendar()
    locale = LANGUAGES[language]
    return (locale.week_of_year if with_year else locale.week).format(week=week, year=year)


def month_text(day: dt.date | str, language: str, short: bool = False) -> str:
    """2026年10月 / Oct 2026; short without the year: 10月 / Oct."""
    locale = LANGUAGES[language]
    return _day_text(_date(day), locale.short_month if short else locale.month, language)


@lru_cache(maxsize=8192)
def _day_text(day: dt.date, pattern: str, language: str) -> str:
    return format_date(day, pattern, locale=language)


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
    second, minute, hour = msgid("{number} s"), msgid("{number} min"), msgid("{number} h")
    if seconds < 60:
        return _in_unit(second, _trimmed(_decimal(seconds), 1, language), language)
    whole = round(seconds)
    if whole < 3600:
        parts = (minute, whole // 60), (second, whole % 60)
    elif whole < 86400:
        parts = (hour, whole // 3600), (minute, whole % 3600 // 60)
    else:
        parts = (msgid("{number} d"), whole // 86400), (hour, whole % 86400 // 3600)
    return " ".join(_in_unit(unit, str(number), language) for unit, number in parts)


def age_text(instant: dt.datetime | str, now: dt.datetime, language: str) -> str:
    """How long ago: '12 分钟前' / '12 min ago'; under a minute '刚刚' / 'just now'."""
    if isinstance(instant, str):
        instant = dt.datetime.fromisoformat(instant)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=dt.UTC)
    minutes = int((now - instant).total_seconds() // 60)
    if minutes < 1:
        return sentence(msgid("just now"), None, language)
    if minutes < 60:
        return _in_unit(msgid("{number} min ago"), str(minutes), language)
    if minutes < 1440:
        return _in_unit(msgid("{number} h ago"), str(minutes // 60), language)
    return _in_unit(msgid("{number} d ago"), str(minutes // 1440), language)


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


def decimal_text(value: float | Decimal, decimals: int, language: str, *, trimmed: bool = False) -> str:
    """Thousands separators, a true minus sign, and no minus before a zero. trimmed: without trailing zeros after the point."""
    rounded = _rounded(_decimal(value), decimals)
    if rounded == 0:
        rounded = abs(rounded)
    text = f"{rounded:,f}"
    if trimmed and "." in text:
        text = text.rstrip("0").rstrip(".")
    locale = LANGUAGES[language]
    return text.translate({ord(","): locale.group, ord("."): locale.decimal, ord("-"): MINUS})


_trimmed = partial(decimal_text, trimmed=True)


def _in_unit(template: str, number: str, language: str) -> str:
    """A number and its unit, never apart at the end of a line. template: with the blank {number}."""
    return sentence(template, {"number": number}, language).replace(" ", GAP)


def _with_sign(text: str, value: Decimal, signed: bool) -> str:
    return f"+{text}" if signed and value > 0 else text


def _date(day: dt.date | str) -> dt.date:
    if isinstance(day, str):
        return dt.date.fromisoformat(day[:10])
    if isinstance(day, dt.datetime):
        return day.date()
    return day
