"""Currencies as column names: the state's list of rates, with one row per day and one column per currency."""

from __future__ import annotations

import math
import re

import polars as pl

from pipeline.ingest.dialects.header_words import normal_header
from pipeline.ingest.values.cleaning import CURRENCIES

FEWEST = 2  # one column named after a currency may be anything
_CODES = frozenset(CURRENCIES.values())
_PAIR = re.compile(r"(?P<per>100)?\s*(?P<base>[a-z]{3})\s*/\s*(?P<quote>[a-z]{3})")
_ALONE = re.compile(r"(?P<per>100|1)?\s*(?P<name>.+?)\s*(?:[(\[（].*[)\]）])?")
# What one unit costs in yuan, roughly: enough to tell a quote for one from a quote for a hundred.
_YUAN = {
    "USD": 7.0, "EUR": 8.0, "GBP": 9.0, "CHF": 8.0, "AUD": 4.7, "CAD": 5.1, "NZD": 4.3, "SGD": 5.3, "HKD": 0.9, "MOP": 0.9,
    "JPY": 0.05,
}  # fmt: skip
# The state's list quotes these the other way: what a hundred yuan cost in them (State Administration of Foreign Exchange).
_OTHER_WAY = frozenset(
    ["MYR", "RUB", "ZAR", "KRW", "AED", "SAR", "HUF", "PLN", "DKK", "SEK", "NOK", "TRY", "MXN", "THB"]
)


def pair_of_column(name: str) -> str | None:
    """What a column quotes: `USD/CNY` is 'USD/CNY/1', `100JPY/CNY` and `100日元` 'JPY/CNY/100'; `美元`, `USD` or `美元(USD)` is
    'USD', whose unit the values must tell. None for other names.
    """
    normal = normal_header(name)
    if match := _PAIR.fullmatch(normal):
        base, quote = match["base"].upper(), match["quote"].upper()
        return f"{base}/{quote}/{match['per'] or 1}" if {base, quote} <= _CODES else None
    alone = _ALONE.fullmatch(normal)
    code = CURRENCIES.get(alone["name"].upper(), alone["name"].upper()) if alone else None
    if code not in _CODES or code == "CNY":
        return None
    return f"{code}/CNY/{alone['per']}" if alone["per"] else code


def currency_columns(headers: dict[int, str]) -> dict[int, str]:
    """Index → what the column quotes, where a list of rates has its currencies side by side; empty where it has not."""
    found = {index: pair for index, name in headers.items() if (pair := pair_of_column(name))}
    says_unit = any("/" in pair or pair in _YUAN for pair in found.values())
    return found if len(found) >= FEWEST and says_unit else {}


class QuotesShape:
    """From currency columns laid out as rows (from_currency as `pair_of_column` has it) to from_currency, to_currency and per."""

    def __init__(self) -> None:
        self._per: int | None = None

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        if self._per is None:
            self._per = _quoted_for(rows)
        parts = pl.col("from_currency").str.split("/")
        is_pair = parts.list.len() == 3
        other_way = ~is_pair & pl.col("from_currency").is_in(_OTHER_WAY) & (self._per == 100)
        first, second = parts.list.get(0), parts.list.get(1, null_on_oob=True)
        return rows.with_columns(
            from_currency=pl.when(other_way).then(pl.lit("CNY")).otherwise(first),
            to_currency=pl.when(is_pair).then(second).when(other_way).then(first).otherwise(pl.lit("CNY")),
            per=pl.when(is_pair).then(parts.list.get(2, null_on_oob=True)).otherwise(pl.lit(str(self._per))),
        )


def _quoted_for(rows: pl.DataFrame) -> int:
    """100 or 1: which of both most quotes of well-known currencies are nearer to."""
    named = rows.select("from_currency", pl.col("rate").str.replace_all(",", "").cast(pl.Float64, strict=False))
    votes = [
        abs(math.log(rate / (100 * _YUAN[code]))) < abs(math.log(rate / _YUAN[code]))
        for code, rate in named.iter_rows()
        if code in _YUAN and rate and rate > 0
    ]
    return 100 if votes and sum(votes) * 2 > len(votes) else 1
