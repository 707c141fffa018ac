"""Cost centre: is the money buying the planned work, and what will the whole cost?"""

from pipeline import offers
from ui.cost import story as cost_story
from ui.cost import views as cost_views
from ui.kpis import cards as kpi_cards
from ui.kpis import sections
from ui.kpis.page import kpi_page
from ui.shell import caveats, data
from ui.shell.viewer import current_viewer

page = kpi_page("cost")

kpi_cards.headline(page)
cost_story.bad_news(page)
sections.closed_line(page)
caveats.years_line(page.view, page.selection)
kpi_cards.kpi_row(page, cost_views.key_cards(page.cards), key="cost_card")
cost_story.curve(page, offers.Intake(data.data_dir(), current_viewer()).undone(), key="cost_chart")
cost_views.views(page, key="cost")
kpi_cards.how_to_load(page)
