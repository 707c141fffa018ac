"""Durations as schedules print them (`5 days`, `5 个工作日`, `40h`, `1 mon`, `5 ed`) as working days.

Working time by the defaults of Microsoft Project: a day of 8 hours, a week of 5 days, a month of 20 days. Elapsed time runs
through nights and weekends: seven of its days hold five working days.
"""
# ruff: noqa: E501, SIM905 (one line holds all known words of one meaning)

from __future__ import annotations

import re
import unicodedata

HOURS_PER_DAY = 8.0
DAYS_PER_WEEK = 5.0
DAYS_PER_MONTH = 20.0
WORKING_SHARE = 5 / 7  # of elapsed days
_UNITS = {
    "minute": "m min mins minute minutes minuten minuto minutos minutos minuti мин 分 分钟 分钟工时 分鐘",
    "hour": "h hr hrs hour hours std std. stunde stunden heure heures hora horas ora ore ч час часа часов 时 小时 个小时 工时 小時",
    "day": "d dy dys day days t tg tag tage tagen j jr jrs jour jours día dia días dias g giorno giorni дн д день дня дней "
    "天 日 工日 工作日 个工作日 個工作日 工作天 dzień dni",
    "week": "w wk wks week weeks woche wochen sm sem. semaine semaines sem semana semanas settimana settimane нед "
    "周 週 个周 星期 周工时 个星期",
    "month": "mo mon mons month months monat monate mois mes meses mês mesi mese мес 月 个月 月工时 個月",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
# How elapsed time is marked: before the unit in most languages, after it in French and Spanish.
_ELAPSED_BEFORE = ("已用", "e", "f", "а", "a")
_ELAPSED_WORDS = frozenset("e elapsed fortlaufend fortlaufende 已用 écoulé écoulés transcurrido transcurridos".split())
_PARTS = re.compile(r"([+-]?\s*\d+(?:[.,]\d+)*|[+-]?\s*[.,]\d+)\s*([^\d+\-]*)")


def working_days(text: str) -> tuple[float, bool] | None:
    """(working days, whether the time is elapsed time); None where the text has no unit or does not read."""
    number, unit, elapsed = amount_and_unit(text) or (0, None, False)
    if unit is None:
        return None
    return (elapsed_days(number, unit) * WORKING_SHARE if elapsed else days_of(number, unit)), elapsed


def amount_and_unit(text: str) -> tuple[float, str | None, bool] | None:
    """`-2 days` as (-2.0, "day", False), `5ed` as (5.0, "day", True), `3` with no unit as (3.0, None, False)."""
    body = unicodedata.normalize("NFKC", text).strip().lower().rstrip("?").strip()
    match = _PARTS.fullmatch(body)
    if not match:
        return None
    number = number_before_unit(match[1])
    if number is None:
        return None
    word = match[2].strip().rstrip("?").strip()
    if not word:
        return number, None, False
    found = unit_of(word)
    return None if found is None else (number, *found)


def unit_of(word: str) -> tuple[str, bool] | None:
    """A unit's word as (minute, hour, day, week or month; whether elapsed); None for an unknown one."""
    word = re.sub(r"\s+", " ", word.strip().lower())
    if word in _UNIT_OF:
        return _UNIT_OF[word], False
    parts = word.split(" ")
    rest = [part for part in parts if part not in _ELAPSED_WORDS]
    if len(rest) < len(parts) and len(rest) == 1 and rest[0] in _UNIT_OF:
        return _UNIT_OF[rest[0]], True
    for mark in _ELAPSED_BEFORE:
        if word.startswith(mark) and word[len(mark) :].strip() in _UNIT_OF:
            return _UNIT_OF[word[len(mark) :].strip()], True
    if word.endswith("é") and word[:-1] in _UNIT_OF:
        return _UNIT_OF[word[:-1]], True
    return None


def days_of(number: float, unit: str) -> float:
    """Working time in working days."""
    return (
        number
        * {
            "minute": 1 / 60 / HOURS_PER_DAY,
            "hour": 1 / HOURS_PER_DAY,
            "day": 1.0,
            "week": DAYS_PER_WEEK,
            "month": DAYS_PER_MONTH,
        }[unit]
    )


def elapsed_days(number: float, unit: str) -> float:
    """Elapsed time in calendar days; a month has 30."""
    return number * {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.0}[unit]


def number_before_unit(text: str) -> float | None:
    """`1,5` and `1.5` are one and a half; `1,000` and `1.000,5` hold a thousand: a mark before three digits groups them."""
    body = text.replace(" ", "")
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}([.,]\d{3})+", body) and not re.fullmatch(r"[+-]?\d+\.\d{3}", body):
        body = re.sub(r"[.,]", "", body)
    elif "," in body and "." in body:
        last = max(body.rfind(","), body.rfind("."))
        body = re.sub(r"[.,]", "", body[:last]) + "." + body[last + 1 :]
    else:
        body = body.replace(",", ".")
    try:
        return float(body)
    except ValueError:
        return None


def plain(number: float) -> str:
    """A number as text that no reader takes for another: never exactly three decimals, which could group thousands."""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals}0" if len(decimals) == 3 else text or "0"
