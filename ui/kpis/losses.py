"""What a value lost, on screen: the rows that are gone or smaller, and the word of whoever accepts that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.evidence.losses import lost_rows, reclassified
from models.kpis.catalogue import Kpi
from models.kpis.judging import loss_text, reclassified_text
from models.kpis.values import selected_projects
from models.words.numbers import kpi_value_text, local_date_text
from ui.kpis.tables import plain_table
from ui.shell import data
from ui.shell.wording import _, language, safe

_MOST = 200


def lost(opened: data.Opened, row: pl.DataFrame, kpi: Kpi, chosen: Selection, key: str) -> dict | None:
    """The rows behind a value that is better by a loss, and a form. Returns the arguments of accept_loss once somebody saved."""
    value = row.row(0, named=True) if not row.is_empty() else {}
    if not value.get("is_better_by_loss"):
        return None
    spoken = language()
    st.markdown("**" + safe(loss_text(value["loss_rows"], value["loss_amount"], spoken)) + "**")
    if value.get("value_with_lost_rows") is not None:
        worse = kpi_value_text(value["value_with_lost_rows"], kpi.unit, spoken, currency=value.get("currency"))
        st.markdown(_("With them the value would be {value}.", value=safe(worse)))
    projects = selected_projects(opened.snapshot, chosen)
    if anew := reclassified(opened.snapshot, projects):
        st.markdown(safe(reclassified_text(anew, spoken)))
    rows = lost_rows(opened.snapshot, kpi.kpi_key, projects, chosen.module).head(_MOST)
    plain_table(
        rows.select(
            "row_key",
            "row_label",
            "module",
            "counts_from",
            "amount",
            "lost_amount",
            "file_name",
            "source_row",
            "lost_on",
        ),
        key=f"{key}_rows",
        columns={
            "row_key": st.column_config.TextColumn(_("Key"), width=110),
            "row_label": st.column_config.TextColumn(_("What"), width=150),
            "module": st.column_config.TextColumn(_("Module"), width=90),
            "counts_from": st.column_config.DateColumn(_("Counts from"), width=92),
            "amount": st.column_config.NumberColumn(_("Amount before"), format="localized", width=110),
            "lost_amount": st.column_config.NumberColumn(_("of it gone"), format="localized", width=110),
            "file_name": st.column_config.TextColumn(_("File"), width=186),
            "source_row": st.column_config.NumberColumn(_("Line"), format="%d", width=56),
            "lost_on": st.column_config.DateColumn(_("Missed since"), width=92),
        },
    )
    if len(projects) != 1:
        st.caption(_("Choose one project to accept its loss."))
        return None
    return _form(projects[0], kpi, key)


def _form(project_key: str, kpi: Kpi, key: str) -> dict | None:
    with st.container(border=True):
        st.caption(
            _(
                "Load the rows again if they are missing. If they are rightly gone, say so: it counts from the next refresh on, "
                "for these rows in every KPI."
            )
        )
        why, who, button = st.columns([3, 2, 1], vertical_alignment="bottom")
        reason = why.text_input(_("Reason"), key=f"{key}_reason", max_chars=500)
        person = who.text_input(_("Decided by"), key=f"{key}_person", max_chars=100)
        if not button.button(_("Accept the loss"), key=f"{key}_accept"):
            return None
    return {"project_key": project_key, "kpi_key": kpi.kpi_key, "person": person, "reason": reason}


def accepted(rows: Sequence[Mapping], kpi: Kpi, projects: Sequence[str], key: str) -> None:
    """What was accepted of this KPI so far, the newest on top; nothing where nothing was."""
    rows = [row for row in rows if row["kpi_key"] == kpi.kpi_key and row["project_key"] in projects]
    if not rows:
        return
    spoken = language()
    with st.expander(_("Losses accepted so far ({count})", count=len(rows))):
        plain_table(
            pl.DataFrame(
                {
                    "at": [local_date_text(row["accepted_at"], spoken) for row in rows],
                    "project": [row["project_key"] for row in rows],
                    "loss": [loss_text(row["loss_rows"], row["loss_amount"], spoken) for row in rows],
                    "reason": [row["reason"] for row in rows],
                    "person": [row["person"] for row in rows],
                }
            ),
            key=f"{key}_accepted",
            columns={
                "at": st.column_config.TextColumn(_("Day"), width=92),
                "project": st.column_config.TextColumn(_("Project"), width=100),
                "loss": st.column_config.TextColumn(_("Loss"), width=260),
                "reason": st.column_config.TextColumn(_("Reason"), width=260),
                "person": st.column_config.TextColumn(_("Decided by"), width=110),
            },
        )
