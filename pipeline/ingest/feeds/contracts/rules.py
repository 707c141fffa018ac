"""What is expected of a contract."""

from __future__ import annotations

from pipeline.ingest.contracts.checks import Expectation
from pipeline.ingest.contracts.reasons import Says
from pipeline.ingest.feeds.row_rules import not_negative

RULES = (
    *not_negative("amount_incl_tax", "amount_excl_tax"),
    Expectation(
        "ingest.tax_below_zero",
        "The amount including tax ({value}) is less than the one without ({other}). Were the two columns exchanged? "
        "Correct the row and load it again.",
        "amount_incl_tax",
        Says("The amount including tax is not less than the one without."),
        at_least="amount_excl_tax",
    ),
)
