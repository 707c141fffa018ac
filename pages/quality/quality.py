"""Quality: is what was built good enough to be released?"""

from ui.kpis import cards as kpi_cards
from ui.kpis import charts, sections
from ui.shell import data, figures
from ui.shell.filters import current_filters

opened = data.snapshot_or_stop()
filters = current_filters()
catalogue = data.catalogue(opened)
projects = data.chosen_projects(opened, filters)
names = kpi_cards.project_names(projects)
cards = sections.rows_of(data.kpi_rows(opened, filters), catalogue, "quality")
grid = sections.rows_of(data.kpi_grid(opened, filters), catalogue, "quality")

kpi_cards.status_banner(
    sections.section_headline(cards, grid, catalogue, names), kpi_cards.periods_line(grid, catalogue, names)
)
kpi_cards.kpi_row(cards.iter_rows(named=True), catalogue, names, key="quality_card", in_a_row=4)
chosen = sections.kpi_choice(cards, catalogue, key="quality_kpi", first="test_coverage")
history = data.kpi_history(opened, chosen.kpi_key, filters)
figures.show(charts.kpi_trend(history, chosen, filters.period_kind), key="quality_chart")
sections.member_grid(grid, catalogue, names, key="quality_grid")
sections.breakdowns(opened, filters, catalogue, names=names, key="quality_breakdown", section="quality")
kpi_cards.how_to_load(opened, grid, catalogue, names)
