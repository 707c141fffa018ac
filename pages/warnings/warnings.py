"""Warnings: what lies beyond its level now, since when, why, and who answers it?"""

from functools import partial

import streamlit as st

from models.errors import PlimsollError
from pipeline.alerts import answering
from pipeline.alerts.listing import levels_of
from pipeline.settings import Settings
from ui.shell import data
from ui.shell.filters import current_filters
from ui.shell.wording import _, error_text, language, safe
from ui.warnings import alert_list as alerts
from ui.warnings import rows as alerts_rows
from ui.warnings import words as alerts_words

opened = data.snapshot_or_stop()
filters = current_filters()
folder = data.data_dir()
now = Settings().now()
names = alerts_words.names_of(opened)
chosen = data.chosen_projects(opened, filters)
rows = alerts_rows.matching(answering.alerts_now(folder), chosen, filters)
over = alerts_rows.matching(answering.ended_lately(folder), chosen, filters)
story = partial(answering.events_of, folder)

alerts.headline(rows, over)
alerts.evaluated_line(answering.last_evaluation(folder), opened)
linked = alerts.linked(partial(answering.alert_of, folder), names, story, now)
view = alerts.view_choice(rows, over)
listed = levels_of(opened.snapshot, alerts_rows.of_view(view, rows, over))
act = alerts.alert_list(view, listed, names, story, now) or linked
if act is not None:
    try:
        getattr(answering, act.name)(folder, act.alert_key, **act.words)
    except PlimsollError as error:
        act.told.error(safe(error_text(error, language())), icon=":material/error:")
    else:
        st.toast(_("Saved."))
        st.rerun()
