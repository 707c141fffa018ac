"""Warnings: what lies beyond its level now, since when, why, and who answers it by when?"""

import streamlit as st

from pipeline import offers
from ui.shell import data
from ui.shell.filters import current_filters
from ui.shell.viewer import current_viewer
from ui.warnings import answer_forms, chips, entries, head, keys, queue
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
offered = chips.choices([*rows, *over], names)
narrowing, order, narrowed = chips.narrowing(offered)
rows, over = list(filter(narrowing.fits, rows)), list(filter(narrowing.fits, over))
news = entries.news_of([*rows, *over], port.news(answer_forms.person()))
found = head.counted(rows, over, names.catalogue)

head.headline(found, rows, news, narrowed, head.evaluated_line(port.last_evaluation(), view))
with st.container(horizontal=True, gap="small", vertical_alignment="center", key="alerts_views"):
    shown_view = head.view_choice(found)
    head.seen(news, port.see)
    keys.told()
with st.container(gap="xsmall", key="alerts_queue"):
    chips.row(offered)
    together = answer_forms.ticked([*rows, *over], names, now.date())
    listed = port.levels_of(view.snapshot, entries.of_view(shown_view, rows, over, news))
    shown = entries.entries(listed, names.catalogue)
    groups = entries.grouped(entries.ordered(shown, order, names), news, order)
    single = queue.queue(groups, names, news, port, now, can_answer=not answer_forms.is_open())
    if not shown:
        head.calm(shown_view, narrowed)
if act := together or single:
    refused = port.answer(act.name, act.alert_keys, **act.words)
    answer_forms.done(act, refused, [*rows, *over], names)
