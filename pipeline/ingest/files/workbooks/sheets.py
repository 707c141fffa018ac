"""The sheets of a workbook as text tables, read in the confined child: what it leaves is plain Parquet and JSON."""

from __future__ import annotations

import dataclasses
import zipfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import fastexcel
import numpy as np
import polars as pl

from models.errors import InputError
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.contracts.skipped_rows import LeftOut, left_out
from pipeline.ingest.dialects.names import normal_header
from pipeline.ingest.files.skipping import LEDGER_SUSPECTS, SHEET_SUSPECTS, rule_for
from pipeline.ingest.files.source import ContentKind, SourceFile, refusal
from pipeline.ingest.files.tables import SUMMARY_HEADERS, VOUCHER_HEADERS, header_only
from pipeline.ingest.files.text.csv_dialect import HEADER_WITHIN_ROWS, find_header, no_header, refuse_long_names
from pipeline.ingest.files.workbooks.parts import damaged, protected, workbook_parts
from pipeline.ingest.files.workbooks.scan import Scan, check_shared_texts, scan_sheet
from pipeline.ingest.files.workbooks.web_tables import web_cells

# A time of day or a duration ([h]:mm) is a number of days; it comes as a moment after 1899-12-31.
_CLOCK_CELL = r"^(1899-12-31|1900-01-\d\d)( \d\d:\d\d:\d\d)?$"
_MOST_MERGED_TOLD = 10_000
_FEWEST_KNOWN = 2  # names of columns that make a table of a web page an export


def workbook_in_child(source: SourceFile, folder: Path, sheet: str | None = None) -> dict:
    """{"notes": [warning…], "sheets": [{"name", "table" | "refused"}…]}: the visible sheets in the workbook's order.

    sheet: only this one is read. A table is the fields of a RawTable, "rows" and "marks" (names of Parquet files in `folder`)
    and "merged" (ranges as first row, first column, last row, last column; columns as in the table).
    Raises: InputError for a password, a bomb, damage, a cell out of reach: whatever makes the whole workbook unreadable.
    """
    try:
        opened = _OPENED_BY[source.kind](source)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # zipfile and fastexcel raise errors of many kinds, on odd files a bare Rust panic
        raise _unopened(source, error) from error
    notes: list[tuple[str, str, dict]] = []
    if opened.has_macros:
        notes.append(("ingest.macros_ignored", "{file} holds macros; they were not run and not read.", {}))
    if opened.hidden:
        hidden = ", ".join(sorted(opened.hidden))
        notes.append(("ingest.hidden_sheets", "{file}: hidden sheets were left out: {sheets}.", {"sheets": hidden}))
    read: list[dict[str, Any]] = []
    for number, (name, scan) in enumerate(opened.scans.items()):
        if sheet is not None and name != sheet:
            read.append({"name": name})
            continue
        try:
            read.append({"name": name, "table": _left(_table(source, opened.cells(name), name, scan), folder, number)})
        except InputError as error:
            read.append({"name": name, "refused": error.as_json()})
    notes = [(code, template, {"file": source.name} | details) for code, template, details in notes]
    return {"notes": notes, "sheets": read}


@dataclasses.dataclass
class _Opened:
    """scans: visible sheet → what a look at it showed, in the workbook's order. cells: sheet → its cells as text."""

    scans: dict[str, Scan]
    cells: Callable[[str], pl.DataFrame]
    hidden: Collection[str] = ()
    has_macros: bool = False


def _xlsx(source: SourceFile) -> _Opened:
    with zipfile.ZipFile(source.path) as archive:
        parts = workbook_parts(source, archive)
        check_shared_texts(source, archive)
        scans = {name: scan_sheet(source, archive, path, parts) for name, path in parts.sheets.items()}
    reader = fastexcel.read_excel(str(source.path))
    visible = {name: scans[name] for name in reader.sheet_names if name in scans and name not in parts.hidden}
    return _Opened(visible, lambda name: _as_text(source, reader, name), parts.hidden, parts.has_macros)


def _xls(source: SourceFile) -> _Opened:
    """The workbook of before 2007: a sheet reaches to row 65,536 and column 256; what claims more ends at the child's limits."""
    reader = fastexcel.read_excel(str(source.path))
    hidden = [name for name in reader.sheet_names if reader.load_sheet(name, n_rows=1).visible != "visible"]
    visible = {name: Scan(first_column=1) for name in reader.sheet_names if name not in hidden}
    has_macros = "_VBA_PROJECT".encode("utf-16-le") in source.path.read_bytes()
    return _Opened(visible, lambda name: _as_text(source, reader, name), hidden, has_macros)


def _web_page(source: SourceFile) -> _Opened:
    """A page whose tables hold nothing that is known here is a page: most often the one that asks to sign in."""
    cells = web_cells(source)
    top = [[cell or "" for cell in row] for row in cells.head(HEADER_WITHIN_ROWS).rows()]
    found = find_header(top, cells.width) if top else None
    if found is None or found.hits < _FEWEST_KNOWN:
        raise refusal(source)
    return _Opened({source.name: Scan(first_column=1)}, lambda _: cells)


_OPENED_BY = {ContentKind.XLSX: _xlsx, ContentKind.XLS: _xls, ContentKind.HTML: _web_page}


def _unopened(source: SourceFile, error: Exception) -> InputError:
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    return protected(source) if "password" in str(error).lower() else damaged(source, reason)


@dataclasses.dataclass
class _Read:
    table: RawTable
    rows: pl.DataFrame
    marks: pl.DataFrame
    merged: list[tuple[int, int, int, int]]


def _left(read: _Read, folder: Path, number: int) -> dict:
    rows, marks = f"rows_{number}.parquet", f"marks_{number}.parquet"
    read.rows.write_parquet(folder / rows, compression="lz4", row_group_size=100_000)
    read.marks.write_parquet(folder / marks, compression="lz4")
    return dataclasses.asdict(read.table) | {"rows": rows, "marks": marks, "merged": read.merged}


def _table(source: SourceFile, cells: pl.DataFrame, sheet: str, scan: Scan) -> _Read:
    frame = _with_texts(cells, scan)
    if not frame.width or not len(frame):
        raise no_header(source.name, [])
    top = [[cell or "" for cell in row] for row in frame.head(HEADER_WITHIN_ROWS + 2).rows()]
    filled = [sum(bool(cell.strip()) for cell in row) for row in top]
    found = find_header(top, max(filled))
    if found is None:
        raise no_header(source.name, top[0])
    refuse_long_names(source.name, found.row + 1, found.header)
    header = list(found.header) + [""] * (frame.width - len(found.header))
    body = frame.with_columns(pl.int_range(1, len(frame) + 1, dtype=pl.Int64).alias("source_row"))
    rows_left = [
        LeftOut(index + 1, "preamble", "\t".join(top[index]).strip()[:500])
        for index in range(found.row)
        if filled[index]
    ]
    if found.rows == 2:
        rows_left.append(LeftOut(found.row + 2, "second_header", "\t".join(top[found.row + 1]).strip()[:500]))
    body = body[found.row + found.rows :]
    names = [name for name in body.columns if name != "source_row"]
    body = body.filter(~pl.all_horizontal(pl.col(names).is_null()))
    body, totals = _without_totals(body, names, header)
    used = len(header)
    while used and not header[used - 1] and (not len(body) or body[f"c{used - 1}"].null_count() == len(body)):
        used -= 1
    table = RawTable(
        file=source.name,
        header=tuple(header[:used]),
        header_line=found.row + 1,
        encoding=str(source.kind),
        sheet=sheet,
        left_out=rows_left + totals,
        records=len(body),
        warnings=_said_of_hidden(sheet, scan, used),
    )
    if not table.records:
        raise header_only(source.name, table.header_line)
    body = body.select([f"c{index}" for index in range(used)] + ["source_row"])
    first_line = found.row + found.rows + 1
    offset = scan.first_column
    merged = [
        (max(top_row, first_line), left - offset, bottom, right - offset)
        for top_row, left, bottom, right in scan.merged
        if bottom >= first_line
    ]
    return _Read(table, body, _marks(scan, body["source_row"], used), merged[:_MOST_MERGED_TOLD])


def _marks(scan: Scan, lines: pl.Series, used: int) -> pl.DataFrame:
    """source_row, column (as in the table), kind, text of the marked cells that lie in a row of the table."""
    schema = {"source_row": pl.Int64, "column": pl.Int64, "kind": pl.String, "text": pl.String}
    marks = pl.DataFrame(scan.marks, schema=schema, orient="row").with_columns(pl.col("column") - scan.first_column)
    return marks.filter(pl.col("column").is_between(0, used - 1) & pl.col("source_row").is_in(lines.implode()))


def _said_of_hidden(sheet: str, scan: Scan, used: int) -> list[tuple[str, str, dict]]:
    said = []
    if scan.hidden_rows:
        said.append(
            (
                "ingest.hidden_rows",
                "Sheet '{sheet}': {rows} hidden rows were read like the others. Delete them there if they must not count.",
                {"sheet": sheet, "rows": scan.hidden_rows},
            )
        )
    last = scan.first_column + used - 1
    hidden = sum(max(0, min(high, last) - max(low, scan.first_column) + 1) for low, high in scan.hidden_columns)
    if hidden:
        said.append(
            (
                "ingest.hidden_columns",
                "Sheet '{sheet}': {columns} hidden columns were read like the others.",
                {"sheet": sheet, "columns": hidden},
            )
        )
    return said


def _without_totals(body: pl.DataFrame, names: list[str], header: list[str]) -> tuple[pl.DataFrame, list[LeftOut]]:
    normals = [normal_header(name) for name in header]
    is_ledger = bool(VOUCHER_HEADERS & set(normals))
    ledger_columns = tuple(index for index, name in enumerate(normals) if is_ledger and name in SUMMARY_HEADERS)
    first = body.select(pl.coalesce(names).str.strip_chars().str.slice(0, 24).alias("first"))["first"]
    suspects = first.str.contains(SHEET_SUSPECTS) | first.is_in(_halves(header))
    for column in ledger_columns:
        suspects |= body[names[column]].str.contains(LEDGER_SUSPECTS).fill_null(False)
    places = np.flatnonzero(suspects.fill_null(False).to_numpy())
    found, dropped = [], []
    for place in places.tolist():
        row = body.row(place)
        cells = [cell or "" for cell in row[:-1]]
        if rule := rule_for(cells, ledger_columns, tuple(header)):
            found.append(left_out(row[-1], rule, "\t".join(cells).strip(), cells))
            dropped.append(row[-1])
    if dropped:
        body = body.filter(~pl.col("source_row").is_in(dropped))
    return body, found


def _halves(header: list[str]) -> list[str]:
    """Every part that a name of two joined rows may have stood in one of them as: 2026年月 as 2026年, 月."""
    names = [name for name in header if name]
    return sorted({part for name in names for cut in range(1, len(name) + 1) for part in (name[:cut], name[-cut:])})


def _as_text(source: SourceFile, reader: fastexcel.ExcelReader, sheet: str) -> pl.DataFrame:
    """Every cell as text in columns c0…: dates ISO, whole numbers without `.0`, merged cells filled only in their corner."""
    try:
        loaded = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string", dtype_coercion="coerce")
        frame = loaded.to_polars()
    except (InputError, MemoryError):
        raise
    except Exception as error:
        raise damaged(source, (str(error).splitlines() or [type(error).__name__])[0]) from error
    frame = frame.rename({name: f"c{index}" for index, name in enumerate(frame.columns)})
    text = pl.all().cast(pl.String)
    # A date cell without a time of day prints as midnight; a number cell may print as 1002.0.
    text = text.str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00(\.0+)?$", "$1").str.replace(
        r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.0+$", "$1"
    )
    frame = frame.select(text)
    timed = [name for name in frame.columns if frame[name].str.contains(_CLOCK_CELL).any()]
    frame = frame.with_columns(_clock(pl.col(name)) for name in timed)
    return frame.with_columns(pl.when(pl.all() != "").then(pl.all()))


def _with_texts(frame: pl.DataFrame, scan: Scan) -> pl.DataFrame:
    """Numbers that a format shows as 000042 or 1.0, and numbers written out with all their digits, as that text."""
    by_column: dict[str, tuple[list[int], list[str]]] = {}
    for (row, column), text in scan.texts.items():
        if row <= len(frame) and 0 <= column - scan.first_column < frame.width:
            rows, texts = by_column.setdefault(f"c{column - scan.first_column}", ([], []))
            rows.append(row - 1)
            texts.append(text)
    return frame.with_columns(
        frame[name].scatter(rows, pl.Series(texts, dtype=pl.String)) for name, (rows, texts) in by_column.items()
    )


def _clock(cell: pl.Expr) -> pl.Expr:
    """1900-01-01 02:30:00 as 26:30:00; other cells as they are."""
    days = cell.str.extract(r"^1900-01-(\d\d)").cast(pl.Int32).fill_null(0)
    hours = cell.str.extract(r" (\d\d):").cast(pl.Int32).fill_null(0) + 24 * days
    rest = cell.str.extract(r" \d\d(:\d\d:\d\d)$").fill_null(":00:00")
    return pl.when(cell.str.contains(_CLOCK_CELL)).then(hours.cast(pl.String) + rest).otherwise(cell)
