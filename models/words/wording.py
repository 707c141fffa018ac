"""Sentences on screen and in messages, in the reader's language: their blanks are numbers, days, columns, names.

A msgid is the English sentence as it stands in the code (models.words.catalog).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from models.document import Row
from models.errors import PlimsollError
from models.words import numbers
from models.words.catalog import msgid, sentence
from models.words.columns import column_word
from models.words.locales import SOURCE_LANGUAGE, listed
from models.words.terms import FEED_WORDS, STATUS_SIGNS, feed_word, status_word


def translate(template: str, details: Mapping[str, object] | None, language: str) -> str:
    """`template` in `language`, its {blanks} filled.

    For a PlimsollError's template or a reason stored by an earlier version: a sentence that the catalog no longer knows
    is shown in English, and a blank that `details` lacks stays visible, so that nothing is hidden by an old record.
    """
    worded = {name: _blank(name, value, language) for name, value in (details or {}).items()}
    return sentence(template, worded, language)


def error_text(error: Exception, language: str) -> str:
    """What a person reads of an error. Only a PlimsollError speaks for itself; anything else goes to the log."""
    if isinstance(error, PlimsollError):
        return translate(error.template, error.details, language)
    return translate(msgid("Something went wrong here. The log holds the details."), None, language)


_NAMES_OF_COLUMNS = ("column", "columns", "canonical", "other_column", "key")
_READINGS = (msgid("decimal mark"), msgid("thousands separator"))
_STORED_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")  # as the control store writes them


def reason_text(reason: Row, language: str) -> str:
    """A reason as ingest reports or stores it: {code, message, template, details}."""
    template = reason.get("template")
    if not template:
        return str(reason.get("message") or reason.get("code") or "")
    return translate(str(template), reason.get("details") or {}, language)


def _blank(name: str, value: object, language: str) -> object:
    if name == "feed" and value in FEED_WORDS:
        return feed_word(str(value), language)
    if name == "reading" and value in _READINGS:
        return sentence(str(value), None, language)
    if name in _NAMES_OF_COLUMNS and isinstance(value, str | list | tuple):
        # A plain word may as well be the head of a column in the file, which is shown as it stands there.
        named = value.split(", ") if isinstance(value, str) else value
        words = [word if name == "column" and "_" not in word else column_word(word, language) for word in named]
        value = words if len(words) > 1 else "".join(words)
    if isinstance(value, str) and _STORED_INSTANT.fullmatch(value):
        return numbers.instant_text(value, language)
    if isinstance(value, Mapping):
        return _said(value, language)
    if isinstance(value, list | tuple | set | frozenset):
        members = (_said(member, language) if isinstance(member, Mapping) else str(member) for member in value)
        return listed(members, language)
    return value


def _said(value: Row, language: str) -> str:
    """A blank that says what it is (models.words.number_tokens): a sentence, a number with its unit, a day or month, a name."""
    if "template" in value:
        return translate(str(value["template"]), value.get("details") or {}, language)
    if "number" in value:
        number, unit, exact = value["number"], str(value["unit"]), bool(value.get("exact"))
        if value.get("signed") and unit == "percent":
            return numbers.percent_text(number, language, exact, signed=True)
        return numbers.kpi_value_text(number, unit, language, exact, currency=value.get("currency") or "CNY")
    if "status" in value:
        return f"{STATUS_SIGNS[value['status']]} {status_word(value['status'], language)}"
    if "day" in value:
        return numbers.date_text(value["day"], language)
    if "month" in value:
        return numbers.month_text(value["month"], language)
    return str(value.get(language) or value.get(SOURCE_LANGUAGE, value))
