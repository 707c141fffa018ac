"""Warnings: what lies beyond its level now, since when, why, and who answers it?"""

from pipeline import offers
from ui.shell import data
from ui.shell.filters import current_filters
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.warnings import alert_list as alerts
from ui.warnings import rows as alerts_rows
from ui.warnings import words as alerts_words

view = data.snapshot_or_stop()
filters = current_filters()
port = offers.Alerts(data.data_dir(), current_viewer())
now = offers.now()
names = alerts_words.names_of(view)
chosen = data.chosen_projects(view, filters)
rows = alerts_rows.matching(port.now(), chosen, filters)
over = alerts_rows.matching(port.ended_lately(), chosen, filters)

alerts.headline(rows, over)
alerts.evaluated_line(port.last_evaluation(), view)
linked = alerts.linked(port, names, now)
shown_view = alerts.view_choice(rows, over)
listed = port.levels_of(view.snapshot, alerts_rows.of_view(shown_view, rows, over))
act = alerts.alert_list(shown_view, listed, names, port, now) or linked
if act is not None:
    with saving(act, refused=act.told):
        port.answer(act.name, act.alert_key, **act.words)
