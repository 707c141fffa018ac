"""Columns of a ledger of which two or three make one: direction and amount, month and day, a balance and its side."""

from __future__ import annotations

import re

import polars as pl

from pipeline.ingest.dialects.names import normal_header

_DIRECTION = ("方向", "借贷", "借贷方向", "余额方向", "direction", "dr/cr")
_AMOUNT = (
    "本币金额", "金额", "本位币金额", "金额(元)", "金额(本币)", "发生额", "发生金额", "记账金额", "amount", "local amount",
)  # fmt: skip
_YEAR = ("会计年度", "年度", "会计年", "年", "年份", "fiscal year", "year")
_OPENING = ("期初余额", "期初", "期初金额", "opening balance", "beginning balance")
_CLOSING = ("期末余额", "期末", "期末金额", "closing balance", "ending balance")
_AMOUNTS = {"amount", "signed_amount"}
_NEGATIVE = r"^\s*\(?\s*[-−–]|^\s*[^\d(-]{0,4}\(|[-−–]\s*$"  # -1,234.56 and (1,234.56) and $(1.00) and 1.234,56-
_FULL_YEAR = re.compile(r"(19|20)\d\d年?")
# What a role stands for, as the report of a load names it.
ROLE_NAMES = {
    "direction": "debit / credit",
    "amount": "debit / credit",
    "month": "booked_on / period",
    "day": "booked_on / period",
    "year": "booked_on / period",
    "fiscal_year": "period / booked_on",
    "period_end": "period / booked_on",
    "opening": "opening_debit / opening_credit",
    "opening_side": "opening_debit / opening_credit",
    "closing": "closing_debit / closing_credit",
    "closing_side": "closing_debit / closing_credit",
    "base_amount": "debit / credit",
    "signed_amount": "debit / credit",
    "day_and_month": "booked_on / period",
    "contra_account": "account_code",
    "account_above": "account_code",
    "tax_key": "debit / credit",
    "voucher_instead": "voucher_no",
    "project_instead": "project",
}


def ledger_roles(header: tuple[str, ...], columns: dict[int, str], own: dict[str, int]) -> dict[str, int]:
    """方向 with 金额 in place of two columns; month and day columns, as two header rows give them, in place of a date."""
    names = [normal_header(name) for name in header]
    found = set(columns.values())
    has_sides = bool({"debit", "credit"} & found)
    roles = {role: index for role, index in own.items() if not (has_sides and role in _AMOUNTS)}
    if "account_code" in found:
        roles.pop("account_above", None)
    if not has_sides and not _AMOUNTS & set(roles):
        direction, amount = _first(names, _DIRECTION), _first(names, _AMOUNT)
        if direction is not None and amount is not None:
            roles |= {"direction": direction, "amount": amount}
    if "booked_on" not in found and "day_and_month" not in roles:
        roles |= _month_and_day(names)
    year = _first(names, _YEAR)
    if "period" in found and year is not None:
        roles["fiscal_year"] = year
    if "period" in found and "booked_on" not in found and "month" not in roles:
        roles["period_end"] = next(index for index, name in columns.items() if name == "period")
    return roles


def _month_and_day(names: list[str]) -> dict[str, int]:
    month = next((at for at, name in enumerate(names) if re.fullmatch(r"((19|20)\d\d年?)?\s*月(份)?", name)), None)
    if month is None or month + 1 >= len(names):
        return {}
    if not re.fullmatch(r"((19|20)\d\d年?)?\s*日(期)?", names[month + 1]):
        return {}
    roles = {"month": month, "day": month + 1}
    if month and names[month - 1] in _YEAR:
        roles["year"] = month - 1
    return roles


def balance_roles(header: tuple[str, ...], columns: dict[int, str], _: dict[str, int]) -> dict[str, int]:
    """A balance in one column with its side (借, 贷, 平) in the column before or after it, and the year of a bare month."""
    names = [normal_header(name) for name in header]
    found, roles = set(columns.values()), {}
    for role, words in (("opening", _OPENING), ("closing", _CLOSING)):
        amount = _first(names, words)
        if amount is None or {f"{role}_debit", f"{role}_credit"} & found:
            continue
        roles[role] = amount
        sides = [at for at in (amount - 1, amount + 1) if 0 <= at < len(names) and names[at].endswith(_DIRECTION)]
        if sides:
            roles[f"{role}_side"] = sides[0]
    year = _first(names, _YEAR)
    if year is not None and year not in columns:
        roles["fiscal_year"] = year
    return roles


def _first(names: list[str], words: tuple[str, ...]) -> int | None:
    places = [names.index(word) for word in words if word in names]
    return places[0] if places else None


def from_roles(
    roles: dict[str, int], headers: dict[int, str], year: str | None = None, year_begins: str | None = None
) -> list[pl.Expr]:
    """Canonical columns, still text, out of the columns of these roles.

    year: where no column and no header says it. year_begins: the first day of the fiscal year, as 2026-07-01.
    """
    cells = {role: pl.col(f"c{index}") for role, index in roles.items()}
    expressions = []
    if "direction" in cells:
        is_debit, is_credit = _sides(cells["direction"])
        amount = cells["amount"]
        if "base_amount" in cells:  # filled where the amount is one in a foreign currency
            amount = pl.when(cells["base_amount"].str.contains("[1-9]")).then(cells["base_amount"]).otherwise(amount)
        expressions += [
            pl.when(is_debit).then(amount).alias("debit"),
            pl.when(is_credit).then(amount).alias("credit"),
        ]
    if "signed_amount" in cells:
        amount = cells["signed_amount"].str.strip_chars()
        is_credit = amount.str.contains(_NEGATIVE)
        expressions += [
            pl.when(~is_credit).then(amount).alias("debit"),
            pl.when(is_credit).then(amount.str.replace_all(_NEGATIVE, "").str.strip_chars(" ()")).alias("credit"),
        ]
    if "day_and_month" in cells and year_begins:
        expressions.append(_in_fiscal_year(cells["day_and_month"], year_begins).alias("booked_on"))
    if "month" in cells:
        in_header = re.search(r"(?:19|20)\d\d", normal_header(headers[roles["month"]]))
        written = in_header.group() if in_header else year
        told = cells["year"].str.extract(r"((?:19|20)\d\d)", 1) if "year" in cells else pl.lit(written, pl.String)
        month, day = (
            cells[part].str.strip_chars().str.extract(r"^(\d{1,2})", 1).str.zfill(2) for part in ("month", "day")
        )
        expressions.append(pl.concat_str([told, month, day], separator="-").alias("booked_on"))
    if "period_end" in cells:
        expressions.append(_period_end(cells, year).alias("booked_on"))
    for role in ("opening", "closing"):
        if role in cells:
            amount = cells[role]
            is_debit, is_credit = (
                _sides(cells[f"{role}_side"]) if f"{role}_side" in cells else (pl.lit(True), pl.lit(False))
            )
            expressions += [
                pl.when(is_debit).then(amount).alias(f"{role}_debit"),
                pl.when(is_credit).then(amount).alias(f"{role}_credit"),
            ]
    return expressions


def _in_fiscal_year(cell: pl.Expr, year_begins: str) -> pl.Expr:
    """`0203` as 2026-03-02, the second of March in the fiscal year that begins on this day."""
    digits = cell.str.strip_chars().str.extract(r"^(\d{3,4})$", 1).str.zfill(4)
    day, month = digits.str.slice(0, 2), digits.str.slice(2, 2)
    first, began = int(year_begins[:4]), year_begins[5:7] + year_begins[8:10]
    year = pl.when(month + day < began).then(pl.lit(str(first + 1))).otherwise(pl.lit(str(first)))
    return pl.concat_str([year, month, day], separator="-")


def _period_end(cells: dict[str, pl.Expr], year: str | None) -> pl.Expr:
    """The last day of the accounting period, for ledgers that print no date."""
    period = cells["period_end"].str.strip_chars()
    told = [cells["fiscal_year"].str.extract(r"((?:19|20)\d\d)", 1)] if "fiscal_year" in cells else []
    years = pl.coalesce(period.str.extract(r"^((?:19|20)\d\d)", 1), *told, pl.lit(year, pl.String))
    months = pl.coalesce(
        period.str.extract(r"^(?:19|20)\d\d\D{0,2}(\d{1,2})\D*$", 1),
        period.str.extract(r"^第?(\d{1,2})(?:\.0)?(?:月|期)?$", 1),
    )
    first = pl.concat_str([years, months.str.zfill(2), pl.lit("01")], separator="-").str.to_date(
        "%Y-%m-%d", strict=False
    )
    return first.dt.month_end().dt.strftime("%Y-%m-%d")


def _sides(cell: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    side = cell.str.strip_chars().str.to_lowercase()
    is_debit = side.str.starts_with("借") | side.is_in(["d", "dr", "debit", "s", "soll"])
    is_credit = side.str.starts_with("贷") | side.is_in(["c", "cr", "credit", "h", "haben"])
    return is_debit, is_credit


def knows_its_year(roles: dict[str, int], headers: dict[int, str], year: str | None) -> bool:
    """Whether month and day make a date: a column, the header or the preamble says the year."""
    in_header = _FULL_YEAR.match(normal_header(headers[roles["month"]])) if "month" in roles else None
    return "year" in roles or bool(in_header) or year is not None
