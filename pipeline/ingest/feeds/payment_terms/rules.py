"""What is expected of the terms of payment, one by one and of a contract together."""

from __future__ import annotations

from pipeline.ingest.contracts.checks import Together
from pipeline.ingest.contracts.reasons import Says
from pipeline.ingest.feeds.row_rules import ROUNDING_SHARE, seldom_negative

RULES = seldom_negative("amount", "invoiced_amount", "received_amount")
TOGETHER = (
    Together(
        "ingest.shares_not_whole",
        template="The shares of {rows} contracts do not add up to 100 %, the first is {contract} with {value} % (from line "
        "{line} on). They count as they stand: a term may be missing, or stand there twice.",
        column="share",
        says=Says("The shares of the payment terms of a contract add up to 100 %."),
        sql=f"""
        select contract_no as contract, round(100 * sum(share), 2) as value, min(source_row) as line,
            abs(sum(share) - 1) > {ROUNDING_SHARE} as is_broken
        from rows group by contract_no having count(share) = count(*)
    """,
    ),
)
