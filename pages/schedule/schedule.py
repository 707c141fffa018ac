"""Schedule centre: will it be done in time, and what holds it up?"""

from ui.kpis import cards as kpi_cards
from ui.kpis import sections
from ui.schedule import data as schedule_data
from ui.schedule import finish as schedule_finish
from ui.schedule import gantt
from ui.schedule import rows as schedule_rows
from ui.schedule import story as schedule_story
from ui.schedule import tables as schedule_tables
from ui.shell import caveats, data, figures
from ui.shell.filters import current_filters

opened = data.snapshot_or_stop()
filters = current_filters()
catalogue = data.catalogue(opened)
projects = data.chosen_projects(opened, filters)
names = kpi_cards.project_names(projects)
cards = sections.rows_of(data.kpi_rows(opened, filters), catalogue, "schedule", "scope", "rollout")
grid = sections.rows_of(data.kpi_grid(opened, filters), catalogue, "schedule", "scope", "rollout")

kpi_cards.status_banner(
    sections.section_headline(cards, grid, catalogue, names), kpi_cards.periods_line(grid, catalogue, names)
)
caveats.years_line(opened, filters)
project = sections.project_in_scope(projects)
if project is None:
    kpi_cards.kpi_row(cards.iter_rows(named=True), catalogue, names, key="schedule_card", in_a_row=5)
    sections.member_grid(grid, catalogue, names, key="schedule_grid")
    sections.project_line(opened, filters, grid, key="schedule_project_line")
else:
    sections.all_projects_button(opened, key="schedule_all")
    planned = schedule_data.project_schedule(opened, project["project_key"])
    if planned is None:
        schedule_story.nothing_loaded()
    else:
        schedule_story.story(opened, project)
        forecast = schedule_data.time_forecast(opened, project["project_key"])
        schedule_finish.finish_dates(planned, forecast, project, key="schedule_finish")
        found = schedule_rows.task_filter(planned, key="schedule")
        lines = schedule_rows.shown_lines(found, planned, key="schedule")
        figures.show(gantt.gantt(lines, planned.status_on, planned.tasks), key="schedule_chart")
        schedule_tables.task_table(found, project, planned, key="schedule_tasks")
        schedule_tables.problem_list(planned, key="schedule_problems")
    kpi_cards.kpi_row(cards.iter_rows(named=True), catalogue, names, key="schedule_card", in_a_row=5)
kpi_cards.how_to_load(opened, grid, catalogue, names)
