"""The keys of the queue and its ticks, which live in the browser until they are answered: ticking costs no rerun."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from ui.shell.markup import Markup, joined, put
from ui.shell.wording import _

_listener = st.components.v2.component(
    "plimsoll_alert_keys",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def asked(ticked: Sequence[str], turn: int) -> list[str] | None:
    """The keys of the alerts that somebody wants to answer together, in the run in which it is asked.

    ticked: what stays ticked once `turn`, the count of answers, has moved on.
    """
    words = {"answer": _("Answer what is ticked")}
    found = _listener(
        key="alerts_keys", data={"ticked": list(ticked), "turn": turn, "words": words}, on_answer_change=lambda: None
    )
    keys = found.answer
    return [str(key) for key in keys] if isinstance(keys, list) else None


def told() -> None:
    """The button that answers what is ticked, and the keys behind a question mark that every keyboard reaches."""
    keys = {
        "j, n": _("next"),
        "k, p": _("previous"),
        "o, Enter": _("open or close"),
        "x": _("tick"),
        "a": _("answer what is ticked, else this"),
        "?": _("these keys"),
    }
    hover = " · ".join(f"{key}: {words}" for key, words in keys.items())
    listed = joined(Markup("<dt><kbd>{}</kbd></dt><dd>{}</dd>").format(*pair) for pair in keys.items())
    put(
        Markup(
            '<div class="alerts-tools"><button type="button" class="alerts-answer" disabled>{}</button>'
            '<details class="alerts-keys"><summary title="{}">{}</summary><dl>{}</dl></details></div>'
        ).format(_("Answer what is ticked"), hover, _("Keys ?"), listed),
        width="content",
    )
