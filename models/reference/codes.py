"""How codes and names are compared: as people write them. The macros code_key and code_plain are the same rule in SQL.

`Ｗ１４` is `W14`, `W-15` is `w 15` and `W15`, `Core` is `CORE `; `1-1` and `11` stay two codes, as do `Li Na` and `Lina`.
"""

from __future__ import annotations

import re

# Full-width forms of ASCII, then the dashes and blanks of Unicode. As text, so that the macro can state the same.
_WIDE = "".join(map(chr, range(0xFF01, 0xFF5F))) + "‐‑‒–—―−" + "\u00a0\u2002\u2003\u2009\u202f\u3000"
_NARROW = "".join(map(chr, range(0x21, 0x7F))) + "-------" + "      "
_NARROW_OF = dict(zip(_WIDE, _NARROW, strict=True))
_BLANKS = re.compile(r"[\t\n\f\r ]+")
_SEPARATORS = re.compile(r"[\t\n\f\r _-]+")
_AFTER_DIGIT = re.compile(r"([0-9])-([^0-9])")
_BEFORE_DIGIT = re.compile(r"([^0-9])-([0-9])")
_BESIDE_IDEOGRAPH = re.compile("-?([一-鿿])-?")


def code_plain(code: str) -> str:
    """Half-width, in lower case, single blanks: two codes that differ by more may both be real."""
    return _BLANKS.sub(" ", "".join(_lower(_NARROW_OF.get(letter, letter)) for letter in code)).strip(" ")


def code_key(code: str) -> str:
    """The form in which codes meet: separators count alike, and only between two digits or between two letters of an alphabet.

    What is nothing but separators stands for itself.
    """
    plain = code_plain(code)
    key = _SEPARATORS.sub("-", plain).strip("-")
    key = _BEFORE_DIGIT.sub(r"\1\2", _AFTER_DIGIT.sub(r"\1\2", key))
    return _BESIDE_IDEOGRAPH.sub(r"\1", key) or plain


def _lower(letter: str) -> str:
    """Of one letter one letter, wherever it stands: not the two that Python makes of İ."""
    return letter.lower()[0]
