"""What a language needs beside its sentences: its name, how it joins words, how it writes numbers, money and days.

A new language is one entry here and one .po file in locale/ (docs/how-to/language.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class MoneyUnit:
    """What an amount is divided by, and the word for it."""

    divisor: int
    word: str = ""


@dataclass(frozen=True)
class Locale:
    """comma: between the members of a list; semicolon: between clauses. Days and months: patterns of Babel. money: its blanks are
    number, unit and currency; money_units: the largest first, the last one 1; currencies: words for their ISO codes."""

    name: str
    day: str
    short_day: str
    month: str
    short_month: str
    week: str
    week_of_year: str
    comma: str = ", "
    semicolon: str = "; "
    decimal: str = "."
    group: str = ","
    money: str = "{currency} {number} {unit}"
    money_units: tuple[MoneyUnit, ...] = (
        MoneyUnit(10**9, "B"),
        MoneyUnit(10**6, "M"),
        MoneyUnit(10**3, "K"),
        MoneyUnit(1),
    )
    currencies: Mapping[str, str] = field(default_factory=dict)


SOURCE_LANGUAGE = "en"  # of the sentences in the code
LANGUAGES: dict[str, Locale] = {
    "zh": Locale(
        name="中文",
        day="y年M月d日",
        short_day="M月d日",
        month="y年M月",
        short_month="M月",
        week="第{week}周",
        week_of_year="{year}年第{week}周",
        comma="、",
        semicolon="；",
        money="{number} {unit}{currency}",
        money_units=(MoneyUnit(10**8, "亿"), MoneyUnit(10**4, "万"), MoneyUnit(1)),
        currencies={"CNY": "元", "USD": "美元", "EUR": "欧元", "HKD": "港元", "JPY": "日元", "GBP": "英镑"},
    ),
    SOURCE_LANGUAGE: Locale(
        name="English",
        day="d MMM y",
        short_day="d MMM",
        month="MMM y",
        short_month="MMM",
        week="W{week:02d}",
        week_of_year="W{week:02d} {year}",
    ),
    # A further language stands below. The first one of all is that of new recipients.
}


def listed(words: Iterable[str], language: str) -> str:
    """The members of a list in one line."""
    return LANGUAGES[language].comma.join(words)


def clauses(sentences: Iterable[str], language: str) -> str:
    """Clauses in one line."""
    return LANGUAGES[language].semicolon.join(sentences)
