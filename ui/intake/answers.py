"""What only a person can say of a file: the door's questions with real values of the file, and ways to correct the rest.

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
from models.words.numbers import date_text
from ui.intake.uploading import DATE_ORDER_WORDS, DATE_ORDERS, FOUND_OUT, UploadedFile, answers, project_choice
from ui.intake.words import encoding_name, unit_name
from ui.shell import boxes
from ui.shell.wording import _, feed_word, language, msgid, safe, spoken

# Reasons that are questions, though the door asks them in a sentence only.
_ASKED_BY_REASON = {
    "door.project_needed": "project",
    "door.several_feeds": "feed",
    "door.day_from_file": "measured_on",
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
    shown = language()
    days = {order: question[order] for order in ("dmy", "mdy") if question.get(order)}
    if len(days) < 2:
        return {}
    order = st.radio(
        _(
            "Which day is '{value}' in the column '{column}'? No value of the file tells day from month.",
            value=safe(question.get("value", "")),
            column=safe(question.get("column", "")),
        ),
        list(days),
        index=None,
        format_func=lambda one: f"{date_text(days[one], shown)} ({spoken(DATE_ORDER_WORDS[one])})",
        key=key,
    )
    return {"date_order": order} if order else {}


def _ask_unit(question: Question, _file: UploadedFile, _projects: Mapping[str, str], key: str) -> dict[str, Any]:
    unit = st.radio(
        _(
            "In what does the column '{column}' count? Neither its name nor its values (such as {value}) say it.",
            value=safe(question.get("value", "")),
            column=safe(question.get("column", "")),
        ),
        list(question.get("choices") or []),
        index=None,
        format_func=unit_name,
        key=key,
    )
    return {"unit": unit} if unit else {}


def _ask_encoding(question: Question, _file: UploadedFile, _projects: Mapping[str, str], key: str) -> dict[str, Any]:
    choices = {choice["encoding"]: choice["text"] for choice in question.get("choices") or []}
    encoding = st.radio(
        _("Which of these lines reads right?"),
        list(choices),
        index=None,
        format_func=lambda one: f"{safe(choices[one])} ({encoding_name(one)})",
        key=key,
    )
    return {"encoding": encoding} if encoding else {}


def _ask_project(_question: Question, file: UploadedFile, projects: Mapping[str, str], key: str) -> dict[str, Any]:
    project = boxes.selectbox(
        _("Which project is this file about?"),
        list(projects),
        index=None,
        format_func=lambda one: project_choice(one, dict(projects)),
        placeholder=_("choose a project, or type its number"),
        accept_new_options=True,
        key=key,
    )
    return {"project": project} if project and project != answers(file).get("project") else {}


def _ask_feed(question: Question, file: UploadedFile, _projects: Mapping[str, str], key: str) -> dict[str, Any]:
    shown = language()
    likely = [feed for feed in question.get("choices") or [] if feed in FEEDS]
    feed = boxes.selectbox(
        _("What kind of data is this?"),
        [*likely, *(feed for feed in FEEDS if feed not in likely)],
        index=None,
        format_func=lambda name: feed_word(name, shown),
        placeholder=_("choose"),
        key=key,
    )
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
    shown, said = language(), answers(file)
    with st.popover(_("Read it differently"), icon=":material/tune:"), st.form(f"{key}_form", border=False):
        feed = boxes.selectbox(
            _("Feed"),
            [FOUND_OUT, *FEEDS],
            index=_place(said.get("feed"), [FOUND_OUT, *FEEDS]),
            format_func=lambda name: _("recognize it") if name == FOUND_OUT else feed_word(name, shown),
            key=f"{key}_feed",
        )
        named = list(dict.fromkeys([FOUND_OUT, *projects, *([said["project"]] if said.get("project") else [])]))
        project = boxes.selectbox(
            _("Project of rows that name none"),
            named,
            index=_place(said.get("project"), named),
            format_func=lambda one: _("as the file says") if one == FOUND_OUT else project_choice(one, dict(projects)),
            accept_new_options=True,
            key=f"{key}_project",
        )
        date_order = boxes.selectbox(
            _("Dates"),
            DATE_ORDERS,
            index=_place(said.get("date_order"), list(DATE_ORDERS)),
            format_func=lambda order: spoken(DATE_ORDER_WORDS[order]),
            key=f"{key}_dates",
        )
        decimal = boxes.selectbox(
            _("Decimal mark"),
            list(_DECIMAL_WORDS),
            index=_place(said.get("decimal"), list(_DECIMAL_WORDS)),
            format_func=lambda mark: spoken(_DECIMAL_WORDS[mark]),
            key=f"{key}_decimal",
        )
        encodings = [FOUND_OUT, *_ENCODINGS]
        encoding = boxes.selectbox(
            _("Encoding"),
            encodings,
            index=_place(said.get("encoding"), encodings),
            format_func=lambda one: _("as the file shows") if one == FOUND_OUT else encoding_name(one),
            disabled=not entry.delimiter and entry.encoding is None and bool(entry.sheet),
            key=f"{key}_encoding",
        )
        if not st.form_submit_button(_("Read again")):
            return {}
    given = {
        "feed": feed or None,
        "project": project or None,
        "date_order": date_order or None,
        "decimal": decimal or None,
        "encoding": encoding or None,
    }
    return {name: value for name, value in given.items() if value != said.get(name)}


def _place(value: object, choices: list[Any]) -> int:
    return choices.index(value) if value in choices else 0
