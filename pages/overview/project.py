"""Project: how does this one stand, and what is its story?"""

import streamlit as st

from pipeline.alerts.open_alerts import open_alerts
from ui.cost import charts as cost_charts
from ui.kpis import cards as kpi_cards
from ui.kpis import sections, stories
from ui.shell import data, figures
from ui.shell.filters import current_filters
from ui.shell.wording import _
from ui.warnings import banner as alerts_banner

opened = data.snapshot_or_stop()
filters = current_filters()
catalogue = data.catalogue(opened)
project = sections.project_choice(opened, filters, key="subject_project")
of_project = kpi_cards.one_project(filters, project["project_key"])
names = {project["project_key"]: project["project_name"]}
rows = data.kpi_rows(opened, of_project)

kpi_cards.status_banner(kpi_cards.kpi_headline(rows, catalogue), kpi_cards.periods_line(rows, catalogue, names))
alerts_banner.open_line(open_alerts(data.data_dir()), list(names), project=project["project_key"])
sections.project_story(project)
sections.warnings_list(rows, catalogue, names)
sections.cards_by_section(rows, catalogue, names, key="project_card")
figures.show(cost_charts.earned_value_chart(data.earned_value(opened, of_project)), key="project_chart")
stories.rollout_waves(opened, project["project_key"], key="project_waves")
sections.breakdowns(opened, of_project, catalogue, names=names, key="project_breakdown")
kpi_cards.how_to_load(opened, rows, catalogue, names)
st.page_link("pages/overview/portfolio.py", label=_("All projects"), icon=":material/grid_view:")
