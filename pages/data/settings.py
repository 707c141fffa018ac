"""Project settings: by which choices is each project counted?"""

import streamlit as st

from pipeline import offers
from ui.frame.head import page_head
from ui.operations import refreshing
from ui.reference import project_settings as shown_settings
from ui.shell import data
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.shell.wording import _

port = offers.Reference(data.data_dir(), current_viewer())
refreshes = offers.Refreshes(port.folder, port.viewer)
view = data.opened_build()
names = shown_settings.project_names(view)

page_head(_("Choices made so far: {count}", count=len(port.project_settings())))
st.caption(
    _(
        "What is chosen here counts from the next refresh on, for the whole history of the project unless a first month is "
        "named; the cost centre says which choice its figures rest on. A reason and a person stand beside every choice."
    )
)
refreshing.refresh_bar(refreshes, key="settings_refresh")

asked = shown_settings.choice_form(names, shown_settings.choices(view))
with saving(asked, told=_("Saved. It counts from the next refresh on.")):
    if asked is not None:
        port.set_project_setting(**asked)

if view is not None:
    st.subheader(_("In use in this build"))
    shown_settings.in_use(view, names)
st.subheader(_("Chosen so far"))
shown_settings.history(port.project_settings(), names)
