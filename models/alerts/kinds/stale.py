"""Feeds that are out of date, one signal per project and feed: their KPIs fall silent for it, and this one alert says why."""

from __future__ import annotations

from models.alerts.signals import Scope, Signal
from models.alerts.vocabulary import AlertLevel, SignalKind
from models.builds.snapshot import Snapshot
from models.words.catalog import msgid
from models.words.number_tokens import day

# as is_stale of kpi_values: a feed is out of date where one of its facts is
_FEEDS = """
    with newest as (
        select max(status_on) as status_on from dim_projects
    )
    select
        project_key, feed, newest.status_on, projects.actual_finish_on is not null as is_finished,
        min(covers_to) as covers_to, stale_after_days,
        bool_or(covers_to < newest.status_on - cast(stale_after_days as integer)) as is_stale,
        date_diff('day', min(covers_to), newest.status_on) as days_behind
    from feed_freshness
    inner join dim_projects as projects using (project_key)
    cross join newest
    where not projects.is_unallocated and stale_after_days is not null and covers_to is not null
    group by project_key, feed, newest.status_on, projects.actual_finish_on, stale_after_days
    order by 1, 2
"""
_IS_PUBLISHED = """
    select 1 from information_schema.columns where table_name = 'feed_freshness' and column_name = 'stale_after_days'
"""
_STALE = msgid(
    "{feed} of this project end on {day}, {days} days before the newest data of the portfolio; after {allowed} days they are "
    "out of date. Load a newer export."
)
_FRESH = msgid("{feed} of this project reach to {day}.")


def stale_feeds(snapshot: Snapshot) -> dict[str, set[str]]:
    """{project_key: feeds that are out of date}; none in a build that does not say when its feeds do."""
    found: dict[str, set[str]] = {}
    for signal in stale_signals(snapshot):
        if signal.reading is AlertLevel.WARNING:
            found.setdefault(signal.scope.project_key, set()).add(signal.name)
    return found


def stale_signals(snapshot: Snapshot) -> list[Signal]:
    """One signal per project and feed that can age; none in a build that does not say when its feeds do.

    value: days behind the newest status date; level: the days that are allowed.
    """
    if snapshot.query(_IS_PUBLISHED).is_empty():
        return []
    found = []
    for row in snapshot.query(_FEEDS).to_dicts():
        reading = AlertLevel.CLOSED if row["is_finished"] else AlertLevel.WARNING if row["is_stale"] else AlertLevel.OK
        days = max(row["days_behind"], 0)
        found.append(
            Signal(
                kind=SignalKind.DATA,
                name=row["feed"],
                scope=Scope("project", row["project_key"]),
                data_date=row["status_on"],
                reading=reading,
                is_clear=reading is AlertLevel.OK,
                value=float(days),
                level=float(row["stale_after_days"]),
                template=_STALE if row["is_stale"] else _FRESH,
                details={
                    "feed": row["feed"],
                    "day": day(row["covers_to"]),
                    "days": days,
                    "allowed": row["stale_after_days"],
                },
            )
        )
    return found
