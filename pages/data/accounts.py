"""Accounts: as which cost does each account of the ledgers count?"""

import streamlit as st

from pipeline import offers
from ui.frame.head import page_head
from ui.operations import refreshing
from ui.reference import accounts
from ui.shell import data
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.shell.wording import _

port = offers.Reference(data.data_dir(), current_viewer())
refreshes = offers.Refreshes(port.folder, port.viewer)
view = data.opened_build()
edits = port.account_edits()

page_head(_("Accounts edited on screen: {count}", count=len(edits)))
st.caption(
    _(
        "An account and all accounts whose code begins with its own count alike. What is saved here goes before the mapping file "
        "and before the words of a name, and counts from the next refresh on."
    )
)
refreshing.refresh_bar(refreshes, key="accounts_refresh")

asked = accounts.accounts_editor(view, edits) if view is not None else []
if view is None:
    st.info(_("Nothing has been loaded yet."))
removed = accounts.edits_table(edits)
with saving(asked or removed, told=_("Saved. It counts from the next refresh on.")):
    for account in asked:
        port.set_account(**account)
    for account in removed:
        port.remove_account(**account)
