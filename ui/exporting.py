"""Tables as files that people open in a spreadsheet: text from files stays text there, too."""

from __future__ import annotations

import polars as pl

# What a spreadsheet takes for the beginning of a formula. A plain number may begin with + or - and stays a number.
_FORMULA = r"^[\s]*[=+\-@\t\r]"
_NUMBER = r"^\s*[+\-]?[\d.,\s]+%?\s*$"


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """`frame` as CSV in UTF-8 with a byte-order mark, which Excel needs to read Chinese.

    Text that a spreadsheet would run as a formula gets an apostrophe in front; `-5` does not. Lists become `a; b`.
    """
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if isinstance(kind, pl.List):
            columns.append(_neutral(column.cast(pl.List(pl.String)).list.join("; ")).alias(name))
        elif isinstance(kind, pl.Struct):
            columns.append(_neutral(column.struct.json_encode()).alias(name))
        elif kind == pl.String:
            columns.append(_neutral(column).alias(name))
        else:
            columns.append(column)
    return b"\xef\xbb\xbf" + frame.select(columns).write_csv().encode("utf-8")


def _neutral(column: pl.Expr) -> pl.Expr:
    runs = column.str.contains(_FORMULA) & ~column.str.contains(_NUMBER)
    return pl.when(runs).then(pl.lit("'") + column).otherwise(column)
