"""Quotes of currencies as rows: which way they are quoted, and for one unit or a hundred."""

from __future__ import annotations

import math

import polars as pl

from pipeline.ingest.contracts.plugin import Reshape, Shaped
from pipeline.ingest.feeds.fx_rates.columns import YUAN

# The state's list quotes these the other way: what a hundred yuan cost in them (State Administration of Foreign Exchange).
_OTHER_WAY = frozenset(
    ["MYR", "RUB", "ZAR", "KRW", "AED", "SAR", "HUF", "PLN", "DKK", "SEK", "NOK", "TRY", "MXN", "THB"]
)


class QuotesReshape(Reshape):
    """From currency columns laid out as rows (from_currency as `pair_of_column` has it) to from_currency, to_currency and per."""

    _per: int | None = None

    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> Shaped:
        if not self.mapping.period_columns:
            return Shaped(rows)
        if self._per is None:
            self._per = _quoted_for(rows)
        parts = pl.col("from_currency").str.split("/")
        is_pair = parts.list.len() == 3
        other_way = ~is_pair & pl.col("from_currency").is_in(_OTHER_WAY) & (self._per == 100)
        first, second = parts.list.get(0), parts.list.get(1, null_on_oob=True)
        rows = rows.with_columns(
            from_currency=pl.when(other_way).then(pl.lit("CNY")).otherwise(first),
            to_currency=pl.when(is_pair).then(second).when(other_way).then(first).otherwise(pl.lit("CNY")),
            per=pl.when(is_pair).then(parts.list.get(2, null_on_oob=True)).otherwise(pl.lit(str(self._per))),
        )
        return Shaped(rows)


def _quoted_for(rows: pl.DataFrame) -> int:
    """100 or 1: which of both most quotes of well-known currencies are nearer to."""
    named = rows.select("from_currency", pl.col("rate").str.replace_all(",", "").cast(pl.Float64, strict=False))
    votes = [
        abs(math.log(rate / (100 * YUAN[code]))) < abs(math.log(rate / YUAN[code]))
        for code, rate in named.iter_rows()
        if code in YUAN and rate and rate > 0
    ]
    return 100 if votes and sum(votes) * 2 > len(votes) else 1
