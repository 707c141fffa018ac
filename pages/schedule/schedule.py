"""Schedule centre: will it be done in time, and what holds it up?"""

from models.schedule import network, series
from ui.kpis import cards as kpi_cards
from ui.kpis import sections
from ui.kpis.page import kpi_page
from ui.schedule import finish as schedule_finish
from ui.schedule import gantt
from ui.schedule import rows as schedule_rows
from ui.schedule import story as schedule_story
from ui.schedule import tables as schedule_tables
from ui.shell import caveats, figures

page = kpi_page("schedule", "scope", "rollout")
view = page.view

kpi_cards.headline(page)
caveats.years_line(view, page.selection)
project = sections.project_in_scope(page.projects)
if project is None:
    kpi_cards.kpi_row(page, page.cards, key="schedule_card", in_a_row=5)
    sections.member_grid(page, key="schedule_grid")
    sections.project_line(view, page.selection, page.grid, key="schedule_project_line")
else:
    sections.all_projects_button(view, key="schedule_all")
    planned = view.ask(network.project_schedule, project["project_key"])
    if planned is None:
        schedule_story.nothing_loaded()
    else:
        if schedule_rows.narrowed(planned.tasks) is None:  # else the tasks asked for are what the page is about
            schedule_story.story(view, project)
            forecast = view.ask(series.time_forecast, project["project_key"])
            schedule_finish.finish_dates(planned, forecast, project, key="schedule_finish")
        found = schedule_rows.task_filter(planned, key="schedule")
        lines = schedule_rows.shown_lines(found, planned, key="schedule")
        opens = schedule_rows.opens_of(planned.project_key)
        figures.show(gantt.gantt(lines, planned.status_on, planned.tasks, opens), key="schedule_chart")
        schedule_tables.task_table(found, project, planned, key="schedule_tasks")
        schedule_tables.task_history(view, planned, key="schedule_task")
        schedule_tables.problem_list(planned, key="schedule_problems")
    kpi_cards.kpi_row(page, page.cards, key="schedule_card", in_a_row=5)
kpi_cards.how_to_load(page)
