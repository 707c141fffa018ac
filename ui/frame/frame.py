"""What stands around every page: its style, the notice of a newer build, and the net for what goes wrong."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from models.builds.published import build_number, current_build, named_build
from models.errors import PlimsollError
from ui.shell import data, markup
from ui.shell.numbers import date_text
from ui.shell.wording import _, error_text, safe

LOOK_FOR_BUILD_EVERY = dt.timedelta(seconds=15)  # a build takes seconds to minutes; a look costs one small file read
_HERE = Path(__file__)
STYLE = "".join(_HERE.with_name(name).read_text(encoding="utf-8") for name in ("plimsoll.css", "printing.css"))
LOGO, ICON = (_HERE.with_name(name).read_text(encoding="utf-8") for name in ("logo.svg", "icon.svg"))
_log = logging.getLogger("plimsoll.app")


def style() -> None:
    markup.style(STYLE)


@st.fragment(run_every=LOOK_FOR_BUILD_EVERY)
def newer_build_notice(view: data.BuildView | None) -> None:
    """Looks at CURRENT now and then; says so when what is on screen is no longer the newest.

    Where nothing was published there is nothing on screen to keep: the first build is opened at once.
    """
    newest = current_build(data.data_dir())
    shown = None if view is None else view.build.build_id
    if newest is None or newest.build_id == shown:
        return
    if view is None:
        st.rerun()
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(_("A newer build is published: {build}", build=newest.build_id))
        if st.button(_("Show it"), key="frame_show_newer"):
            st.rerun()


def store_notice(trouble: PlimsollError | None) -> None:
    """Above every page while the control store cannot be trusted: no banner of alerts then means nothing."""
    if trouble is not None:
        st.error(safe(error_text(trouble)), icon=":material/error:")
        st.caption(_("Alerts, answers and settings are not shown or may be missing until it is put right."))


def damaged_build_notice(view: data.BuildView | None) -> None:
    """Says so when what is on screen is not the newest build because that one's file is gone or damaged."""
    named = named_build(data.data_dir())
    if view is not None and named is not None and build_number(named) > build_number(view.build.build_id):
        st.warning(
            _(
                "Build {named} cannot be read: its file is missing or damaged. Shown is {build}, of {day}. "
                "Refresh to make it anew.",
                named=named,
                build=view.build.build_id,
                day=date_text(view.build.published_at.date()),
            ),
            icon=":material/warning:",
        )


@contextmanager
def safety_net() -> Iterator[None]:
    """Around everything a rerun does. A known error is shown in words; of an unknown one only its id: the log has the rest."""
    try:
        yield
    except PlimsollError as error:
        _log.warning("%s: %s", error.code, error)
        st.error(safe(error_text(error)), icon=":material/error:")
    except Exception:
        error_id = secrets.token_hex(4)
        _log.exception("error %s", error_id)
        st.error(
            _("Something went wrong on this page. Error id: {error_id}. The log holds the details.", error_id=error_id),
            icon=":material/error:",
        )
