"""Terms of payment: what is due when, invoiced and received."""

from __future__ import annotations

from pipeline.ingest.contracts.checks import LOST, ComparedList
from pipeline.ingest.feeds.amounts import FeedOfAmounts
from pipeline.ingest.feeds.payment_terms.rules import RULES, TOGETHER

PLUGIN = FeedOfAmounts(
    "payment_terms",
    totals=("amount", "invoiced_amount", "received_amount"),
    rules=RULES,
    together=TOGETHER,
    plans=frozenset({"planned_on", "cash_on"}),
    lasting="contract_no",
    volume=ComparedList("contract_no", ("amount",), fallen=LOST, least_rows=1),
    measures={"amount": "sum(amount)", "received_amount": "sum(received_amount)"},
)
