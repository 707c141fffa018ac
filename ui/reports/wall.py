"""The wall: chosen pages full screen, one after the other, on a screen that nobody touches.

Each turn is a rerun, which opens the newest build. What is chosen is kept in the browser; the turning lives beside the pages,
for the page that started it is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from ui.shell.filters import url_parameters
from ui.shell.wording import _, spoken

OWN_PAGE = "wall"


_wall = st.components.v2.component(
    "plimsoll_wall",
    html=Path(__file__).with_suffix(".html").read_text(encoding="utf-8"),
    css=Path(__file__).with_suffix(".css").read_text(encoding="utf-8"),
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def wall(pages: Iterable[tuple[str, str]]) -> None:
    """The choice of pages and seconds, and the button that starts it. pages: (path, name in English or as the menu has it)."""
    others = [(path.rpartition("/")[2], spoken(name)) for path, name in pages if path.rpartition("/")[2] != OWN_PAGE]
    _wall(
        key="wall_choice",
        data={
            "pages": [{"path": path or "./", "name": name} for path, name in others],
            "own": OWN_PAGE,
            "session": urlencode(url_parameters(), doseq=True),
            "words": {
                "pages": _("Pages"),
                "seconds": _("Seconds per page"),
                "start": _("Start full screen"),
                "none": _("Choose at least one page."),
                "keys": _("→ and ← turn the page, space holds and goes on, Esc ends."),
                "held": _("paused"),
            },
        },
    )
