"""Accounting periods: which months has finance closed, which are only presumed closed, and who reopened what?"""

import datetime as dt
from functools import partial

import streamlit as st

from models.reference.closed_books import adjustments
from models.errors import PlimsollError
from pipeline.store.closings import close_period, closings, reopen_period
from pipeline.refresh.refreshing import ask_for_refresh, refresh_state
from ui.reference import closings as shown
from ui.shell import data
from ui.operations import refreshing
from ui.reference import project_settings as settings
from ui.shell.wording import _, error_text, language

folder = data.data_dir()
now = dt.datetime.now(dt.UTC)
opened = data.opened_build()
names = settings.project_names(opened)
state = refresh_state(folder)

st.title(_("Accounting periods"))
st.caption(
    _(
        "A period is closed when finance says so. Until then it is provisional, and from the tenth working day after its end "
        "presumed closed; December never is. What is said here counts from the next refresh on."
    )
)
if refreshing.is_busy(state, now):
    refreshing.progress(partial(refresh_state, folder))
elif st.button(_("Refresh now"), icon=":material/refresh:", key="periods_refresh"):
    refreshing.ask(partial(ask_for_refresh, folder, "screen"), now)
    st.rerun()

closing, asked = shown.closing_form(names)
try:
    if asked is not None and closing:
        close_period(folder, **asked)
    elif asked is not None:
        reopen_period(folder, **asked)
except PlimsollError as error:
    st.error(error_text(error, language()))
else:
    if asked is not None:
        st.toast(_("Saved. It counts from the next refresh on."))
        st.rerun()

if opened is not None:
    st.subheader(_("In use in this build"))
    shown.in_use(opened)
    st.subheader(_("Adjustments"))
    st.caption(
        _(
            "A period that finance closed stays as it was reported. What exports say of it afterwards counts on the first open day, "
            "a line that is gone with its amount turned. Reopening the period puts them back into it."
        )
    )
    shown.adjustments(adjustments(opened.snapshot), names)
st.subheader(_("Said so far"))
shown.history(closings(folder), names)
