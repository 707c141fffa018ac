"""The parts of the page that works off what nothing here knows: codes of projects, people, modules and WBS elements.

A proposal is shown with its reason and never ticked beforehand: only what a person ticks is saved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from models.reference.matching import KINDS, PROJECT, known_names, unknown_codes
from models.reference.proposals import Candidate, Why
from models.words.numbers import date_text, hours_text, money_text
from ui.shell import boxes, data
from ui.shell.tools import system_name
from ui.shell.wording import _, feed_word, language, listed, msgid, spoken, translate

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


def kind_word(kind: str, shown: str) -> str:
    return translate(_KIND_WORDS[kind], None, shown) if kind in _KIND_WORDS else kind


def codes_and_candidates(opened: data.Opened) -> tuple[pl.DataFrame, dict[str, dict[str, list[Candidate]]]]:
    """What nothing here knows, and what it may stand for, asked once for the page."""
    return unknown_codes(opened.snapshot), known_names(opened.snapshot)


def code_editor(
    kind: str, unknown: pl.DataFrame, known: dict[str, dict[str, list[Candidate]]], projects: dict[str, str]
) -> list[dict[str, Any]]:
    """The unknown codes of one kind, each to be tied to what it stands for. Returns add_alias's arguments of the ticked rows."""
    shown = language()
    rows = unknown.filter(pl.col("kind") == kind)
    if rows.is_empty():
        st.success(spoken(_ALL_KNOWN[kind]), icon=":material/check:")
        return []
    names = {one.code: one.name for every in known[kind].values() for one in every if one.name}
    options = sorted({one.code for every in known[kind].values() for one in every})
    table = pl.DataFrame(
        {
            "tick": [False] * rows.height,
            "external_code": rows["external_code"],
            "system": [system_name(system) if system else "" for system in rows["system"]],
            "where": [_where(row, projects, shown) for row in rows.iter_rows(named=True)],
            "rows": rows["rows"],
            "amount": [_amount(row, shown) for row in rows.iter_rows(named=True)],
            "stands_for": rows["proposed"],
            "why": [spoken(_REASONS[Why(why)]) if why else "" for why in rows["why"]],
            "valid_from": pl.Series([None] * rows.height, dtype=pl.Date),
        }
    )
    edited = st.data_editor(
        table,
        key=f"matching_{kind}",
        hide_index=True,
        placeholder="",
        width="stretch",
        column_config={
            "tick": st.column_config.CheckboxColumn(_("Save"), width="small"),
            "external_code": st.column_config.TextColumn(_("Code in the file")),
            "system": st.column_config.TextColumn(_("System"), width="small"),
            "where": st.column_config.TextColumn(_("Where")),
            "rows": st.column_config.NumberColumn(_("Rows"), format="localized", width="small"),
            "amount": st.column_config.TextColumn(_("Total"), alignment="right"),
            "stands_for": st.column_config.SelectboxColumn(
                _("stands for"),
                width="medium",
                options=options,
                format_func=lambda code: f"{names[str(code)]} ({code})" if code in names else str(code),
            ),
            "why": st.column_config.TextColumn(_("Proposed because")),
            "valid_from": st.column_config.DateColumn(_("valid from"), help=_("Empty: always.")),
        },
        disabled=["external_code", "system", "where", "rows", "amount", "why"],
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


def _asked(kind: str, row: dict[str, Any], chosen: dict[str, Any]) -> dict[str, Any]:
    day = chosen["valid_from"]
    return {
        "external_code": row["external_code"],
        "project_key": chosen["stands_for"],
        "system": row["system"] or ANY_SYSTEM,
        "kind": kind,
        "valid_from": day.date() if isinstance(day, dt.datetime) else day,
    }


def _where(row: dict[str, Any], projects: dict[str, str], shown: str) -> str:
    if row["kind"] != PROJECT:
        return projects.get(row["project_key"], row["project_key"])
    return listed(feed_word(feed, shown) for feed in (row["feeds"] or "").split(", ") if feed)


def _amount(row: dict[str, Any], shown: str) -> str:
    if row["amount"] is not None:
        return money_text(row["amount"], row["currency"], shown, exact=True)
    return hours_text(row["hours"], shown) if row["hours"] is not None else ""


def other_alias(known: dict[str, dict[str, list[Candidate]]]) -> dict[str, Any] | None:
    """A code that is not loaded yet, or one for all systems: tied by hand. Returns add_alias's arguments once asked."""
    shown = language()
    with st.expander(_("Add another code by hand")):
        kind = boxes.selectbox(
            _("Kind"), KINDS, format_func=lambda one: kind_word(one, shown), key="matching_other_kind"
        )
        names = {one.code: one.name for every in known[kind].values() for one in every}
        with st.form("matching_other", border=False, clear_on_submit=True):
            left, middle, right = st.columns(3, vertical_alignment="bottom")
            code = left.text_input(_("Code in the file"), key="matching_other_code")
            stands_for = boxes.selectbox(
                _("stands for"),
                sorted(names),
                format_func=lambda one: f"{names[one]} ({one})" if names.get(one) else one,
                index=None,
                placeholder=_("choose"),
                key="matching_other_stands_for",
                at=middle,
            )
            day = right.date_input(_("valid from (empty: always)"), value=None, key="matching_other_from")
            if not st.form_submit_button(_("Add alias")):
                return None
    if not code.strip() or not stands_for:
        st.warning(_("Give the code and choose what it stands for."))
        return None
    return {"external_code": code, "project_key": stands_for, "kind": kind, "valid_from": day}


def alias_table(aliases: Sequence[dict[str, Any]], names: dict[str, str]) -> list[int]:
    """The aliases edited on screen; returns the ids of those somebody wants removed."""
    shown = language()
    if not aliases:
        return []
    table = pl.DataFrame(
        {
            "tick": [False] * len(aliases),
            "external_code": [one["external_code"] for one in aliases],
            "kind": [kind_word(one["kind"], shown) for one in aliases],
            "system": [
                _("any system") if one["system"] == ANY_SYSTEM else system_name(one["system"]) for one in aliases
            ],
            "stands_for": [_named(one["project_key"], names) for one in aliases],
            "valid_from": [
                date_text(one["valid_from"], shown) if one["valid_from"] else _("always") for one in aliases
            ],
        }
    )
    edited = st.data_editor(
        table,
        key="matching_aliases",
        hide_index=True,
        width="stretch",
        column_config={
            "tick": st.column_config.CheckboxColumn(_("Remove"), width="small"),
            "external_code": st.column_config.TextColumn(_("Code in the file")),
            "kind": st.column_config.TextColumn(_("Kind")),
            "system": st.column_config.TextColumn(_("System")),
            "stands_for": st.column_config.TextColumn(_("stands for")),
            "valid_from": st.column_config.TextColumn(_("valid from")),
        },
        disabled=["external_code", "kind", "system", "stands_for", "valid_from"],
    )
    if not st.button(_("Remove the ticked rows"), key="matching_remove"):
        return []
    return [one["alias_id"] for one, row in zip(aliases, edited.iter_rows(named=True), strict=True) if row["tick"]]


def _named(code: str, names: dict[str, str]) -> str:
    return f"{names[code]} ({code})" if names.get(code) else code


def tab_label(kind: str, unknown: pl.DataFrame) -> str:
    """The kind, with how many of its codes are unknown."""
    count = unknown.filter(pl.col("kind") == kind).height
    word = kind_word(kind, language())
    return f"{word} ({count})" if count else word
