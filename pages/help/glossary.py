"""Glossary: what does each number mean, how is it counted, and when is it bad?"""

import streamlit as st

from ui.frame.head import page_head
from ui.reference import glossary
from ui.shell import data
from ui.shell.wording import _

view = data.opened_build()

page_head("" if view is None else _("KPIs that are counted: {count}", count=len(data.catalogue(view))))
words = glossary.search_box()
if view is None:
    st.info(
        _("The KPIs are listed here as soon as something is published. Start with the sample portfolio or an upload.")
    )
else:
    catalogue = data.catalogue(view)
    glossary.kpi_entries(glossary.found(catalogue.values(), words), catalogue)
st.subheader(_("Statuses and flags"))
glossary.statuses()
glossary.terms(words)
