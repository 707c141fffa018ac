"""The words of `models.words.wording` in the language of this session, and text from files made harmless for a page."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import wraps
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from models.words import columns, locales, terms, wording
from models.words.catalog import msgid
from models.words.locales import LANGUAGES, SOURCE_LANGUAGE
from models.words.terms import STATUS_SIGNS
from models.words.wording import translate

__all__ = ["LANGUAGES", "STATUS_SIGNS", "msgid", "translate"]


_settled: ContextVar[tuple[object, str]] = ContextVar("settled_language", default=(None, SOURCE_LANGUAGE))


def settle_language(asked: str | None) -> None:
    """For this run and the session: what a link asks for, else as `language` says. Asked for hundreds of times in a run."""
    st.session_state["language"] = asked or _of_session()
    _settled.set((get_script_run_ctx(), st.session_state["language"]))


def language() -> str:
    """One of LANGUAGES: what this session chose (session_state["language"]), else what its browser speaks, else English."""
    run = get_script_run_ctx(suppress_warning=True)
    if run is None:
        return SOURCE_LANGUAGE
    settled_in, chosen = _settled.get()
    return chosen if settled_in is run else _of_session()


def _of_session() -> str:
    chosen = st.session_state.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    spoken_there = (st.context.locale or "").lower().partition("-")[0]
    return spoken_there if spoken_there in LANGUAGES else SOURCE_LANGUAGE


def _(msgid: str, **details: Any) -> str:
    """`msgid` in the language of this session, its {blanks} filled from `details`."""
    return translate(msgid, details, language())


def in_session(say: Callable) -> Callable:
    """`say` without its `language`: it is that of this session."""

    @wraps(say)
    def said(*arguments: object, **options: Any):
        return say(*arguments, language=language(), **options)

    return said


# What models.words says in any language, in the language of this session.
column_word = in_session(columns.column_word)
edge_word = in_session(terms.edge_word)
error_text = in_session(wording.error_text)
feed_word = in_session(terms.feed_word)
file_status_word = in_session(terms.file_status_word)
flag_word = in_session(terms.flag_word)
phase_word = in_session(terms.phase_word)
reason_text = in_session(wording.reason_text)
section_word = in_session(terms.section_word)
status_word = in_session(terms.status_word)
# The members of a list in one line, and clauses.
listed = in_session(locales.listed)
clauses = in_session(locales.clauses)


def spoken(sentence: str) -> str:
    """A sentence that was marked with `msgid` elsewhere, in the language of this session."""
    return translate(sentence, None, language())


def first_of(words: Sequence[str], most: int, joined: Callable[[Sequence[str]], str] = listed) -> str:
    """The first few of a list, and how many more there are."""
    shown, rest = joined(words[:most]), len(words) - most
    return shown if rest <= 0 else _("{shown} and {rest} more", shown=shown, rest=rest)


def signed(status: str) -> str:
    """The sign of a status and the word for it."""
    return f"{STATUS_SIGNS[status]} {status_word(status)}"


def safe(text: object) -> str:
    """Text from a file, for a place where Streamlit reads markdown: nothing in it is markup, a link or a picture."""
    flat = " ".join(str(text).split())
    escaped = "".join(f"\\{letter}" if letter in string.punctuation else letter for letter in flat)
    return escaped.replace("\\:", "\\:\u2060")  # emoji and icon names are read after unescaping: break them up
