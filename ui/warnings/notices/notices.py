"""Notices on screen: what could not be sent and why, and the inbox of each recipient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from models.alerts.vocabulary import OutboxStatus
from ui.shell import boxes
from ui.shell.numbers import age_text, instant_text
from ui.shell.wording import _, reason_text, safe

_SHOWN_AT_ONCE = 20
_EVERYBODY = 0


@dataclass(frozen=True)
class Decided:
    """What somebody wants of a message that has not left: again or give_up."""

    act: str
    outbox_id: int
    person: str


def not_sent_line(rows: Sequence[Mapping]) -> None:
    """Bad news first: how many messages need a person, and how many are still tried by themselves."""
    needing = sum(_needs_a_person(row) for row in rows)
    waiting = sum(row["status"] == OutboxStatus.WAITING for row in rows)
    if needing:
        st.error(
            _("Messages that need a decision: {count}. See the outbox.", count=needing), icon=":material/outgoing_mail:"
        )
    if waiting:
        st.caption(_("Messages waiting to be sent: {count}.", count=waiting))


def outbox(rows: Sequence[Mapping], names: Callable[[str], str], channels: Callable[[str], str], now: dt.datetime):
    """Every message that has not left: why, when it is tried next, and what can be done. Returns Decided, or None."""
    if not rows:
        st.caption(_("Everything was sent. What is told stands in the inbox in any case."))
        return None
    person = st.text_input(_("Changed by"), key="notices_outbox_person", max_chars=100)
    decided = None
    for row in rows[:_SHOWN_AT_ONCE]:
        with st.container(border=True, gap="xsmall"):
            what, again, give_up = st.columns([7, 1.4, 1.2], vertical_alignment="center")
            what.markdown(f"**{safe(row['subject'])}**")
            told = [names(row["recipient"]), channels(row["channel"]), _status(row, now)]
            what.caption(safe(" · ".join(told)))
            if row["last_error"]:
                what.markdown(safe(reason_text(row["last_error"])))
            number = row["outbox_id"]
            if row["status"] == OutboxStatus.SENDING and not row["is_stuck"]:
                continue
            if again.button(_("Send again"), key=f"notices_again_{number}"):
                decided = Decided("again", number, person)
            if row["status"] != OutboxStatus.FAILED and give_up.button(_("Give up"), key=f"notices_give_up_{number}"):
                decided = Decided("give_up", number, person)
    _rest(rows)
    return decided


def again_told(counts: Mapping[str, int]) -> None:
    """What came of sending again, in words."""
    if counts["sent"]:
        st.toast(_("Sent."))
    elif counts["waiting"]:
        st.toast(_("Not sent. It is tried again by itself."))
    else:
        st.toast(_("Not sent. See the reason in the outbox."))


def inbox_choice(rows: Sequence[Mapping], names: Callable[[str], str], unread: Mapping[int, int]) -> int | None:
    """Whose inbox. Returns the recipient_id, or None for everybody's."""
    labels = {_EVERYBODY: _with_count(_("everybody"), sum(unread.values()))}
    for row in rows:
        labels[row["recipient_id"]] = _with_count(names(row["name"]), unread.get(row["recipient_id"], 0))
    chosen = boxes.selectbox(_("Inbox of"), labels, key="notices_inbox_of")
    return chosen or None


def inbox(rows: Sequence[Mapping], names: Callable[[str], str], now: dt.datetime) -> list[int]:
    """Notices, newest first, unread ones marked. Returns the ids that somebody marks as read."""
    if not rows:
        st.caption(_("Nothing has been told yet. Notices come with the first change after a refresh."))
        return []
    unread = [row["notice_id"] for row in rows if row["read_at"] is None]
    marked = []
    if unread and st.button(_("Mark all as read"), key="notices_read_all", icon=":material/done_all:"):
        marked = unread
    for row in rows[:_SHOWN_AT_ONCE]:
        sign = "" if row["read_at"] else "● "
        with st.expander(sign + safe(row["subject"]), key=f"notices_notice_{row['notice_id']}"):
            told = [names(row["recipient"]), age_text(row["created_at"], now), *_left(row)]
            st.caption(safe(" · ".join(told)))
            st.text(row["body"])
            if row["read_at"] is None and st.button(_("Mark as read"), key=f"notices_read_{row['notice_id']}"):
                marked = [row["notice_id"]]
    _rest(rows)
    return marked


def _rest(rows: Sequence[Mapping]) -> None:
    if len(rows) > _SHOWN_AT_ONCE:
        st.caption(_("{count} more are not shown.", count=len(rows) - _SHOWN_AT_ONCE))


def _needs_a_person(row: Mapping) -> bool:
    return row["status"] == OutboxStatus.FAILED or row["is_stuck"]


def _status(row: Mapping, now: dt.datetime) -> str:
    if row["status"] == OutboxStatus.WAITING:
        told = {"at": instant_text(row["next_attempt_at"]), "count": row["attempts"]}
        return _("attempts: {count}, the next one at {at}", **told)
    if row["status"] == OutboxStatus.FAILED:
        return _("given up after {count} attempts", count=row["attempts"])
    if row["is_stuck"]:
        return _("broken off {age}: nobody knows whether it arrived", age=age_text(row["attempted_at"], now))
    return _("is being sent")


def _left(row: Mapping) -> list[str]:
    if row["status"] is None:
        return []
    return [_("sent") if row["status"] == OutboxStatus.SENT else _("not sent")]


def _with_count(name: str, count: int) -> str:
    return f"{name} ({count})" if count else name
