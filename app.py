"""Frame and router: page, language, shared filters, navigation. Everything else is in pages/ and ui/."""

import streamlit as st

from ui import data, filters, frame
from ui.wording import _

st.set_page_config(page_title="Plimsoll 载重线", page_icon=":material/anchor:", layout="wide")
filters.seed_language()
opened = data.opened_build()
page = st.navigation(frame.navigation(opened), expanded=True)
with st.sidebar:
    filters.language_switch()
    if opened is not None:
        filters.seed_filters(opened)
        filters.filter_sidebar(opened)
    st.caption(_("Plimsoll: how deep is too deep"))
filters.write_url(page.url_path)
frame.newer_build_notice(opened)
frame.run_safely(page)
