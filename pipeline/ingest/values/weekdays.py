"""Dates that carry the name of their weekday (`Mon 6/1/26`, `周一 26/1/5`): the name is taken off, and proves the order."""
# ruff: noqa: E501 (one line holds all known words of one meaning)

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field

import polars as pl

# Monday first, in the languages of Microsoft Project; short and long.
_WORDS = (
    "mon monday 周一 星期一 週一 礼拜一 mo montag lun lunes lundi seg segunda segunda-feira пн понедельник pon poniedziałek 月 月曜日",
    "tue tues tuesday 周二 星期二 週二 礼拜二 di dienstag mar martes mardi ter terça terça-feira вт вторник wt wtorek 火 火曜日",
    "wed wednesday 周三 星期三 週三 礼拜三 mi mittwoch mié mie miércoles mer mercredi qua quarta quarta-feira ср среда śr środa 水 水曜日",
    "thu thur thurs thursday 周四 星期四 週四 礼拜四 do donnerstag jue jueves jeu jeudi qui quinta quinta-feira чт четверг czw czwartek 木 木曜日",
    "fri friday 周五 星期五 週五 礼拜五 fr freitag vie viernes ven vendredi sex sexta sexta-feira пт пятница pt piątek 金 金曜日",
    "sat saturday 周六 星期六 週六 礼拜六 sa samstag sonnabend sáb sab sábado sam samedi сб суббота sob sobota 土 土曜日",
    "sun sunday 周日 星期日 星期天 周天 週日 礼拜日 so sonntag dom domingo dim dimanche вс воскресенье nd niedz niedziela 日 日曜日",
)
_DAY_OF = {word: day for day, words in enumerate(_WORDS) for word in words.split()}
_BEFORE = re.compile(r"^\(?([^\d\s,.()]+)\.?\)?,?\s+(?=\d)")
_AFTER = re.compile(r"(?<=[\d日])[\s,]*\(?([^\d\s,.()]+)\.?\)?$")
_NUMERIC = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{1,2})(?=$|[\s,T])")
# Primavera marks actual dates with A and constrained ones with *.
_MARKS = re.compile(r"(?<=[\d)])\s*(?:A|\*)+$")
_ORDERS = ("dmy", "mdy", "ymd")
# The same for whole columns. `mar` is March as well as a Tuesday, and a single character too little to go by.
_LATIN = "|".join(sorted((word for word in _DAY_OF if word < "\u2e80" and word != "mar"), key=len, reverse=True))
_HAN = "|".join(sorted((word for word in _DAY_OF if word >= "\u2e80" and len(word) > 1), key=len, reverse=True))
_FIRST = rf"(?i)^\(?(?:(?:{_LATIN})[.)]*[,\s]+|(?:{_HAN})[),,]?\s*)"
_LAST = rf"(?i)([\d日])[\s,]*[((]?(?:{_LATIN}|{_HAN})\.?[))]?(\s+\d{{1,2}}[::]|\s*$)"


@dataclass
class WeekdayOrder:
    """The order of day, month and year that the weekdays of a file prove, counted over its values."""

    fits: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_ORDERS, 0))
    dated: int = 0

    def add(self, values: pl.Series) -> None:
        for text in values.drop_nulls().unique().to_list():
            day, body = _split(text)
            match = _NUMERIC.match(body)
            if day is None or not match:
                continue
            self.dated += 1
            for order in _ORDERS:
                date = _date(match, order)
                self.fits[order] += date is not None and date.weekday() == day

    @property
    def order(self) -> str | None:
        """None where there are no such dates, or no order fits all of them, or more than one does."""
        fitting = [order for order, count in self.fits.items() if count == self.dated]
        return fitting[0] if self.dated and len(fitting) == 1 else None


def has_weekday(values: pl.Series) -> pl.Series:
    """Which texts begin with the name of a weekday or have one behind their date."""
    return values.str.contains(_FIRST) | values.str.contains(_LAST)


def undayed(values: pl.Series) -> pl.Series:
    """The dates without the names of their weekdays."""
    return values.str.replace(_FIRST, "").str.replace(_LAST, "${1}${2}").str.strip_chars()


def without_weekday(text: str, order: str | None) -> str:
    """The date without the weekday's name and Primavera's marks; in ISO where the weekdays proved its order."""
    day, body = _split(text)
    match = _NUMERIC.match(body) if day is not None and order else None
    date = _date(match, order) if match and order else None
    return body if match is None or date is None else date.isoformat() + body[match.end() :]


def _split(text: str) -> tuple[int | None, str]:
    body = _MARKS.sub("", unicodedata.normalize("NFKC", text).strip())
    for pattern in (_BEFORE, _AFTER):
        match = pattern.search(body)
        if match and (day := _DAY_OF.get(match[1].lower())) is not None and match[1] not in ("日", "月"):
            return day, (body[: match.start()] + body[match.end() :]).strip()
    return None, body


def _date(match: re.Match, order: str) -> dt.date | None:
    numbers = dict(zip(order, map(int, match.groups()), strict=True))
    if order == "ymd" and len(match[3]) == 4 or order != "ymd" and len(match[3]) == 1:
        return None
    year = numbers["y"] + (2000 if numbers["y"] < 70 else 1900) if numbers["y"] < 100 else numbers["y"]
    try:
        return dt.date(year, numbers["m"], numbers["d"])
    except ValueError:
        return None
