"""Project: how does this one stand, and what is its story?"""

import streamlit as st

from models.cost.series import earned_value
from models.reference.events import events
from pipeline import offers
from ui.cost import charts as cost_charts
from ui.kpis import cards as kpi_cards
from ui.kpis import sections, stories
from ui.kpis.page import kpi_page
from ui.shell import data, figures
from ui.shell.viewer import current_viewer
from ui.shell.wording import _
from ui.warnings import banner as alerts_banner

chosen = kpi_page()
project = sections.project_choice(chosen.view, chosen.selection, key="subject_project")
page = chosen.of_project(project)

kpi_cards.headline(page)
alerts_banner.open_line(
    offers.Alerts(data.data_dir(), current_viewer()).open(), list(page.names), project=project["project_key"]
)
sections.project_story(project)
sections.warnings_list(page)
sections.cards_by_section(page, key="project_card")
told = page.view.ask(earned_value, page.selection)
happened = page.view.ask(events, project["project_key"])
figures.show(cost_charts.earned_value_chart(told, of=project["project_key"], events=happened), key="project_chart")
stories.rollout_waves(page.view, project["project_key"], key="project_waves")
sections.breakdowns(page, key="project_breakdown")
kpi_cards.how_to_load(page)
st.page_link("pages/overview/portfolio.py", label=_("All projects"), icon=":material/grid_view:")
