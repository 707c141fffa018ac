"""What a spreadsheet would run as a formula, and how it is kept from it in every export of ours."""

from __future__ import annotations

import re

# A plain number may begin with + or - and stays a number: -5, -1,234.50, +3%, -1.2E-05.
FORMULA = r"^\s*[=+\-@\t\r＝＋－＠]"
NUMBER = r"^\s*[+\-]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][+\-]?\d+)?\s*%?\s*$"
_FORMULA, _NUMBER = re.compile(FORMULA), re.compile(NUMBER)


def neutral(text: str) -> str:
    """`text`, with an apostrophe in front where a spreadsheet would run it."""
    return "'" + text if _FORMULA.match(text) and not _NUMBER.match(text) else text
