"""Ledgers as accounting systems print them: vouchers, accounts and periods of their lines."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import Reshape, Shaped, Warnings
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.names import normal_header
from pipeline.ingest.dialects.schema import Quirk
from pipeline.ingest.feeds.books.accounts import with_accounts
from pipeline.ingest.feeds.ledger.lines.contra_accounts import lines_of_both, without_tax
from pipeline.ingest.feeds.ledger.lines.shares import lines_of_shares

_VOUCHER_WORDS = frozenset(map(normal_header, ("凭证字", "凭证类别", "凭证类型")))
# Parts of a column that give one of ours where it is empty, or where the table has none.
GIVEN_BY = {"voucher_instead": "voucher_no", "project_instead": "project", "account_above": "account_code"}
_ADDS_UP = r"(?i)^(total|sum|beginning balance|opening balance|合计|总计)"
_UNSETTLED = "?"  # stands for a period until the booking date is typed


class LedgerReshape(Reshape):
    """Direction and amount, month and day are settled with the mapping; here the voucher's word, its other lines, accounts,
    auxiliaries and the period."""

    def __init__(self, mapping: Mapping, system: str) -> None:
        super().__init__(mapping, system)
        names = {index: normal_header(name) for index, name in mapping.headers.items() if name}
        word = next((index for index, name in names.items() if name in _VOUCHER_WORDS), None)
        self.voucher_word = None if word in mapping.columns else word
        self.has_shares = dialects().has(system, Quirk.SHARES_BY_PROJECT)
        self.has_numbers = dialects().has(system, Quirk.SUMS_NAME_NO_VOUCHER)
        self.has_sums = self.has_numbers or dialects().has(system, Quirk.SUMS_NAME_NO_ACCOUNT)
        self.begin()

    def begin(self) -> None:
        self.left_out = []
        self.filled_lines = self.taxed_lines = 0
        self._above: dict[str, str | None] = {}
        self._account: str | None = None

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
        marks = self._raw("voucher_no", "voucher_instead", "booked_on", "month", "day")
        marks += [] if self.voucher_word is None else [f"c{self.voucher_word}"]
        account = self._raw("account_code", "account_name")
        carried = [*marks, *self._raw("period", "year", "fiscal_year")]
        if not account or not marks or raw.is_empty() or self.has_numbers:
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
        raw, rows = self._lines(raw, self._given(raw, rows))
        rows = self._with_fiscal_periods(raw, rows)
        rows, taxed = without_tax(raw, rows, self.mapping)
        self.taxed_lines += taxed
        rows = lines_of_both(raw, rows, self.mapping)
        rows = lines_of_shares(rows) if self.has_shares else rows
        return Shaped(with_accounts(rows, self.mapping.sections))

    def _given(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with what another column says where their own is empty."""
        for role in ("voucher_instead", "project_instead"):
            if role in self.mapping.roles:
                name, other = GIVEN_BY[role], raw[f"c{self.mapping.roles[role]}"]
                own = _filled(rows[name]) if name in rows.columns else pl.Series([None] * rows.height, dtype=pl.String)
                rows = rows.with_columns(pl.select(pl.coalesce(own, other)).to_series().alias(name))
        return rows

    def _lines(self, raw: pl.DataFrame, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Without the rows that are no lines of a voucher: those that name the account of the lines below, and sums."""
        if "account_above" in self.mapping.roles:
            cell = _filled(raw[f"c{self.mapping.roles['account_above']}"])
            is_line = rows["booked_on"].str.contains(r"\d").fill_null(False)
            is_sum = ~is_line & (cell.is_null() | cell.str.contains(_ADDS_UP).fill_null(False))
            told = pl.select(pl.when(~is_sum).then(cell)).to_series().forward_fill()
            told = pl.select(pl.coalesce(told, pl.lit(self._account, pl.String))).to_series()
            self._account = told[-1] if len(told) else self._account
            rows = rows.with_columns(account_code=told)
        elif self.has_sums and "account_code" in rows.columns:
            by = ("booked_on", "voucher_no") if self.has_numbers else ("account_code", "booked_on", "voucher_no")
            named = [_filled(rows[name]) for name in by if name in rows.columns]
            is_sum = pl.select(pl.all_horizontal(column.is_null() for column in named)).to_series()
            is_line = ~is_sum
        else:
            return raw, rows
        others = raw.with_columns(is_sum=is_sum).filter(~is_line)
        for row in others.iter_rows(named=True):
            line, rule = row.pop("source_row"), "ledger_total" if row.pop("is_sum") else "account_line"
            self.left_out.append({"line": line, "rule": rule, "text": "\t".join(filter(None, row.values()))[:500]})
        return raw.filter(is_line), rows.filter(is_line)

    def _with_fiscal_periods(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        period = pl.col("period") if "period" in rows.columns else pl.lit(None, pl.String)
        if "fiscal_year" in self.mapping.roles and "period" in rows.columns:
            year = raw[f"c{self.mapping.roles['fiscal_year']}"].str.extract(r"((?:19|20)\d\d)", 1)
            number = period.str.extract(r"^\s*(?:第)?(\d{1,2})(?:\.0)?(?:月|期)?\s*$", 1).str.zfill(2)
            period = pl.coalesce(pl.concat_str([year, number], separator="-"), period)
        settled = pl.when(period.str.strip_chars() != "").then(period).otherwise(pl.lit(_UNSETTLED))
        return rows.with_columns(period=settled)

    def closing_warnings(self) -> Warnings:
        found: Warnings = []
        if self.filled_lines:
            template = (
                "{rows} lines without voucher number and date belong to the voucher above them, as the ledger prints them; "
                "they were given its number and date."
            )
            found.append(("ingest.voucher_filled_down", template, {"rows": self.filled_lines}))
        if self.taxed_lines:
            template = (
                "{rows} lines have a tax key: their amounts hold the tax that is deducted, and count without it, as their "
                "account does. Accounts that deduct it without a key count as they are written."
            )
            found.append(("ingest.tax_taken_out", template, {"rows": self.taxed_lines}))
        return found


def _filled(cells: pl.Series) -> pl.Series:
    return cells.str.strip_chars().replace("", None)


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
