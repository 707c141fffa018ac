"""Mapping profiles: how are the columns of the exports read, and can another installation have that too?"""

from functools import partial

import streamlit as st

from models.errors import PlimsollError
from pipeline import ingest as door
from ui.shell import data
from ui.intake import profiles
from ui.shell.wording import _, error_text, language

folder = data.data_dir()

st.title(_("Mapping profiles"))
st.caption(_("A file whose columns a profile knows is read with it, without asking again."))

try:
    profile = profiles.chosen_profile(door.profiles(folder))
    asked = profiles.editor(profile, partial(door.profile_yaml, folder)) if profile else None
    asked = profiles.yaml_upload() or asked
    if asked is not None:
        profiles.carry_out(asked, folder, door)
        st.toast(_("Saved."))
        st.rerun()
except PlimsollError as error:
    st.error(error_text(error, language()))
