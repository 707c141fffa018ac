"""Refresh: how fresh is what I see, and make it newer."""

import datetime as dt

import streamlit as st

from models.builds.published import current_build, kept_builds
from pipeline import offers
from ui.frame.head import page_head
from ui.operations import refreshing
from ui.shell.data import data_dir
from ui.shell.numbers import age_text
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.shell.wording import _

folder = data_dir()
refreshes = offers.Refreshes(folder, current_viewer())
now = dt.datetime.now(dt.UTC)
state = refreshes.state()
build = current_build(folder)

page_head(
    _("Nothing is published yet")
    if build is None
    else _("Shown is build {build}, {age}", build=build.build_id, age=age_text(build.published_at, now))
)
st.caption(_("A refresh reads every landed batch again, tests the result and only then shows it."))

if refreshing.is_busy(state, now):
    refreshing.progress(refreshes)
elif build is None and not offers.Intake(folder).batches():
    st.info(_("Nothing has been loaded yet."))
    st.page_link("pages/data/uploads.py", label=_("Upload exports"), icon=":material/upload_file:")
else:
    refreshing.last_run_banner(state["last_runs"])
    if st.button(_("Refresh now"), type="primary", icon=":material/refresh:", key="refresh_now"):
        refreshing.ask(refreshes, now)
        st.rerun()
refreshing.schedule_line(state | refreshes.next_scheduled(now))

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
with saving(asked_for, told=_("Rolled back.")):
    if asked_for:
        refreshes.roll_back(asked_for)
