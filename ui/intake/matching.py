"""The parts of the page that works off what nothing here knows: codes of projects, people, modules and WBS elements.

A proposal is shown with its reason and never ticked beforehand: only what a person ticks is saved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import polars as pl
import streamlit as st

from models.reference.matching import KINDS, PROJECT
from models.reference.proposals import Candidate, Why
from ui.shell import boxes
from ui.shell.numbers import date_text, hours_text, money_text
from ui.shell.tables import choice, day, edit, figure, number, removed, text, tick
from ui.shell.tools import system_name
from ui.shell.wording import _, feed_word, listed, msgid, spoken

ANY_SYSTEM = "*"
_KIND_WORDS = {
    "project": msgid("Projects"),
    "person": msgid("People"),
    "module": msgid("Modules"),
    "wbs": msgid("WBS elements"),
}
_ALL_KNOWN = {
    "project": msgid("Every code belongs to a project."),
    "person": msgid("Everybody in the timesheets is in the list of people."),
    "module": msgid("Every module is one of the budget."),
    "wbs": msgid("Every WBS code is one of the budget."),
}
_REASONS = {
    Why.SAME_CODE: msgid("the same, written otherwise"),
    Why.CONTRACT: msgid("holds the number of its contract"),
    Why.LOST_ZERO: msgid("a spreadsheet dropped a zero"),
    Why.PREFIX: msgid("opens with its code"),
    Why.CLOSE_NAME: msgid("close in name"),
}


def kind_word(kind: str) -> str:
    return spoken(_KIND_WORDS.get(kind, kind))


def code_editor(
    kind: str, unknown: pl.DataFrame, known: dict[str, dict[str, list[Candidate]]], projects: dict[str, str]
) -> list[dict[str, Any]]:
    """The unknown codes of one kind, each to be tied to what it stands for. Returns add_alias's arguments of the ticked rows."""
    rows = unknown.filter(pl.col("kind") == kind)
    if rows.is_empty():
        st.success(spoken(_ALL_KNOWN[kind]), icon=":material/check:")
        return []
    names = {found.code: found.name for every in known[kind].values() for found in every}
    options = sorted(names)
    edited = edit(
        rows,
        {
            "tick": tick(_("Save")),
            "external_code": text(_("Code in the file")),
            "system": text(_("System"), lambda row: row["system"] and system_name(row["system"]), width="small"),
            "where": text(_("Where"), lambda row: _where(row, projects)),
            "rows": number(_("Rows"), width="small"),
            "amount": figure(_("Total"), _amount, value=itemgetter("amount")),
            "stands_for": choice(
                _("stands for"),
                options,
                lambda row: row["proposed"],
                words=lambda code: _named(code, names),
                width="medium",
            ),
            "why": text(_("Proposed because"), lambda row: row["why"] and spoken(_REASONS[Why(row["why"])])),
            "valid_from": day(_("valid from"), lambda _row: None, is_edited=True, help=_("Empty: always.")),
        },
        key=f"matching_{kind}",
    )
    if not st.button(_("Save the ticked rows"), key=f"matching_save_{kind}", type="primary"):
        return []
    asked = [
        _asked(kind, code, chosen)
        for code, chosen in zip(rows.iter_rows(named=True), edited.iter_rows(named=True), strict=True)
        if chosen["tick"] and chosen["stands_for"]
    ]
    if not asked:
        st.warning(_("Tick a row and choose what its code stands for."))
    return asked


def _asked(kind: str, row: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    valid_from = chosen["valid_from"]
    return {
        "external_code": row["external_code"],
        "project_key": chosen["stands_for"],
        "system": row["system"] or ANY_SYSTEM,
        "kind": kind,
        "valid_from": valid_from.date() if isinstance(valid_from, dt.datetime) else valid_from,
    }


def _where(row: Mapping[str, Any], projects: dict[str, str]) -> str:
    if row["kind"] != PROJECT:
        return projects.get(row["project_key"], row["project_key"])
    return listed(feed_word(feed) for feed in (row["feeds"] or "").split(", ") if feed)


def _amount(row: Mapping[str, Any]) -> str:
    if row["amount"] is not None:
        return money_text(row["amount"], row["currency"], exact=True)
    return hours_text(row["hours"]) if row["hours"] is not None else ""


def other_alias(known: dict[str, dict[str, list[Candidate]]]) -> dict[str, Any] | None:
    """A code that is not loaded yet, or one for all systems: tied by hand. Returns add_alias's arguments once asked."""
    with st.expander(_("Add another code by hand")):
        kind = boxes.selectbox(_("Kind"), {kind: kind_word(kind) for kind in KINDS}, key="matching_other_kind")
        names = {found.code: found.name for every in known[kind].values() for found in every}
        with st.form("matching_other", border=False, clear_on_submit=True):
            left, middle, right = st.columns(3, vertical_alignment="bottom")
            code = left.text_input(_("Code in the file"), key="matching_other_code")
            words = {code: _named(code, names) for code in sorted(names)}
            stands_for = boxes.selectbox(_("stands for"), words, index=None, key="matching_other_stands_for", at=middle)
            valid_from = right.date_input(_("valid from (empty: always)"), value=None, key="matching_other_from")
            if not st.form_submit_button(_("Add alias")):
                return None
    if not code.strip() or not stands_for:
        st.warning(_("Give the code and choose what it stands for."))
        return None
    return {"external_code": code, "project_key": stands_for, "kind": kind, "valid_from": valid_from}


def alias_table(aliases: Sequence[dict[str, Any]], names: dict[str, str]) -> list[int]:
    """The aliases edited on screen; returns the ids of those somebody wants removed."""
    ticked = removed(
        aliases,
        {
            "external_code": text(_("Code in the file")),
            "kind": text(_("Kind"), lambda alias: kind_word(alias["kind"])),
            "system": text(
                _("System"),
                lambda alias: _("any system") if alias["system"] == ANY_SYSTEM else system_name(alias["system"]),
            ),
            "stands_for": text(_("stands for"), lambda alias: _named(alias["project_key"], names)),
            "valid_from": text(
                _("valid from"), lambda alias: date_text(alias["valid_from"]) if alias["valid_from"] else _("always")
            ),
        },
        key="matching_aliases",
        button_key="matching_remove",
    )
    return [alias["alias_id"] for alias in ticked]


def _named(code: str, names: dict[str, str]) -> str:
    return f"{names[code]} ({code})" if names.get(code) else code


def sentence(unknown: pl.DataFrame | None, unknown_words: Sequence) -> str:
    """How much of the exports is not understood. unknown: codes, as `unknown_codes` has them; None without a build."""
    codes = 0 if unknown is None else unknown.height
    if not codes and not unknown_words:
        return _("Every code and every word of the exports is understood")
    return _("Not understood yet: {codes} codes, {words} words", codes=codes, words=len(unknown_words))


def tab_label(kind: str, unknown: pl.DataFrame) -> str:
    """The kind, with how many of its codes are unknown."""
    count = unknown.filter(pl.col("kind") == kind).height
    word = kind_word(kind)
    return f"{word} ({count})" if count else word
