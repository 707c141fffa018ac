"""Milestones: which dates are slipping, and how fast?"""

from models.schedule import network, series
from pipeline import offers
from ui.kpis import events, sections
from ui.schedule import data as schedule_data
from ui.schedule import rows as schedule_rows
from ui.schedule import story as schedule_story
from ui.schedule import trends as schedule_trends
from ui.shell import caveats, data, figures
from ui.shell.filters import current_filters
from ui.shell.viewer import current_viewer

view = data.snapshot_or_stop()
filters = current_filters()
ranked = schedule_data.ranked(view, filters)
project, head = sections.one_project(view, filters, key="schedule_project", worst_of=ranked)
with head:
    schedule_story.head(view.ask(network.project_schedule, project["project_key"]), project)
caveats.years_line(view, filters)
history = view.ask(series.milestones, project["project_key"], project["contract_finish_on"])
if history.is_empty():
    schedule_story.nothing_loaded()
else:
    opens = schedule_rows.opens_of(project["project_key"])
    undone = offers.Intake(data.data_dir(), current_viewer()).undone()
    happened = events.happened(view, project["project_key"], undone)
    history = schedule_trends.type_choice(history, key="milestones_type")
    figures.show(schedule_trends.milestone_chart(history, opens, happened), key="milestones_trend")
    schedule_trends.milestone_table(history, project["contract_finish_on"], key="milestones_table")
    floats = view.ask(network.float_history, project["project_key"])
    figures.show(schedule_trends.float_chart(floats, opens, happened), key="milestones_float")
