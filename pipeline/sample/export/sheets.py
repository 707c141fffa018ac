"""The sheets that tools write and people keep, as sheets.yml describes them."""

from __future__ import annotations

from functools import cache

import polars as pl
from pydantic import BaseModel, ConfigDict, TypeAdapter

from pipeline.sample.documents import document
from pipeline.sample.export.tables import delimited, workbook

ZONE = pl.duration(hours=8)  # all of them are written in Shanghai


class Sheet(BaseModel):
    """One file of the sample: its rows are those of a feed, or are made in trackers.py, book.py and write.py."""

    model_config = ConfigDict(extra="forbid")

    columns: dict[str, str]  # canonical column → title
    feed: str | None = None  # whose rows it holds
    where: str | None = None  # which of them, as a condition of SQL
    words: dict[str, str] = {}  # column → vocabulary of words.yml
    percents: tuple[str, ...] = ()  # columns of shares, written as `30%`
    moments: str = "%Y-%m-%d %H:%M:%S"
    days: str | None = None  # how days are written; None: as day cells, in text by ISO
    clock: str | None = None  # vocabulary of months and halves of the day
    never: str | None = None  # what stands for a moment or a day that has not come
    encoding: str = "utf-8-sig"
    tab: str | None = None  # name of the tab; None: delimited text
    widths: tuple[float, ...] = ()

    def content(self, rows: pl.DataFrame) -> bytes:
        """The file that holds these rows."""
        picked = rows.select(self._cell(name, rows.schema[name]).alias(name) for name in self.columns)
        if self.tab:
            return workbook(self.tab, [self.columns.values(), *picked.iter_rows()], self.widths)
        return delimited(self.columns.values(), picked.iter_rows(), self.encoding)

    def _cell(self, name: str, kind: pl.DataType) -> pl.Expr:
        value = pl.col(name)
        if name in self.words:
            return value.replace_strict(document("words")[self.words[name]], default=value)
        if name in self.percents:
            return pl.format("{}%", (value * 100).round(0).cast(pl.Int64))
        if kind == pl.List:
            return value.list.join(",")
        pattern = {pl.Datetime: self.moments, pl.Date: self.days}.get(kind.base_type())
        if not pattern:
            return value
        text = (value.cast(pl.Datetime) + (ZONE if kind == pl.Datetime else pl.duration())).dt.strftime(pattern)
        text = text.str.replace_many(document("words")[self.clock]) if self.clock else text
        return text.fill_null(self.never) if self.never else text


@cache
def sheets() -> dict[str, Sheet]:
    """Every sheet by the file it is written to."""
    return TypeAdapter(dict[str, Sheet]).validate_python(document("export/sheets"))
