"""Working calendars of projects and sites."""

from __future__ import annotations

from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.feeds.calendars.reshape import CalendarReshape


class Calendars(FeedPlugin):
    reshape = CalendarReshape


PLUGIN = Calendars(
    "calendars",
    plans=frozenset({"calendar_date"}),
)
