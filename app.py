"""Frame and router: page, language, shared filters, navigation. Everything else is in pages/ and ui/.

Streamlit imports this file as the web application (`streamlit run app.py`, `python -m pipeline serve`), and runs it as a script
for every rerun.
"""

import streamlit as st

if __name__ == "__main__":
    from pipeline.alerts.open_alerts import open_alerts
    from pipeline.ingest.dialects import tool_names
    from pipeline.store.health import store_trouble
    from ui.intake import words as upload_words
    from ui.kpis import bullet as mark
    from ui.shell import data, filters, frame
    from ui.warnings import banner as alerts_banner

    st.set_page_config(page_title="Plimsoll 载重线", page_icon=mark.page_icon(), layout="wide")
    with frame.safety_net():
        filters.seed_language()
        upload_words.name_tools(tool_names(data.data_dir()))
        frame.store_notice(store_trouble(data.data_dir()))
        opened = data.opened_build()
        page = st.navigation(frame.navigation(opened), expanded=True)
        with st.sidebar:
            if opened is not None:
                filters.seed_filters(opened)
                filters.filter_sidebar(opened)
            filters.language_switch()
        filters.write_url(page.url_path)
        frame.damaged_build_notice(opened)
        frame.newer_build_notice(opened)
        alerts_banner.banner(opened, open_alerts(data.data_dir()))
        page.run()
else:
    from ui.operations import server

    app = st.App(__file__, lifespan=server.lifespan, middleware=server.MIDDLEWARE)
