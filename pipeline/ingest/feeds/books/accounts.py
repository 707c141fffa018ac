"""Accounts and auxiliary codes of the lines of books, as accounting systems print them."""

from __future__ import annotations

import polars as pl

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
_ACCOUNT_WITH_NAME = r"^[\[(【]?(\d{3,}(?:[.\-]\d+)*)[\])】]?[\s\\/_\-·]+(\D.*)$"


def with_accounts(rows: pl.DataFrame, sections: list[tuple[int, dict[str, str]]]) -> pl.DataFrame:
    """The rows with the accounts of their pages, and with codes and names taken out of the cells that hold several."""
    return _with_auxiliaries(_with_account_names(_with_sections(rows, sections)))


def _with_sections(rows: pl.DataFrame, sections: list[tuple[int, dict[str, str]]]) -> pl.DataFrame:
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
