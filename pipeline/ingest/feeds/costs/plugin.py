"""Costs as a list of documents."""

from __future__ import annotations

import re

from pipeline.ingest.contracts.checks import ComparedDays, ToldBy
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.feeds.amounts import FeedOfAmounts
from pipeline.ingest.mapping.periods import lay_out_periods

_SPENT = re.compile(r"实际|执行|发生|支出|actual|spent|spending|expense")
_COST = re.compile(r"成本|费用|cost")


class Costs(FeedOfAmounts):
    def claim(self, mapping: Mapping) -> None:
        if "amount" not in mapping.columns.values():  # the foreign amount alone is the amount, to be converted
            names = mapping.columns.items()
            mapping.columns = {index: "amount" if name == "original_amount" else name for index, name in names}
        super().claim(mapping)

    def lay_out(self, mapping: Mapping) -> None:
        lay_out_periods(mapping, ("booked_on", "amount"), at_end=True)


PLUGIN = Costs(
    "costs",
    title_words=(_SPENT, _COST),
    mappable=("category", "kind"),
    totals=("amount",),
    source_id="document_no",
    volume=ComparedDays(("amount",)),
    told_by=ToldBy("costs", "booked_on", "amount", (("lower(trim(document_no))", "booked_on", "amount"),)),
    measures={"amount": "sum(amount)"},
    in_currencies=True,
)
