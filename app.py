"""Frame and router: page, menu, the bar of what is chosen. Everything else is in pages/ and ui/.

Streamlit imports this file as the web application (`streamlit run app.py`, `python -m pipeline serve`), and runs it as a script
for every rerun.
"""

import streamlit as st

if __name__ == "__main__":
    from pipeline import offers
    from ui.finder import finder
    from ui.frame import frame, head, in_app_links, navigation, scope
    from ui.shell import data, figures, filters, tools
    from ui.shell.viewer import current_viewer
    from ui.warnings import in_menu

    st.set_page_config(page_title="Plimsoll 载重线", page_icon=frame.ICON, layout="wide")
    with frame.safety_net():
        filters.seed_language()
        tools.name_tools(offers.Intake(data.data_dir(), current_viewer()).tool_names())
        view = data.opened_build()
        if view is not None:
            filters.seed_filters(view)
        firing = in_menu.count(view, offers.Alerts(data.data_dir(), current_viewer()).open())
        page = st.navigation(navigation.menu(view is not None, firing), position="top")
        head.at_page(page)
        # in the menu's row, not in the page's flow
        with st.container(key="frame_corner", horizontal=True, width="content"):
            frame.style()
            in_app_links.listen(navigation.section_of(page.url_path))
            figures.listen()
            finder.finder(view, navigation.all_pages())
            scope.corner(navigation.addresses())
        st.logo(frame.LOGO, size="large")
        frame.store_notice(offers.Refreshes(data.data_dir(), current_viewer()).store_trouble())
        if view is not None:
            of_viewer = data.data_dir(), current_viewer()
            scope.bar(view, offers.now(), offers.SavedViews(*of_viewer), offers.Exports(*of_viewer))
        filters.write_url(page.url_path)
        frame.damaged_build_notice(view)
        frame.newer_build_notice(view)
        page.run()
else:
    from ui.operations import server

    app = st.App(__file__, lifespan=server.lifespan, middleware=server.MIDDLEWARE)
