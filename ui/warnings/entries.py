"""The entries of the queue: alerts of one cause as one, filtered and sorted by what the reader chose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from models.alerts.alert import AlertToday
from models.alerts.causes.family import family
from models.alerts.news import News
from models.alerts.vocabulary import AlertStatus, AnswerState, SignalKind
from models.builds.selection import Selection
from models.kpis.catalogue import Kpi
from ui.shell import data
from ui.warnings import rows as alerts_rows
from ui.warnings import words
from ui.warnings.rows import Group, View
from ui.warnings.words import Names

NOBODY = ""
_ORDER = {group: place for place, group in enumerate(Group)}


class Sort(StrEnum):
    WORST = "worst"
    AGE = "age"
    DUE = "due"
    PROJECT = "project"
    MONEY = "money"


class Age(StrEnum):
    """Days from the first data date of the episode to the last."""

    WEEK = "week"  # at most 7
    OVER_WEEK = "over_week"
    OVER_MONTH = "over_month"  # more than 30
    OVER_QUARTER = "over_quarter"  # more than 90


class State(StrEnum):
    """How an alert stands and how far it is answered, as the reader filters by it."""

    UNANSWERED = "unanswered"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    OVERDUE = "overdue"
    RECOVERING = "recovering"
    PENDING = "pending"
    UNKNOWN = "unknown"


_OLDER_THAN = {Age.OVER_WEEK: 7, Age.OVER_MONTH: 30, Age.OVER_QUARTER: 90}
_IS: dict[State, Callable[[AlertToday], bool]] = {
    State.UNANSWERED: lambda row: row.is_open and alerts_rows.is_waiting(row),
    State.ACKNOWLEDGED: lambda row: row.answer == AnswerState.ACKNOWLEDGED,
    State.SNOOZED: lambda row: row.answer == AnswerState.SNOOZED,
    State.OVERDUE: lambda row: row.is_overdue,
    State.RECOVERING: lambda row: row.standing == AlertStatus.RECOVERING,
    State.PENDING: lambda row: row.standing == AlertStatus.PENDING,
    State.UNKNOWN: lambda row: row.state in (AlertStatus.NO_DATA, AlertStatus.STALE, AlertStatus.ERROR),
}


@dataclass(frozen=True)
class Narrowing:
    """What the chips leave; None leaves all. owner: NOBODY for alerts without one."""

    owner: str | None = None
    project: str | None = None
    kpi: str | None = None
    state: State | None = None
    age: Age | None = None

    def fits(self, row: AlertToday) -> bool:
        return (
            self.owner in (None, row.owner or NOBODY)
            and self.project in (None, row.project_key)
            and self.kpi in (None, row.kpi_key or row.name)
            and (self.state is None or _IS[self.state](row))
            and (self.age is None or _is_aged(row, self.age))
        )


def _is_aged(row: AlertToday, age: Age) -> bool:
    if row.days is None:
        return False
    return row.days <= 7 if age is Age.WEEK else row.days > _OLDER_THAN[age]


@dataclass(frozen=True)
class Entry:
    """Alerts of one cause in one scope, the worst first: it leads, the others are its parts."""

    rows: tuple[AlertToday, ...]

    @property
    def leader(self) -> AlertToday:
        return self.rows[0]

    @property
    def parts(self) -> tuple[AlertToday, ...]:
        return self.rows[1:]

    @cached_property
    def group(self) -> Group:
        return alerts_rows.group_of(self.leader)

    @property
    def is_waiting(self) -> bool:
        """Some alert of it that is as severe as the worst is open, and nobody has answered."""
        return any(
            row.is_open and row.severity == self.leader.severity and alerts_rows.is_waiting(row) for row in self.rows
        )

    @property
    def is_overdue(self) -> bool:
        return any(row.is_overdue for row in self.rows)

    @cached_property
    def money(self) -> tuple[float, str] | None:
        """The largest amount that one of its alerts is short of or over by, and its currency; None where none is known."""
        return max((amount for row in self.rows if (amount := money_of(row))), default=None)

    @cached_property
    def place(self) -> tuple:
        """What sorts the worst first; of equals, overdue ones."""
        return _ORDER[self.group], not self.is_overdue, self.leader.place


def entries(rows: Iterable[AlertToday], catalogue: Mapping[str, Kpi]) -> list[Entry]:
    """One per cause and scope, the worst first. A feed and an early warning about no KPI are causes of their own."""
    found: dict[tuple, list[AlertToday]] = {}
    for row in rows:
        cause = f"data {row.name}" if row.kind == SignalKind.DATA else family(row.kpi_key or row.name, catalogue)
        found.setdefault((row.scope.key, cause), []).append(row)
    made = (Entry(tuple(sorted(members, key=_worst_first))) for members in found.values())
    return sorted(made, key=lambda entry: entry.place)


def _worst_first(row: AlertToday) -> tuple:
    return _ORDER[alerts_rows.group_of(row)], row.place


def money_of(row: AlertToday) -> tuple[float, str] | None:
    """The money that its way back within the level names, and its currency: cost that is over, else value that is missing."""
    details = (row.cause.get("mending") or {}).get("details") or {}
    for name in ("over", "missing"):
        told = details.get(name)
        if isinstance(told, Mapping) and told.get("unit") == "money" and told.get("number") is not None:
            return abs(told["number"]), told.get("currency") or ""
    return None


def ordered(found: Sequence[Entry], by: Sort, names: Names) -> list[Entry]:
    """Entries, worst first, in another order; what it knows nothing of comes last, and amounts in other currencies than the
    portfolio's after those in it."""
    currency = names.currencies.get(data.WHOLE)

    def place(entry: Entry) -> tuple:
        if by is Sort.AGE:
            since = [row.since_on for row in entry.rows if row.since_on]
            return (min(since).toordinal(),) if since else (float("inf"),)
        if by is Sort.DUE:
            due = [row.due_on for row in entry.rows if row.due_on and row.is_open]
            return (min(due).toordinal(),) if due else (float("inf"),)
        if by is Sort.PROJECT:
            return (words.project(entry.leader, names),)
        if entry.money is None:
            return (2,)
        amount, of = entry.money
        return (of != currency, -amount)

    return list(found) if by is Sort.WORST else sorted(found, key=place)


def grouped(found: Iterable[Entry], news: News | None, by: Sort) -> dict[Group | None, list[Entry]]:
    """Entries under their headings: what has changed for this viewer first, then the groups; in another order, one list."""
    groups: dict[Group | None, list[Entry]] = {}
    for entry in found:
        is_news = news is not None and any(row.alert_key in news.events for row in entry.rows)
        groups.setdefault(Group.NEWS if is_news else entry.group if by is Sort.WORST else None, []).append(entry)
    if Group.NEWS in groups:
        return {Group.NEWS: groups.pop(Group.NEWS), **groups}
    return groups


def news_of(rows: Iterable[AlertToday], news: News) -> News:
    """The news about these alerts alone."""
    keys = {row.alert_key for row in rows}
    return replace(news, events={key: event for key, event in news.events.items() if key in keys})


def of_view(
    view: View, rows: Sequence[AlertToday], over: Sequence[AlertToday], news: News | None = None
) -> list[AlertToday]:
    """The rows of a view, with those that have ended since the viewer last looked."""
    shown = alerts_rows.of_view(view, rows, over)
    kinds, there = alerts_rows.KINDS.get(view, ()), {row.alert_key for row in shown}
    ended = [row for row in over if news and row.kind in kinds and row.alert_key in news.events]
    return [*shown, *(row for row in ended if row.alert_key not in there)]


def firing_by_project(rows: Iterable[AlertToday], catalogue: Mapping[str, Kpi]) -> dict[str, list[Entry]]:
    """{project: its causes that fire, the worst first}, as the queue counts them: no early warning and no data alert.

    rows: every open alert.
    """
    found: dict[str, list[Entry]] = {}
    for entry in entries(alerts_rows.counted(View.FIRING, list(rows), ()), catalogue):
        found.setdefault(entry.leader.project_key, []).append(entry)
    return found


def counts(rows: Iterable[AlertToday], view: data.BuildView, selection: Selection) -> tuple[int, int]:
    """How many causes are critical in the selection, and how many of these nobody has answered.

    rows: every open alert, as offers.Alerts.open has them.
    """
    within = alerts_rows.matching(rows, data.chosen_projects(view, selection), selection)
    critical = entries(alerts_rows.critical_now(within), data.catalogue(view))
    return len(critical), sum(entry.is_waiting for entry in critical)
