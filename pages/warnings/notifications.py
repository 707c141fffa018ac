"""Notification settings: who is told of what, how does it reach them, and what could not be sent?"""

import datetime as dt

import streamlit as st

from models.builds.selection import Selection
from pipeline import offers
from ui.frame.head import page_head
from ui.shell import boxes, data
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.shell.wording import _, reason_text
from ui.warnings.notices import notices as shown
from ui.warnings.notices import recipients

port = offers.Notices(data.data_dir(), current_viewer())
now = dt.datetime.now(dt.UTC)
view = data.opened_build()
projects = {} if view is None else data.project_names(data.chosen_projects(view, Selection()))
channels = recipients.Channels(port.channel_names, port.fields, port.default_name)
everybody = port.recipients()
left = port.not_sent(now)

page_head(_("Recipients: {count}; not sent: {left}", count=len(everybody), left=len(left)))
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
    recipients.recipients(everybody, channels, projects)
    asked = recipients.form(everybody, channels, projects)
with outbox:
    decided = shown.outbox(left, channels.name, channels.word, now)
with inbox:
    whose = shown.inbox_choice(everybody, channels.name, port.unread())
    read = shown.inbox(port.inbox(whose), channels.name, now)

is_test = asked is not None and asked.act == "test"
with saving(asked is not None and not is_test, refused=refused):
    if asked is not None and asked.recipient_id is not None and is_test:
        with refused, st.spinner(_("Sending…")):
            delivery = port.send_test(asked.recipient_id, asked.person)
        with refused:
            recipients.tested(delivery.fate, reason_text(delivery.reason or {}))
    elif asked is not None and asked.wanted is not None:
        port.save(asked.recipient_id, asked.wanted, asked.person)
    elif asked is not None and asked.recipient_id is not None:
        port.retire(asked.recipient_id, asked.person, retire=asked.act == "retire")
with saving(decided or read, refused=refused, told=""):
    if decided is not None and decided.act == "again":
        shown.again_told(port.send_again(decided.outbox_id, decided.person, now))
    elif decided is not None:
        port.give_up(decided.outbox_id, decided.person)
    if read:
        port.mark_read(read, now)
