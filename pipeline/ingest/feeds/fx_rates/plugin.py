"""Rates of exchange."""

from __future__ import annotations

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.contracts.preamble import Preamble
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.dialects.names import normal_header
from pipeline.ingest.feeds.fx_rates.columns import currency_columns
from pipeline.ingest.feeds.fx_rates.reshape import QuotesReshape
from pipeline.ingest.feeds.row_rules import rate_above_zero

_PER_HUNDRED = frozenset({"中行折算价", "折算价"})  # the Bank of China prints its own prices for a hundred units


class FxRates(FeedPlugin):
    reshape = QuotesReshape

    def claim(self, mapping: Mapping) -> None:
        if not {"from_currency", "rate"} & set(mapping.columns.values()):
            mapping.period_columns = {**currency_columns(mapping.headers)}
            mapping.period_into = ("from_currency", "rate")

    def complete(self, mapping: Mapping, table: RawTable, preamble: Preamble, *, is_marked: bool) -> None:
        if "per" not in mapping.columns.values():
            rates = [normal_header(mapping.headers[at]) for at, name in mapping.columns.items() if name == "rate"]
            mapping.defaults |= {"per": "100"} if any("100" in name or name in _PER_HUNDRED for name in rates) else {}


PLUGIN = FxRates(
    "fx_rates",
    rules=(rate_above_zero("rate"),),
    plans=frozenset({"valid_from"}),
)
