"""People with their roles and allocations."""

from __future__ import annotations

from pipeline.ingest.contracts.plugin import FeedPlugin, Sight
from pipeline.ingest.dialects import dialects
from pipeline.ingest.feeds.people.rules import RULES, TOGETHER
from pipeline.ingest.mapping.kind_marks import MARK


class People(FeedPlugin):
    def doubts(self, sight: Sight) -> float:
        others = dialects().registers("resources", "assets", "meetings")
        return MARK * sum(name in others for name in sight.names.values())


PLUGIN = People(
    "people",
    instead={"worklogs": ["work_date"]},
    rules=RULES,
    together=TOGETHER,
    plans=frozenset({"valid_from", "valid_to"}),
)
