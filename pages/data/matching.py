"""Codes and words: what do the codes and words of the exports stand for here?"""

import datetime as dt
from functools import partial

import streamlit as st

from models.errors import PlimsollError
from models.reference.matching import KINDS
from pipeline.store.aliases import add_alias, aliases, remove_alias
from pipeline.refresh.refreshing import ask_for_refresh, refresh_state
from pipeline.ingest.mapped_words import map_word, mappable, mapped_words, unknown_words, unmap_word
from ui.shell import boxes
from ui.shell import data
from ui.intake import matching
from ui.operations import refreshing
from ui.intake import uploading
from ui.intake import value_map as words_editor
from ui.shell.wording import _, error_text, language

folder = data.data_dir()
now = dt.datetime.now(dt.UTC)
opened = data.opened_build()
projects = uploading.known_projects()
shown = language()

st.title(_("Codes and words"))
st.caption(_("What is saved here counts from the next refresh on, for files loaded before as well."))
state = refresh_state(folder)
if refreshing.is_busy(state, now):
    refreshing.progress(partial(refresh_state, folder))
elif st.button(_("Refresh now"), icon=":material/refresh:", key="matching_refresh"):
    refreshing.ask(partial(ask_for_refresh, folder, "screen"), now)
    st.rerun()

asked, removed, chosen, unmapped = [], [], [], []
if opened is not None:
    unknown, known = matching.codes_and_candidates(opened)
    tabs = boxes.tabs(
        [*(matching.tab_label(kind, unknown) for kind in KINDS), _("Words of the exports")], key="matching_tabs"
    )
    for kind, tab in zip(KINDS, tabs, strict=False):
        with tab:
            asked += matching.code_editor(kind, unknown, known, projects)
    words_tab = tabs[-1]
else:
    known = {}
    words_tab = st.container()
with words_tab:
    st.caption(
        _(
            "States, types and the like that no list knows: until one is chosen, each is read as harmless and as worst, and what "
            "hangs on it is not judged."
        )
    )
    still_unknown = unknown_words(folder)
    if still_unknown:
        chosen = words_editor.word_editor(still_unknown, mappable(), "matching_words")
    else:
        st.success(_("Every word of the exports is understood."), icon=":material/check:")
    unmapped = words_editor.mapped_table(mapped_words(folder), "matching_mapped_words")

if known:
    st.subheader(_("Saved codes"))
    removed = matching.alias_table(aliases(folder), projects)
    by_hand = matching.other_alias(known)
    asked += [by_hand] if by_hand else []

try:
    for one in asked:
        add_alias(folder, **one)
    for alias_id in removed:
        remove_alias(folder, alias_id)
    for one in chosen:
        map_word(folder, **one)
    for one in unmapped:
        unmap_word(folder, **one)
except PlimsollError as error:
    st.error(error_text(error, shown))
else:
    if asked or removed or chosen or unmapped:
        st.toast(_("Saved. It counts from the next refresh on."))
        st.rerun()
