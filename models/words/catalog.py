"""The catalogs of the languages: English is the msgid, every other language one .po file in locale/.

They are read as they are (no compile step). A sentence without an entry is shown in English: a test lets none pass.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("zh", "en")
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
CATALOGS = Path(__file__).resolve().parent / "locale"


def msgid(text: str) -> str:
    """Marks a sentence that is translated later, where it is shown. Returns it unchanged."""
    return text


@lru_cache(maxsize=8)
def catalog(language: str) -> dict[str, str]:
    """{msgid: translation} of one language; empty for English, which is the msgid itself."""
    return {msgid: text for (context, msgid), text in _entries(language).items() if context is None}


@lru_cache(maxsize=8)
def catalogue_entries(language: str) -> dict[tuple[str, str], str]:
    """{(msgctxt, msgid): translation} of the texts of the KPI catalogue; msgctxt is the key that states the text."""
    return {(context, msgid): text for (context, msgid), text in _entries(language).items() if context is not None}


def catalogue_text(context: str, text: str, language: str) -> str:
    """A text of the KPI catalogue in `language`, English where nobody has translated it. context: kpi.label, measure.label …"""
    return catalogue_entries(language).get((context, text), text)


@lru_cache(maxsize=8)
def _entries(language: str) -> dict[tuple[str | None, str], str]:
    path = CATALOGS / language / "LC_MESSAGES" / "plimsoll.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        entries = read_po(file, locale=language)
    return {
        (entry.context, entry.id): entry.string for entry in entries if entry.id and entry.string and not entry.fuzzy
    }


def sentence(template: str, details: Mapping[str, object] | None, language: str) -> str:
    """`template` in `language`, its {blanks} filled with plain words and numbers. One that `details` lacks stays visible."""
    text = catalog(language).get(template, template)
    return _Lenient().vformat(text, (), dict(details)) if details else text


class _Lenient(string.Formatter):
    """Fills the blanks it can; one without a value stays as {name}."""

    def get_value(self, key, args, kwargs):
        return kwargs.get(key, "{" + str(key) + "}") if isinstance(key, str) else "{}"

    def format_field(self, value, format_spec):
        try:
            return super().format_field(value, format_spec)
        except (ValueError, TypeError):
            return str(value)
