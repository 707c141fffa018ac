"""Refresh: how fresh is what I see, and make it newer."""

import datetime as dt
from functools import partial

import streamlit as st

from models.builds.published import current_build, kept_builds
from models.errors import PlimsollError
from pipeline.ingest.landing.batches import batches
from pipeline.refresh.publishing import roll_back
from pipeline.refresh.refreshing import ask_for_refresh, refresh_state
from pipeline.scheduled import next_scheduled_refresh
from ui.operations import refreshing
from ui.shell.data import data_dir
from ui.shell.wording import _, error_text, language

folder = data_dir()
now = dt.datetime.now(dt.UTC)
state = refresh_state(folder)
build = current_build(folder)

st.title(_("Refresh"))
st.caption(_("A refresh reads every landed batch again, tests the result and only then shows it."))

if refreshing.is_busy(state, now):
    refreshing.progress(partial(refresh_state, folder))
elif build is None and not batches(folder):
    st.info(_("Nothing has been loaded yet."))
    st.page_link("pages/data/uploads.py", label=_("Upload exports"), icon=":material/upload_file:")
else:
    refreshing.last_run_banner(state["last_runs"])
    if st.button(_("Refresh now"), type="primary", icon=":material/refresh:", key="refresh_now"):
        refreshing.ask(partial(ask_for_refresh, folder, "screen"), now)
        st.rerun()
refreshing.schedule_line(state | next_scheduled_refresh(now))

if refreshing.failed_tests(state["last_runs"], folder.root):
    st.caption(_("The last good build stays on screen until these pass."))

st.subheader(_("Last runs"))
refreshing.runs_table(state["last_runs"])

builds = kept_builds(folder)
if builds:
    st.subheader(_("Kept builds"))
    st.caption(
        _(
            "Rolling back changes what everybody sees, at once; the next refresh makes a new build from all landed batches."
        )
    )
asked_for = refreshing.kept_builds(builds, build, now)
if asked_for:
    try:
        roll_back(folder, asked_for)
        st.rerun()
    except PlimsollError as error:
        st.error(error_text(error, language()))
