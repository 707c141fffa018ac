"""The words on screen and in messages, in Chinese and in English.

A msgid is the English sentence as it stands in the code; the Chinese one comes from
`models/words/locale/zh/LC_MESSAGES/plimsoll.po`, read as it is (no compile step). A sentence without an entry is shown in English:
tests/ui/shell/test_locale.py lets none pass. Texts of the KPI catalogue stand there too, each under its key as msgctxt.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from models.errors import PlimsollError
from models.vocabulary import BatchStatus, FileStatus, Flag, KpiStatus, Phase, Section

LANGUAGES = ("zh", "en")
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
CATALOGS = Path(__file__).resolve().parent / "locale"


def msgid(text: str) -> str:
    """Marks a sentence that is translated later, where it is shown. Returns it unchanged."""
    return text


def translate(template: str, details: Mapping[str, object] | None, language: str) -> str:
    """`template` in `language`, its {blanks} filled.

    For a PlimsollError's template or a reason stored by an earlier version: a sentence that the catalog no longer knows
    is shown in English, and a blank that `details` lacks stays visible, so that nothing is hidden by an old record.
    """
    text = catalog(language).get(template, template)
    if not details:
        return text
    return _Lenient().vformat(text, (), {name: _blank(name, value, language) for name, value in details.items()})


def error_text(error: Exception, language: str) -> str:
    """What a person reads of an error. Only a PlimsollError speaks for itself; anything else goes to the log."""
    if isinstance(error, PlimsollError):
        return translate(error.template, error.details, language)
    return translate(msgid("Something went wrong here. The log holds the details."), None, language)


def stored_text(text: str, language: str) -> str:
    """An English message that was stored whole (a run's error), in `language`: its sentence is found again by its shape.

    A text that no sentence of the catalog fits is returned as it is.
    """
    known = catalog(language)
    if text in known:
        return known[text]
    for template, fixed, shape in _shapes(language):
        found = shape.fullmatch(text) if fixed in text else None
        if found:
            return translate(template, found.groupdict(), language)
    return text


@lru_cache(maxsize=8)
def _shapes(language: str) -> list[tuple[str, str, re.Pattern]]:
    """(sentence, its longest fixed part, expression that its filled form matches), the most specific first.

    Only sentences with named blanks. Looking for the fixed part first is what makes ten thousand reasons cheap.
    """
    shapes = []
    for template in catalog(language):
        pieces, names, longest = [], set(), ""
        for fixed, name, _spec, _conversion in string.Formatter().parse(template):
            pieces.append(re.escape(fixed))
            longest = max(longest, fixed, key=len)
            if name and name.isidentifier():
                pieces.append(f"(?P={name})" if name in names else f"(?P<{name}>.*)")
                names.add(name)
        if names and len(template) >= _SHORTEST_SHAPE:
            shapes.append((template, longest, re.compile("".join(pieces), re.DOTALL)))
    return sorted(shapes, key=lambda found: -len(found[0]))


_NAMES_OF_COLUMNS = ("column", "columns", "canonical", "other_column", "key")
_READINGS = (msgid("decimal mark"), msgid("thousands separator"))
_STORED_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")  # as the control store writes them
_SHORTEST_SHAPE = 30  # shorter sentences are mostly blanks and would fit anything


def reason_text(reason: Mapping[str, object], language: str) -> str:
    """A reason as the door reports or stores it: {code, message, template, details}."""
    template = reason.get("template")
    if not template:
        return str(reason.get("message") or reason.get("code") or "")
    return translate(str(template), reason.get("details") or {}, language)


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


class _Lenient(string.Formatter):
    """Fills the blanks it can; one without a value stays as {name}."""

    def get_value(self, key, args, kwargs):
        return kwargs.get(key, "{" + str(key) + "}") if isinstance(key, str) else "{}"

    def format_field(self, value, format_spec):
        try:
            return super().format_field(value, format_spec)
        except (ValueError, TypeError):
            return str(value)


def _blank(name: str, value: object, language: str) -> object:
    if name == "feed" and value in _FEED_WORDS:
        return feed_word(str(value), language)
    if name == "reason" and isinstance(value, str):
        return stored_text(value, language)
    if name == "reading" and value in _READINGS:
        return catalog(language).get(str(value), value)
    if name in _NAMES_OF_COLUMNS and isinstance(value, str | list | tuple):
        from models.words.columns import column_word  # noqa: PLC0415 (columns need words)

        # A plain word may as well be the head of a column in the file, which is shown as it stands there.
        named = value.split(", ") if isinstance(value, str) else value
        words = [word if name == "column" and "_" not in word else column_word(word, language) for word in named]
        value = words if len(words) > 1 else "".join(words)
    if isinstance(value, str) and _STORED_INSTANT.fullmatch(value):
        from models.words.numbers import instant_text  # noqa: PLC0415 (numbers need words)

        return instant_text(value, language)
    if isinstance(value, Mapping):
        return _said(value, language)
    if isinstance(value, list | tuple | set | frozenset):
        members = (_said(member, language) if isinstance(member, Mapping) else str(member) for member in value)
        return ("、" if language == "zh" else ", ").join(members)
    return value


def _said(value: Mapping[str, object], language: str) -> str:
    """A blank that says what it is (models.words.number_tokens): a sentence, a number with its unit, a day or month, a name."""
    from models.words import numbers  # noqa: PLC0415 (numbers need words)

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
    return str(value.get(language, value))


# ---- the closed lists, in words -------------------------------------------------------------------------------------

STATUS_SIGNS: dict[str, str] = {
    KpiStatus.OK: "●",
    KpiStatus.WARNING: "▲",
    KpiStatus.CRITICAL: "■",
    KpiStatus.NO_DATA: "○",
    KpiStatus.NOT_APPLICABLE: "–",
    KpiStatus.UNRATED: "·",
    KpiStatus.TOO_EARLY: "◌",
}
_STATUS_WORDS: dict[str, str] = {
    KpiStatus.OK: msgid("ok"),
    KpiStatus.WARNING: msgid("warning"),
    KpiStatus.CRITICAL: msgid("critical"),
    KpiStatus.NO_DATA: msgid("no data"),
    KpiStatus.NOT_APPLICABLE: msgid("not applicable"),
    KpiStatus.UNRATED: msgid("not rated"),
    KpiStatus.TOO_EARLY: msgid("not yet measurable"),
}
_FLAG_WORDS: dict[str, str] = {
    Flag.INCOMPLETE: msgid("period still running"),
    Flag.PROVISIONAL: msgid("provisional"),
    Flag.ESTIMATED: msgid("estimated to the data date"),
    Flag.PRESUMED_CLOSED: msgid("presumed closed"),
    Flag.STALE: msgid("stale"),
    Flag.RESTATED: msgid("restated"),
    Flag.BETTER_BY_LOSS: msgid("better by rows gone or smaller"),
}
_FILE_STATUS_WORDS: dict[str, str] = {
    FileStatus.LANDED: msgid("landed"),
    FileStatus.UNCHANGED: msgid("unchanged"),
    FileStatus.HELD: msgid("held"),
    FileStatus.REFUSED: msgid("refused"),
    BatchStatus.UNDONE: msgid("undone"),
}
_SECTION_WORDS: dict[str, str] = {
    Section.QUALITY: msgid("Quality"),
    Section.COST: msgid("Cost centre"),
    Section.SCHEDULE: msgid("Schedule centre"),
    Section.LABOR: msgid("Labor centre"),
    Section.SCOPE: msgid("Changes"),
    Section.ROLLOUT: msgid("Roll-out"),
}
_PHASE_WORDS: dict[str, str] = {
    Phase.INITIATION: msgid("initiation"),
    Phase.REQUIREMENTS_DESIGN: msgid("requirements and design"),
    Phase.PROCUREMENT: msgid("procurement and arrival"),
    Phase.DEVELOPMENT: msgid("development and integration"),
    Phase.TESTING: msgid("test and joint test"),
    Phase.PRELIMINARY_ACCEPTANCE: msgid("preliminary acceptance"),
    Phase.TRIAL_RUN: msgid("trial run"),
    Phase.FINAL_ACCEPTANCE: msgid("final acceptance"),
    Phase.WARRANTY: msgid("warranty and closing"),
}
_FEED_WORDS: dict[str, str] = {
    "issues": msgid("issues"),
    "issue_changes": msgid("issue changes"),
    "worklogs": msgid("timesheets"),
    "ledger": msgid("ledger"),
    "account_balances": msgid("account balances"),
    "attendance": msgid("attendance"),
    "costs": msgid("costs"),
    "budget": msgid("budget"),
    "schedule": msgid("schedule"),
    "coverage": msgid("coverage reports"),
    "code_size": msgid("code size"),
    "test_results": msgid("test results"),
    "contracts": msgid("contracts"),
    "payment_terms": msgid("payment terms"),
    "change_requests": msgid("change requests"),
    "risks": msgid("risks"),
    "sites": msgid("sites"),
    "projects": msgid("projects"),
    "project_aliases": msgid("project aliases"),
    "people": msgid("people"),
    "leaves": msgid("leave"),
    "calendars": msgid("working calendars"),
    "rates": msgid("labor rates"),
    "fx_rates": msgid("exchange rates"),
    "account_mapping": msgid("account mapping"),
}


def status_word(status: str, language: str) -> str:
    return translate(_STATUS_WORDS.get(status, status), None, language)


_EDGE_WORDS: dict[str, str] = {
    "not_achievable": msgid("not achievable"),
    "work_done": msgid("work done"),
    "rate_missing": msgid("rate missing"),
}


def edge_word(reason: str | None, language: str) -> str:
    """The word or two for a value that no number can be: the budget is spent, the work is done. Empty for all others."""
    kind = (reason or "").partition(":")[0]
    return translate(_EDGE_WORDS[kind], None, language) if kind in _EDGE_WORDS else ""


def flag_word(flag: str, language: str) -> str:
    return translate(_FLAG_WORDS.get(flag, flag), None, language)


def file_status_word(status: str, language: str) -> str:
    """Of a file at the door or of a batch: landed, unchanged, held, refused, undone."""
    return translate(_FILE_STATUS_WORDS.get(status, status), None, language)


def section_word(section: str, language: str) -> str:
    return translate(_SECTION_WORDS.get(section, section), None, language)


def phase_word(phase: str, language: str) -> str:
    return translate(_PHASE_WORDS.get(phase, phase), None, language)


def feed_word(feed: str, language: str) -> str:
    return translate(_FEED_WORDS.get(feed, feed), None, language)
