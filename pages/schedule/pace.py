"""Buffer and pace: does the reserve last, and when does the work end at this pace?"""

from models.schedule import network, series
from pipeline import offers
from ui.kpis import events, sections
from ui.schedule import charts as schedule_charts
from ui.schedule import data as schedule_data
from ui.schedule import finish as schedule_finish
from ui.schedule import story as schedule_story
from ui.schedule import tables as schedule_tables
from ui.shell import caveats, data, figures
from ui.shell.filters import current_filters
from ui.shell.viewer import current_viewer

view = data.snapshot_or_stop()
filters = current_filters()
ranked = schedule_data.ranked(view, filters)
project, head = sections.one_project(view, filters, key="schedule_project", worst_of=ranked)
project_key = project["project_key"]
planned = view.ask(network.project_schedule, project_key)
with head:
    schedule_story.head(planned, project)
caveats.years_line(view, filters)
forecast = view.ask(series.time_forecast, project_key)
history = schedule_data.performance_history(view, filters, project_key)
levels = schedule_data.performance_levels(view)

buffers = view.ask(series.buffer_history, project_key)
part = schedule_story.part_choice(buffers, key=f"pace_part_{project_key}")
schedule_story.pace_story(buffers, part)
days = buffers["status_on"].unique().to_list()
ways = schedule_data.evidence_of_days(view, filters, project_key, "buffer_consumption", days)
zones = view.ask(series.buffer_zones)
sites_of = schedule_data.sites_of_waves(project_key)
figures.show(schedule_charts.fever_chart(buffers, zones, part, ways, sites_of), key="pace_fever")
schedule_tables.wave_sites(view, project, key="pace_sites")
schedule_tables.wave_table(buffers, key="pace_waves")
happened = events.happened(view, project_key, offers.Intake(data.data_dir(), current_viewer()).undone())
rows_of = schedule_data.evidence_of_periods(project_key)
figures.show(schedule_charts.time_chart(history, forecast, levels, rows_of, happened), key="pace_time")
schedule_story.forecast_line(forecast, project)
schedule_finish.finish_dates(planned, forecast, project, key="pace_finish")
in_days = schedule_story.measure_choice(key="pace_measure")
weeks = view.ask(series.burn_up, project_key)
items_of = schedule_data.items_of_weeks(project_key)
figures.show(schedule_charts.burn_up_chart(weeks, in_days, items_of, happened), key="pace_burn_up")
schedule_tables.burn_up_items(view, project_key, key="pace_items")
