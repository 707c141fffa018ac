"""Frame and router: page, language, shared filters, navigation. Everything else is in pages/ and ui/.

Streamlit imports this file as the web application (`streamlit run app.py`, `python -m pipeline serve`), and runs it as a script
for every rerun.
"""

import streamlit as st

if __name__ == "__main__":
    from pipeline import offers
    from ui.frame import frame, in_app_links
    from ui.kpis import bullet as mark
    from ui.shell import data, figures, filters, tools
    from ui.shell.viewer import current_viewer
    from ui.warnings import banner as alerts_banner

    st.set_page_config(page_title="Plimsoll 载重线", page_icon=mark.page_icon(), layout="wide")
    with frame.safety_net():
        filters.seed_language()
        tools.name_tools(offers.Intake(data.data_dir(), current_viewer()).tool_names())
        frame.store_notice(offers.Refreshes(data.data_dir(), current_viewer()).store_trouble())
        view = data.opened_build()
        in_app_links.listen()
        figures.listen()
        page = st.navigation(frame.navigation(view), expanded=True)
        with st.sidebar:
            if view is not None:
                filters.seed_filters(view)
                filters.filter_sidebar(view)
            filters.language_switch()
        filters.write_url(page.url_path)
        frame.damaged_build_notice(view)
        frame.newer_build_notice(view)
        alerts_banner.banner(view, offers.Alerts(data.data_dir(), current_viewer()).open())
        page.run()
else:
    from ui.operations import server

    app = st.App(__file__, lifespan=server.lifespan, middleware=server.MIDDLEWARE)
