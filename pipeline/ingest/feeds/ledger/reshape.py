"""Ledgers and balance tables as accounting systems print them: vouchers, auxiliary codes, accounts and periods of their lines."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.dialects.header_words import normal_header
from pipeline.ingest.mapping.columns import Mapping
from pipeline.ingest.mapping.preamble import period_of

_VOUCHER_WORDS = frozenset(map(normal_header, ("凭证字", "凭证类别", "凭证类型")))
# `【项目:P2025-018】【部门:BM003】` or `项目:P2025018/部门:BM003`: name, then code.
_AUXILIARY = {
    "project": r"(?:项目|Project)[^::【】/;]*[::]\s*([^【】/;,,]+)",
    "department": r"(?:部门|Department)[^::【】/;]*[::]\s*([^【】/;,,]+)",
    "supplier": r"(?:供应商|客商|往来单位|Supplier)[^::【】/;]*[::]\s*([^【】/;,,]+)",
    "person": r"(?:个人|职员|人员|员工|Employee)[^::【】/;]*[::]\s*([^【】/;,,]+)",
}
# `P2025018/BM003` holds bare codes; departments are numbered BM…, suppliers GYS… or VEN…, customers KH… or CUST….
_CODES = {"department": r"^(?:BM|DEPT)", "supplier": r"^(?:GYS|VEN|SUP)", "other": r"^(?:KH|CUST|YG|EMP)"}
# `P2025-018 某项目`: a code with digits, then its name.
_CODE_BEFORE_NAME = r"^([A-Za-z]*[\-_.]?\d[A-Za-z0-9\-_.]*)\s+\S"
_ACCOUNT_WITH_NAME = r"^[\[(【]?(\d{3,}(?:[.\-]\d+)*)[\])】]?[\s\\/_\-]+(\D.*)$"
_UNSETTLED = "?"  # stands for a period until the booking date is typed


class LedgerShape:
    """Direction and amount, month and day are settled with the mapping; here the voucher's word, its other lines, accounts,
    auxiliaries and the period."""

    def __init__(self, mapping: Mapping) -> None:
        names = {index: normal_header(name) for index, name in mapping.headers.items() if name}
        word = next((index for index, name in names.items() if name in _VOUCHER_WORDS), None)
        self.mapping = mapping
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

    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        if self.voucher_word is not None and "voucher_no" in rows.columns:
            word, number = raw[f"c{self.voucher_word}"].str.strip_chars(), pl.col("voucher_no").str.strip_chars()
            rows = rows.with_columns(voucher_no=pl.concat_str([word, number], separator="-", ignore_nulls=True))
        rows = with_sections(rows, self.mapping.sections)
        rows = _with_auxiliaries(_with_account_names(rows))
        period = pl.col("period") if "period" in rows.columns else pl.lit(None, pl.String)
        if "fiscal_year" in self.mapping.roles and "period" in rows.columns:
            year = raw[f"c{self.mapping.roles['fiscal_year']}"].str.extract(r"((?:19|20)\d\d)", 1)
            number = period.str.extract(r"^\s*(?:第)?(\d{1,2})(?:\.0)?(?:月|期)?\s*$", 1).str.zfill(2)
            period = pl.coalesce(pl.concat_str([year, number], separator="-"), period)
        return rows.with_columns(
            period=pl.when(period.str.strip_chars() != "").then(period).otherwise(pl.lit(_UNSETTLED))
        )

    @staticmethod
    def with_periods(rows: pl.DataFrame) -> pl.DataFrame:
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

    def warnings(self) -> list[tuple[str, str, dict]]:
        """What was done to the rows, once all chunks were shaped."""
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


class BalanceShape:
    """Periods of a balance table as 2026-01, or as the interval 2026-01/2026-06; accounts and auxiliaries as in a ledger."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping

    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        rows = _with_auxiliaries(_with_account_names(with_sections(rows, self.mapping.sections)))
        roles = self.mapping.roles
        year = raw[f"c{roles['fiscal_year']}"].str.extract(r"((?:19|20)\d\d)", 1) if "fiscal_year" in roles else None
        if "period" not in rows.columns:
            return rows
        written = rows["period"].str.strip_chars()
        known = {text: period for text in written.drop_nulls().unique() if (period := period_of(text))}
        bare = pl.col("period").str.extract(r"^\s*(?:第)?(\d{1,2})(?:\.0)?(?:月|期)?\s*$", 1).str.zfill(2)
        years = pl.lit(self.mapping.year, pl.String) if year is None else pl.coalesce(year, pl.lit(self.mapping.year))
        return rows.with_columns(
            period=pl.coalesce(
                written.replace_strict(known, default=None, return_dtype=pl.String)
                if known
                else pl.lit(None, pl.String),
                pl.concat_str([years, bare], separator="-"),
                pl.col("period"),
            )
        )


def with_sections(rows: pl.DataFrame, sections: list[tuple[int, dict[str, str]]]) -> pl.DataFrame:
    """The rows with what holds from a line on (the account of a page), where their own cell is empty."""
    for name in dict.fromkeys(name for _, values in sections for name in values):
        opens = [(line, values.get(name)) for line, values in sections if name in values or name == "account_name"]
        held = pl.DataFrame(opens, schema={"source_row": pl.Int64, "told": pl.String}, orient="row").sort("source_row")
        told = rows.select("source_row").join_asof(held, on="source_row", check_sortedness=False)["told"]
        own = pl.col(name).str.strip_chars().replace("", None) if name in rows.columns else pl.lit(None, pl.String)
        rows = rows.with_columns(pl.coalesce(own, told).alias(name))
    return rows


def _with_account_names(rows: pl.DataFrame) -> pl.DataFrame:
    """`5401\\工程施工` in one cell as code and name; a name where the code should be counts as both."""
    if "account_code" not in rows.columns:
        return rows
    cell = pl.col("account_code").str.strip_chars()
    code, name = cell.str.extract(_ACCOUNT_WITH_NAME, 1), cell.str.extract(_ACCOUNT_WITH_NAME, 2)
    own = pl.col("account_name").str.strip_chars().replace("", None) if "account_name" in rows.columns else pl.lit(None)
    alone = pl.when(~cell.str.contains(r"\d")).then(cell)
    return rows.with_columns(account_code=pl.coalesce(code, cell), account_name=pl.coalesce(own, name, alone))


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
    project = pl.when(is_named).then(found["project"]).when(has_parts).then(bare_project).otherwise(cell)
    result = {"project": pl.coalesce(project.str.strip_chars().str.extract(_CODE_BEFORE_NAME, 1), project)}
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
