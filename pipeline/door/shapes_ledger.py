"""Ledgers as Yonyou and Kingdee print them: voucher numbers, auxiliary codes and periods of their lines."""

from __future__ import annotations

import polars as pl

from pipeline.door.header_set import normal_header
from pipeline.door.mapping import Mapping

_VOUCHER_WORDS = frozenset(map(normal_header, ("凭证字", "凭证类别", "凭证类型")))
# `【项目:P2025-018】【部门:BM003】` (Yonyou NC) or `项目:P2025018/部门:BM003`: name, then code.
_AUXILIARY = {
    "project": r"(?:项目|Project)[^::【】/;]*[::]\s*([^【】/;,,]+)",
    "department": r"(?:部门|Department)[^::【】/;]*[::]\s*([^【】/;,,]+)",
    "supplier": r"(?:供应商|客商|往来单位|Supplier)[^::【】/;]*[::]\s*([^【】/;,,]+)",
    "person": r"(?:个人|职员|人员|员工|Employee)[^::【】/;]*[::]\s*([^【】/;,,]+)",
}
# Kingdee's `P2025018/BM003` holds bare codes; departments are numbered BM…, suppliers GYS… or VEN…, customers KH… or CUST….
_CODES = {"department": r"^(?:BM|DEPT)", "supplier": r"^(?:GYS|VEN|SUP)", "other": r"^(?:KH|CUST|YG|EMP)"}
_UNSETTLED = "?"  # stands for a period until the booking date is typed


class LedgerShape:
    """Direction and amount, and the project's code, are settled with the mapping; here the voucher's word, the other
    auxiliaries and the period."""

    def __init__(self, mapping: Mapping) -> None:
        names = {index: normal_header(name) for index, name in mapping.headers.items() if name}
        word = next((index for index, name in names.items() if name in _VOUCHER_WORDS), None)
        self.voucher_word = None if word in mapping.columns else word

    @property
    def indices(self) -> list[int]:
        return [] if self.voucher_word is None else [self.voucher_word]

    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        if self.voucher_word is not None and "voucher_no" in rows.columns:
            word, number = raw[f"c{self.voucher_word}"].str.strip_chars(), pl.col("voucher_no").str.strip_chars()
            rows = rows.with_columns(voucher_no=pl.concat_str([word, number], separator="-", ignore_nulls=True))
        rows = _with_auxiliaries(rows)
        period = pl.col("period") if "period" in rows.columns else pl.lit(None, pl.String)
        return rows.with_columns(
            period=pl.when(period.str.strip_chars() != "").then(period).otherwise(pl.lit(_UNSETTLED))
        )

    @staticmethod
    def with_periods(rows: pl.DataFrame) -> pl.DataFrame:
        """Periods as YYYY-MM: as written, a bare month with the booking's year, else the month of the booking."""
        written = pl.col("period").str.strip_chars()
        year = written.str.extract(r"^((?:19|20)\d\d)", 1)
        month = written.str.extract(r"^(?:19|20)\d\d\D?(\d{1,2})\D*$", 1)
        bare = written.str.extract(r"^(?:第)?(\d{1,2})(?:月|期)?$", 1)
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


def _with_auxiliaries(rows: pl.DataFrame) -> pl.DataFrame:
    """Takes the codes out of one auxiliary cell; columns of their own come first."""
    if "project" not in rows.columns:
        return rows
    cell = pl.col("project")
    found = {name: cell.str.extract(pattern, 1).str.strip_chars() for name, pattern in _AUXILIARY.items()}
    is_named = cell.str.contains(r"[::]")
    parts = cell.str.split("/").list.eval(pl.element().str.strip_chars())
    has_parts = cell.str.contains("/") & ~is_named
    others = "|".join(_CODES.values())
    bare_project = parts.list.eval(pl.element().filter(~pl.element().str.contains(f"(?i){others}"))).list.first()
    result = {"project": pl.when(is_named).then(found["project"]).when(has_parts).then(bare_project).otherwise(cell)}
    for name in ("department", "supplier", "person"):
        bare = (
            parts.list.eval(pl.element().filter(pl.element().str.contains(f"(?i){_CODES[name]}"))).list.first()
            if name in _CODES
            else pl.lit(None, pl.String)
        )
        taken = pl.when(is_named).then(found[name]).when(has_parts).then(bare)
        own = [pl.col(name)] if name in rows.columns else []
        result[name] = pl.coalesce(*own, taken)
    return rows.with_columns(**result)
