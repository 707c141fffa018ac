"""Project settings on screen: what is in use, one choice to be made with its reason and person, and what was chosen before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from operator import itemgetter

import streamlit as st

from models.builds.selection import Selection
from models.document import Row
from models.evidence.double_counted import choices_of_source
from models.reference.project_settings import (
    ACCRUE_AT_ARRIVAL,
    ACTUAL_COST_SOURCE,
    CHOICES,
    DATED,
    EVERY_PROJECT,
    PERIOD_ENDS_ON,
    PLANNED_VALUE_SOURCE,
    TECHNICAL_DEBT_BASIS,
    USUAL,
    leading_source_of,
    settings_in_use,
)
from ui.kpis.double_counted import source_name
from ui.shell import boxes, data
from ui.shell.numbers import local_date_text, month_text
from ui.shell.tables import table, text
from ui.shell.wording import _, language, msgid, translate

_NAMES = {
    ACTUAL_COST_SOURCE: msgid("Where actual cost comes from"),
    ACCRUE_AT_ARRIVAL: msgid("Accrue equipment and software at arrival"),
    PERIOD_ENDS_ON: msgid("Accounting period ends on"),
    leading_source_of("worklogs"): msgid("Hours that two sources tell count from"),
    leading_source_of("costs"): msgid("Cost that two sources tell counts from"),
    leading_source_of("issues"): msgid("Issues that two trackers tell count from"),
    PLANNED_VALUE_SOURCE: msgid("What planned value is spread by"),
    TECHNICAL_DEBT_BASIS: msgid("What hours on technical debt are divided by"),
}
_VALUES = {
    (ACTUAL_COST_SOURCE, "ledger"): msgid("the books; after the last closed period hours × rates for labor"),
    (ACTUAL_COST_SOURCE, "timesheets"): msgid("labor always from hours × rates, the rest from the books"),
    (ACTUAL_COST_SOURCE, "books"): msgid("only what is booked, nothing provisional"),
    (ACCRUE_AT_ARRIVAL, "yes"): msgid("yes: what has come counts before its invoice, by commitment × progress"),
    (ACCRUE_AT_ARRIVAL, "no"): msgid("no: it counts once it is booked"),
    (PERIOD_ENDS_ON, "month_end"): msgid("the last day of the month"),
    (PLANNED_VALUE_SOURCE, "budget"): msgid("the periods of the budget"),
    (PLANNED_VALUE_SOURCE, "schedule"): msgid(
        "the schedule: each element's budget over the baseline dates of its tasks, by their planned cost"
    ),
    (TECHNICAL_DEBT_BASIS, "all_hours"): msgid("all hours of the month"),
    (TECHNICAL_DEBT_BASIS, "development_hours"): msgid("development and test hours of modules with own code"),
}
_SHORT = {  # in a box or in the table of what is in use; beneath the box a choice stands in full
    (ACTUAL_COST_SOURCE, "ledger"): msgid("books, then hours × rates"),
    (ACTUAL_COST_SOURCE, "timesheets"): msgid("labor from hours × rates"),
    (ACTUAL_COST_SOURCE, "books"): msgid("books only"),
    (ACCRUE_AT_ARRIVAL, "yes"): msgid("yes"),
    (ACCRUE_AT_ARRIVAL, "no"): msgid("no"),
    (PLANNED_VALUE_SOURCE, "schedule"): msgid("baseline dates of the schedule"),
    (TECHNICAL_DEBT_BASIS, "all_hours"): msgid("all hours"),
    (TECHNICAL_DEBT_BASIS, "development_hours"): msgid("development and test hours"),
}
_TAKE_BACK = ""


def name_word(name: str) -> str:
    return translate(_NAMES[name], None, language()) if name in _NAMES else name


def value_word(name: str, value: str | None) -> str:
    """A choice as it is read: 'day 25 of the month'; '' is taking it back."""
    if not value:
        return _("take the project's own choice back")
    if name not in CHOICES:
        return source_name(value)
    if (name, value) in _VALUES:
        return translate(_VALUES[name, value], None, language())
    return _("day {day} of the month", day=value)


def short_word(name: str, value: str | None) -> str:
    """A choice where there is little room."""
    short = _SHORT.get((name, value or ""))
    return translate(short, None, language()) if short else value_word(name, value)


def project_names(view: data.BuildView | None) -> dict[str, str]:
    """{project: name}, all of them first."""
    found = {} if view is None else data.project_names(data.chosen_projects(view, Selection()))
    return {EVERY_PROJECT: _("all projects that choose nothing themselves")} | found


def choices(view: data.BuildView | None) -> dict[str, tuple[str, ...]]:
    """What may be chosen: of a fact that two sources tell in this build, the one that leads, too."""
    return CHOICES | choices_of_source(None if view is None else view.snapshot)


def choice_form(names: Mapping[str, str], choices: Mapping[str, Sequence[str]] = CHOICES) -> dict | None:
    """One choice with reason and person. Returns set_project_setting's arguments once somebody saved."""
    with st.container(border=True):
        where, what = st.columns(2)
        project_key = boxes.selectbox(_("Project"), names, key="settings_project", at=where)
        settings = {name: name_word(name) for name in choices}
        name = boxes.selectbox(_("Setting"), settings, key="settings_name", at=what)
        values = {value: short_word(name, value) for value in (*choices[name], _TAKE_BACK)}
        value = boxes.selectbox(_("Choice"), values, key=f"settings_value_{name}")
        if value_word(name, value) != values[value]:
            st.caption(value_word(name, value))
        valid_from = None
        if name in DATED:
            valid_from = st.date_input(
                _("Counts from the month of (empty: for the whole history)"),
                value=None,
                format="YYYY-MM-DD",
                key="settings_valid_from",
            )
        reason, person = boxes.reason_and_person("settings", _("Decided by"))
        if not st.button(_("Save the choice"), key="settings_save", type="primary"):
            return None
    return {
        "name": name,
        "value": value or None,
        "project_key": project_key,
        "reason": reason,
        "person": person,
        "valid_from": valid_from,
    }


def in_use(view: data.BuildView, names: Mapping[str, str]) -> None:
    """What the build on screen was made with, one row per project; what is not the usual choice is marked."""
    rows = settings_in_use(view.snapshot, [key for key in names if key != EVERY_PROJECT])
    chosen = {name: text(name_word(name), partial(_marked, name), width=240) for name in CHOICES}
    project = text(_("Project"), lambda row: names[row["project_key"]], width=180)
    table(rows, {"project": project} | chosen, key="settings_in_use")


def history(rows: Sequence[Mapping], names: Mapping[str, str]) -> None:
    """Every choice ever made, the newest on top."""
    table(
        rows,
        {
            "at": text(
                _("Day"), lambda row: local_date_text(row["changed_at"]), value=itemgetter("changed_at"), width=92
            ),
            "project": text(_("Project"), lambda row: names.get(row["project_key"], row["project_key"]), width=160),
            "setting": text(_("Setting"), lambda row: name_word(row["name"]), width=200),
            "value": text(_("Choice"), lambda row: value_word(row["name"], row["value"]), width=260),
            "from": text(
                _("Counts from"),
                lambda row: month_text(row["valid_from"]) if row["valid_from"] else "",
                value=itemgetter("valid_from"),
                width=92,
            ),
            "reason": text(_("Reason"), width=200),
            "person": text(_("Decided by"), lambda row: row["changed_by"], width=110),
        },
        key="settings_history",
        empty=_("Nothing has been chosen yet: every project keeps to the usual choices."),
    )


def _marked(name: str, row: Row) -> str:
    value = row[name]
    return short_word(name, value) if value == USUAL[name] else f"◆ {short_word(name, value)}"
