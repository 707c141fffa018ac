"""The sheets of an XLSX workbook as RawTables. BuildView in a confined child (sheets.py); here only its plain result is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields

import polars as pl

from models.errors import InputError
from pipeline.ingest.contracts.raw_table import CHUNK_ROWS, RawTable, RejectedRow
from pipeline.ingest.contracts.skipped_rows import LeftOut
from pipeline.ingest.dialects import dialects
from pipeline.ingest.files.sandbox.sandbox import Answer, Limits, confined
from pipeline.ingest.files.source import SourceFile

_HELD_IN_MEMORY = 8 << 20  # bytes of packed Parquet: about 100 MB unpacked; a larger sheet is read again for each pass

_MARKS = {
    "error": (
        "ingest.error_value",
        "{column} holds {value}, an error of the spreadsheet. Mend the formula in Excel, save the workbook, and load it again.",
    ),
    "no_value": (
        "ingest.formula_without_value",
        "{column} holds a formula without a value. Open the workbook in Excel, save it, and load it again.",
    ),
    "digits_lost": (
        "ingest.digits_lost",
        "{column} holds {value} as a number, and a number keeps only 15 digits: the rest is lost. Format the column as text, "
        "fill it again from its source, and load the file again.",
    ),
}


@dataclass
class SheetTable(RawTable):
    """marks: source_row, column (index), kind, text of cells that hold nothing to be trusted. merged: ranges of cells as
    (first row, first column, last row, last column)."""

    rows: pl.LazyFrame = field(default_factory=pl.LazyFrame, repr=False)
    marks: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list, repr=False)
    answer: Answer | None = field(default=None, repr=False)  # its files live as long as it does

    def chunks(self, columns: Iterable[int] | None = None) -> Iterator[pl.DataFrame]:
        wanted = sorted(set(range(len(self.header)) if columns is None else columns))
        frame = self.rows.select([f"c{index}" for index in wanted] + ["source_row"])
        held = [row.source_row for row in self.ragged]
        if held:
            frame = frame.filter(~pl.col("source_row").is_in(held))
        for begin in range(0, self.records - len(held), CHUNK_ROWS):
            yield frame.slice(begin, CHUNK_ROWS).collect()

    def raw_text(self, source_rows: Iterable[int]) -> dict[int, str]:
        held = self.rows.filter(pl.col("source_row").is_in(list(set(source_rows)))).collect()
        lines = held["source_row"].to_list()
        cells = held.drop("source_row").rows()
        return {line: "\t".join(cell or "" for cell in row) for line, row in zip(lines, cells, strict=True)}

    def mapped(self, columns: Mapping[int, str], texts: Iterable[int]) -> None:
        """Holds back the rows whose mapped cells are errors or formulas without a value, or have lost digits of a text."""
        texts = set(texts)
        is_lost = pl.col("kind") == "digits_lost"
        marks = self.marks.filter(
            pl.col("column").is_in(list(columns)) & (~is_lost | pl.col("column").is_in(list(texts)))
        ).unique("source_row", keep="first", maintain_order=True)
        raw = self.raw_text(marks["source_row"])
        for row in marks.sort("source_row").iter_rows(named=True):
            code, template = _MARKS[row["kind"]]
            name = columns[row["column"]]
            details = {"column": self.header[row["column"]] or name}
            if row["kind"] != "no_value":
                details["value"] = row["text"]
            line, value = row["source_row"], row["text"] or None
            self.ragged.append(RejectedRow(line, code, template, details, raw[line], name, value))
        self._say_merged(columns)

    def _say_merged(self, columns: Mapping[int, str]) -> None:
        touched = [
            (top, bottom)
            for top, left, bottom, right in self.merged
            if bottom > top and any(left <= index <= right for index in columns)
        ]
        if touched:
            self.warnings.append(
                (
                    "ingest.merged_cells",
                    "Sheet '{sheet}': {count} merged cells hold their value in their first row only; the {rows} rows below were "
                    "read as empty there. Unmerge them and fill down if every row should have it.",
                    {"sheet": self.sheet, "count": len(touched), "rows": sum(bottom - top for top, bottom in touched)},
                )
            )


@dataclass(frozen=True)
class Workbook:
    """sheets: visible ones in their order, each with its table or the reason why there is none; notes: warnings of all."""

    sheets: list[tuple[str, SheetTable | InputError]]
    notes: list[tuple[str, str, dict]]


def read_workbook(source: SourceFile, sheet: str | None = None, limits: Limits | None = None) -> Workbook:
    """All visible sheets, or only one of them; an InputError in place of a table says why a sheet is none.

    Raises: InputError for a password, damage, a size beyond the limits, no visible sheet, a sheet that does not exist.
    """
    answer = confined("pipeline.ingest.files.workbooks.sheets:workbook_in_child", source, {"sheet": sheet}, limits)
    read = answer.document["sheets"]
    names = [part["name"] for part in read]
    if not names:
        raise InputError("ingest.no_sheet", "{file} has no visible sheet with a table.", file=source.name)
    if sheet is not None and sheet not in names:
        raise InputError(
            "ingest.no_such_sheet",
            "{file} has no visible sheet '{sheet}'. Its sheets are: {sheets}.",
            file=source.name,
            sheet=sheet,
            sheets=", ".join(names),
        )
    sheets = [(part["name"], _table(answer, part)) for part in read if sheet is None or part["name"] == sheet]
    return Workbook(sheets, [tuple(note) for note in answer.document["notes"]])


def sheet_names(source: SourceFile) -> list[str]:
    """The visible sheets, in the workbook's order. Raises: InputError for a workbook that cannot be opened."""
    return [name for name, _ in read_workbook(source).sheets]


def read_sheet(source: SourceFile, sheet: str | None = None) -> SheetTable:
    """`sheet`, or the visible sheet whose header holds the most known names (the first of equals).

    Raises: InputError for a password, damage, a sheet that does not exist, a size beyond the limits, no header, no rows.
    """
    workbook = read_workbook(source, sheet)
    tables = [table for _, table in workbook.sheets if isinstance(table, SheetTable)]
    if not tables:
        raise next(refused for _, refused in workbook.sheets if isinstance(refused, InputError))
    best = max(tables, key=lambda table: sum(map(dialects().is_header, filter(None, table.header))))
    best.warnings += workbook.notes
    others = [name for name, _ in workbook.sheets if name != best.sheet]
    if others:
        details = {"sheet": best.sheet, "others": ", ".join(others)}
        best.warnings.append(("ingest.other_sheets", "Sheet '{sheet}' was read; these were not: {others}.", details))
    return best


def _table(answer: Answer, read: dict) -> SheetTable | InputError:
    if refused := read.get("refused"):
        return InputError.of(refused)
    left = read["table"]
    known = {declared.name for declared in fields(RawTable)}
    values = {name: value for name, value in left.items() if name in known}
    values["header"] = tuple(left["header"])
    values["left_out"] = [LeftOut(**row) for row in left["left_out"]]
    values["warnings"] = [tuple(warning) for warning in left["warnings"]]
    path = answer.file(left["rows"])
    is_small = path.stat().st_size <= _HELD_IN_MEMORY
    return SheetTable(
        **values,
        rows=pl.read_parquet(path).lazy() if is_small else pl.scan_parquet(path),
        marks=pl.read_parquet(answer.file(left["marks"])),
        merged=[tuple(place) for place in left["merged"]],
        answer=None if is_small else answer,
    )
