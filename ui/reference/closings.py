"""Accounting periods on screen: one word of finance with its person, until when each project is closed, and all that was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.document import Row
from models.vocabulary import Flag
from models.words.numbers import date_text, local_date_text
from ui.kpis import cards as kpi_cards
from ui.kpis.tables import plain_table
from ui.shell import boxes, data
from ui.shell.wording import _, flag_word, language

_CLOSE, _REOPEN = "close", "reopen"


def closing_form(names: Mapping[str, str]) -> tuple[bool, dict | None]:
    """Whether to close or to reopen, and the arguments of close_period or reopen_period once somebody saved."""
    with st.container(border=True):
        what, when, where = st.columns(3)
        act = what.segmented_control(
            _("Finance has"),
            [_CLOSE, _REOPEN],
            format_func={_CLOSE: _("closed the period"), _REOPEN: _("reopened it")}.__getitem__,
            default=_CLOSE,
            required=True,
            key="periods_act",
        )
        period = when.text_input(_("Period"), placeholder="2026-10", key="periods_period", max_chars=7)
        project_key = boxes.selectbox(
            _("Project"),
            list(names),
            format_func=lambda key: _("all projects") if key == data.WHOLE else names[key],
            key="periods_project",
            at=where,
        )
        why, who = st.columns(2)
        reason = why.text_input(_("Note") if act == _CLOSE else _("Reason"), key="periods_reason", max_chars=500)
        person = who.text_input(_("Decided by"), key="periods_person", max_chars=100)
        if not st.button(_("Save"), key="periods_save", type="primary"):
            return act == _CLOSE, None
    asked = {"period": period, "project_key": project_key, "person": person}
    return act == _CLOSE, asked | {"note" if act == _CLOSE else "reason": reason}


def in_use(opened: data.Opened) -> None:
    """Until when each project's costs are closed in the build on screen, by finance or by presumption."""
    projects = data.chosen_projects(opened, Selection())
    names, shown = kpi_cards.project_names(projects), language()
    plain_table(
        pl.DataFrame(
            [
                {
                    "project": names[row["project_key"]],
                    "closed_on": date_text(row["cost_closed_on"], shown) if row["cost_closed_on"] else "",
                    "by": _by(row),
                }
                for row in projects.iter_rows(named=True)
            ],
            schema=dict.fromkeys(("project", "closed_on", "by"), pl.String),
        ),
        key="periods_in_use",
        columns={
            "project": st.column_config.TextColumn(_("Project"), width=180),
            "closed_on": st.column_config.TextColumn(_("Costs closed to"), width=140),
            "by": st.column_config.TextColumn(_("State"), width=200),
        },
    )


def history(rows: Sequence[Mapping], names: Mapping[str, str]) -> None:
    """Everything finance said, the newest on top."""
    if not rows:
        st.caption(_("Finance has closed no period here yet."))
        return
    shown = language()
    plain_table(
        pl.DataFrame(
            {
                "at": [local_date_text(row["said_at"], shown) for row in rows],
                "period": [row["period"] for row in rows],
                "project": [
                    _("all projects")
                    if row["project_key"] == data.WHOLE
                    else names.get(row["project_key"], row["project_key"])
                    for row in rows
                ],
                "state": [_("closed") if row["is_closed"] else _("reopened") for row in rows],
                "reason": [row["reason"] or "" for row in rows],
                "person": [row["person"] for row in rows],
            }
        ),
        key="periods_history",
        columns={
            "at": st.column_config.TextColumn(_("Day"), width=92),
            "period": st.column_config.TextColumn(_("Period"), width=92),
            "project": st.column_config.TextColumn(_("Project"), width=180),
            "state": st.column_config.TextColumn(_("State"), width=120),
            "reason": st.column_config.TextColumn(_("Reason"), width=260),
            "person": st.column_config.TextColumn(_("Decided by"), width=110),
        },
    )


def adjustments(rows: pl.DataFrame, names: Mapping[str, str]) -> None:
    """What exports said of closed periods afterwards; see models.reference.closed_books.adjustments."""
    if rows.is_empty():
        st.caption(_("None: the exports say of the periods that finance closed what they said when it closed them."))
        return
    shown = language()
    plain_table(
        rows.with_columns(
            pl.col("project_key").replace(dict(names)),
            pl.col("stated_on", "booked_on").map_elements(lambda day: date_text(day, shown), return_dtype=pl.String),
        ),
        key="periods_adjustments",
        columns={
            "project_key": st.column_config.TextColumn(_("Project"), width=160),
            "document_no": st.column_config.TextColumn(_("Document"), width=110),
            "description": st.column_config.TextColumn(_("Text"), width=160),
            "stated_on": st.column_config.TextColumn(_("Day of the document"), width=120),
            "booked_on": st.column_config.TextColumn(_("Counts on"), width=110),
            "amount": st.column_config.NumberColumn(_("Amount"), format="accounting", width=120),
            "currency": st.column_config.TextColumn(_("Currency"), width=80),
            "file_name": st.column_config.TextColumn(_("File"), width=180),
            "source_row": st.column_config.NumberColumn(_("Line"), format="%d", width=60),
        },
    )


def _by(row: Row) -> str:
    if row["cost_closed_on"] is None:
        return ""
    return (
        _("closed by finance")
        if row["finance_closed_on"] == row["cost_closed_on"]
        else flag_word(Flag.PRESUMED_CLOSED, language())
    )
