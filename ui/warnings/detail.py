"""One alert with all there is to it: what it says, the rows that cause it, what would mend it, its history and its answers."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from models.alerts.alert import AlertEvent, AlertToday
from models.alerts.causes.cause import cause, signal_of_alert
from models.alerts.vocabulary import AnswerKind, SignalKind
from models.alerts.words import event_word, severity_sign
from models.vocabulary import Section
from ui.kpis import cards as kpi_cards
from ui.kpis.cards import slug
from ui.shell import data
from ui.shell.filters import url_parameters
from ui.shell.numbers import date_text, instant_text
from ui.shell.tables import Column, number, table, text
from ui.shell.wording import _, language, listed, safe, section_word
from ui.warnings import answer_forms as alerts_forms
from ui.warnings import words as alerts_words
from ui.warnings.words import Names

_log = logging.getLogger("plimsoll.alerts")
_PIPELINE = "pipeline"
_PAGES: dict[str, str] = {
    Section.QUALITY: "pages/quality/quality.py",
    Section.COST: "pages/cost/cost.py",
    Section.SCHEDULE: "pages/schedule/schedule.py",
    Section.LABOR: "pages/labor/labor.py",
}
_COMMENTS_SHOWN = 5
_NUMBERS = ("amount", "take", "source_row")


def opened_alert(
    row: AlertToday,
    names: Names,
    history: Sequence[AlertEvent],
    now: dt.datetime,
    *,
    of_cause: Sequence[AlertToday],
    can_answer: bool,
) -> alerts_forms.AlertResponse | None:
    """Everything about one alert, and the ways to answer it. Returns what somebody asks for.

    of_cause: the alerts of its cause, which may be answered with it. can_answer: not while ticked ones are being answered.
    """
    act = None
    with st.container(border=True, gap="small", key=f"alerts_detail_{slug(row.alert_key)}"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            _ways(row, names)
            st.button(_("Close"), key="alerts_close", on_click=_close)
        _answered(row)
        _cause(row, names)
        if can_answer:
            answered = [row]
            if len(of_cause) > 1 and st.checkbox(
                _("Answer all {count} alerts of this cause", count=len(of_cause)),
                key=f"alerts_whole_{slug(row.alert_key)}",
            ):
                answered = list(of_cause)
            act = alerts_forms.answers(answered, alerts_forms.key_of(row, len(history)), now.date())
        _comments(history)
        _history(row, names, history)
    return act


def _close() -> None:
    st.session_state["alerts_open"] = None
    st.session_state["alerts_linked"] = None


def _answered(row: AlertToday) -> None:
    if row.acknowledged_reason:
        st.markdown(safe(_("{person}: {reason}", person=row.acknowledged_by, reason=row.acknowledged_reason)))
    if said := alerts_words.due(row):
        st.markdown(f"**{said}**" if row.is_overdue else said)
    if row.escalated_on:
        st.markdown(_("Escalated to the project office: unanswered on {day}", day=date_text(row.escalated_on)))


def _cause(row: AlertToday, names: Names) -> None:
    """What would mend it, whose it is, and the rows that cause it."""
    kept = row.cause or _looked_for(row)
    mending = kept.get("mending") or {}
    smallest = alerts_words.sentence(mending)
    if smallest:
        st.markdown(f"**{safe(_('To mend it: {what}', what=smallest))}**")
    owners = _owners(mending.get("owners") or kept.get("owners") or [])
    if owners:
        st.markdown(safe(_("Owners of these rows: {owners}", owners=listed(owners))))
    rows = mending.get("rows") or kept.get("rows") or []
    rows = [found for found in rows if isinstance(found, Mapping)]
    if not rows:
        if row.is_open and not smallest:
            st.caption(_("No rows are named as its cause. The evidence holds all rows behind the number."))
        return
    of = mending if mending.get("rows") else kept
    in_all = of.get("rows_in_all") or len(rows)
    st.markdown(f"**{_('Rows to mend') if of is mending else _('Rows that cause it')}**")
    table(rows, _columns(rows, names), key=f"alerts_cause_{slug(row.alert_key)}")
    if in_all > len(rows):
        st.caption(_("{count} of {total} rows; the evidence holds all of them.", count=len(rows), total=in_all))


def _looked_for(row: AlertToday) -> Mapping:
    """The cause of an open alert that was kept without one; the alert can be answered whatever goes wrong here."""
    try:
        view = data.opened_build() if row.is_open else None
        return view.ask(cause, signal_of_alert(row)) if view else {}
    except Exception:
        _log.exception("the cause of an alert was not found")
        return {}


def _columns(rows: Sequence[Mapping], names: Names) -> dict[str, Column]:
    """What a row of the cause may hold, with its head and width; what none of them holds has no column."""
    heads = {
        "row_key": (_("Row"), 120),
        "row_label": (_("What"), 180),
        "project_key": (_("Project"), 110),
        "module": (_("Module"), 100),
        "owner": (_("Owner"), 80),
        "amount": (_("Amount"), 75),
        "take": (_("To mend"), 75),
        "file_name": (_("File"), 165),
        "source_row": (_("Line"), 60),
    }

    def cell(row: Mapping, name: str) -> object:
        found = row.get(name)
        if name == "project_key" and found is not None:
            return None if found == data.WHOLE else names.projects.get(found, found)
        return found if found is None or name in _NUMBERS else str(found)

    columns = {}
    for name, (head, width) in heads.items():
        cells = [cell(row, name) for row in rows]
        is_repeated = name in ("row_label", "module") and cells == [cell(row, "row_key") for row in rows]
        is_one_project = name == "project_key" and len(set(cells)) == 1
        if is_repeated or is_one_project or all(found is None for found in cells):
            continue
        make = partial(number, format="%g") if name in _NUMBERS else text
        columns[name] = make(head, partial(cell, name=name), width=width)
    return columns


def _owners(owners: Sequence) -> list[str]:
    """ "E0701 (3)": who, and of how many rows."""
    told = []
    for owner in owners:
        if isinstance(owner, Mapping):
            name, count = owner.get("owner"), owner.get("rows")
            told += [f"{name} ({count})" if count else str(name)] if name else []
        elif owner:
            told.append(str(owner))
    return told


def _ways(row: AlertToday, names: Names) -> None:
    """To the rows behind the number, and to the page of its section."""
    kpi = names.catalogue.get(row.kpi_key or "")
    project = row.project_key
    whole = project == data.WHOLE
    narrowed = {} if whole else {"project": project}
    if row.module != data.WHOLE:
        narrowed["module"] = row.module
    link = partial(st.page_link, width="content")
    with st.container(horizontal=True, gap="medium"):
        if row.kind == SignalKind.DATA:
            link(kpi_cards.HEALTH, label=_("Show the data"), query_params=url_parameters())
            link(kpi_cards.UPLOADS, label=_("Upload exports"), query_params=url_parameters())
        elif kpi is not None:
            kpi_cards.evidence_link(kpi.kpi_key, project, narrowed=narrowed, width="content")
            if page := _PAGES.get(kpi.section):
                link(page, label=section_word(kpi.section), query_params=url_parameters(**narrowed))
        if not whole:
            link(f"pages/{kpi_cards.PROJECT}.py", label=_("Project overview"), query_params=url_parameters(of=project))


def _comments(history: Sequence[AlertEvent]) -> None:
    """What people wrote, the newest first."""
    said = [event for event in history if event.kind in (AnswerKind.COMMENTED, AnswerKind.ACKNOWLEDGED)]
    for event in said[:_COMMENTS_SHOWN]:
        head = f"{safe(event.actor)} · {event_word(event, language())} · {instant_text(event.at)}"
        st.markdown(f"> {head}  \n> {safe(event.text or '')}")


def _history(row: AlertToday, names: Names, history: Sequence[AlertEvent]) -> None:
    st.markdown(f"**{_('History')}**")
    if not history:
        st.caption(_("Nothing has happened yet."))
        return
    table(
        history,
        {
            "data_date": text(
                _("Status date"),
                lambda event: date_text(event.data_date) if event.data_date else "",
                value=lambda event: event.data_date,
                width=125,
            ),
            "what": text(_("What happened"), _happened, width=185),
            "value": text(
                _("Value (level)"),
                lambda event: alerts_words.measured(row.at(event), names),
                width=125,
            ),
            "who": text(_("Who"), lambda event: "" if event.actor == _PIPELINE else event.actor, width=75),
            "text": text(_("Note"), lambda event: event.text, width=105),
            "build": text(_("Build"), lambda event: event.build_id, width=80),
            "at": text(_("At"), lambda event: instant_text(event.at), value=lambda event: event.at, width=160),
        },
        key=f"alerts_history_{slug(row.alert_key)}",
    )


def _happened(event: AlertEvent) -> str:
    """What the pipeline found with the sign of its severity; what a person did without one."""
    word = event_word(event, language())
    return word if event.actor != _PIPELINE else f"{severity_sign(event.severity)} {word}"
