"""The catalogs of the languages: English is the msgid, every language of models.words.locales one .po file in locale/.

They are read as they are (no compile step). A sentence without an entry is shown in English: a test lets none pass. A sentence
that counts is its own msgid and msgid_plural; the catalog of English holds nothing but these.
"""

from __future__ import annotations

import io
import string
from collections.abc import Mapping, Sequence
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from models.words.locales import LANGUAGES

CATALOGS = Path(__file__).resolve().parent / "locale"


def msgid(text: str) -> str:
    """Marks a sentence that is translated later, where it is shown. Returns it unchanged."""
    return text


@lru_cache(maxsize=16)
def catalog(language: str) -> tuple[NullTranslations, frozenset[str]]:
    """The translations into one language, and the sentences that have plural forms in it."""
    entries = _read(language)
    if entries is None:
        return NullTranslations(), frozenset()
    compiled = io.BytesIO()
    write_mo(compiled, entries)
    compiled.seek(0)
    return Translations(compiled), frozenset(entry.id[0] for entry in entries if entry.pluralizable)


def catalogue_text(context: str, text: str, language: str) -> str:
    """A text of the KPI catalogue in `language`, English where nobody has translated it. context: kpi.label, measure.label …"""
    return str(catalog(language)[0].pgettext(context, text)) if text else text


def catalogue_entries(language: str) -> dict[tuple[str, str], str]:
    """{(msgctxt, msgid): translation} of the texts of the KPI catalogue; msgctxt is the key that states the text."""
    return {
        (entry.context, str(entry.id)): str(entry.string)
        for entry in _read(language) or ()
        if entry.context and entry.string
    }


@lru_cache(maxsize=512)
def reads_as(text: str, language: str) -> tuple[str, ...]:
    """The sentences (msgids) that read `text` in a language."""
    sources = [str(entry.id) for entry in _read(language) or () if entry.string == text and not entry.context]
    return tuple(sources) or (text,)


@lru_cache(maxsize=16)
def _read(language: str) -> Catalog | None:
    path = CATALOGS / language / "LC_MESSAGES" / "plimsoll.po"
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language)


def sentence(template: str, details: Mapping[str, object] | None, language: str) -> str:
    """`template` in `language`, its {blanks} filled with plain words and numbers. One that `details` lacks stays visible."""
    if not template:
        return ""  # gettext keeps the head of the catalog under it
    translations, plurals = catalog(language)
    if template in plurals:
        text = translations.ngettext(template, template, _count(template, details or {}, language)) or template
    else:
        text = translations.gettext(template)
    return _Lenient().vformat(text, (), dict(details)) if details else text


def _count(template: str, details: Mapping[str, object], language: str) -> int:
    """What the first blank that is a number counts; 2 for a fraction and where none is one, which then read as many."""
    locale = LANGUAGES[language]
    for _text, name, _spec, _conversion in string.Formatter().parse(template):
        counted = details.get(name or "", "")
        if isinstance(counted, float):
            return int(counted) if counted.is_integer() else 2
        digits = str(counted).replace(locale.group, "")
        if digits.isdecimal():
            return int(digits)
        if digits.replace(locale.decimal, "", 1).isdecimal():
            return 2
    return 2


class _Lenient(string.Formatter):
    """Fills the blanks it can; one without a value stays as {name}."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(key, "{" + str(key) + "}") if isinstance(key, str) else "{}"

    def format_field(self, value: Any, format_spec: str) -> str:
        try:
            return str(super().format_field(value, format_spec))
        except (ValueError, TypeError):
            return str(value)
