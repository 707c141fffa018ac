"""Portfolio: which projects are in trouble, and where to look next?"""

import datetime as dt

import streamlit as st

from models.cost.series import earned_value
from pipeline import offers
from ui.cost import charts as cost_charts
from ui.kpis import cards as kpi_cards
from ui.kpis import sections
from ui.kpis.page import kpi_page
from ui.shell import data, figures
from ui.shell.viewer import current_viewer
from ui.warnings import banner as alerts_banner

page = kpi_page()

kpi_cards.portfolio_banner(page)
alerts_banner.open_line(offers.Alerts(data.data_dir(), current_viewer()).open(), list(page.names))
kpi_cards.freshness_line(page, dt.datetime.now(dt.UTC))
kpi_cards.kpi_row(page, kpi_cards.worst_cards(page.grid, page.cards, page.catalogue), key="portfolio_card")
sections.section_grid(page, key="portfolio_grid")
left, right = st.columns([6, 5], gap="medium")
with left:
    told = page.view.ask(earned_value, page.selection)
    figures.show(cost_charts.earned_value_chart(told, narrow=True), key="portfolio_chart")
with right:
    sections.changes(page, key="portfolio_changes")
kpi_cards.how_to_load(page)
