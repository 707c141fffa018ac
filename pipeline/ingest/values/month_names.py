"""The names of months in the languages whose exports come in, from CLDR, and what older Java writes instead."""

from __future__ import annotations

import unicodedata
from functools import cache

# Ten languages of the screen and the exports, and neighbors whose names contradict none of theirs.
LANGUAGES = ("en", "en_AU", "zh", "zh_Hant", "es", "pt", "pt_PT", "de", "fr", "ru", "pl", "ja", "it", "nl", "sv", "da")
# Java up to 8, and people: short forms that CLDR has not (any more).
_OTHERS = {
    1: "jänner",
    2: "фев fév",
    3: "mrz mär",
    5: "май",
    6: "июн",
    7: "июл",
    9: "sep sept set setiembre сен",
    11: "ноя",
}


@cache
def month_numbers() -> dict[str, int]:
    """Name in small letters, with and without its dot and its accents → 1..12; a name that two months share is left out."""
    from babel import Locale  # noqa: PLC0415 (0.2 s; most files name no month)

    numbers: dict[str, set[int]] = {}
    for language in LANGUAGES:
        months = Locale.parse(language).months
        for names in (
            months[context][width] for context in ("format", "stand-alone") for width in ("abbreviated", "wide")
        ):
            for number, name in names.items():
                for form in _forms(name):
                    numbers.setdefault(form, set()).add(number)
    for number, names in _OTHERS.items():
        for name in names.split():
            numbers.setdefault(name, set()).add(number)
    return {name: found.pop() for name, found in numbers.items() if len(found) == 1}


def _forms(name: str) -> set[str]:
    plain = name.lower().strip(" .")
    bare = "".join(
        character for character in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(character)
    )
    return {plain, bare, bare.replace("ł", "l")} if bare.isascii() or "ł" in bare else {plain}
