"""What a person asked for is done, and said: the same way on every page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.errors import PlimsollError
from ui.shell.wording import _, error_text, safe


@contextmanager
def saving(asked: object, *, refused: DeltaGenerator | None = None, told: str | None = None) -> Iterator[None]:
    """Around what is done because somebody asked. Done, it is said and the page drawn anew; refused, it is said why.

    asked: false where nobody asked for anything; then nothing is said either. told: the sentence; empty for none.
    refused: where on the page a refusal is shown.
    """
    try:
        yield
    except PlimsollError as error:
        (refused or st).error(safe(error_text(error)), icon=":material/error:")
    else:
        if asked:
            if told != "":
                st.toast(_("Saved.") if told is None else told)
            st.rerun()
