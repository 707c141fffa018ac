"""What only a person can say of a file: ingest's questions with real values of the file, and ways to correct the rest.

Every function returns what was said, as LoadOptions by name, or {} when nothing was: the file is then read again with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import streamlit as st

from models.feeds import FEEDS
from models.intake import LoadReport, Question
from models.vocabulary import FileStatus
from ui.intake.uploading import (
    DATE_ORDER_WORDS,
    FOUND_OUT,
    UploadedFile,
    answers,
    date_order_words,
    feed_words,
    project_words,
)
from ui.intake.words import encoding_name, unit_name
from ui.shell import boxes
from ui.shell.numbers import date_text
from ui.shell.wording import _, feed_word, msgid, safe, spoken

# Reasons that are questions, though ingest asks them in a sentence only.
_ASKED_BY_REASON = {
    "ingest.project_needed": "project",
    "ingest.several_feeds": "feed",
    "ingest.day_from_file": "measured_on",
}
# Encodings that a person may know their tool by; anything else is for the command line.
_ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "cp1252", "cp1251", "cp1250", "shift_jis")
_DECIMAL_WORDS = {
    FOUND_OUT: msgid("as the file shows"),
    ".": msgid("a dot: 1,234.5"),
    ",": msgid("a comma: 1.234,5"),
}


def questions_of(entry: LoadReport) -> list[Question]:
    """The questions of an entry, each once."""
    asked = list(entry.questions)
    known = {question["code"] for question in asked}
    for reason in entry.reasons:
        code = _ASKED_BY_REASON.get(reason.code)
        if code and code not in known:
            known.add(code)
            asked.append({"code": code, "day": reason.details.get("day")})
    if "project" not in known and _names_no_project(entry):
        asked.append({"code": "project"})
    return asked


def _names_no_project(entry: LoadReport) -> bool:
    """Its rows would be counted as unallocated, though its kind of data belongs to projects."""
    feed = FEEDS.get(entry.feed or "")
    would_land = entry.status in (FileStatus.LANDED, FileStatus.HELD) and not entry.batch_id
    return bool(would_land and feed and not feed.reference and "project" in feed.schema() and not entry.projects)


def answered(file: UploadedFile, entry: LoadReport, projects: Mapping[str, str], key: str) -> dict[str, Any]:
    """Shows the questions of an entry; what was answered just now."""
    said: dict[str, Any] = {}
    seen: set[str] = set()
    for question in questions_of(entry):
        ask = _ASK.get(question["code"])
        if ask is None or question["code"] in seen:
            continue
        seen.add(question["code"])
        said |= ask(question, file, projects, f"{key}_{question['code']}")
    return said


def _ask_date_order(question: Question, _file: UploadedFile, _projects: Mapping[str, str], key: str) -> dict[str, Any]:
    days = {order: question[order] for order in ("dmy", "mdy") if question.get(order)}
    if len(days) < 2:
        return {}
    label = _(
        "Which day is '{value}' in the column '{column}'? No value of the file tells day from month.",
        value=safe(question.get("value", "")),
        column=safe(question.get("column", "")),
    )
    words = {order: f"{date_text(day)} ({spoken(DATE_ORDER_WORDS[order])})" for order, day in days.items()}
    return _radio("date_order", label, words, key)


def _ask_unit(question: Question, _file: UploadedFile, _projects: Mapping[str, str], key: str) -> dict[str, Any]:
    label = _(
        "In what does the column '{column}' count? Neither its name nor its values (such as {value}) say it.",
        value=safe(question.get("value", "")),
        column=safe(question.get("column", "")),
    )
    return _radio("unit", label, {unit: unit_name(unit) for unit in question.get("choices") or []}, key)


def _ask_encoding(question: Question, _file: UploadedFile, _projects: Mapping[str, str], key: str) -> dict[str, Any]:
    words = {
        choice["encoding"]: f"{safe(choice['text'])} ({encoding_name(choice['encoding'])})"
        for choice in question.get("choices") or []
    }
    return _radio("encoding", _("Which of these lines reads right?"), words, key)


def _radio(option: str, label: str, words: Mapping[str, str], key: str) -> dict[str, Any]:
    chosen = st.radio(label, list(words), index=None, format_func=words.get, key=key)
    return {option: chosen} if chosen else {}


def _ask_project(_question: Question, file: UploadedFile, projects: Mapping[str, str], key: str) -> dict[str, Any]:
    words = project_words(projects)
    del words[FOUND_OUT]
    project = boxes.selectbox(
        _("Which project is this file about?"),
        words,
        index=None,
        placeholder=_("choose a project, or type its number"),
        accept_new_options=True,
        key=key,
    )
    return {"project": project} if project and project != answers(file).get("project") else {}


def _ask_feed(question: Question, file: UploadedFile, _projects: Mapping[str, str], key: str) -> dict[str, Any]:
    likely = [feed for feed in question.get("choices") or [] if feed in FEEDS]
    words = {feed: feed_word(feed) for feed in [*likely, *FEEDS]}
    feed = boxes.selectbox(_("What kind of data is this?"), words, index=None, key=key)
    return {"feed": feed} if feed and feed != answers(file).get("feed") else {}


def _ask_measured_on(question: Question, file: UploadedFile, _projects: Mapping[str, str], key: str) -> dict[str, Any]:
    guessed = dt.date.fromisoformat(question["day"]) if question.get("day") else None
    day = st.date_input(
        _("Which day does this report speak of?"), value=guessed, key=key, format="YYYY-MM-DD", width=260
    )
    return {"measured_on": day} if day and day not in (guessed, answers(file).get("measured_on")) else {}


_ASK = {
    "date_order": _ask_date_order,
    "encoding": _ask_encoding,
    "unit": _ask_unit,
    "project": _ask_project,
    "feed": _ask_feed,
    "measured_on": _ask_measured_on,
}


def corrected(file: UploadedFile, entry: LoadReport, projects: Mapping[str, str], key: str) -> dict[str, Any]:
    """A form behind a button: kind, project, dates, decimal mark and encoding, where Plimsoll took them wrong."""
    said, named = answers(file), project_words(projects)
    if said.get("project"):
        named.setdefault(said["project"], said["project"])
    with st.popover(_("Read it differently"), icon=":material/tune:"), st.form(f"{key}_form", border=False):
        given = {
            "feed": _chosen(_("Feed"), feed_words(_("recognize it")), said.get("feed"), f"{key}_feed"),
            "project": _chosen(
                _("Project of rows that name none"),
                named,
                said.get("project"),
                f"{key}_project",
                accept_new_options=True,
            ),
            "date_order": _chosen(_("Dates"), date_order_words(), said.get("date_order"), f"{key}_dates"),
            "decimal": _chosen(
                _("Decimal mark"),
                {mark: spoken(words) for mark, words in _DECIMAL_WORDS.items()},
                said.get("decimal"),
                f"{key}_decimal",
            ),
            "encoding": _chosen(
                _("Encoding"),
                {FOUND_OUT: _("as the file shows")} | {encoding: encoding_name(encoding) for encoding in _ENCODINGS},
                said.get("encoding"),
                f"{key}_encoding",
                disabled=not entry.delimiter and entry.encoding is None and bool(entry.sheet),
            ),
        }
        if not st.form_submit_button(_("Read again")):
            return {}
    return {name: value for name, value in given.items() if value != said.get(name)}


def _chosen(label: str, words: Mapping[str, str], standing: str | None, key: str, **more: Any) -> str | None:
    """What is chosen; None where Plimsoll finds it out for itself. standing: what was said so far."""
    index = list(words).index(standing) if standing and standing in words else 0
    return boxes.selectbox(label, words, index=index, key=key, **more) or None
