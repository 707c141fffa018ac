"""Notices: who is told of a change, in which words, and whether it reached them. The inbox is the record."""

from pipeline.notices.channels import CHANNEL_NAMES, FIELDS, Channel
from pipeline.notices.delivery import Delivery, Fate
from pipeline.notices.queueing import queue
from pipeline.notices.reading import inbox, mark_read, not_sent, unread
from pipeline.notices.recipients import (
    DEFAULT_NAME,
    SEVERITIES,
    Wanted,
    add_recipient,
    edit_recipient,
    recipients,
    retire_recipient,
)
from pipeline.notices.sending import give_up, send_after_refresh, send_again, send_again_now, send_test, send_waiting

__all__ = [
    "CHANNEL_NAMES",
    "DEFAULT_NAME",
    "FIELDS",
    "SEVERITIES",
    "Channel",
    "Delivery",
    "Fate",
    "Wanted",
    "add_recipient",
    "edit_recipient",
    "give_up",
    "inbox",
    "mark_read",
    "not_sent",
    "queue",
    "recipients",
    "retire_recipient",
    "send_after_refresh",
    "send_again",
    "send_again_now",
    "send_test",
    "send_waiting",
    "unread",
]
