"""Accounts: as which cost does each account of the ledgers count?"""

import datetime as dt
from functools import partial

import streamlit as st

from models.errors import PlimsollError
from pipeline.store.accounts import account_edits, remove_account, set_account
from pipeline.refresh.refreshing import ask_for_refresh, refresh_state
from ui.reference import accounts
from ui.shell import data
from ui.operations import refreshing
from ui.shell.wording import _, error_text, language

folder = data.data_dir()
now = dt.datetime.now(dt.UTC)
opened = data.opened_build()
edits = account_edits(folder)
state = refresh_state(folder)

st.title(_("Accounts"))
st.caption(
    _(
        "An account and all accounts whose code begins with its own count alike. What is saved here goes before the mapping file "
        "and before the words of a name, and counts from the next refresh on."
    )
)
if refreshing.is_busy(state, now):
    refreshing.progress(partial(refresh_state, folder))
elif st.button(_("Refresh now"), icon=":material/refresh:", key="accounts_refresh"):
    refreshing.ask(partial(ask_for_refresh, folder, "screen"), now)
    st.rerun()

asked = accounts.accounts_editor(opened, edits) if opened is not None else []
if opened is None:
    st.info(_("Nothing has been loaded yet."))
removed = accounts.edits_table(edits)
try:
    for one in asked:
        set_account(folder, **one)
    for one in removed:
        remove_account(folder, **one)
except PlimsollError as error:
    st.error(error_text(error, language()))
else:
    if asked or removed:
        st.toast(_("Saved. It counts from the next refresh on."))
        st.rerun()
