"""Lines that stand beside numbers which rest on less than they seem to."""

from __future__ import annotations

import streamlit as st

from models.builds.selection import Selection
from models.kpis import caveats
from models.words.wording import translate
from ui.shell import data
from ui.shell.wording import language, safe


def years_line(view: data.BuildView, selection: Selection) -> None:
    """Years whose days these numbers count although their holidays are not published; nothing where there are none."""
    told = view.ask(caveats.years_told, selection)
    if told is not None:
        st.caption(":material/event_busy: " + safe(translate(told["template"], told["details"], language())))


def of_build(view: data.BuildView) -> None:
    """Everything of the kind in this build, one line each."""
    for told in view.ask(caveats.of_build):
        st.warning(safe(translate(told["template"], told["details"], language())))
