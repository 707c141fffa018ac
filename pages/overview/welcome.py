"""Start here: what is this, which files does it want, and what leads to a first dashboard?"""

import datetime as dt

import streamlit as st

from models.vocabulary import BatchStatus
from pipeline import offers
from ui.frame.head import page_head
from ui.operations import refreshing
from ui.overview import first_run
from ui.shell import data
from ui.shell.viewer import current_viewer
from ui.shell.wording import _

refreshes = offers.Refreshes(data.data_dir(), current_viewer())
intake = offers.Intake(refreshes.folder, refreshes.viewer)
now = dt.datetime.now(dt.UTC)
state = refreshes.state()
is_published = data.opened_build() is not None
loaded = {batch.feed for batch in intake.batches() if batch.status == BatchStatus.LANDED}

page_head(
    _("Something is published: {count} kinds of exports are loaded", count=len(loaded))
    if is_published
    else _("Nothing is published yet")
)
first_run.what_this_is()
if refreshing.is_busy(state, now):
    st.write(_("The first build is being made; the portfolio opens when it is done."))
    refreshing.progress(refreshes)
    st.stop()
if not is_published:
    st.write(_("Load the sample portfolio, or upload exports of your own: both end on a working dashboard."))
    refreshing.last_run_banner(state["last_runs"])
with st.container(horizontal=True):
    wants_sample = not loaded and st.button(
        _("Load the sample portfolio"), type="primary", icon=":material/sailing:", key="welcome_sample"
    )
    wants_upload = st.button(_("Upload exports"), icon=":material/upload_file:", key="welcome_upload")
if wants_upload:
    st.switch_page("pages/data/uploads.py")
if wants_sample:
    refreshing.load_sample(refreshes)
    refreshing.was_asked(dt.datetime.now(dt.UTC))
    st.rerun()
st.markdown("**" + _("Which files are wanted, and what each gives") + "**")
st.caption(_("One alone is enough for a beginning: what it can give is shown, the rest is one line."))
first_run.wanted_files(intake.given_by_feed(), sorted(loaded), key="welcome_files")
