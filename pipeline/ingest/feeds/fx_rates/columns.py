"""Currencies as column names: the state's list of rates, with one row per day and one column per currency."""

from __future__ import annotations

import re

from pipeline.ingest.dialects.names import normal_header
from pipeline.ingest.values.cleaning import CURRENCIES

FEWEST = 2  # one column named after a currency may be anything
_CODES = frozenset(CURRENCIES.values())
_PAIR = re.compile(r"(?P<per>100)?\s*(?P<base>[a-z]{3})\s*/\s*(?P<quote>[a-z]{3})")
_ALONE = re.compile(r"(?P<per>100|1)?\s*(?P<name>.+?)\s*(?:[(\[（].*[)\]）])?")
# What one unit costs in yuan, roughly: enough to tell a quote for one from a quote for a hundred.
YUAN = {
    "USD": 7.0, "EUR": 8.0, "GBP": 9.0, "CHF": 8.0, "AUD": 4.7, "CAD": 5.1, "NZD": 4.3, "SGD": 5.3, "HKD": 0.9, "MOP": 0.9,
    "JPY": 0.05,
}  # fmt: skip


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
    if alone is None or code not in _CODES or code == "CNY":
        return None
    return f"{code}/CNY/{alone['per']}" if alone["per"] else code


def currency_columns(headers: dict[int, str]) -> dict[int, str]:
    """Index → what the column quotes, where a list of rates has its currencies side by side; empty where it has not."""
    found = {index: pair for index, name in headers.items() if (pair := pair_of_column(name))}
    says_unit = any("/" in pair or pair in YUAN for pair in found.values())
    return found if len(found) >= FEWEST and says_unit else {}
