"""Rows of a ledger that name an account and its contra account, with an amount that holds the tax."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.mapping import Mapping


def without_tax(raw: pl.DataFrame, rows: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, int]:
    """(the rows with net amounts, still text; how many of them held tax), where the tax key of a row is known.

    1190,00 at 19 percent is 1000,00.
    """
    if "tax_key" not in mapping.roles or not mapping.books.tax_keys:
        return rows, 0
    key = raw[f"c{mapping.roles['tax_key']}"].str.strip_chars().str.strip_chars_start("0")
    percent = key.replace_strict(mapping.books.tax_keys, default=None, return_dtype=pl.Int64)
    net = [
        pl.when(percent.is_not_null()).then(_net(pl.col(name), percent)).otherwise(pl.col(name)).alias(name)
        for name in ("debit", "credit")
    ]
    return rows.with_columns(net), int(percent.is_not_null().sum())


def _net(amount: pl.Expr, percent: pl.Series) -> pl.Expr:
    """As text with a decimal comma, which is how the tools that print tax keys write; as it is where it is no number."""
    plain = amount.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    gross = pl.when(amount.str.contains(",")).then(plain).otherwise(amount).cast(pl.Float64, strict=False)
    net = (gross * 100 / (100 + percent)).round(2).cast(pl.Decimal(18, 2), strict=False)
    return pl.coalesce(net.cast(pl.String).str.replace(".", ",", literal=True), amount)


def lines_of_both(raw: pl.DataFrame, rows: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """One line for each account of a row that can bear a cost or a revenue; the account alone where neither can.

    Money, receivables, payables and taxes settle what others bear: the contra account's line has the sides exchanged.
    """
    if "contra_account" not in mapping.roles or "account_code" not in rows.columns:  # it is not read for the formats
        return rows
    contra = raw[f"c{mapping.roles['contra_account']}"].str.strip_chars().replace("", None)
    rows = rows.with_columns(contra=contra)
    own_settles, contra_settles = (_settles(pl.col(name), mapping) for name in ("account_code", "contra"))
    lines = rows.filter(~own_settles | contra_settles)
    contra_lines = rows.filter(~contra_settles).with_columns(
        account_code="contra", debit=pl.col("credit"), credit=pl.col("debit")
    )
    if "account_name" in rows.columns:
        contra_lines = contra_lines.with_columns(account_name=pl.lit(None, pl.String))
    return pl.concat([lines, contra_lines]).sort("source_row", maintain_order=True).drop("contra")


def _settles(account: pl.Expr, mapping: Mapping) -> pl.Expr:
    """Accounts of persons have more digits than the others; an account that is not there settles nothing."""
    length = int(mapping.told.get("account_length") or 4)
    begins = mapping.books.settlement_accounts.get(mapping.told.get("chart", "").zfill(2), [])
    code = account.str.strip_chars().str.zfill(length)
    is_listed = pl.any_horizontal([code.str.starts_with(digits) for digits in begins] or [pl.lit(False)])
    return ((code.str.len_chars() > length) | is_listed).fill_null(True)
