"""Ledgers as accounting systems print them: vouchers, accounts and periods of their lines."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import Reshape, Shaped, Warnings
from pipeline.ingest.dialects.names import normal_header
from pipeline.ingest.feeds.books.accounts import with_accounts

_VOUCHER_WORDS = frozenset(map(normal_header, ("凭证字", "凭证类别", "凭证类型")))
_UNSETTLED = "?"  # stands for a period until the booking date is typed


class LedgerReshape(Reshape):
    """Direction and amount, month and day are settled with the mapping; here the voucher's word, its other lines, accounts,
    auxiliaries and the period."""

    def __init__(self, mapping: Mapping, system: str) -> None:
        super().__init__(mapping, system)
        names = {index: normal_header(name) for index, name in mapping.headers.items() if name}
        word = next((index for index, name in names.items() if name in _VOUCHER_WORDS), None)
        self.voucher_word = None if word in mapping.columns else word
        self.filled_lines = 0
        self._above: dict[str, str | None] = {}

    @property
    def indices(self) -> list[int]:
        return [] if self.voucher_word is None else [self.voucher_word]

    def _raw(self, *names: str) -> list[str]:
        """Raw names of the columns that hold these canonical columns or roles."""
        held = [f"c{index}" for index, name in sorted(self.mapping.columns.items()) if name in names]
        return held + [f"c{index}" for role, index in self.mapping.roles.items() if role in names]

    def filled(self, raw: pl.DataFrame) -> pl.DataFrame:
        """The chunk with number and date of a voucher, printed on its first line, on its other lines too.

        A line is another one where it has neither number nor date, but an account. Chunks must come in the file's order.
        """
        marks = self._raw("voucher_no", "booked_on", "month", "day")
        marks += [] if self.voucher_word is None else [f"c{self.voucher_word}"]
        account = self._raw("account_code", "account_name")
        carried = [*marks, *self._raw("period", "year", "fiscal_year")]
        if not account or not marks or raw.is_empty():
            return raw
        blank = {name: raw[name].is_null() | (raw[name].str.strip_chars() == "") for name in {*carried, *account}}
        is_other = pl.select(
            pl.all_horizontal(blank[name] for name in marks) & ~pl.all_horizontal(blank[name] for name in account)
        ).to_series()
        self.filled_lines += int(is_other.sum())
        columns = [
            pl.when(is_other)
            .then(
                pl.when(~is_other)
                .then(pl.col(name).fill_null(""))
                .forward_fill()
                .fill_null(pl.lit(self._above.get(name), pl.String))
                .replace("", None)
            )
            .otherwise(pl.col(name))
            .alias(name)
            for name in carried
        ]
        raw = raw.with_columns(columns)
        self._above = raw.select(carried).row(-1, named=True)
        return raw

    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> Shaped:
        if self.voucher_word is not None and "voucher_no" in rows.columns:
            word, number = raw[f"c{self.voucher_word}"].str.strip_chars(), pl.col("voucher_no").str.strip_chars()
            rows = rows.with_columns(voucher_no=pl.concat_str([word, number], separator="-", ignore_nulls=True))
        rows = with_accounts(rows, self.mapping.sections)
        period = pl.col("period") if "period" in rows.columns else pl.lit(None, pl.String)
        if "fiscal_year" in self.mapping.roles and "period" in rows.columns:
            year = raw[f"c{self.mapping.roles['fiscal_year']}"].str.extract(r"((?:19|20)\d\d)", 1)
            number = period.str.extract(r"^\s*(?:第)?(\d{1,2})(?:\.0)?(?:月|期)?\s*$", 1).str.zfill(2)
            period = pl.coalesce(pl.concat_str([year, number], separator="-"), period)
        settled = pl.when(period.str.strip_chars() != "").then(period).otherwise(pl.lit(_UNSETTLED))
        return Shaped(rows.with_columns(period=settled))

    def closing_warnings(self) -> Warnings:
        if not self.filled_lines:
            return []
        return [
            (
                "door.voucher_filled_down",
                "{rows} lines without voucher number and date belong to the voucher above them, as the ledger prints them; "
                "they were given its number and date.",
                {"rows": self.filled_lines},
            )
        ]


def with_periods(rows: pl.DataFrame, system: str) -> pl.DataFrame:
    """Periods as YYYY-MM: as written, a bare month with the booking's year, else the month of the booking."""
    written = pl.col("period").str.strip_chars()
    year = written.str.extract(r"^((?:19|20)\d\d)", 1)
    month = written.str.extract(r"^(?:19|20)\d\d\D{0,2}(\d{1,2})\D*$", 1)
    bare = written.str.extract(r"^(?:第)?(\d{1,2})(?:\.0)?(?:月|期)?$", 1)
    number = bare.cast(pl.Int32, strict=False)
    return rows.with_columns(
        period=pl.when(month.is_not_null())
        .then(year + "-" + month.str.zfill(2))
        .when(number.is_between(1, 12))
        .then(pl.col("booked_on").dt.strftime("%Y-") + bare.str.zfill(2))
        .when(written == _UNSETTLED)
        .then(pl.col("booked_on").dt.strftime("%Y-%m"))
        .otherwise(written)
    )
