"""The words of `models.words.wording` in the language of this session, and text from files made harmless for a page."""

from __future__ import annotations

import string
from collections.abc import Iterable

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from models.words import locales
from models.words.catalog import msgid
from models.words.locales import LANGUAGES, SOURCE_LANGUAGE
from models.words.terms import (
    STATUS_SIGNS,
    feed_word,
    file_status_word,
    flag_word,
    phase_word,
    section_word,
    status_word,
)
from models.words.wording import error_text, reason_text, translate

__all__ = [
    "LANGUAGES",
    "STATUS_SIGNS",
    "clauses",
    "error_text",
    "feed_word",
    "file_status_word",
    "flag_word",
    "language",
    "listed",
    "msgid",
    "phase_word",
    "reason_text",
    "safe",
    "section_word",
    "spoken",
    "status_word",
    "translate",
    "_",
]


def language() -> str:
    """One of LANGUAGES: what this session chose (session_state["language"]), else what its browser speaks, else English."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return SOURCE_LANGUAGE
    chosen = st.session_state.get("language")
    if chosen in LANGUAGES:
        return chosen
    spoken_there = (st.context.locale or "").lower().partition("-")[0]
    return spoken_there if spoken_there in LANGUAGES else SOURCE_LANGUAGE


def _(msgid: str, **details: object) -> str:
    """`msgid` in the language of this session, its {blanks} filled from `details`."""
    return translate(msgid, details, language())


def spoken(sentence: str) -> str:
    """A sentence that was marked with `msgid` elsewhere, in the language of this session."""
    return translate(sentence, None, language())


def listed(words: Iterable[str]) -> str:
    """The members of a list in one line, in the language of this session."""
    return locales.listed(words, language())


def clauses(sentences: Iterable[str]) -> str:
    """Clauses in one line, in the language of this session."""
    return locales.clauses(sentences, language())


def safe(text: object) -> str:
    """Text from a file, for a place where Streamlit reads markdown: nothing in it is markup, a link or a picture."""
    flat = " ".join(str(text).split())
    escaped = "".join(f"\\{letter}" if letter in string.punctuation else letter for letter in flat)
    return escaped.replace("\\:", "\\:\u2060")  # emoji and icon names are read after unescaping: break them up
