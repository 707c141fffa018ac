"""Hourly rates of people and roles."""

from __future__ import annotations

from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.feeds.rates.rules import TOGETHER
from pipeline.ingest.feeds.row_rules import rate_above_zero

PLUGIN = FeedPlugin(
    "rates",
    rules=(rate_above_zero("hourly_rate"),),
    together=TOGETHER,
    plans=frozenset({"valid_from"}),
)
