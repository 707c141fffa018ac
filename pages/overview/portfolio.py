"""Portfolio: which projects are in trouble, and where to look next?"""

import datetime as dt

import streamlit as st

from pipeline.alerts.open_alerts import open_alerts
from ui.cost import charts as cost_charts
from ui.kpis import cards as kpi_cards
from ui.kpis import sections
from ui.shell import data, figures
from ui.shell.filters import current_filters
from ui.warnings import banner as alerts_banner

opened = data.snapshot_or_stop()
filters = current_filters()
catalogue = data.catalogue(opened)
projects = data.chosen_projects(opened, filters)
names = kpi_cards.project_names(projects)
grid = data.kpi_grid(opened, filters)
whole = data.kpi_rows(opened, filters)

kpi_cards.status_banner(
    kpi_cards.portfolio_headline(grid, catalogue, names), kpi_cards.periods_line(grid, catalogue, names)
)
alerts_banner.open_line(open_alerts(data.data_dir()), list(names))
kpi_cards.freshness_line(opened, projects, grid, dt.datetime.now(dt.UTC))
kpi_cards.kpi_row(kpi_cards.worst_cards(grid, whole, catalogue), catalogue, names, key="portfolio_card")
sections.section_grid(grid, catalogue, names, key="portfolio_grid")
left, right = st.columns([6, 5], gap="medium")
with left:
    figures.show(cost_charts.earned_value_chart(data.earned_value(opened, filters), narrow=True), key="portfolio_chart")
with right:
    sections.changes(opened, filters, catalogue, names, key="portfolio_changes")
kpi_cards.how_to_load(opened, grid, catalogue, names)
