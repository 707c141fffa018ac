"""Uploads: what would this file do, what is landed, and how do I take it back?"""

import datetime as dt
from functools import partial

import streamlit as st

from models.builds.published import current_build
from models.errors import PlimsollError
from models.vocabulary import BatchStatus
from pipeline import ingest as door
from pipeline.ingest import mapped_words as words_mapped
from pipeline.ingest.column_names import column_names
from pipeline.refresh.refreshing import ask_for_refresh, refresh_state
from ui.intake import batches
from ui.operations import refreshing
from ui.intake import after as upload_after
from ui.intake import sheet as upload_sheet
from ui.intake import uploading
from ui.shell.data import data_dir
from ui.shell.wording import _, error_text, language, reason_text, safe

folder = data_dir()
now = dt.datetime.now(dt.UTC)
state = refresh_state(folder)
landed = door.batches(folder)
projects = uploading.known_projects()

st.title(_("Uploads"))
st.caption(_("A file is read at once and changes nothing; only what you confirm is loaded, and it can be undone."))

again = uploading.file_read_again(folder, landed)
if again:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            _("**Reading {file} again**: it takes the place of its batch once you confirm.", file=safe(again.name))
        )
        if st.button(_("Leave it as it is"), key="uploads_leave"):
            uploading.leave_as_it_is()
            st.rerun()
files = [again] if again else uploading.handed_files()
with st.expander(_("For all files: project, kind of data, dates")):
    choices = uploading.file_choices(projects)
read = partial(uploading.read_one, folder, choices, door.load_bytes, door.LoadOptions)
tried = uploading.tried_files(files, choices, partial(read, dry_run=True))
to_load = uploading.loadable(tried, files)
if files:
    st.subheader(_("Dry run"))
if to_load:
    with st.container(horizontal=True, vertical_alignment="center"):
        confirmed = st.button(_("Confirm and load"), type="primary", key="uploads_confirm")
        refresh_after = st.checkbox(_("Refresh afterwards"), value=True, key="uploads_refresh_after")
    if confirmed:
        asked = partial(ask_for_refresh, folder, "upload") if refresh_after else uploading.nothing_more
        load = partial(door.load_bytes, folder)
        loaded = uploading.load_files(to_load, choices, load, door.LoadOptions, then=asked)
        uploading.keep_answers(to_load, loaded, partial(door.keep_answers, folder))
        uploading.remember_loaded(loaded)
        if refresh_after:
            refreshing.was_asked(dt.datetime.now(dt.UTC))
        st.rerun()
elif files:
    st.info(
        _(
            "Nothing of this can be loaded as it is. Answer or correct what the sheets below say; they are read again at once."
        )
    )

around = upload_sheet.Surroundings(
    projects=projects,
    meanings=words_mapped.MAPPABLE,
    mapped_words=words_mapped.mapped_words(folder),
    column_names=column_names,
    map_word=partial(words_mapped.map_word, folder),
    save_profile=partial(door.save_mapping_profile, folder),
)
said = upload_sheet.sheets(files, tried, around)
if said:
    uploading.answer(*said)
    st.rerun()

loaded = uploading.loaded_entries()
if loaded:
    st.subheader(_("Loaded just now"))
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
    upload_after.links_to_numbers(loaded, projects)

statuses = {batch["batch_id"]: batch["status"] for batch in landed}
accept = partial(door.accept_batch, folder, actor="screen")
rejected_rows = partial(door.mendable_csv, folder, said=partial(reason_text, language=language()))
if upload_after.loaded_sheets(loaded, statuses, accept, rejected_rows):
    st.rerun()

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
            "accept": accept,
            "undo": partial(door.undo_batch, folder, actor="screen"),
            "redo": partial(door.redo_batch, folder, actor="screen"),
            "again": partial(uploading.read_again, landed),
        },
    )
except PlimsollError as error:
    done = False
    st.error(error_text(error, language()))
if done:
    st.rerun()

st.subheader(_("Quarantined rows"))
batches.quarantined_rows(door.quarantined(folder), key="uploads_quarantined", rejected_rows=rejected_rows)
