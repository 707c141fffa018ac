"""What is expected of a balance."""

from __future__ import annotations

from pipeline.ingest.contracts.checks import Expectation
from pipeline.ingest.contracts.reasons import Says
from pipeline.ingest.feeds.row_rules import number

_BALANCE = (
    number("opening_debit")
    - number("opening_credit")
    + number("debit")
    - number("credit")
    - number("closing_debit")
    + number("closing_credit")
)
CENTS = 0.01  # balances are kept to the cent; a difference of one is rounding

RULES = (
    Expectation(
        "ingest.balance_does_not_close",
        "{rows} rows do not close, the first in line {line}: opening balance plus debit less credit is not the closing "
        "balance. They are kept for comparison with the ledger; check whether opening balances were left out.",
        "closing_debit",
        Says("Opening balance plus debit less credit is the closing balance."),
        broken=_BALANCE.abs() > CENTS,
        beside=("closing_credit", "opening_debit", "opening_credit", "debit", "credit"),
        flag=True,
    ),
)
