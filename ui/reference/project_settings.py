"""Project settings on screen: what is in use, one choice to be made with its reason and person, and what was chosen before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.evidence.told_twice import choices_of_source
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
from models.words.numbers import local_date_text, month_text
from ui.kpis import cards as kpi_cards
from ui.kpis.tables import plain_table
from ui.kpis.told_twice import source_name
from ui.shell import boxes, data
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
_SHORT = {  # in the table of what is in use; the form says each choice in full
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


def project_names(opened: data.Opened | None) -> dict[str, str]:
    """{project: name}, all of them first."""
    found = {} if opened is None else kpi_cards.project_names(data.chosen_projects(opened, Selection()))
    return {EVERY_PROJECT: _("all projects that choose nothing themselves")} | found


def choices(opened: data.Opened | None) -> dict[str, tuple[str, ...]]:
    """What may be chosen: of a fact that two sources tell in this build, the one that leads, too."""
    return CHOICES | choices_of_source(None if opened is None else opened.snapshot)


def choice_form(names: Mapping[str, str], choices: Mapping[str, Sequence[str]] = CHOICES) -> dict | None:
    """One choice with reason and person. Returns set_project_setting's arguments once somebody saved."""
    with st.container(border=True):
        where, what = st.columns(2)
        project_key = boxes.selectbox(
            _("Project"), list(names), format_func=names.get, key="settings_project", at=where
        )
        name = boxes.selectbox(_("Setting"), list(choices), format_func=name_word, key="settings_name", at=what)
        value = boxes.selectbox(
            _("Choice"),
            [*choices[name], _TAKE_BACK],
            format_func=lambda one: value_word(name, one),
            key=f"settings_value_{name}",
        )
        valid_from = None
        if name in DATED:
            valid_from = st.date_input(
                _("Counts from the month of (empty: for the whole history)"),
                value=None,
                format="YYYY-MM-DD",
                key="settings_valid_from",
            )
        why, who = st.columns(2)
        reason = why.text_input(_("Reason"), key="settings_reason", max_chars=500)
        person = who.text_input(_("Decided by"), key="settings_person", max_chars=100)
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


def in_use(opened: data.Opened, names: Mapping[str, str]) -> None:
    """What the build on screen was made with, one row per project; what is not the usual choice is marked."""
    rows = settings_in_use(opened.snapshot, [key for key in names if key != EVERY_PROJECT])
    plain_table(
        rows.select(
            pl.Series("project", [names[key] for key in rows["project_key"]], dtype=pl.String),
            *(pl.Series(name, [_marked(name, value) for value in rows[name]], dtype=pl.String) for name in CHOICES),
        ),
        key="settings_in_use",
        columns={"project": st.column_config.TextColumn(_("Project"), width=180)}
        | {name: st.column_config.TextColumn(name_word(name), width=240) for name in CHOICES},
    )


def history(rows: Sequence[Mapping], names: Mapping[str, str]) -> None:
    """Every choice ever made, the newest on top."""
    if not rows:
        st.caption(_("Nothing has been chosen yet: every project keeps to the usual choices."))
        return
    shown = language()
    plain_table(
        pl.DataFrame(
            {
                "at": [local_date_text(row["changed_at"], shown) for row in rows],
                "project": [names.get(row["project_key"], row["project_key"]) for row in rows],
                "setting": [name_word(row["name"]) for row in rows],
                "value": [value_word(row["name"], row["value"]) for row in rows],
                "from": [month_text(row["valid_from"], shown) if row["valid_from"] else "" for row in rows],
                "reason": [row["reason"] for row in rows],
                "person": [row["changed_by"] for row in rows],
            }
        ),
        key="settings_history",
        columns={
            "at": st.column_config.TextColumn(_("Day"), width=92),
            "project": st.column_config.TextColumn(_("Project"), width=160),
            "setting": st.column_config.TextColumn(_("Setting"), width=200),
            "value": st.column_config.TextColumn(_("Choice"), width=260),
            "from": st.column_config.TextColumn(_("Counts from"), width=92),
            "reason": st.column_config.TextColumn(_("Reason"), width=200),
            "person": st.column_config.TextColumn(_("Decided by"), width=110),
        },
    )


def _marked(name: str, value: str) -> str:
    word = translate(_SHORT[name, value], None, language()) if (name, value) in _SHORT else value_word(name, value)
    return word if value == USUAL[name] else f"◆ {word}"
