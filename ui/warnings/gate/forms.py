"""What people do at the gate: sign and withdraw, waive, change what is asked. A form returns what was asked for, if anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import Literal

import streamlit as st

from models.document import Row
from models.gate.verdict import EVERY_PROJECT, SUBJECTS, Asked, ConditionKind, ConditionStatus, Finding
from models.gate.words import condition_word, number_text
from ui.kpis.cards import slug
from ui.shell import boxes
from ui.shell.numbers import date_text, instant_text, local_date_text
from ui.shell.tables import table, text
from ui.shell.wording import _, language, safe
from ui.warnings.gate.verdict import draw_status, waived_line

_ITEM = (2.6, 1.2, 3.3, 1.6)
USUAL_WAIVER = dt.timedelta(days=14)  # long enough to mend what was let pass, short enough to be asked again
_NEW_ITEM = ("", "new")


@dataclass(frozen=True)
class GateSubmission:
    """What a person asked for: the act (pipeline.offers.Gate.act) and its words."""

    name: Literal["sign", "withdraw_signature", "waive", "withdraw_waiver", "set_condition"]
    words: dict


def items(findings: Sequence[Finding], signatures: Sequence[Mapping], release: str) -> GateSubmission | None:
    """One row per item to sign, with its signature or the way to give one. Returns what was asked for."""
    shown = [finding for finding in findings if finding.kind == ConditionKind.SIGNED]
    if not shown:
        st.caption(_("Nothing has to be signed for this project."))
        return None
    held = {row["name"]: row for row in signatures if not row["withdrawn_at"]}
    act = None
    with st.container(border=True, gap="xsmall"):
        for finding in shown:
            name, status, who, button = st.columns(_ITEM, vertical_alignment="center")
            name.markdown(f"**{safe(condition_word(finding.name, language()))}**")
            with status:
                draw_status(finding)
            who.markdown(safe(_signed_line(finding)))
            with button:
                if finding.status == ConditionStatus.SIGNED:
                    act = _withdrawal(held[finding.name], "withdraw_signature") or act
                elif finding.status == ConditionStatus.UNSIGNED:
                    act = _signature(finding.name, release) or act
    return act


def _signed_line(finding: Finding) -> str:
    if finding.status == ConditionStatus.SIGNED:
        told = _("{person}, {at}", person=finding.signed_by, at=instant_text(finding.signed_at))
        return _("{person}: {reason}", person=told, reason=finding.note) if finding.note else told
    if finding.waiver:
        return waived_line(finding.waiver)
    if finding.asked and finding.status == ConditionStatus.NOT_APPLICABLE:
        return _("{person}: {reason}", person=finding.asked.approved_by, reason=finding.asked.reason)
    return ""


def _signature(name: str, release: str) -> GateSubmission | None:
    key = slug(name)
    with st.popover(_("Sign"), icon=":material/draw:"):
        person = st.text_input(_("Signed by"), key=f"gate_sign_person_{key}", max_chars=100)
        note = st.text_input(_("Note"), key=f"gate_sign_note_{key}", max_chars=500)
        if st.button(_("Sign this item"), key=f"gate_sign_{key}", type="primary"):
            return GateSubmission("sign", {"name": name, "release": release, "signed_by": person, "note": note})
    return None


def _withdrawal(row: Row, act: Literal["withdraw_signature", "withdraw_waiver"]) -> GateSubmission | None:
    what = act.removeprefix("withdraw_")
    number = row[f"{what}_id"]
    with st.popover(_("Withdraw"), icon=":material/undo:"):
        person = st.text_input(_("Withdrawn by"), key=f"gate_withdraw_person_{what}_{number}", max_chars=100)
        if st.button(_("Withdraw it"), key=f"gate_withdraw_{what}_{number}"):
            return GateSubmission(act, {f"{what}_id": number, "person": person})
    return None


def waiver_form(stopping: Sequence[Finding], release: str, today: dt.date) -> GateSubmission | None:
    """Lets one condition that stops pass, by a person, with a reason and a last day."""
    if not stopping:
        st.caption(_("Nothing stops this release: there is nothing to waive."))
        return None
    with st.container(border=True):
        what, until = st.columns(2)
        conditions = {finding.name: condition_word(finding.name, language()) for finding in stopping}
        name = boxes.selectbox(_("Condition"), conditions, key="gate_waive_name", at=what)
        expires_on = until.date_input(
            _("Until"), value=today + USUAL_WAIVER, min_value=today, key="gate_waive_until", format="YYYY-MM-DD"
        )
        reason, person = boxes.reason_and_person("gate_waive", _("Approved by"))
        if not st.button(_("Waive"), key="gate_waive", type="primary"):
            return None
    words = {"name": name, "release": release, "approved_by": person, "reason": reason, "expires_on": expires_on}
    return GateSubmission("waive", words | {"today": today})


def waivers(rows: Sequence[Mapping], today: dt.date) -> GateSubmission | None:
    """The waivers of this release, those that hold with the way to withdraw them."""
    act = None
    for row in reversed(rows):
        ended = row["withdrawn_at"] or dt.date.fromisoformat(row["expires_on"]) < today
        line, button = st.columns([5, 1.4], vertical_alignment="center")
        words = _(
            "{condition}: waived by {person} until {day}: {reason}",
            condition=condition_word(row["name"], language()),
            person=row["approved_by"],
            day=date_text(row["expires_on"]),
            reason=row["reason"],
        )
        line.markdown(safe(words))
        with button:
            if row["withdrawn_at"]:
                st.caption(_("withdrawn"))
            elif ended:
                st.caption(_("expired"))
            else:
                act = _withdrawal(row, "withdraw_waiver") or act
    return act


def condition_form(asked: Sequence[Asked], project_key: str) -> GateSubmission | None:
    """Changes one condition or item: its level, that it does not apply, that it is off; or adds an item to sign."""
    known = {(each.kind, each.name): each for each in asked}
    with st.container(border=True):
        what, where = st.columns(2)
        conditions = {each: condition_word(each[1], language()) for each in known} | {
            _NEW_ITEM: _("a new item to sign …")
        }
        kind, name = boxes.selectbox(_("Condition"), conditions, key="gate_edit_condition", at=what)
        scopes = {project_key: _("this project"), EVERY_PROJECT: _("all projects that set nothing themselves")}
        scope = boxes.selectbox(_("For"), scopes, key="gate_edit_scope", at=where)
        words: dict = {"kind": kind, "name": name, "project_key": scope}
        if (kind, name) == _NEW_ITEM:
            words |= {
                "kind": ConditionKind.SIGNED.value,
                "name": st.text_input(_("What is to be signed"), key="gate_edit_name", max_chars=100),
            }
        else:
            words |= _standing(known[kind, name])
        words["reason"], words["approved_by"] = boxes.reason_and_person("gate_edit", _("Approved by"))
        if not st.button(_("Save the change"), key="gate_edit", type="primary"):
            return None
    return GateSubmission("set_condition", words)


def _standing(each: Asked) -> dict:
    """How a condition is to stand: asked as usual, at a level of its own, not applicable, or off the list."""
    measured = each.kind == ConditionKind.MEASURED
    ways = {"usual": _("asked, at the usual level") if measured else _("asked")}
    if measured:
        ways["level"] = _("asked, at a level of its own")
    ways |= {"not_applicable": _("does not apply"), "off": _("off the list")}
    key = f"gate_edit_way_{each.kind}_{slug(each.name)}"
    way = boxes.one_of(_("How it stands"), ways, key=key, required=False, label_visibility="visible")
    level = None
    if way == "level":
        subject = SUBJECTS[each.name]
        share = subject.unit == "percent"
        here = each.level if each.level is not None else subject.usual_level
        typed = st.number_input(
            _("Level, in %") if share else _("Level"),
            min_value=0.0,
            value=float(Decimal(repr(here or 0.0)) * (100 if share else 1)),
            step=0.1 if share else 1.0,
            format="%.4g",
            key=f"gate_edit_level_{each.name}",
        )
        level = float(Decimal(repr(typed)) / (100 if share else 1))
    return {"level": level, "is_applicable": way != "not_applicable", "is_off": way == "off"}


def edits_table(rows: Sequence[Mapping]) -> None:
    """What was changed, the newest on top."""
    spoken = language()
    table(
        list(reversed(rows)),
        {
            "at": text(
                _("Day"), lambda row: local_date_text(row["changed_at"]), value=itemgetter("changed_at"), width=110
            ),
            "scope": text(
                _("Project"),
                lambda row: _("all") if row["project_key"] == EVERY_PROJECT else row["project_key"],
                width=100,
            ),
            "condition": text(_("Condition"), lambda row: condition_word(row["name"], spoken), width=200),
            "now": text(_("How it stands"), _now, width=150),
            "reason": text(_("Reason"), width=240),
            "person": text(_("Approved by"), lambda row: row["approved_by"], width=110),
        },
        key="gate_edits",
        empty=_("Nothing was changed: the gate asks what it asks of every project."),
    )


def _now(row: Row) -> str:
    if row["is_off"]:
        return _("off the list")
    if not row["is_applicable"]:
        return _("does not apply")
    if row["level"] is None:
        return _("asked")
    return _("asked at {level}", level=number_text(row["level"], SUBJECTS[row["name"]].unit, language()))
