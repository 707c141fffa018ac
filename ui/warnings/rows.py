"""Which alerts are meant: by what the sidebar chooses, by view, in groups, the worst and the oldest first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

import polars as pl

from models.alerts.alert import AlertToday
from models.alerts.vocabulary import AlertLevel, AlertStatus, AnswerState, SignalKind
from models.builds.selection import Selection

WHOLE = "*"
SEVERITIES = (AlertLevel.CRITICAL.value, AlertLevel.WARNING.value)
_WAITING = (AnswerState.UNANSWERED.value, AnswerState.ESCALATED.value)


class View(StrEnum):
    FIRING = "firing"
    EARLY = "early"
    DATA = "data"
    RECOVERED = "recovered"
    ALL = "all"


class Group(StrEnum):
    """A heading of the list."""

    NEWS = "news"  # what has changed since the viewer last looked
    CRITICAL = "critical"
    WARNING = "warning"
    EARLY = "early"
    DATA = "data"
    RECOVERING = "recovering"
    PENDING = "pending"
    UNKNOWN = "unknown"  # no data, stale, in error, and not open
    OVER = "over"


_GROUPS_OF_KINDS = {SignalKind.EARLY: Group.EARLY, SignalKind.DATA: Group.DATA}
KINDS: dict[View, tuple[SignalKind, ...]] = {
    View.FIRING: (SignalKind.LEVEL, SignalKind.RELATIVE),
    View.EARLY: (SignalKind.EARLY,),
    View.DATA: (SignalKind.DATA,),
}


def matching(rows: Iterable[AlertToday], chosen: pl.DataFrame, selection: Selection) -> list[AlertToday]:
    """The alerts of the projects and the module chosen. chosen: their dim_projects rows.

    An alert of a whole project counts whatever the module, one of the whole portfolio whatever the project.
    """
    narrowed = bool(selection.customers or selection.projects)
    keys = set(chosen["project_key"])
    customers = set(chosen["customer"].drop_nulls())

    def fits(row: AlertToday) -> bool:
        if selection.module and row.module not in (WHOLE, selection.module):
            return False
        if not narrowed:
            return True
        if row.project_key != WHOLE:
            return row.project_key in keys
        return row.customer == WHOLE or row.customer in customers

    return [row for row in rows if fits(row)]


def of_view(view: View, rows: Sequence[AlertToday], over: Sequence[AlertToday]) -> list[AlertToday]:
    """The rows of one view. rows: alerts that are not normal. over: those that have ended lately."""
    if view == View.RECOVERED:
        return list(over)
    if view == View.ALL:
        there = {row.alert_key for row in rows}
        return [*rows, *(row for row in over if row.alert_key not in there)]
    kept = (AlertStatus.PENDING, AlertStatus.ERROR)
    return [row for row in rows if row.kind in KINDS[view] and (row.is_open or row.state in kept)]


def counted(view: View, rows: Sequence[AlertToday], over: Sequence[AlertToday]) -> list[AlertToday]:
    """What a view counts: its open alerts; of what is over, and of all, every row."""
    shown = of_view(view, rows, over)
    return shown if view in (View.RECOVERED, View.ALL) else [row for row in shown if row.is_open]


def group_of(row: AlertToday) -> Group:
    if row.ended_on and not row.is_open and row.standing != AlertStatus.PENDING:
        return Group.OVER
    if row.standing == AlertStatus.RECOVERING:
        return Group.RECOVERING
    if row.is_open and row.kind in _GROUPS_OF_KINDS:
        return _GROUPS_OF_KINDS[row.kind]
    if row.is_open:
        return Group.CRITICAL if row.severity == AlertLevel.CRITICAL else Group.WARNING
    return Group.PENDING if row.standing == AlertStatus.PENDING else Group.UNKNOWN


def is_waiting(row: AlertToday) -> bool:
    """Nobody has answered it, or the answer has expired."""
    return row.answer in _WAITING


def critical_now(rows: Iterable[AlertToday]) -> list[AlertToday]:
    """What fires at its critical level, the worst first. No early warning: its level still holds."""
    critical = [
        row
        for row in rows
        if row.severity == AlertLevel.CRITICAL and row.kind != SignalKind.EARLY and row.state != AlertStatus.RECOVERING
    ]
    return sorted(critical, key=lambda row: row.place)


def of_project(rows: Iterable[AlertToday], project_keys: Collection[str]) -> list[AlertToday]:
    return [row for row in rows if row.project_key in project_keys]
