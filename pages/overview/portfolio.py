"""Portfolio: which projects are in trouble, with what, how much money and how many days, and what changed?"""

import streamlit as st

from models.overview.outlook import outlooks
from models.overview.payments import payments
from pipeline import offers
from ui.frame.head import page_head, scope_words
from ui.kpis import cards as kpi_cards
from ui.kpis.page import kpi_page
from ui.overview import movements, projects, story, tiles
from ui.shell import data, figures
from ui.shell.viewer import current_viewer

page = kpi_page()
ends = page.view.ask(outlooks, tuple(page.names), page.selection.period_end)
paid = page.view.ask(payments, tuple(page.names), page.selection.period_end)
alerts = offers.Alerts(data.data_dir(), current_viewer()).open()

page_head(
    story.sentence(page, ends),
    scope=scope_words(list(page.names.values())),
    periods=kpi_cards.periods(page, page.grid),
    is_compared=True,
)
tiles.tiles(page, ends, paid)
projects.project_grid(page, ends, paid, alerts, key="portfolio_projects")
left, right = st.columns([5, 6], gap="medium")
with left:
    figures.show(projects.bubbles_of(page), key="portfolio_bubbles")
with right:
    movements.movements(page, key="portfolio_changes")
kpi_cards.how_to_load(page)
