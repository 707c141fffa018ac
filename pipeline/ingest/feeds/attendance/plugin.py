"""Hours of presence."""

from __future__ import annotations

from pipeline.ingest.contracts.checks import ComparedDays
from pipeline.ingest.contracts.plugin import HoursOf
from pipeline.ingest.feeds.hours.plugin import FeedOfHours
from pipeline.ingest.feeds.row_rules import in_a_day


class Attendance(FeedOfHours):
    hours = "present_hours"


PLUGIN = Attendance(
    "attendance",
    hours_of=HoursOf.DAY,
    rules=(in_a_day("present_hours"), in_a_day("overtime_hours")),
    volume=ComparedDays(("present_hours",), is_rated=True),
    measures={"present_hours": "sum(present_hours)", "people": "count(distinct person)"},
)
