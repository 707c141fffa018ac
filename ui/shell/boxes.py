"""What is chosen on a page: select boxes and tabs whose words follow the language.

A browser keeps the words of what was chosen for as long as a box has the same key, and Streamlit reads the choice back by them:
after a switch of the language the old words would stay, and mean nothing any more. So what was chosen is told anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.shell.wording import _, language

FIRST = object()  # a default: the first of the choices
_WORDED_IN = "boxes_worded_in"


def selectbox(label: str, options: Sequence | Mapping, *, key: str, at: Any = st, **more: Any):
    """st.selectbox with a key. options: choices, or {choice: how it reads}. at: where it stands, the page itself by default."""
    if _told_anew(key):
        more.pop("index", None)
    return at.selectbox(label, list(options), key=key, **_usual(options) | more)


def multiselect(label: str, options: Sequence | Mapping, *, key: str, at: Any = st, **more: Any):
    """st.multiselect with a key; options as in `selectbox`."""
    if _told_anew(key):
        more.pop("default", None)
    return at.multiselect(label, list(options), key=key, **_usual(options) | more)


def one_of(label: str, words: Mapping, *, key: str, default: object = FIRST, at: Any = st, **more: Any):
    """One of a few choices that lie side by side. words: {choice: how it reads}. default: None where the session holds one."""
    default = next(iter(words)) if default is FIRST else default
    more = {"required": True, "label_visibility": "collapsed"} | more
    return at.segmented_control(label, list(words), format_func=_reads(words), default=default, key=key, **more)


def reason_and_person(key: str, person: str, *, reason: str | None = None, widths: int | list = 2) -> tuple[str, str]:
    """Why, and who, side by side. person: the label of the second. reason: that of the first, where it is another one."""
    why, who = st.columns(widths)
    said = why.text_input(reason or _("Reason"), key=f"{key}_reason", max_chars=500)
    return said, who.text_input(person, key=f"{key}_person", max_chars=100)


def tabs(labels: Sequence[str], *, key: str) -> Sequence[DeltaGenerator]:
    """st.tabs of which the open one stays open when its words change: with the language, or with a count in them."""
    state, known = st.session_state, f"{key}_labels"
    before = state.get(known, [])
    if list(labels) != before and state.get(key) in before and len(before) == len(labels):
        state[key] = labels[before.index(state[key])]
    state[known] = list(labels)
    return st.tabs(labels, key=key, on_change="rerun")


def _usual(options: Sequence | Mapping) -> dict[str, Any]:
    words = {"format_func": _reads(options)} if isinstance(options, Mapping) else {}
    return words | {"placeholder": _("choose")}


def _reads(words: Mapping) -> Callable:
    """How a choice reads; one that somebody types, as it is typed."""
    return lambda choice: words.get(choice, choice)


def _told_anew(key: str) -> bool:
    """Sets what was chosen once more where the box stood there in another language. Call before the box of this run."""
    state, spoken = st.session_state, language()
    worded_in = state.setdefault(_WORDED_IN, {})
    was, worded_in[key] = worded_in.get(key, spoken), spoken
    if was == spoken or key not in state:
        return False
    state[key] = state[key]  # read by the words of the run before
    return True
