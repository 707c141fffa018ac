"""Schedule centre: will it be done in time, and what holds it up?"""

from ui import data, figures, gantt, kpi_cards, sections
from ui.filters import current_filters

opened = data.snapshot_or_stop()
filters = current_filters()
catalogue = data.catalogue(opened)
projects = data.chosen_projects(opened, filters)
names = kpi_cards.project_names(projects)
cards = sections.rows_of(data.kpi_rows(opened, filters), catalogue, "schedule", "scope", "rollout")
grid = sections.rows_of(data.kpi_grid(opened, filters), catalogue, "schedule", "scope", "rollout")

kpi_cards.status_banner(sections.section_headline(cards, grid, catalogue, names))
kpi_cards.kpi_row(cards.iter_rows(named=True), catalogue, names, key="schedule_card", in_a_row=5)
project = sections.project_choice(opened, filters, key="schedule_project", worst_of=grid)
tasks = data.schedule_tasks(opened, project["project_key"])
figures.show(gantt.gantt(tasks, project["status_on"]), key="schedule_chart")
sections.task_table(tasks, project, key="schedule_tasks")
sections.member_grid(grid, catalogue, names, key="schedule_grid")
kpi_cards.how_to_load(opened, grid, catalogue, names)
