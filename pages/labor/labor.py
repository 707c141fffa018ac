"""Labor centre: where do the hours go, and are they all booked?"""

from ui.kpis import cards as kpi_cards
from ui.kpis import sections, stories
from ui.shell import caveats, data, figures
from ui.shell.filters import current_filters

opened = data.snapshot_or_stop()
filters = current_filters()
catalogue = data.catalogue(opened)
projects = data.chosen_projects(opened, filters)
names = kpi_cards.project_names(projects)
cards = sections.rows_of(data.kpi_rows(opened, filters), catalogue, "labor")
grid = sections.rows_of(data.kpi_grid(opened, filters), catalogue, "labor")

kpi_cards.status_banner(
    sections.section_headline(cards, grid, catalogue, names), kpi_cards.periods_line(grid, catalogue, names)
)
caveats.years_line(opened, filters)
kpi_cards.kpi_row(cards.iter_rows(named=True), catalogue, names, key="labor_card", in_a_row=4)
chosen = sections.kpi_choice(cards, catalogue, key="labor_kpi", first="technical_debt_share")
figures.show(sections.trend_or_members(opened, chosen, filters, catalogue, names), key="labor_chart")
sections.member_grid(grid, catalogue, names, key="labor_grid")
stories.hours_by_activity(opened, filters, key="labor_activities")
sections.breakdowns(opened, filters, catalogue, names=names, key="labor_breakdown", section="labor")
kpi_cards.how_to_load(opened, grid, catalogue, names)
