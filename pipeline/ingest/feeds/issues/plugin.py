"""Issues of a tracker: defects, requirements, tasks."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.ingest.contracts.checks import ComparedList, ToldBy
from pipeline.ingest.contracts.plugin import FeedPlugin, HoursOf
from pipeline.ingest.dialects import dialects
from pipeline.ingest.feeds.issues.cells import worklogs_in_cells
from pipeline.ingest.feeds.issues.finish import unknown_states, with_category
from pipeline.ingest.feeds.issues.recognize import NO_ISSUES, evidence
from pipeline.ingest.feeds.issues.reshape import IssueReshape
from pipeline.ingest.feeds.row_rules import finished_first, not_negative

_ISSUE = "case when issue_key like '%-%' then lower(trim(issue_key)) end"
# An issue whose state nobody knows is neither open nor closed; where no state is known, neither is a number.
_OPEN, _CLOSED = "status_category not in ('done', 'cancelled')", "status_category in ('done', 'cancelled')"
_STATES = "case when count(status_category) > 0 then count(*) filter ({}) end"


class Issues(FeedPlugin):
    evidence = staticmethod(evidence)
    reshape = IssueReshape
    in_cells = staticmethod(worklogs_in_cells)
    unknown_words = staticmethod(unknown_states)
    finish = staticmethod(with_category)

    def spoken_for(self, names: Collection[str]) -> int:
        against = dialects().registers(*NO_ISSUES)
        return -sum(name in against for name in names)


PLUGIN = Issues(
    "issues",
    worth_saying=("status", "created_at", "resolved_at", "issue_type", "project"),
    of_common_words=True,
    hours_of=HoursOf.ITEM,
    mappable=("status", "issue_type", "resolution", "severity", "defect_cause", "found_in_phase"),
    meanings={"status": "status_category"},
    rules=(
        *not_negative("story_points", "original_estimate_hours", "remaining_estimate_hours", "time_spent_hours"),
        finished_first("resolved_at", "created_at"),
        finished_first("closed_at", "created_at"),
    ),
    plans=frozenset({"due_on"}),
    lasting="issue_key",
    volume=ComparedList("issue_key", ("original_estimate_hours", "time_spent_hours", "story_points")),
    told_by=ToldBy(
        "issues",
        "cast(created_at as date)",
        "1",
        (
            (_ISSUE, "lower(trim(summary))"),
            ("lower(trim(project))", "lower(trim(summary))", "cast(created_at as date)"),
        ),
    ),
    measures={
        "open": _STATES.format(_OPEN),
        "closed": _STATES.format(_CLOSED),
        "state_unknown": "count(*) filter (status_category is null)",
    },
)
