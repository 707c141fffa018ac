"""Periods, accounts and auxiliaries of a table of balances."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.plugin import Reshape, Shaped
from pipeline.ingest.feeds.books.accounts import with_accounts
from pipeline.ingest.mapping.preamble import period_of


class BalanceReshape(Reshape):
    """Periods of a balance table as 2026-01, or as the interval 2026-01/2026-06; accounts and auxiliaries as in a ledger."""

    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> Shaped:
        rows = with_accounts(rows, self.mapping.sections)
        roles = self.mapping.roles
        year = raw[f"c{roles['fiscal_year']}"].str.extract(r"((?:19|20)\d\d)", 1) if "fiscal_year" in roles else None
        if "period" not in rows.columns:
            return Shaped(rows)
        written = rows["period"].str.strip_chars()
        known = {text: period for text in written.drop_nulls().unique() if (period := period_of(text))}
        bare = pl.col("period").str.extract(r"^\s*(?:第)?(\d{1,2})(?:\.0)?(?:月|期)?\s*$", 1).str.zfill(2)
        years = pl.lit(self.mapping.year, pl.String) if year is None else pl.coalesce(year, pl.lit(self.mapping.year))
        rows = rows.with_columns(
            period=pl.coalesce(
                written.replace_strict(known, default=None, return_dtype=pl.String)
                if known
                else pl.lit(None, pl.String),
                pl.concat_str([years, bare], separator="-"),
                pl.col("period"),
            )
        )
        return Shaped(rows)
