"""Notification settings: who is told of what, how does it reach them, and what could not be sent?"""

import datetime as dt

import streamlit as st

from models.builds.selection import Selection
from models.errors import PlimsollError
from models.words.wording import reason_text
from pipeline import notices
from ui.kpis import cards as kpi_cards
from ui.shell import boxes, data
from ui.shell.wording import _, error_text, language, safe
from ui.warnings.notices import notices as shown
from ui.warnings.notices import recipients

folder = data.data_dir()
now = dt.datetime.now(dt.UTC)
opened = data.opened_build()
projects = {} if opened is None else kpi_cards.project_names(data.chosen_projects(opened, Selection()))
channels = recipients.Channels(notices.CHANNEL_NAMES, notices.FIELDS, notices.DEFAULT_NAME)
everybody = notices.recipients(folder)
left = notices.not_sent(folder, now)

st.title(_("Notifications"))
st.caption(
    _(
        "After each refresh every recipient gets at most one message, about changes only. The inbox is the record: it holds "
        "what was told, whether or not it could be sent."
    )
)
shown.not_sent_line(left)
refused = st.container()
people, outbox, inbox = boxes.tabs([_("Recipients"), _("Outbox"), _("Inbox")], key="notifications_tabs")
with people:
    recipients.table(everybody, channels, projects)
    asked = recipients.form(everybody, channels, projects)
with outbox:
    decided = shown.outbox(left, channels.name, channels.word, now)
with inbox:
    whose = shown.inbox_choice(everybody, channels.name, notices.unread(folder))
    read = shown.inbox(notices.inbox(folder, whose), channels.name, now)

try:
    if asked is not None and asked.act == "test":
        with refused, st.spinner(_("Sending…")):
            delivery = notices.send_test(folder, asked.recipient_id, asked.person)
        with refused:
            recipients.tested(delivery.fate, reason_text(delivery.reason or {}, language()))
    elif asked is not None:
        if asked.act == "save" and asked.recipient_id is None:
            notices.add_recipient(folder, notices.Wanted(**asked.wanted), asked.person)
        elif asked.act == "save":
            notices.edit_recipient(folder, asked.recipient_id, notices.Wanted(**asked.wanted), asked.person)
        else:
            notices.retire_recipient(folder, asked.recipient_id, asked.person, retire=asked.act == "retire")
        st.toast(_("Saved."))
        st.rerun()
    if decided is not None:
        if decided.act == "again":
            shown.again_told(notices.send_again_now(folder, decided.outbox_id, decided.person, now))
        else:
            notices.give_up(folder, decided.outbox_id, decided.person)
        st.rerun()
    if read:
        notices.mark_read(folder, read, now)
        st.rerun()
except PlimsollError as error:
    refused.error(safe(error_text(error, language())), icon=":material/error:")
