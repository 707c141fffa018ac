"""The worklogs inside an issue of a REST search."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from pipeline.ingest.feeds.issues.rest.text import person, plain_text

SECONDS_PER_HOUR = 3600


def worklog_row(entry: dict, time_zone: str) -> dict:
    """One entry of the feed worklogs without the issue's own columns; work_date is the day in `time_zone` on which it began."""
    seconds = entry.get("timeSpentSeconds")
    return {
        "source_id": str(entry["id"]) if entry.get("id") else None,
        "person": person(entry.get("author")),
        "work_date": _day(entry.get("started"), ZoneInfo(time_zone)),
        "hours": None if seconds is None else repr(seconds / SECONDS_PER_HOUR),
        "description": plain_text(entry.get("comment")),
    }


def _day(started: str | None, zone: ZoneInfo) -> str | None:
    if not started:
        return None
    try:
        return dt.datetime.fromisoformat(started).astimezone(zone).date().isoformat()
    except ValueError:
        return started
