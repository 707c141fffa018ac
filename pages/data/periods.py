"""Accounting periods: which months has finance closed, which are only presumed closed, and who reopened what?"""

import streamlit as st

from models.reference.closed_books import adjustments
from pipeline import offers
from ui.frame.head import page_head
from ui.operations import refreshing
from ui.reference import closings as shown
from ui.reference import project_settings as settings
from ui.shell import data
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.shell.wording import _

port = offers.Reference(data.data_dir(), current_viewer())
refreshes = offers.Refreshes(port.folder, port.viewer)
view = data.opened_build()
names = settings.project_names(view)

page_head(shown.sentence(view))
st.caption(
    _(
        "A period is closed when finance says so. Until then it is provisional, and from the tenth working day after its end "
        "presumed closed; December never is. What is said here counts from the next refresh on."
    )
)
refreshing.refresh_bar(refreshes, key="periods_refresh")

closing, asked = shown.closing_form(names)
with saving(asked, told=_("Saved. It counts from the next refresh on.")):
    if asked is not None and closing:
        port.close_period(**asked)
    elif asked is not None:
        port.reopen_period(**asked)

if view is not None:
    st.subheader(_("In use in this build"))
    shown.in_use(view)
    st.subheader(_("Adjustments"))
    st.caption(
        _(
            "A period that finance closed stays as it was reported. What exports say of it afterwards counts on the first open "
            "day, a line that is gone with its amount turned. Reopening the period puts them back into it."
        )
    )
    shown.adjustments(adjustments(view.snapshot), names)
st.subheader(_("Said so far"))
shown.history(port.closings(), names)
