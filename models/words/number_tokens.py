"""Blanks of a sentence that know their unit: kept as JSON with the alert, put in words where they are read.

`models.words.wording.translate` fills them in the reader's language, rounded as on a card.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.words.catalog import catalogue_text
from models.words.locales import LANGUAGES


def number(value: float | None, unit: str, *, currency: str | None = None, signed: bool = False) -> dict[str, Any]:
    """A value in the unit of a KPI: percent (a share), index, ratio, money, count, days, hours or months."""
    told: dict[str, Any] = {"number": None if value is None else float(value), "unit": unit}
    return told | ({"currency": currency} if currency else {}) | ({"signed": True} if signed else {})


def against(
    value: float, level: float, unit: str, *, currency: str | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A value and the level it is held against; both exact where they would read the same though they differ."""
    both = number(value, unit, currency=currency), number(level, unit, currency=currency)
    is_close = value != level and abs(value - level) <= 0.01 * max(abs(value), abs(level))
    return (both[0] | {"exact": True}, both[1] | {"exact": True}) if is_close else both


def day(on: dt.date) -> dict[str, Any]:
    return {"day": on.isoformat()}


def month(period_end: dt.date) -> dict[str, Any]:
    return {"month": period_end.isoformat()}


def status(word: str) -> dict[str, Any]:
    """A status of a value, with its sign."""
    return {"status": word}


def named(label: str) -> dict[str, Any]:
    """The name of a KPI, in every language."""
    return {language: catalogue_text("kpi.label", label, language) for language in LANGUAGES}


def clause(template: str, **details: object) -> dict[str, Any]:
    """A sentence within a sentence. template: a msgid."""
    return {"template": template, "details": details}
