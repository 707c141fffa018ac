"""What a value lost, on screen: the rows that are gone or smaller, and the word of whoever accepts that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter

import streamlit as st

from models.evidence.losses import lost_rows, reclassified
from models.kpis.catalogue import Kpi
from models.kpis.judging import loss_text, reclassified_text
from models.kpis.values import selected_projects
from ui.kpis.page import KpiPage
from ui.shell.numbers import kpi_value_text, local_date_text
from ui.shell.tables import day, number, table, text
from ui.shell.wording import _, language, safe

_MOST = 200


def lost(page: KpiPage, kpi: Kpi, key: str) -> dict | None:
    """The rows behind a value that is better by a loss, and a form. Returns the arguments of accept_loss once somebody saved."""
    value = next(page.cards.iter_rows(named=True), {})
    snapshot, chosen = page.view.snapshot, page.selection
    if not value.get("is_better_by_loss"):
        return None
    spoken = language()
    st.markdown("**" + safe(loss_text(value["loss_rows"], value["loss_amount"], spoken)) + "**")
    if value.get("value_with_lost_rows") is not None:
        worse = kpi_value_text(value["value_with_lost_rows"], kpi.unit, currency=value.get("currency"))
        st.markdown(_("With them the value would be {value}.", value=safe(worse)))
    projects = selected_projects(snapshot, chosen)
    if anew := reclassified(snapshot, projects):
        st.markdown(safe(reclassified_text(anew, spoken)))
    table(
        lost_rows(snapshot, kpi.kpi_key, projects, chosen.module).head(_MOST),
        {
            "row_key": text(_("Key"), width=110),
            "row_label": text(_("What"), width=150),
            "module": text(_("Module"), width=90),
            "counts_from": day(_("Counts from"), width=92),
            "amount": number(_("Amount before"), width=110),
            "lost_amount": number(_("of it gone"), width=110),
            "file_name": text(_("File"), width=186),
            "source_row": number(_("Line"), format="%d", width=56),
            "lost_on": day(_("Missed since"), width=92),
        },
        key=f"{key}_rows",
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
        table(
            rows,
            {
                "at": text(
                    _("Day"), lambda row: local_date_text(row["accepted_at"]), value=itemgetter("accepted_at"), width=92
                ),
                "project": text(_("Project"), lambda row: row["project_key"], width=100),
                "loss": text(_("Loss"), lambda row: loss_text(row["loss_rows"], row["loss_amount"], spoken), width=260),
                "reason": text(_("Reason"), width=260),
                "person": text(_("Decided by"), width=110),
            },
            key=f"{key}_accepted",
        )
