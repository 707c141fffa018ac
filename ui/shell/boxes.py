"""Select boxes and tabs whose words follow the language.

A browser keeps the words of what was chosen for as long as a box has the same key, and Streamlit reads the choice back by them:
after a switch of the language the old words would stay, and mean nothing any more. So what was chosen is told anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.shell.wording import _, language

_WORDED_IN = "boxes_worded_in"


def selectbox(label: str, options: Sequence, *, key: str, at: Any = st, **more: Any):
    """st.selectbox with a key. at: where it stands, the page itself by default."""
    if _told_anew(key):
        more.pop("index", None)
    return at.selectbox(label, options, key=key, **_empty() | more)


def multiselect(label: str, options: Sequence, *, key: str, at: Any = st, **more: Any):
    """st.multiselect with a key."""
    if _told_anew(key):
        more.pop("default", None)
    return at.multiselect(label, options, key=key, **_empty() | more)


def tabs(labels: Sequence[str], *, key: str) -> Sequence[DeltaGenerator]:
    """st.tabs of which the open one stays open when its words change: with the language, or with a count in them."""
    state, known = st.session_state, f"{key}_labels"
    before = state.get(known, [])
    if list(labels) != before and state.get(key) in before and len(before) == len(labels):
        state[key] = labels[before.index(state[key])]
    state[known] = list(labels)
    return st.tabs(labels, key=key, on_change="rerun")


def _empty() -> dict[str, str]:
    return {"placeholder": _("choose")}


def _told_anew(key: str) -> bool:
    """Sets what was chosen once more where the box stood there in another language. Call before the box of this run."""
    state, spoken = st.session_state, language()
    worded_in = state.setdefault(_WORDED_IN, {})
    was, worded_in[key] = worded_in.get(key, spoken), spoken
    if was == spoken or key not in state:
        return False
    state[key] = state[key]  # read by the words of the run before
    return True
