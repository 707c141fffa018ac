"""Contracts with customers and vendors."""

from __future__ import annotations

from pipeline.ingest.contracts.checks import LOST, ComparedList
from pipeline.ingest.feeds.amounts import FeedOfAmounts
from pipeline.ingest.feeds.contracts.rules import RULES

PLUGIN = FeedOfAmounts(
    "contracts",
    mappable=("direction",),
    totals=("amount_incl_tax", "amount_excl_tax"),
    rules=RULES,
    plans=frozenset({"warranty_end"}),
    lasting="contract_no",
    volume=ComparedList("contract_no", ("amount_incl_tax",), fallen=LOST, least_rows=1),
    measures={"amount_incl_tax": "sum(amount_incl_tax)"},
    in_currencies=True,
)
