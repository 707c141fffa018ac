"""Wall: which pages does a screen in the room turn through?"""

import streamlit as st

from ui.frame import frame
from ui.reports import wall
from ui.shell import data
from ui.shell.wording import _

view = data.snapshot_or_stop()

st.title(_("Wall"))
st.caption(_("The chosen pages full screen, one after the other, each with the newest numbers."))
wall.wall(frame.visible_pages(frame.navigation(view)))
