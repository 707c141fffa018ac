"""Data health: is everything here that should be, and where did the rest go?"""

import datetime as dt
from functools import partial

import streamlit as st

from models.builds import current_build
from models.errors import PlimsollError
from pipeline import door
from pipeline.aliases import add_alias, aliases, remove_alias
from pipeline.refreshing import refresh_state
from ui import batches, control_totals, data, expectations_view, health, refreshing, uploading
from ui.wording import _, error_text, language

folder = data.data_dir()
now = dt.datetime.now(dt.UTC)
state = refresh_state(folder)
opened = data.opened_build()
projects = uploading.known_projects()

st.title(_("Data health"))
refreshing.last_run_banner(state["last_runs"])
if refreshing.is_busy(state, now):
    refreshing.progress(partial(refresh_state, folder))
refreshing.failed_tests(state["last_runs"], folder.root)

if opened is not None:
    st.subheader(_("Unallocated"))
    st.caption(_("Rows whose code belongs to no project. They are counted apart until an alias ties the code to one."))
    unallocated = health.unallocated(opened)
    asked = health.alias_form(unallocated, projects)
    edited = aliases(folder)
    removed = health.alias_list(edited, projects)
    try:
        if asked:
            add_alias(folder, **asked)
            st.toast(_("Saved. It counts from the next refresh on."))
            st.rerun()
        if removed is not None:
            remove_alias(folder, removed)
            st.rerun()
    except PlimsollError as error:
        st.error(error_text(error, language()))

st.subheader(_("Quarantined rows"))
st.caption(_("Mend these rows in the file and load it again; the rest of the file counts already."))
batches.quarantined_rows(door.quarantined(folder), key="health_quarantined")

st.subheader(_("Expectations"))
st.caption(_("What every file is checked against when it is loaded, and how the last one of each feed came out."))
expectations_view.expectations(door.batches(folder), door.expected_of)

if opened is not None:
    st.subheader(_("How fresh each feed is"))
    health.freshness(opened, now.date())
    control_totals.section(opened)

st.subheader(_("Last runs"))
refreshing.runs_table(state["last_runs"])
st.subheader(_("Versions"))
health.versions(current_build(folder), now)
