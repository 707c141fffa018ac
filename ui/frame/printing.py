"""Paper: each page on A4 landscape with its title, scope, period and data date, and the item that prints it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.shell.wording import _

_printing = st.components.v2.component(
    "plimsoll_printing",
    html='<button type="button" class="frame-print"></button>',
    css=Path(__file__).with_suffix(".css").read_text(encoding="utf-8"),
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,  # the rules are those of the whole page
)


def item() -> None:
    """The word Print, where this is called, once in every run; with it come the rules for paper."""
    _printing(key="frame_printing", data={"word": _("Print")}, width="content")
