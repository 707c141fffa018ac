"""Text without what tools add to it: blanks, words for nothing, reference numbers, trailing semicolons."""

from __future__ import annotations

import polars as pl

from models.feeds import Column, Kind

NOTHING = ("", "-", "--", "_", "n/a", "na", "null", "none", "0000-00-00", "0000-00-00 00:00:00", "(空)", "—", "#n/a")
# The one column in which these words mean that nobody is named. ZenTao writes Closed for the owner of a closed bug.
NOBODY = (
    "unassigned",
    "未分配",
    "未指派",
    "sin asignar",
    "não atribuído",
    "não alocado",
    "nicht zugewiesen",
    "не назначен",
    "closed",
)
_BLANKS = " \t\r\n\u00a0\u3000\u200b\u202f\ufeff"
_PEOPLE = frozenset({"assignee", "reporter", "person", "author", "owner", "approver", "signed_by", "manager"})
_LONGEST_NOTHING = max(map(len, NOTHING)) * 3  # in bytes


def cleaned_text(values: pl.Series, system: str = "generic", column: Column | None = None) -> pl.Series:
    """Trimmed text; null where it is empty or a word for nothing. With a column: the tool's additions taken off too."""
    text = pl.col("text").str.strip_chars(_BLANKS)
    frame = pl.DataFrame({"text": values.cast(pl.String)}).select(text)
    # Only short texts can be a word for nothing: lower-casing a million summaries would be wasted.
    short = pl.col("text").str.len_bytes() <= _LONGEST_NOTHING
    nothing = short & pl.col("text").str.to_lowercase().is_in(NOTHING)
    result = frame.select(pl.when(~nothing).then(pl.col("text"))).to_series()
    if column is None:
        return result.alias(values.name)
    if column.name == "assignee":
        frame = pl.DataFrame({"text": result})
        nobody = pl.col("text").str.to_lowercase().is_in(NOBODY)
        result = frame.select(pl.when(~nobody).then(pl.col("text"))).to_series()
    if column.name == "period_start":  # a month stands for its first day
        result = result.str.replace(r"^((?:19|20)\d\d)[-/.年]?(0[1-9]|1[0-2]|[1-9])月?$", "$1-$2-01")
    if column.kind in (Kind.TEXT, Kind.CODE):
        if system == "zentao" and column.name not in ("summary", "description"):
            result = result.str.replace(r"^(.*\S)\s*\(#\d+\)$", "$1")
        if system == "tapd" and column.name in _PEOPLE:
            result = result.str.strip_chars_end("; ;")
        if column.name == "account_code":  # Excel's 1002.0; a version or WBS code 1.0 stays as it is
            result = result.str.replace(r"^(\d{4,})\.0$", "$1")
    return result.alias(values.name)


def list_of(values: pl.Series, system: str, name: str) -> pl.Series:
    """List(String), trimmed, without empty entries or repetitions; null where nothing is left.

    One text cell is split as the tool joins it: TAPD by |, others by comma, semicolon, line break. Jira writes one entry
    per column, and its sprints and labels may hold commas.
    """
    if not isinstance(values.dtype, pl.List):
        text = pl.DataFrame({"text": values})["text"]
        if system == "jira" and name in ("sprints", "fix_versions"):
            values = text.reshape((-1, 1)).arr.to_list() if len(text) else text.cast(pl.List(pl.String))
        else:
            marks = r"[|\n]" if system == "tapd" else r"[,;,;、|\n]"
            values = text.str.replace_all(marks, "\u0001").str.split("\u0001")
    element = pl.element().str.strip_chars(_BLANKS + ";")
    if system == "zentao":
        element = element.str.replace(r"^(.*\S)\s*\(#\d+\)$", "$1")
    frame = pl.DataFrame({"items": values}).select(
        pl.col("items").list.eval(element).list.eval(
            pl.element().filter(pl.element().is_not_null() & ~pl.element().str.to_lowercase().is_in(NOTHING))
        ).list.unique(maintain_order=True)
    )  # fmt: skip
    return frame.select(pl.when(pl.col("items").list.len() > 0).then(pl.col("items"))).to_series()
