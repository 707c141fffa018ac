"""Start here: nothing is published yet; what leads to a first dashboard?"""

import datetime as dt
from functools import partial

import streamlit as st

from pipeline.refresh.refreshing import ask_for_refresh, refresh_state
from pipeline.sample import load_sample
from ui.operations import refreshing
from ui.shell import data
from ui.shell.wording import _

folder = data.data_dir()
now = dt.datetime.now(dt.UTC)
state = refresh_state(folder)

if data.opened_build() is not None:
    st.switch_page("pages/overview/portfolio.py")
st.header(_("Nothing is published yet"), anchor=False)
if refreshing.is_busy(state, now):
    st.write(_("The first build is being made; the portfolio opens when it is done."))
    refreshing.progress(partial(refresh_state, folder))
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
    refreshing.load_sample(partial(load_sample, folder), partial(ask_for_refresh, folder, "sample"))
    refreshing.was_asked(dt.datetime.now(dt.UTC))
    st.rerun()
