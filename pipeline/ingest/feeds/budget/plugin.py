"""The plan of costs and hours by element and month."""

from __future__ import annotations

import re

from pipeline.ingest.contracts.checks import LOST, ComparedList
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.feeds.amounts import FeedOfAmounts
from pipeline.ingest.feeds.row_rules import not_negative, seldom_negative
from pipeline.ingest.mapping.periods import lay_out_periods

_PLAN = re.compile(r"预算|计划|概算|基准|基线|budget|plan|baseline|\bpv\b|\bbac\b")  # a plan of costs is a plan


class Budget(FeedOfAmounts):
    def lay_out(self, mapping: Mapping) -> None:
        lay_out_periods(mapping, ("period_start", "planned_value"), at_end=False)


PLUGIN = Budget(
    "budget",
    title_words=(_PLAN,),
    periods_score=4.0,
    mappable=("category", "phase", "earned_value_rule"),
    totals=("planned_value",),
    rules=(*not_negative("planned_hours"), *seldom_negative("planned_value")),
    plans=frozenset({"period_start"}),
    volume=ComparedList("wbs_code", ("planned_value", "planned_hours"), fallen=LOST, least_rows=1),
    measures={"planned_value": "sum(planned_value)", "planned_hours": "sum(planned_hours)"},
    is_baseline=True,
)
