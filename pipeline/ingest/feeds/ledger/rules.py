"""What is expected of a line of a ledger."""

from __future__ import annotations

from pipeline.ingest.contracts.checks import Expectation
from pipeline.ingest.contracts.reasons import Says
from pipeline.ingest.feeds.row_rules import number

RULES = (
    Expectation(
        "ingest.no_amount",
        "The line has neither a debit nor a credit amount, or its direction is neither 借 nor 贷.",
        "debit_or_credit",
        Says("Every line has a debit or a credit amount."),
        either=("debit", "credit"),
    ),
    Expectation(
        "ingest.both_sides",
        "{rows} lines have a debit and a credit amount, the first in line {line} ({value} and {other}). Both count; "
        "check that they are not the total of a voucher.",
        "debit",
        Says("A line has an amount on one side only, debit or credit."),
        broken=(number("debit") != 0) & (number("credit") != 0),
        beside=("credit",),
        flag=True,
    ),
)
