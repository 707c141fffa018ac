"""Uploads: what would this file do, what is landed, and how do I take it back?"""

import datetime as dt
from functools import partial

import streamlit as st

from models.builds.published import current_build
from models.vocabulary import BatchStatus
from pipeline import offers
from ui.frame.head import page_head
from ui.intake import after as upload_after
from ui.intake import batches, uploading
from ui.intake import sheet as upload_sheet
from ui.operations import refreshing
from ui.shell.data import data_dir
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.shell.wording import _, safe

folder = data_dir()
port = offers.Intake(folder, current_viewer())
refreshes = offers.Refreshes(folder, current_viewer())
now = dt.datetime.now(dt.UTC)
state = refreshes.state()
landed = port.batches()
projects = uploading.known_projects()

page_head(batches.sentence(landed))
st.caption(_("A file is read at once and changes nothing; only what you confirm is loaded, and it can be undone."))

asked = batches.batch_asked(landed)
uploading.taken_elsewhere(folder)
uploading.broken_tools(port.broken_tools())
again = uploading.file_read_again(folder, landed)
if again:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            _("**Reading {file} again**: it takes the place of its batch once you confirm.", file=safe(again.name))
        )
        if st.button(_("Leave it as it is"), key="uploads_leave"):
            uploading.leave_as_it_is()
            st.rerun()
files = [again] if again else uploading.uploaded_files()
with st.expander(_("For all files: project, kind of data, dates")):
    choices = uploading.file_choices(projects)
tried = uploading.tried_files(files, choices, port)
to_load = uploading.loadable(tried, files)
if files:
    st.subheader(_("Dry run"))
if to_load:
    with st.container(horizontal=True, vertical_alignment="center"):
        confirmed = st.button(_("Confirm and load"), type="primary", key="uploads_confirm")
        refresh_after = st.checkbox(_("Refresh afterwards"), value=True, key="uploads_refresh_after")
    if confirmed:
        then = partial(refreshes.ask, "upload") if refresh_after else uploading.nothing_more
        entries = uploading.load_files(to_load, choices, port, then=then)
        uploading.keep_answers(to_load, entries, port)
        uploading.remember_loaded(entries)
        if refresh_after:
            refreshing.was_asked(dt.datetime.now(dt.UTC))
        st.rerun()
elif files:
    st.info(
        _(
            "Nothing of this can be loaded as it is. Answer or correct what the sheets below say; they are read again at once."
        )
    )

said = upload_sheet.sheets(files, tried, upload_sheet.IntakeContext(projects, port.mapped_words(), port))
if said:
    uploading.answer(*said)
    st.rerun()

loaded = uploading.loaded_entries()
if loaded:
    st.subheader(_("Loaded just now"))
if refreshing.is_busy(state, now):
    refreshing.progress(refreshes)
elif refreshing.is_behind(current_build(folder), landed):
    refreshing.last_run_banner(state["last_runs"])
    st.info(_("Batches have changed since the last refresh: the numbers on screen do not show them yet."))
    if st.button(_("Refresh now"), type="primary", icon=":material/refresh:", key="uploads_refresh"):
        refreshing.ask(refreshes, now, "upload")
        st.rerun()
elif refreshing.was_asked_here():
    refreshing.last_run_banner(state["last_runs"])
    upload_after.links_to_numbers(loaded, projects)

statuses = {batch.batch_id: batch.status for batch in landed}
if upload_after.loaded_sheets(loaded, statuses, port):
    st.rerun()

if any(batch.status == BatchStatus.HELD for batch in landed):
    st.subheader(_("Held until you confirm"))
    asked = batches.held_batches(landed) or asked
st.subheader(_("Batches"))
asked = batches.batch_list(landed) or asked
with saving(asked, told=""):
    batches.carry_out(asked, port, landed)
st.subheader(_("Quarantined rows"))
batches.quarantined_rows(port.quarantined(), key="uploads_quarantined", port=port)
