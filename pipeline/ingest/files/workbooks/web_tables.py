"""The tables of a web page, as trackers and portals write them under the name of a workbook. Runs in the confined child.

Nothing of the page is run or fetched: its text is walked once, and cells are what stands between the marks of a table.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import polars as pl

from models.errors import InputError
from pipeline.ingest.files.source import SourceFile
from pipeline.ingest.files.text.csv_dialect import MOST_COLUMNS
from pipeline.ingest.files.text.decoding import decoded_text

MOST_CELLS = (
    5_000_000  # held as text in Python: some 600 MB; the trackers that write such pages stop at a thousand rows
)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_SILENT = ("script", "style", "template")
_BREAKS = ("br", "p", "div", "li")


def web_cells(source: SourceFile) -> pl.DataFrame:
    """All cells of all tables in columns c0…, one row per row of a table, as a spreadsheet program shows the page.

    A cell that spans several columns or rows is filled in its first one only. A table in a cell is text of that cell.
    """
    page = _Page(source.name)
    page.feed(_text(source))
    page.close()
    page.end_row()
    width = max(map(len, page.rows), default=0)
    columns = {f"c{at}": [row[at] if at < len(row) else "" for row in page.rows] for at in range(width)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return frame.with_columns(pl.when(pl.all() != "").then(pl.all()))


def _text(source: SourceFile) -> str:
    """As its bytes prove it, else as the page declares it, else as it reads best."""
    with source.path.open("rb") as stream:
        declared = _CHARSET.search(stream.read(65_536))
    try:
        found = decoded_text(source)
        if found.confidence == 1 or declared is None:
            return found.data.tobytes().decode("utf-8")
    except InputError:
        if declared is None:
            raise
    return decoded_text(source, declared[1].decode("ascii")).data.tobytes().decode("utf-8")


class _Page(HTMLParser):
    """rows: the cells of each row of a table as text. depth: of tables within tables."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.file, self.depth, self.cells = file, 0, 0
        self.rows: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._columns, self._rowspan, self._silent = 1, 1, 0
        self._covered: dict[int, int] = {}  # column → rows below that a cell above reaches into

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self._covered = {}
        elif self.depth == 1 and tag == "tr":
            self.end_row()
            self._row = []
        elif self.depth == 1 and tag in ("td", "th"):
            self._end_cell()
            self._row = self._row if self._row is not None else []
            spans = dict(attrs)
            self._columns, self._rowspan = _span(spans.get("colspan")), _span(spans.get("rowspan"))
            self._cell = []
        elif self._cell and tag in _BREAKS:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "table":
            if self.depth == 1:
                self.end_row()
            self.depth = max(0, self.depth - 1)
        elif self.depth == 1 and tag == "tr":
            self.end_row()
        elif self.depth == 1 and tag in ("td", "th"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        lines = (" ".join(line.split()) for line in "".join(self._cell).split("\n"))
        while self._covered.get(len(self._row), 0) > 0:
            self._row.append("")
        if self._rowspan > 1:
            self._covered |= dict.fromkeys(range(len(self._row), len(self._row) + self._columns), self._rowspan)
        self._row += ["\n".join(filter(None, lines)), *[""] * (self._columns - 1)]
        self._cell = None
        self.cells += self._columns
        if len(self._row) > MOST_COLUMNS or self.cells > MOST_CELLS:
            raise InputError(
                "ingest.page_too_large",
                "{file} holds a table of more than {columns} columns or {cells} million cells. Export fewer rows at a time, "
                "or as CSV.",
                file=self.file,
                columns=MOST_COLUMNS,
                cells=MOST_CELLS // 1_000_000,
            )

    def end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self.rows.append(self._row)
            self._covered = {column: left - 1 for column, left in self._covered.items() if left > 1}
        self._row = None


def _span(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) <= 5 else 1
