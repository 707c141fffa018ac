"""Start here: nothing is published yet; what leads to a first dashboard?"""

import datetime as dt

import streamlit as st

from pipeline import offers
from ui.operations import refreshing
from ui.shell import data
from ui.shell.viewer import current_viewer
from ui.shell.wording import _

refreshes = offers.Refreshes(data.data_dir(), current_viewer())
now = dt.datetime.now(dt.UTC)
state = refreshes.state()

if data.opened_build() is not None:
    st.switch_page("pages/overview/portfolio.py")
st.header(_("Nothing is published yet"), anchor=False)
if refreshing.is_busy(state, now):
    st.write(_("The first build is being made; the portfolio opens when it is done."))
    refreshing.progress(refreshes)
    st.stop()
st.write(_("Load the sample portfolio, or upload exports of your own: both end on a working dashboard."))
refreshing.last_run_banner(state["last_runs"])
with st.container(horizontal=True):
    wants_sample = st.button(
        _("Load the sample portfolio"), type="primary", icon=":material/sailing:", key="welcome_sample"
    )
    wants_upload = st.button(_("Upload exports"), icon=":material/upload_file:", key="welcome_upload")
if wants_upload:
    st.switch_page("pages/data/uploads.py")
if wants_sample:
    refreshing.load_sample(refreshes)
    refreshing.was_asked(dt.datetime.now(dt.UTC))
    st.rerun()
