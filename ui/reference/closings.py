"""Accounting periods on screen: one word of finance with its person, until when each project is closed, and all that was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.document import Row
from models.vocabulary import Flag
from ui.shell import boxes, data
from ui.shell.numbers import date_text, local_date_text, month_text
from ui.shell.tables import number, table, text
from ui.shell.wording import _, flag_word

_CLOSE, _REOPEN = "close", "reopen"


def closing_form(names: Mapping[str, str]) -> tuple[bool, dict | None]:
    """Whether to close or to reopen, and the arguments of close_period or reopen_period once somebody saved."""
    with st.container(border=True):
        what, when, where = st.columns(3)
        acts = {_CLOSE: _("closed the period"), _REOPEN: _("reopened it")}
        act = boxes.one_of(_("Finance has"), acts, key="periods_act", label_visibility="visible", at=what)
        period = when.text_input(_("Period"), placeholder="2026-10", key="periods_period", max_chars=7)
        projects = dict(names) | {data.WHOLE: _("all projects")}
        project_key = boxes.selectbox(_("Project"), projects, key="periods_project", at=where)
        label = _("Note") if act == _CLOSE else _("Reason")
        reason, person = boxes.reason_and_person("periods", _("Decided by"), reason=label)
        if not st.button(_("Save"), key="periods_save", type="primary"):
            return act == _CLOSE, None
    asked = {"period": period, "project_key": project_key, "person": person}
    return act == _CLOSE, asked | {"note" if act == _CLOSE else "reason": reason}


def sentence(view: data.BuildView | None) -> str:
    """To which months costs are closed."""
    days = None if view is None else data.projects(view)["cost_closed_on"].drop_nulls()
    if days is None or not len(days):
        return _("No period is closed yet")
    oldest, newest = month_text(days.min()), month_text(days.max())
    return _("Costs closed to {month}", month=newest if oldest == newest else f"{oldest} – {newest}")


def in_use(view: data.BuildView) -> None:
    """Until when each project's costs are closed in the build on screen, by finance or by presumption."""
    projects = data.chosen_projects(view, Selection())
    names = data.project_names(projects)
    table(
        projects,
        {
            "project": text(_("Project"), lambda row: names[row["project_key"]], width=180),
            "closed_on": text(
                _("Costs closed to"),
                lambda row: date_text(row["cost_closed_on"]) if row["cost_closed_on"] else "",
                value=itemgetter("cost_closed_on"),
                width=140,
            ),
            "by": text(_("State"), _by, width=200),
        },
        key="periods_in_use",
    )


def history(rows: Sequence[Mapping], names: Mapping[str, str]) -> None:
    """Everything finance said, the newest on top."""
    every = {data.WHOLE: _("all projects")} | dict(names)
    table(
        rows,
        {
            "at": text(_("Day"), lambda row: local_date_text(row["said_at"]), value=itemgetter("said_at"), width=92),
            "period": text(_("Period"), width=92),
            "project": text(_("Project"), lambda row: every.get(row["project_key"], row["project_key"]), width=180),
            "state": text(_("State"), lambda row: _("closed") if row["is_closed"] else _("reopened"), width=120),
            "reason": text(_("Reason"), width=260),
            "person": text(_("Decided by"), width=110),
        },
        key="periods_history",
        empty=_("Finance has closed no period here yet."),
    )


def adjustments(rows: pl.DataFrame, names: Mapping[str, str]) -> None:
    """What exports said of closed periods afterwards; see models.reference.closed_books.adjustments."""
    table(
        rows,
        {
            "project_key": text(_("Project"), lambda row: names.get(row["project_key"], row["project_key"]), width=160),
            "document_no": text(_("Document"), width=110),
            "description": text(_("Text"), width=160),
            "stated_on": text(
                _("Day of the document"),
                lambda row: date_text(row["stated_on"]),
                value=itemgetter("stated_on"),
                width=120,
            ),
            "booked_on": text(
                _("Counts on"), lambda row: date_text(row["booked_on"]), value=itemgetter("booked_on"), width=110
            ),
            "amount": number(_("Amount"), format="%.2f", width=120),
            "currency": text(_("Currency"), width=80),
            "file_name": text(_("File"), width=180),
            "source_row": number(_("Line"), format="%d", width=60),
        },
        key="periods_adjustments",
        empty=_("None: the exports say of the periods that finance closed what they said when it closed them."),
    )


def _by(row: Row) -> str:
    if row["cost_closed_on"] is None:
        return ""
    return (
        _("closed by finance") if row["finance_closed_on"] == row["cost_closed_on"] else flag_word(Flag.PRESUMED_CLOSED)
    )
