"""The worklogs inside a Jira REST issue."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

SECONDS_PER_HOUR = 3600


def worklogs_of(field: object, time_zone: str) -> tuple[list[dict], bool]:
    """(entries of the feed worklogs without the issue's own columns, whether the answer held all of them).

    work_date is the day in `time_zone` on which the work began.
    """
    if not isinstance(field, dict):
        return [], True
    entries = field.get("worklogs") or []
    total = field.get("total")
    return [_entry(entry, ZoneInfo(time_zone)) for entry in entries], not (
        isinstance(total, int) and total > len(entries)
    )


def _entry(entry: dict, zone: ZoneInfo) -> dict:
    author = entry.get("author") or {}
    seconds = entry.get("timeSpentSeconds")
    return {
        "source_id": str(entry["id"]) if entry.get("id") else None,
        "person": author.get("name") or author.get("accountId") or author.get("displayName"),
        "work_date": _day(entry.get("started"), zone),
        "hours": None if seconds is None else repr(seconds / SECONDS_PER_HOUR),
        "description": _text(entry.get("comment")),
    }


def _day(started: str | None, zone: ZoneInfo) -> str | None:
    if not started:
        return None
    try:
        return dt.datetime.fromisoformat(started).astimezone(zone).date().isoformat()
    except ValueError:
        return started


def _text(comment: object) -> str | None:
    """The comment as plain text; in the cloud it is a tree of paragraphs."""
    if isinstance(comment, str):
        return comment or None
    if isinstance(comment, dict):
        parts = [comment["text"]] if isinstance(comment.get("text"), str) else []
        parts += [text for child in comment.get("content") or [] if (text := _text(child))]
        return " ".join(parts) or None
    return None
