"""Cost centre: is the money buying the planned work?"""

from ui import cost_charts, data, figures, kpi_cards, sections
from ui.filters import current_filters

opened = data.snapshot_or_stop()
filters = current_filters()
catalogue = data.catalogue(opened)
projects = data.chosen_projects(opened, filters)
names = kpi_cards.project_names(projects)
cards = sections.rows_of(data.kpi_rows(opened, filters), catalogue, "cost")
grid = sections.rows_of(data.kpi_grid(opened, filters), catalogue, "cost")

kpi_cards.status_banner(sections.section_headline(cards, grid, catalogue, names))
sections.closed_line(projects, grid)
kpi_cards.kpi_row(cards.iter_rows(named=True), catalogue, names, key="cost_card", in_a_row=3)
figures.show(cost_charts.earned_value_chart(data.earned_value(opened, filters)), key="cost_chart")
sections.member_grid(grid, catalogue, names, key="cost_grid")
sections.breakdowns(opened, filters, catalogue, names=names, key="cost_breakdown", section="cost")
kpi_cards.how_to_load(opened, grid, catalogue, names)
