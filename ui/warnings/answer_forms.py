"""The answers to alerts, one or several: acknowledge, snooze, assign, comment. A form returns what was asked for, if anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.alerts.alert import AlertToday
from models.errors import PlimsollError
from ui.kpis.cards import slug
from ui.shell import boxes
from ui.shell.wording import _, error_text, first_of, safe
from ui.warnings import keys
from ui.warnings import words as alerts_words
from ui.warnings.words import Names

LONGEST_NAME = 100
LONGEST_TEXT = 1000
USUAL_SILENCE = dt.timedelta(days=7)  # to the next weekly export
NEXT, DAY = "next", "day"
_NAMED = 9
_TICKED, _TURN, _REFUSED = "alerts_answering", "alerts_turn", "alerts_refused"


@dataclass(frozen=True)
class AlertResponse:
    """What somebody asks for: the answer by name (offers.Alerts.answer), the alerts, the words. told: where errors go."""

    name: Literal["acknowledge", "snooze", "comment", "assign"]
    alert_keys: tuple[str, ...]
    words: dict
    told: DeltaGenerator


def person() -> str:
    """The name that this session last answered with."""
    return str(st.session_state.get("alerts_person") or "").strip()


def is_open() -> bool:
    """Whether several alerts are being answered together."""
    return bool(st.session_state.get(_TICKED))


def ticked(rows: Sequence[AlertToday], names: Names, today: dt.date) -> AlertResponse | None:
    """The form for what was ticked, and what was refused of the last one. Call it once, above the list.

    rows: all that may be ticked; what is not among them is ignored.
    """
    state = st.session_state
    turn = state.setdefault(_TURN, 0)
    if asked := keys.asked(state.get(_TICKED) or (), turn):
        state[_TICKED] = asked
    for subject, reason in state.pop(_REFUSED, ()):
        st.error(safe(_("{alert}: {reason}", alert=subject, reason=reason)), icon=":material/error:")
    by_key = {row.alert_key: row for row in rows}
    wanted = [by_key[key] for key in state.get(_TICKED) or () if key in by_key]
    if not wanted:
        state.pop(_TICKED, None)
        return None
    with st.container(border=True, gap="small", key="alerts_answering"):
        head, way_out = st.columns([6, 1], vertical_alignment="center")
        which = first_of([safe(_named(row, names)) for row in wanted], _NAMED)
        head.markdown(f"**{_('Answer {count} alerts', count=len(wanted))}** · {which}")
        way_out.button(_("Cancel"), key="alerts_cancel", on_click=_close, width="stretch")
        return answers(wanted, f"ticked_{turn}", today)


def _close() -> None:
    st.session_state.pop(_TICKED, None)


def _named(row: AlertToday, names: Names) -> str:
    return f"{alerts_words.project(row, names)} {alerts_words.subject(row, names, short=True)}"


def answers(rows: Sequence[AlertToday], key: str, today: dt.date) -> AlertResponse | None:
    """The four answers, under one name, to these alerts. key: another one after each, so that the next starts on empty fields."""
    told = st.container()
    by = st.text_input(_("Your name"), key="alerts_person", max_chars=LONGEST_NAME, width=320, persist_state="session")
    labels = {
        "acknowledge": _("Acknowledge"),
        "snooze": _("Snooze"),
        "assign": _("Assign"),
        "comment": _("Comment"),
    }
    usual = "acknowledge" if any(row.is_open for row in rows) else "comment"
    way = boxes.one_of(_("Answer"), labels, default=usual, key=f"alerts_way_{key.rpartition('_')[0]}")
    with st.form(f"alerts_form_{way}_{key}", border=False):
        words = _FIELDS[way](key, rows[0], today)
        if not st.form_submit_button(labels[way], type="primary"):
            return None
    return AlertResponse(way, tuple(row.alert_key for row in rows), {"by": by, **words}, told)


def key_of(row: AlertToday, said: int) -> str:
    """said: how many lines the history of the alert holds."""
    return f"{slug(row.alert_key)}_{said}"


def done(act: AlertResponse, refused: Mapping[str, PlimsollError], rows: Sequence[AlertToday], names: Names) -> None:
    """Says what came of an answer, and of each alert that was refused why. Where all were, the form stays as it was filled in."""
    state = st.session_state
    if len(refused) == len(act.alert_keys):
        for reason in dict.fromkeys(error_text(error) for error in refused.values()):
            act.told.error(safe(reason), icon=":material/error:")
        return
    by_key = {row.alert_key: row for row in rows}
    state[_REFUSED] = [(_named(by_key[key], names), error_text(error)) for key, error in refused.items()]
    state[_TURN] += 1
    state.pop(_TICKED, None)
    count = len(act.alert_keys) - len(refused)
    st.toast(_("Saved.") if len(act.alert_keys) == 1 else _("Answered: {count} alerts", count=count))
    st.rerun()


def _acknowledge(key: str, _row: AlertToday, today: dt.date) -> dict:
    until, day = st.columns([2, 1], vertical_alignment="bottom")
    labels = {NEXT: _("until the next data date"), DAY: _("until the end of the day it is due:")}
    chosen = until.radio(
        _("Silent"), list(labels), format_func=labels.get, key=f"alerts_ack_until_{key}", horizontal=True
    )
    on = day.date_input(
        _("Due on"), value=today + USUAL_SILENCE, min_value=today, key=f"alerts_ack_day_{key}", format="YYYY-MM-DD"
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


def _assign(key: str, row: AlertToday, today: dt.date) -> dict:
    owner = st.text_input(
        _("New owner"),
        key=f"alerts_owner_{key}",
        max_chars=LONGEST_NAME,
        width=320,
        placeholder=row.owner or _("no owner"),
    )
    due = st.date_input(
        _("Due on, if there is a day"),
        value=None,
        min_value=today,
        key=f"alerts_assign_due_{key}",
        format="YYYY-MM-DD",
        width=240,
    )
    reason = _text(_("Reason, if there is one to give"), f"alerts_assign_reason_{key}")
    return {"owner": owner, "due": due, "reason": reason}


def _comment(key: str, _row: AlertToday, _today: dt.date) -> dict:
    return {"text": st.text_area(_("Comment"), key=f"alerts_comment_{key}", max_chars=LONGEST_TEXT, height=90)}


def _text(label: str, key: str) -> str:
    return st.text_input(label, key=key, max_chars=LONGEST_TEXT)


def _day(chosen: dt.date | None) -> dt.date | str:
    return chosen or ""  # an emptied field is told as an error by whoever writes the answer


_FIELDS = {"acknowledge": _acknowledge, "snooze": _snooze, "assign": _assign, "comment": _comment}
