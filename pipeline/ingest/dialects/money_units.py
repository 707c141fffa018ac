"""The scale of money: 万元 and its kin in a header, a title or a preamble."""

from __future__ import annotations

import re

FACTORS = {
    "thousand": 1_000,
    "ten_thousand": 10_000,
    "million": 1_000_000,
    "ten_million": 10_000_000,
    "hundred_million": 100_000_000,
}
_SCALES = (
    ("亿", "hundred_million"), ("千万", "ten_million"), ("百万", "million"), ("万", "ten_thousand"), ("千", "thousand"),
)  # fmt: skip
_CURRENCY = r"(?:人民币|本币|rmb|cny|eur|usd|gbp|brl|pln|rub|[¥€$£]|r\$)"
_SCALE_ZH = r"(?:亿|千万|百万|万|千)"
_IN_HEADER = re.compile(
    rf"[(\[【/]\s*(?:单位:)?\s*{_CURRENCY}?\s*(?P<zh>{_SCALE_ZH})元?\s*[)\]】]?$|(?P<bare>{_SCALE_ZH}元)"
    rf"|[(\[]\s*{_CURRENCY}?\s*(?P<k>k|t|'000|thousands?|in thousands)\s*{_CURRENCY}?\s*[)\]]|(?P<k2>'000)\b"
    r"|(?P<k3>\bthousands?\b)"
    rf"|[(\[]\s*{_CURRENCY}?\s*(?P<m>m|mn|mio\.?|millions?|in millions)\s*{_CURRENCY}?\s*[)\]]|(?P<m2>\bmillions?\b)"
)
_UNIT_SUFFIX = re.compile(
    rf"\s*(?:[(\[【]\s*(?:单位:)?\s*(?:in\s+)?{_CURRENCY}?\s*(?:{_SCALE_ZH}?元?|k|t|m|mn|mio\.?|'000|thousands?|millions?)\s*{_CURRENCY}?\s*"
    rf"[)\]】]|[/_\-]?{_SCALE_ZH}元|[/_\-]元|\s{_CURRENCY})$"
)
_TOLD = re.compile(
    rf"(?<![算制报填名])单位\s*:\s*\(?{_CURRENCY}?\s*(?P<zh>{_SCALE_ZH}?元|{_SCALE_ZH})"
    rf"|[(\[]\s*(?:人民币)?\s*(?P<bracket>{_SCALE_ZH}元)\s*[)\]]"
    r"|\b(?:in|unit:|units:)\s*(?P<en>thousands|millions)\b|(?P<zeros>'000)\b",
    re.IGNORECASE,
)


def header_unit(normal: str) -> str | None:
    """万元, (万), /千元, (k€), '000, in millions: the scale of the amounts in a column of this normalized name."""
    match = _IN_HEADER.search(normal)
    if match is None:
        return None
    if word := match["zh"] or match["bare"]:
        return _of_word(word)
    return "million" if match["m"] or match["m2"] else "thousand"


def told_unit(text: str) -> str | None:
    """`单位:万元`, `(万元)`, `in thousands` in a title or a preamble; `单位:元` and silence are None."""
    match = _TOLD.search(text)
    if match is None:
        return None
    if word := match["zh"] or match["bracket"]:
        return _of_word(word)
    return "million" if (match["en"] or "").lower() == "millions" else "thousand"


def _of_word(word: str) -> str | None:
    return next((unit for scale, unit in _SCALES if word.startswith(scale)), None)


def says_single_units(normal: str) -> bool:
    """`金额(元)`: this column counts single units, whatever the preamble says."""
    return bool(re.search(rf"[(\[【/]\s*{_CURRENCY}?元?\s*[)\]】]?$", normal)) and header_unit(normal) is None


def without_unit(normal: str) -> str:
    """The name without its unit: 合同金额(万元) as 合同金额, amount(k€) as amount."""
    return _UNIT_SUFFIX.sub("", normal).strip() or normal
