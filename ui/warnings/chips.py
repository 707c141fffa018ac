"""What the queue is narrowed to and sorted by: one row of chips, kept in the session and in the address (`ui.shell.filters`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from models.alerts.alert import AlertToday
from models.alerts.vocabulary import AlertStatus, AnswerState
from models.alerts.words import alert_status_word, answer_word
from ui.shell import boxes, filters
from ui.shell.wording import _, language, msgid, spoken
from ui.warnings import answer_forms
from ui.warnings import words as alerts_words
from ui.warnings.entries import NOBODY, Age, Narrowing, Sort, State
from ui.warnings.words import Names

ALL = filters.EVERY
_SORTS = {
    Sort.WORST: msgid("Worst first"),
    Sort.AGE: msgid("Oldest first"),
    Sort.DUE: msgid("By due date"),
    Sort.PROJECT: msgid("By project"),
    Sort.MONEY: msgid("Most money first"),
}
_AGES = {
    Age.WEEK: msgid("new: up to 7 days"),
    Age.OVER_WEEK: msgid("over 7 days"),
    Age.OVER_MONTH: msgid("over 30 days"),
    Age.OVER_QUARTER: msgid("over 90 days"),
}
_STATES: dict[State, str] = {
    State.UNANSWERED: AnswerState.UNANSWERED,
    State.ACKNOWLEDGED: AnswerState.ACKNOWLEDGED,
    State.SNOOZED: AnswerState.SNOOZED,
    State.RECOVERING: AlertStatus.RECOVERING,
    State.PENDING: AlertStatus.PENDING,
}

Choices = Mapping[str, Mapping[str, str]]


def choices(rows: Sequence[AlertToday], names: Names) -> Choices:
    """{chip: {choice: how it reads}}, each with the choice of all first; of projects, KPIs and owners those that have alerts."""
    person, owners = answer_forms.person(), sorted({row.owner for row in rows if row.owner})
    mine = {person: _("mine ({person})", person=person)} if person else {}
    projects = {row.project_key: alerts_words.project(row, names) for row in rows}
    kpis = {row.kpi_key or row.name: alerts_words.subject(row, names, short=True) for row in rows}
    return {
        "sort": {sort.value: spoken(word) for sort, word in _SORTS.items()},
        "owner": {ALL: _("All owners")} | mine | {owner: owner for owner in owners if owner != person} | _nobody(rows),
        "project": {ALL: _("All projects")} | _by_words(projects),
        "kpi": {ALL: _("All KPIs")} | _by_words(kpis),
        "state": {ALL: _("Any state")} | {state.value: _state_word(state) for state in State},
        "age": {ALL: _("Any age")} | {age.value: spoken(word) for age, word in _AGES.items()},
    }


def _nobody(rows: Sequence[AlertToday]) -> dict[str, str]:
    return {NOBODY: _("no owner")} if any(not row.owner for row in rows) else {}


def _by_words(found: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def _state_word(state: State) -> str:
    if state is State.OVERDUE:
        return _("overdue")
    if state is State.UNKNOWN:
        return _("not judged now")
    word = _STATES[state]
    return answer_word(word, language()) if word in list(AnswerState) else alert_status_word(word, language())


def narrowing(offered: Choices) -> tuple[Narrowing, Sort, list[str]]:
    """What is chosen, how it is sorted, and the filters in words; a choice that is offered no more is given up."""
    state = st.session_state
    for name, words in offered.items():
        if state.get(f"alerts_{name}") not in words:
            state[f"alerts_{name}"] = next(iter(words))
    at = {name: state[f"alerts_{name}"] for name in offered}
    owner, project, kpi, standing, age = (
        None if at[name] == ALL else at[name] for name in ("owner", "project", "kpi", "state", "age")
    )
    narrowed = Narrowing(owner, project, kpi, standing and State(standing), age and Age(age))
    said = [words[at[name]] for name, words in offered.items() if name != "sort" and at[name] != ALL]
    return narrowed, Sort(at["sort"]), said


def row(offered: Choices) -> None:
    """The chips in one row; what one stands at is read inside it."""
    labels = {
        "sort": _("Order"),
        "owner": _("Owner"),
        "project": _("Project"),
        "kpi": _("KPI"),
        "state": _("State"),
        "age": _("Age"),
    }
    with st.container(horizontal=True, gap="small", key="alerts_chips"):
        for name, words in offered.items():
            boxes.selectbox(
                labels[name],
                words,
                key=f"alerts_{name}",
                label_visibility="collapsed",
                width=140,
                persist_state="session",
            )
