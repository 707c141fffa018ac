"""Uploads: what would this file do, what is landed, and how do I take it back?"""

import datetime as dt
from functools import partial

import streamlit as st

from models.builds import current_build
from models.errors import PlimsollError
from models.vocabulary import BatchStatus
from pipeline import door
from pipeline.column_names import column_names
from pipeline.refreshing import ask_for_refresh, refresh_state
from ui import batches, mapping, refreshing, uploading
from ui.data import data_dir
from ui.wording import _, error_text, language

folder = data_dir()
now = dt.datetime.now(dt.UTC)
state = refresh_state(folder)
landed = door.batches(folder)

st.title(_("Uploads"))
st.caption(_("A file is read first and changes nothing; only what you confirm is loaded, and it can be undone."))

files = uploading.handed_files()
choices = uploading.file_choices(uploading.known_projects())
tried = uploading.tried_entries(files, choices)
read = partial(uploading.read_one, folder, choices, door.load_bytes, door.LoadOptions)

if st.button(_("Dry run"), type="secondary" if tried else "primary", disabled=not files, key="uploads_dry_run"):
    tried = uploading.read_files(
        files,
        partial(read, dry_run=True),
        doing=_("Reading the files, loading nothing"),
        done=_("Read. Nothing has been loaded yet."),
    )
    uploading.remember_tried(files, choices, tried)

for file in files if tried else ():
    corrected = mapping.file_reports(file, tried[file.content_hash], column_names)
    if corrected:
        mapping.correct_mapping(file, *corrected)
        tried[file.content_hash] = uploading.read_files([file], partial(read, dry_run=True), "", "")[file.content_hash]
        st.rerun()
    name = mapping.profile_name(file)
    if name:
        door.save_mapping_profile(folder, name, **mapping.corrected_mapping(file))
        st.toast(_("Saved."))

to_load = uploading.loadable(tried, files) if tried else []
if tried and not to_load:
    st.info(_("Nothing of this can be loaded. Correct what is said above, then read the files again."))
if to_load:
    with st.container(horizontal=True, vertical_alignment="center"):
        confirmed = st.button(_("Confirm and load"), type="primary", key="uploads_confirm")
        refresh_after = st.checkbox(_("Refresh afterwards"), value=True, key="uploads_refresh_after")
    if confirmed:
        loaded = uploading.read_files(to_load, partial(read, dry_run=False), doing=_("Loading"), done=_("Loaded."))
        uploading.remember_loaded(loaded)
        if refresh_after:
            refreshing.ask(partial(ask_for_refresh, folder, "upload"), now)
        st.rerun()

for entries in (uploading.loaded_entries() or {}).values():
    for entry in entries:
        uploading.entry_report(entry, is_dry_run=False)

if refreshing.is_busy(state, now):
    refreshing.progress(partial(refresh_state, folder))
elif refreshing.is_behind(current_build(folder), landed):
    refreshing.last_run_banner(state["last_runs"])
    st.info(_("Batches have changed since the last refresh: the numbers on screen do not show them yet."))
    if st.button(_("Refresh now"), type="primary", icon=":material/refresh:", key="uploads_refresh"):
        refreshing.ask(partial(ask_for_refresh, folder, "upload"), now)
        st.rerun()
elif refreshing.was_asked_here():
    refreshing.last_run_banner(state["last_runs"])
    st.page_link("pages/overview/portfolio.py", label=_("See the new numbers"), icon=":material/grid_view:")

asked = None
if any(batch["status"] == BatchStatus.HELD for batch in landed):
    st.subheader(_("Held until you confirm"))
    asked = batches.held_batches(landed)
st.subheader(_("Batches"))
asked = batches.batch_list(landed) or asked
try:
    done = batches.act(
        asked,
        {
            "accept": partial(door.accept_batch, folder, actor="screen"),
            "undo": partial(door.undo_batch, folder, actor="screen"),
            "redo": partial(door.redo_batch, folder, actor="screen"),
        },
    )
except PlimsollError as error:
    done = False
    st.error(error_text(error, language()))
if done:
    st.rerun()

st.subheader(_("Quarantined rows"))
batches.quarantined_rows(door.quarantined(folder), key="uploads_quarantined")
