"""The baselines on screen: what waits for approval and how it differs, and what is frozen, by whom and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal

import polars as pl
import streamlit as st

from models import ports
from models.document import Row
from models.schedule.baselines import approved_changes
from models.vocabulary import BaselineStatus
from ui.shell import boxes, data
from ui.shell.numbers import date_text, local_date_text, money_text
from ui.shell.tables import figure, table, text
from ui.shell.wording import _, msgid, reason_text, safe, spoken

_REASONS = {"first budget loaded": msgid("first budget loaded")}  # what a refresh writes; everything else is a person's
_NO_CHANGE = ""


@dataclass(frozen=True)
class Decision:
    """What a person asked for: `act` is approve or reject, `words` the arguments that go with it."""

    act: Literal["approve", "reject"]
    baseline_id: int
    words: dict[str, str | None]


def of_projects(records: Sequence[dict], view: data.BuildView | None, chosen: Sequence[str]) -> list[dict]:
    """The records with project_name and currency, those of the chosen projects; all where none is chosen."""
    frame = data.projects(view) if view else pl.DataFrame(schema={"project_key": pl.String})
    known = {row["project_key"]: row for row in frame.iter_rows(named=True)}
    return [
        record
        | {
            "project_name": known.get(record["project_key"], {}).get("project_name") or record["project_key"],
            "currency": known.get(record["project_key"], {}).get("currency"),
        }
        for record in records
        if not chosen or record["project_key"] in chosen
    ]


def waiting(records: Sequence[dict], port: ports.Baselines, view: data.BuildView | None) -> Decision | None:
    """The budgets that wait, one of them with its differences and the forms. Returns what a person decided just now.

    records: as of_projects gives them.
    """
    proposed = {record["baseline_id"]: record for record in records if record["status"] == BaselineStatus.PROPOSED}
    if not proposed:
        return None
    st.warning(
        _(
            "{count} budgets differ from what is frozen and count only once somebody approves them.",
            count=len(proposed),
        ),
        icon=":material/pending_actions:",
    )
    chosen = next(iter(proposed))
    if len(proposed) > 1:
        titles = {baseline_id: _proposal_title(record) for baseline_id, record in proposed.items()}
        chosen = boxes.selectbox(_("Waiting for approval"), titles, key="baselines_proposal")
    record = proposed[chosen]
    with st.container(border=True):
        st.markdown(f"**{safe(_proposal_title(record))}**")
        found = port.differences(chosen)
        _before_and_after(found, record)
        _elements(found["elements"], record["currency"])
        approve, put_aside = boxes.tabs([_("Approve as the new baseline"), _("Put aside")], key="baselines_decision")
        with approve:
            approved = _approval(record, records, view)
        with put_aside:
            rejected = _rejection(record)
    return approved or rejected


def _proposal_title(record: Row) -> str:
    return _(
        "{project}: baseline {baseline} in {file}",
        project=record["project_name"],
        baseline=record["name"],
        file=record["file_name"],
    )


def _before_and_after(found: Mapping[str, dict], record: Mapping[str, object]) -> None:
    currency = record["currency"]
    before, after = found["active"] or {}, found["proposal"]
    grown = after["budget_at_completion"] - before["budget_at_completion"] if before else None
    days = (after["finish_on"] - before["finish_on"]).days if before else 0
    budgets = [money_text(of.get("budget_at_completion"), currency) for of in (before, after)]
    finishes = [date_text(of.get("finish_on")) for of in (before, after)]
    money, finish = st.columns(2)
    quiet: dict[str, Any] = {"delta_color": "off", "delta_arrow": "off"}
    more = money_text(grown, currency, signed=True) if grown else None
    later = _("{days} days", days=f"{days:+d}") if days else None
    money.metric(_("BAC"), " → ".join(dict.fromkeys(budgets)), delta=more, **quiet)
    finish.metric(_("Planned finish"), " → ".join(dict.fromkeys(finishes)), delta=later, **quiet)


def _elements(elements: Sequence[Row], currency: str | None) -> None:
    if not elements:
        st.caption(_("No WBS element differs: the lines only stand under another name, code or file."))
        return
    added = sum(element["before"] is None for element in elements)
    removed = sum(element["after"] is None for element in elements)
    st.caption(
        _(
            "WBS elements: {added} added, {removed} removed, {changed} changed in money, time or category",
            added=added,
            removed=removed,
            changed=len(elements) - added - removed,
        )
    )
    table(
        elements,
        {
            "wbs": text(_("WBS element"), lambda element: element["wbs_code"], width="small"),
            "name": text(_("Name"), lambda element: element["wbs_name"]),
            "change": text(_("Change"), _change_word, width="small"),
            "before": figure(
                _("Active baseline"), lambda element: _amount(element["before"], currency), value=itemgetter("before")
            ),
            "after": figure(
                _("This budget"), lambda element: _amount(element["after"], currency), value=itemgetter("after")
            ),
        },
        key="baselines_elements",
    )


def _change_word(element: Row) -> str:
    if element["before"] is None:
        return _("added")
    return _("removed") if element["after"] is None else _("changed")


def _amount(amount: object, currency: str | None) -> str:
    return "" if amount is None else money_text(amount, currency, exact=True)


def _approval(record: Row, records: Sequence[dict], view: data.BuildView | None) -> Decision | None:
    key = f"baselines_{record['baseline_id']}"
    changes = _changes(record, view)
    with st.form(f"{key}_approve", border=False):
        left, right = st.columns(2)
        name = left.text_input(_("Name of the new baseline"), value=_free_name(record, records), key=f"{key}_name")
        approver = right.text_input(_("Approved by"), key=f"{key}_approver")
        reason = st.text_input(_("Reason"), key=f"{key}_reason", placeholder=_("What changed, and who agreed to it"))
        change = boxes.selectbox(
            _("Change request that allowed it"),
            {_NO_CHANGE: _("none")} | changes,
            key=f"{key}_change",
            help=_("Approved change requests of this project."),
        )
        st.caption(
            _(
                "From the next refresh on, planned value is taken from it for the whole plan. Published values stay in the "
                "history, and the baseline before stays frozen, to be compared with."
            )
        )
        if not st.form_submit_button(_("Freeze and activate"), type="primary"):
            return None
    words = {"name": name, "reason": reason, "approved_by": approver, "change_id": change or None}
    return Decision("approve", record["baseline_id"], words)


def _rejection(record: Row) -> Decision | None:
    key = f"baselines_{record['baseline_id']}"
    with st.form(f"{key}_reject", border=False):
        left, right = st.columns(2)
        person = left.text_input(_("Decided by"), key=f"{key}_decider")
        reason = right.text_input(_("Reason"), key=f"{key}_refusal")
        if not st.form_submit_button(_("Do not use this budget")):
            return None
    return Decision("reject", record["baseline_id"], {"reason": reason, "rejected_by": person})


def _changes(record: Row, view: data.BuildView | None) -> dict[str, str]:
    """{change_id: its words} of the project's approved change requests."""
    if view is None:
        return {}
    rows = approved_changes(view.snapshot, str(record["project_key"]))
    return {row["change_id"]: f"{row['change_id']} {row['title'] or ''}".strip() for row in rows.iter_rows(named=True)}


def _free_name(record: Row, records: Sequence[dict]) -> str:
    """The name in the file, or with the first number that no frozen baseline of the project has: B1, B1-2, B1-3."""
    taken = {
        other["name"]
        for other in records
        if other["project_key"] == record["project_key"] and other["status"] == BaselineStatus.FROZEN
    }
    name, number = str(record["name"]), 2
    while name in taken:
        name, number = f"{record['name']}-{number}", number + 1
    return name


def frozen(records: Sequence[dict]) -> None:
    """Every frozen baseline by project, the newest first, the active one marked (●)."""
    kept = [record for record in records if record["status"] == BaselineStatus.FROZEN]
    if not kept:
        st.info(
            _("No budget has been loaded yet. The first one of a project becomes its baseline with the next refresh.")
        )
        return
    table(
        kept,
        {
            "project": text(_("Project"), lambda record: record["project_name"]),
            "baseline": text(
                _("Baseline"),
                lambda record: f"● {record['name']}" if record["is_active"] else record["name"],
                width="small",
            ),
            "bac": figure(
                _("BAC"),
                lambda record: money_text(record["budget_at_completion"], record["currency"]),
                value=itemgetter("budget_at_completion"),
            ),
            "finish": text(
                _("Planned finish"), lambda record: date_text(record["finish_on"]), value=itemgetter("finish_on")
            ),
            "frozen_at": text(
                _("Frozen"), lambda record: local_date_text(record["frozen_at"]), value=itemgetter("frozen_at")
            ),
            "by": text(_("Approved by"), lambda record: record["approved_by"], width="small"),
            "change": text(_("Change request"), lambda record: record["change_id"], width="small"),
            "reason": text(_("Reason"), lambda record: spoken(_REASONS.get(record["reason"], record["reason"]))),
            "file": text(_("File"), _file, width="small"),
        },
        key="baselines_frozen",
    )


def _file(record: Row) -> str:
    name = str(record["file_name"] or "")
    return _("{file} (undone; the frozen lines are kept)", file=name) if record["batch_is_undone"] else name


def waiting_notice(waiting: Sequence[dict]) -> bool:
    """For other pages: a line on each budget that waits, as budgets_waiting tells them. Returns whether there are any."""
    for budget in waiting:
        st.warning(safe(reason_text(budget)), icon=":material/pending_actions:")
    return bool(waiting)
