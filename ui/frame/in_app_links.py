"""What makes the links of `ui.shell.markup` open in the session they stand in."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_listener = st.components.v2.component(
    "plimsoll_in_app_links",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def listen(section: int) -> None:
    """Call once in every run, before the page. section: at which place of the menu the page stands, to mark it there."""
    _listener(key="frame_in_app_links", data={"section": section})
