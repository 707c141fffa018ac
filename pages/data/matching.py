"""Codes and words: what do the codes and words of the exports stand for here?"""

import streamlit as st

from models.reference.matching import KINDS, known_names, unknown_codes
from pipeline import offers
from ui.frame.head import page_head
from ui.intake import matching, uploading
from ui.intake import value_map as words_editor
from ui.operations import refreshing
from ui.shell import boxes, data
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.shell.wording import _

port = offers.Reference(data.data_dir(), current_viewer())
intake = offers.Intake(port.folder, port.viewer)
refreshes = offers.Refreshes(port.folder, port.viewer)
view = data.opened_build()
projects = uploading.known_projects()

unknown = None if view is None else view.ask(unknown_codes)
still_unknown = intake.unknown_words()
page_head(matching.sentence(unknown, still_unknown))
st.caption(_("What is saved here counts from the next refresh on, for files loaded before as well."))
refreshing.refresh_bar(refreshes, key="matching_refresh")

asked, removed, chosen, unmapped = [], [], [], []
if view is not None and unknown is not None:
    known = view.ask(known_names)
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
    if still_unknown:
        chosen = words_editor.word_editor(still_unknown, intake.meanings, "matching_words")
    else:
        st.success(_("Every word of the exports is understood."), icon=":material/check:")
    unmapped = words_editor.mapped_table(intake.mapped_words(), "matching_mapped_words")

if known:
    st.subheader(_("Saved codes"))
    removed = matching.alias_table(port.aliases(), projects)
    by_hand = matching.other_alias(known)
    asked += [by_hand] if by_hand else []

with saving(asked or removed or chosen or unmapped, told=_("Saved. It counts from the next refresh on.")):
    for alias in asked:
        port.add_alias(**alias)
    for alias_id in removed:
        port.remove_alias(alias_id)
    for word in chosen:
        intake.map_word(**word)
    for word in unmapped:
        intake.unmap_word(**word)
