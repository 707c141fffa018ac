"""Cost centre: is the money buying the planned work, and what will the whole cost?"""

from ui.cost import story as cost_story
from ui.cost import views as cost_views
from ui.kpis import cards as kpi_cards
from ui.kpis import sections
from ui.shell import caveats, data
from ui.shell.filters import current_filters

opened = data.snapshot_or_stop()
filters = current_filters()
catalogue = data.catalogue(opened)
projects = data.chosen_projects(opened, filters)
names = kpi_cards.project_names(projects)
cards = sections.rows_of(data.kpi_rows(opened, filters), catalogue, "cost")
grid = sections.rows_of(data.kpi_grid(opened, filters), catalogue, "cost")

kpi_cards.status_banner(
    sections.section_headline(cards, grid, catalogue, names), kpi_cards.periods_line(grid, catalogue, names)
)
cost_story.bad_news(opened, filters, cards, catalogue, names)
sections.closed_line(projects, grid)
caveats.years_line(opened, filters)
kpi_cards.kpi_row(cost_views.key_cards(cards).iter_rows(named=True), catalogue, names, key="cost_card")
cost_story.curve(opened, filters, key="cost_chart")
cost_views.views(opened, filters, cards, grid, catalogue, names=names, key="cost")
kpi_cards.how_to_load(opened, grid, catalogue, names)
