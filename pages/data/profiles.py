"""Mapping profiles: how are the columns of the exports read, and can another installation have that too?"""

import streamlit as st

from pipeline import offers
from ui.frame.head import page_head
from ui.intake import profiles
from ui.shell import data
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.shell.wording import _

port = offers.Intake(data.data_dir(), current_viewer())

page_head(_("Saved profiles: {count}", count=len(port.profiles())))
st.caption(_("A file whose columns a profile knows is read with it, without asking again."))

profile = profiles.chosen_profile(port.profiles())
asked = profiles.editor(profile, port) if profile else None
asked = profiles.yaml_upload() or asked
with saving(asked):
    if asked is not None:
        profiles.carry_out(asked, port)
