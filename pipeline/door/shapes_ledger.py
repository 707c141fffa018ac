"""Ledgers as Yonyou and Kingdee print them, made into voucher lines with debit, credit and their auxiliary codes."""

from __future__ import annotations

import polars as pl

from pipeline.door.headers import normal_header
from pipeline.door.mapping import Mapping
from pipeline.door.tables import RejectedRow

_DIRECTIONS = frozenset(map(normal_header, ("方向", "借贷", "借贷方向", "借/贷", "Direction", "D/C", "Dr/Cr")))
_AMOUNTS = frozenset(map(normal_header, ("金额", "本币金额", "本位币金额", "发生额", "Amount")))
_VOUCHER_WORDS = frozenset(map(normal_header, ("凭证字", "凭证类别", "凭证类型")))
_DEBIT = ("借", "借方", "d", "dr", "debit", "s")
_CREDIT = ("贷", "贷方", "c", "cr", "credit", "h")
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
    def __init__(self, mapping: Mapping) -> None:
        names = {index: normal_header(name) for index, name in mapping.headers.items() if name}
        mapped = mapping.canonical
        self.direction = self.amount = None
        if "debit" not in mapped and "credit" not in mapped:
            self.direction = next((index for index, name in names.items() if name in _DIRECTIONS), None)
            self.amount = next((index for index, name in names.items() if name in _AMOUNTS), None)
        self.voucher_word = next((index for index, name in names.items() if name in _VOUCHER_WORDS), None)

    @property
    def indices(self) -> list[int]:
        return [index for index in (self.direction, self.amount, self.voucher_word) if index is not None]

    @property
    def columns_used(self) -> dict[int, str]:
        """Columns of the file that this shape reads, for the mapping report."""
        used = {}
        if self.direction is not None and self.amount is not None:
            used |= {self.direction: "debit", self.amount: "credit"}
        if self.voucher_word is not None:
            used[self.voucher_word] = "voucher_no"
        return used

    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[RejectedRow]]:
        rejected: list[RejectedRow] = []
        if self.voucher_word is not None and "voucher_no" in rows.columns:
            word, number = raw[f"c{self.voucher_word}"].str.strip_chars(), pl.col("voucher_no").str.strip_chars()
            rows = rows.with_columns(voucher_no=pl.concat_str([word, number], separator="-", ignore_nulls=True))
        if self.direction is not None and self.amount is not None:
            rows, rejected = self._by_direction(raw, rows)
        if "account_code" in rows.columns:  # a spreadsheet gives 1002 back as 1002.0
            rows = rows.with_columns(pl.col("account_code").str.replace(r"^(\d+)\.0$", "$1"))
        rows = _with_auxiliaries(rows)
        period = pl.col("period") if "period" in rows.columns else pl.lit(None, pl.String)
        return rows.with_columns(
            period=pl.when(period.str.strip_chars() != "").then(period).otherwise(pl.lit(_UNSETTLED))
        ), rejected

    def _by_direction(self, raw: pl.DataFrame, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[RejectedRow]]:
        rows = rows.with_columns(
            raw[f"c{self.direction}"].str.strip_chars().str.to_lowercase().alias("direction"),
            raw[f"c{self.amount}"].alias("amount"),
        )
        is_debit, is_credit = pl.col("direction").is_in(_DEBIT), pl.col("direction").is_in(_CREDIT)
        lost = rows.filter(~(is_debit | is_credit).fill_null(False))
        rejected = [
            RejectedRow(
                line,
                "door.unknown_direction",
                "The direction must be debit or credit (借 or 贷), and is {value}.",
                {"value": direction or "empty"},
                column="direction",
                value=direction,
            )
            for line, direction in lost.select("source_row", "direction").iter_rows()
        ]
        rows = (
            rows.filter((is_debit | is_credit).fill_null(False))
            .with_columns(
                debit=pl.when(is_debit).then(pl.col("amount")), credit=pl.when(is_credit).then(pl.col("amount"))
            )
            .drop("direction", "amount")
        )
        return rows, rejected

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
