"""Warnings: what lies beyond its level now, since when, why, and who answers it?"""

from pipeline import offers
from ui.shell import data
from ui.shell.filters import current_filters
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.warnings import alert_list as alerts
from ui.warnings import rows as alerts_rows
from ui.warnings import words as alerts_words

opened = data.snapshot_or_stop()
filters = current_filters()
port = offers.Alerts(data.data_dir(), current_viewer())
now = offers.now()
names = alerts_words.names_of(opened)
chosen = data.chosen_projects(opened, filters)
rows = alerts_rows.matching(port.now(), chosen, filters)
over = alerts_rows.matching(port.ended_lately(), chosen, filters)

alerts.headline(rows, over)
alerts.evaluated_line(port.last_evaluation(), opened)
linked = alerts.linked(port, names, now)
view = alerts.view_choice(rows, over)
listed = port.levels_of(opened.snapshot, alerts_rows.of_view(view, rows, over))
act = alerts.alert_list(view, listed, names, port, now) or linked
if act is not None:
    with saving(act, refused=act.told):
        port.answer(act.name, act.alert_key, **act.words)
