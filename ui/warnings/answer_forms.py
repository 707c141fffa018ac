"""The answers to one alert: acknowledge, snooze, assign, comment. A form returns what was asked for, if anything."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.alerts.alert import AlertToday
from ui.kpis.cards import slug
from ui.shell import boxes
from ui.shell.wording import _

LONGEST_NAME = 100
LONGEST_TEXT = 1000
USUAL_SILENCE = dt.timedelta(days=7)  # to the next weekly export
NEXT, DAY = "next", "day"


@dataclass(frozen=True)
class AlertResponse:
    """What somebody asks for: the answer by name (pipeline.offers.Alerts.answer), the alert, the words. told: where errors go."""

    name: Literal["acknowledge", "snooze", "comment", "assign"]
    alert_key: str
    words: dict
    told: DeltaGenerator


def answers(row: AlertToday, said: int, today: dt.date) -> AlertResponse | None:
    """The four answers, under one name. said: how many lines the history holds, so that each answer starts on empty fields."""
    told = st.container()
    key = f"{slug(row.alert_key)}_{said}"
    by = st.text_input(_("Your name"), key="alerts_person", max_chars=LONGEST_NAME, width=320, persist_state="session")
    labels = {
        "acknowledge": _("Acknowledge"),
        "snooze": _("Snooze"),
        "assign": _("Assign"),
        "comment": _("Comment"),
    }
    usual = "acknowledge" if row.is_open else "comment"
    way = boxes.one_of(_("Answer"), labels, default=usual, key=f"alerts_way_{slug(row.alert_key)}")
    with st.form(f"alerts_form_{way}_{key}", border=False):
        words = _FIELDS[way](key, row, today)
        if not st.form_submit_button(labels[way], type="primary"):
            return None
    return AlertResponse(way, row.alert_key, {"by": by, **words}, told)


def _acknowledge(key: str, _row: AlertToday, today: dt.date) -> dict:
    until, day = st.columns([2, 1], vertical_alignment="bottom")
    labels = {NEXT: _("until the next data date"), DAY: _("until the end of a day:")}
    chosen = until.radio(
        _("Silent"), list(labels), format_func=labels.get, key=f"alerts_ack_until_{key}", horizontal=True
    )
    on = day.date_input(
        _("Day"), value=today + USUAL_SILENCE, min_value=today, key=f"alerts_ack_day_{key}", format="YYYY-MM-DD"
    )
    reason = _text(_("What is done about it"), f"alerts_ack_reason_{key}")
    return {"reason": reason, "until": NEXT if chosen == NEXT else _day(on)}


def _snooze(key: str, _row: AlertToday, today: dt.date) -> dict:
    on = st.date_input(
        _("No notices until the end of"),
        value=today + USUAL_SILENCE,
        min_value=today,
        key=f"alerts_snooze_day_{key}",
        format="YYYY-MM-DD",
        width=240,
    )
    return {"until": _day(on), "reason": _text(_("Reason"), f"alerts_snooze_reason_{key}")}


def _assign(key: str, row: AlertToday, _today: dt.date) -> dict:
    owner = st.text_input(
        _("New owner"),
        key=f"alerts_owner_{key}",
        max_chars=LONGEST_NAME,
        width=320,
        placeholder=row.owner or _("no owner"),
    )
    return {"owner": owner, "reason": _text(_("Reason, if there is one to give"), f"alerts_assign_reason_{key}")}


def _comment(key: str, _row: AlertToday, _today: dt.date) -> dict:
    return {"text": st.text_area(_("Comment"), key=f"alerts_comment_{key}", max_chars=LONGEST_TEXT, height=90)}


def _text(label: str, key: str) -> str:
    return st.text_input(label, key=key, max_chars=LONGEST_TEXT)


def _day(chosen: dt.date | None) -> dt.date | str:
    return chosen or ""  # an emptied field is told as an error by whoever writes the answer


_FIELDS = {"acknowledge": _acknowledge, "snooze": _snooze, "assign": _assign, "comment": _comment}
