"""What can be done with a file right after it was loaded: accept it, fetch its rejected rows, go where its numbers are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from models import ports
from models.intake import LoadReport
from models.vocabulary import BatchStatus, FileStatus
from models.words.wording import reason_text
from ui.intake import sheet as upload_sheet
from ui.shell.tables import save_button
from ui.shell.wording import _, language

# Feed → the page on which its numbers are; the portfolio for the others.
_PAGES = {
    **dict.fromkeys(("issues", "issue_changes", "coverage", "code_size", "test_results"), "quality/quality"),
    **dict.fromkeys(("worklogs", "attendance", "people", "leaves"), "labor/labor"),
    **dict.fromkeys(
        (
            "ledger",
            "account_balances",
            "account_mapping",
            "costs",
            "budget",
            "contracts",
            "payment_terms",
            "rates",
            "fx_rates",
        ),
        "cost/cost",
    ),
    **dict.fromkeys(("schedule", "calendars"), "schedule/schedule"),
}
PORTFOLIO = "overview/portfolio"


def page_of(feed: str | None) -> str:
    """Below pages/, without .py."""
    return _PAGES.get(feed or "", PORTFOLIO)


def project_of(entries: Sequence[LoadReport], projects: Mapping[str, str]) -> str | None:
    """The one project that all of these files are about, if it is one that the build knows."""
    named = {project for entry in entries for project in entry.projects or [""]}
    return next(iter(named)) if len(named) == 1 and named <= set(projects) else None


def loaded_sheets(entries: Sequence[LoadReport], statuses: Mapping[str, BatchStatus], port: ports.Intake) -> bool:
    """What was loaded last, one sheet each. statuses: {batch_id: status now}. True when a batch was accepted just now."""
    was_accepted = False
    upload_sheet.tally(entries, is_dry_run=False)
    for entry in entries:
        status, now = statuses.get(entry.batch_id or ""), entry
        is_held = status == BatchStatus.HELD
        if entry.status == FileStatus.HELD and status and not is_held:
            now = entry.model_copy(update={"status": status})
        needs_a_hand = is_held or bool(entry.rows_quarantined) or entry.status == FileStatus.REFUSED
        with st.expander(upload_sheet.title(now, is_dry_run=False), expanded=len(entries) == 1 or needs_a_hand):
            was_accepted = _actions(now, is_held, port) or was_accepted
            upload_sheet.loaded_sheet(now)
    return was_accepted


def _actions(entry: LoadReport, is_held: bool, port: ports.Intake) -> bool:
    """What can be done with a batch; whether it was accepted."""
    batch_id = entry.batch_id
    if not batch_id:
        return False
    with st.container(horizontal=True):
        accepts = is_held and st.button(_("Accept"), type="primary", key=f"uploaded_accept_{batch_id}")
        if accepts:
            port.accept(batch_id)
        if entry.rows_quarantined:
            rejected_button(batch_id, port, f"uploaded_rejected_{batch_id}")
    return accepts


def rejected_button(batch_id: str, port: ports.Intake, key: str) -> None:
    """The rows held back as a file with the columns of the original, to be mended in Excel and dropped here again."""
    save_button(
        _("Download rejected rows"),
        partial(port.rejected_rows, batch_id, partial(reason_text, language=language())),
        f"plimsoll-{batch_id}.csv",
        key=key,
        help=_("As in the file, with line and reason. Mend the cells in Excel, save, and drop the file here."),
    )


def links_to_numbers(entries: Sequence[LoadReport], projects: Mapping[str, str]) -> None:
    """Where the numbers of what was loaded now are, filtered to the project if it is one."""
    words = {
        "quality/quality": _("Quality"),
        "labor/labor": _("Labor centre"),
        "cost/cost": _("Cost centre"),
        "schedule/schedule": _("Schedule centre"),
        PORTFOLIO: _("Portfolio"),
    }
    project = project_of(entries, projects)
    pages = dict.fromkeys(page_of(entry.feed) for entry in entries if entry.feed) or {PORTFOLIO: None}
    with st.container(horizontal=True):
        for page in pages:
            label = _("See the new numbers: {page}", page=words[page])
            if project:
                label += f" · {projects[project]}"
            query = {"project": project} if project else None
            st.page_link(f"pages/{page}.py", label=label, icon=":material/arrow_forward:", query_params=query)
