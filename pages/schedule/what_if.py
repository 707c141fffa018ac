"""What-if: what would another duration or another start do to the finish?"""

from models.schedule import network, series
from ui.kpis import sections
from ui.schedule import data as schedule_data
from ui.schedule import gantt
from ui.schedule import rows as schedule_rows
from ui.schedule import story as schedule_story
from ui.schedule import what_if as schedule_what_if
from ui.shell import caveats, data, figures
from ui.shell.filters import current_filters

view = data.snapshot_or_stop()
filters = current_filters()
ranked = schedule_data.ranked(view, filters)
project, head = sections.one_project(view, filters, key="schedule_project", worst_of=ranked)
planned = view.ask(network.project_schedule, project["project_key"])
with head:
    schedule_story.head(planned, project)
caveats.years_line(view, filters)
if planned is None:
    schedule_story.nothing_loaded()
else:
    forecast = view.ask(series.time_forecast, project["project_key"])
    changes = schedule_what_if.change_editor(planned, key=f"what_if_{project['project_key']}")
    found = schedule_what_if.outcome(planned, changes)
    schedule_what_if.verdict(found)
    schedule_what_if.comparison(found, forecast, project, key="what_if_comparison")
    lines = schedule_what_if.ghost_lines(planned, found)
    opens = schedule_rows.opens_of(planned.project_key)
    figures.show(gantt.gantt(lines, planned.status_on, opens=opens), key="what_if_chart")
    schedule_what_if.moved_table(found, key="what_if_moved")
