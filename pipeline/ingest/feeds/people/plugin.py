"""People with their roles and allocations."""

from __future__ import annotations

from pipeline.ingest.contracts.plugin import FeedPlugin, Sight
from pipeline.ingest.feeds.people.rules import RULES, TOGETHER
from pipeline.ingest.mapping.kind_marks import ASSETS, MARK, MEETINGS, RESOURCES


class People(FeedPlugin):
    def doubts(self, sight: Sight) -> float:
        return MARK * sum(name in RESOURCES | ASSETS | MEETINGS for name in sight.names.values())


PLUGIN = People(
    "people",
    instead={"worklogs": ["work_date"]},
    rules=RULES,
    together=TOGETHER,
    plans=frozenset({"valid_from", "valid_to"}),
)
