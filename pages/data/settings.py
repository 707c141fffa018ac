"""Project settings: by which choices is each project counted?"""

import datetime as dt
from functools import partial

import streamlit as st

from models.errors import PlimsollError
from pipeline.store.project_settings import project_settings, set_project_setting
from pipeline.refresh.refreshing import ask_for_refresh, refresh_state
from ui.shell import data
from ui.operations import refreshing
from ui.reference import project_settings as shown_settings
from ui.shell.wording import _, error_text, language

folder = data.data_dir()
now = dt.datetime.now(dt.UTC)
opened = data.opened_build()
names = shown_settings.project_names(opened)
state = refresh_state(folder)

st.title(_("Project settings"))
st.caption(
    _(
        "What is chosen here counts from the next refresh on, for the whole history of the project unless a first month is named; "
        "the cost centre says which choice its figures rest on. A reason and a person stand beside every choice."
    )
)
if refreshing.is_busy(state, now):
    refreshing.progress(partial(refresh_state, folder))
elif st.button(_("Refresh now"), icon=":material/refresh:", key="settings_refresh"):
    refreshing.ask(partial(ask_for_refresh, folder, "screen"), now)
    st.rerun()

asked = shown_settings.choice_form(names, shown_settings.choices(opened))
try:
    if asked is not None:
        set_project_setting(folder, **asked)
except PlimsollError as error:
    st.error(error_text(error, language()))
else:
    if asked is not None:
        st.toast(_("Saved. It counts from the next refresh on."))
        st.rerun()

if opened is not None:
    st.subheader(_("In use in this build"))
    shown_settings.in_use(opened, names)
st.subheader(_("Chosen so far"))
shown_settings.history(project_settings(folder), names)
