"""Vouchers whose debits and credits differ."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.plugin import Control
from pipeline.ingest.contracts.reasons import Reason

_UNEVEN = (
    "{file}: {vouchers} of {of} vouchers have unequal debits and credits, the first {voucher} in line {line} "
    "({debit} and {credit}). They were loaded as they are."
)


class Vouchers(Control):
    """Debit and credit by voucher, for files that hold whole vouchers; a ledger of some accounts never balances."""

    _WHOLE = (
        0.9  # of the vouchers with two lines or more; fewer that balance, and the file shows a selection of accounts
    )

    def __init__(self, file: str) -> None:
        self.file = file
        self._kept: list[pl.DataFrame] = []

    def take(self, rows: pl.DataFrame) -> None:
        """rows: typed lines of a ledger."""
        if not rows.is_empty():
            self._kept.append(_by_voucher(rows.with_columns(lines=pl.lit(1), first=pl.col("source_row"))))

    def reasons(self) -> list[Reason]:
        if not self._kept:
            return []
        sums = _by_voucher(pl.concat(self._kept)).filter(pl.col("lines") > 1)
        if sums.is_empty():
            return []
        uneven = sums.filter(pl.col("debit") != pl.col("credit")).sort("first")
        if uneven.is_empty() or uneven.height > (1 - self._WHOLE) * sums.height:
            return []
        first = uneven.row(0, named=True)
        details = {
            "file": self.file,
            "vouchers": uneven.height,
            "of": sums.height,
            "voucher": first["voucher_no"],
            "line": first["first"],
            "debit": f"{first['debit']:,.2f}",
            "credit": f"{first['credit']:,.2f}",
        }
        return [Reason("ingest.vouchers_uneven", _UNEVEN, details)]


def _by_voucher(rows: pl.DataFrame) -> pl.DataFrame:
    money = [pl.col(name).fill_null(0).cast(pl.Decimal(38, 2)).sum() for name in ("debit", "credit")]
    return rows.group_by("ledger_book", "period", "voucher_no").agg(
        *money, pl.col("lines").sum(), pl.col("first").min()
    )
