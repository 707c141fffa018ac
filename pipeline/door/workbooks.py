"""A sheet of an XLSX workbook as a RawTable: all cells as text, with guards before anything is opened."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import fastexcel
import numpy as np
import polars as pl

from models.errors import InputError
from pipeline.door.dialect import HEADER_WITHIN_ROWS, MOST_COLUMNS, find_header, no_header
from pipeline.door.header_set import normal_header
from pipeline.door.headers import is_known_header
from pipeline.door.left_out import LEDGER_SUSPECTS, SHEET_SUSPECTS, LeftOut, left_out, rule_for
from pipeline.door.source import SourceFile
from pipeline.door.tables import (
    CHUNK_ROWS,
    SUMMARY_HEADERS,
    VOUCHER_HEADERS,
    RawTable,
    header_only,
)

MOST_ROWS = 1_048_576  # what a sheet can hold
MOST_CELLS = 40_000_000  # a sheet is held in memory: 40 million cells take about 1.5 GB
MOST_UNPACKED = 1 << 30
MOST_RATIO = 400  # sheets of numbers pack 10 to 30 times; a bomb, a thousand
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*\br="([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\br="(\d{1,7})"')


# A time of day or a duration ([h]:mm) is a number of days; it comes as a moment after 1899-12-31.
_CLOCK_CELL = r"^(1899-12-31|1900-01-\d\d)( \d\d:\d\d:\d\d)?$"


@dataclass
class SheetTable(RawTable):
    frame: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)

    def chunks(self, columns: Iterable[int] | None = None) -> Iterator[pl.DataFrame]:
        wanted = sorted(set(range(len(self.header)) if columns is None else columns))
        frame = self.frame.select([f"c{index}" for index in wanted] + ["source_row"])
        for begin in range(0, len(frame), CHUNK_ROWS):
            yield frame[begin : begin + CHUNK_ROWS]

    def raw_text(self, source_rows: Iterable[int]) -> dict[int, str]:
        held = self.frame.filter(pl.col("source_row").is_in(list(set(source_rows))))
        lines = held["source_row"].to_list()
        cells = held.drop("source_row").rows()
        return {line: "\t".join(cell or "" for cell in row) for line, row in zip(lines, cells, strict=True)}


def sheet_names(source: SourceFile) -> list[str]:
    """The visible sheets, in the workbook's order. Raises: InputError for a workbook that cannot be opened."""
    hidden = _hidden_sheets(source)
    return [name for name in _reader(source).sheet_names if name not in hidden]


def read_sheet(source: SourceFile, sheet: str | None = None) -> SheetTable:
    """`sheet`, or the visible sheet whose header holds the most known names (the first of equals).

    Raises: InputError for a password, damage, a sheet that does not exist, a size beyond the limits, no header, no rows.
    """
    _refuse_bombs(source)
    names = sheet_names(source)
    if not names:
        raise InputError("door.no_sheet", "{file} has no visible sheet with a table.", file=source.name)
    if sheet is not None:
        if sheet not in names:
            raise InputError(
                "door.no_such_sheet",
                "{file} has no visible sheet '{sheet}'. Its sheets are: {sheets}.",
                file=source.name,
                sheet=sheet,
                sheets=", ".join(names),
            )
        return _table(source, sheet)
    best, best_hits, failure = None, -1, None
    for name in names:
        try:
            table = _table(source, name)
        except InputError as error:
            failure = failure or error
            continue
        hits = sum(map(is_known_header, filter(None, table.header)))
        if hits > best_hits:
            best, best_hits = table, hits
    if best is None:
        raise failure
    others = [name for name in names if name != best.sheet]
    if others:
        details = {"sheet": best.sheet, "others": ", ".join(others)}
        best.warnings.append(("door.other_sheets", "Sheet '{sheet}' was read; these were not: {others}.", details))
    return best


def _reader(source: SourceFile):
    try:
        return fastexcel.read_excel(str(source.path))
    except Exception as error:  # fastexcel raises its own errors, and on odd files a bare Rust panic as Exception
        raise _damaged(source, str(error).splitlines()[0][:200]) from error


def _damaged(source: SourceFile, reason: str) -> InputError:
    return InputError(
        "door.damaged_workbook",
        "{file} is a workbook that cannot be opened ({reason}). Open it in Excel, save it again, and load that.",
        file=source.name,
        reason=reason,
    )


def _hidden_sheets(source: SourceFile) -> set[str]:
    try:
        with zipfile.ZipFile(source.path) as archive:
            text = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError) as error:
        raise _damaged(source, str(error)) from error
    hidden = set()
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", text):
        state, name = re.search(r'\bstate="(\w+)"', tag), re.search(r'\bname="([^"]*)"', tag)
        if state and name and state.group(1) in ("hidden", "veryHidden"):
            hidden.add(_unescaped(name.group(1)))
    return hidden


def _unescaped(text: str) -> str:
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _refuse_bombs(source: SourceFile) -> None:
    """Looks at sizes and at the corners of each sheet without building it."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            entries = archive.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise InputError(
                    "door.password",
                    "{file} is protected by a password. Open it, save a copy without the password, and load that.",
                    file=source.name,
                )
            unpacked = sum(entry.file_size for entry in entries)
            packed = max(1, sum(entry.compress_size for entry in entries))
            if unpacked > MOST_UNPACKED or (unpacked > 64 << 20 and unpacked / packed > MOST_RATIO):
                raise _unpacks_too_large(source, unpacked)
            for entry in entries:
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry.filename):
                    _refuse_far_cells(source, archive, entry.filename)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise _damaged(source, str(error)) from error


def _refuse_far_cells(source: SourceFile, archive: zipfile.ZipFile, name: str) -> None:
    """The reader allocates rows × columns: one cell at XFD1048576 would take gigabytes. A streamed look at every address."""
    widest = farthest = read = 0
    with archive.open(name) as stream:
        rest = b""
        while block := stream.read(1 << 20):
            read += len(block)
            if read > MOST_UNPACKED:  # the directory of the zip lied about the size
                raise _unpacks_too_large(source, read)
            text = rest + block
            for columns in {match[0] for match in _CELL.findall(text)}:
                widest = max(widest, _column_number(columns))
            rows = [int(match) for match in _ROW.findall(text)] + [int(match[1]) for match in _CELL.findall(text)[-1:]]
            farthest = max([farthest, *rows])
            if widest > MOST_COLUMNS or farthest > MOST_ROWS or widest * farthest > MOST_CELLS:
                raise _far_cell(source, farthest, widest)
            rest = text[-64:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _far_cell(source: SourceFile, row: int, column: int) -> InputError:
    return InputError(
        "door.workbook_too_large",
        "{file} is too large to open safely: it has a cell in row {row}, column {column}. The limits are {columns} columns "
        "and {cells} million cells. Delete what lies outside the table, or save the sheet as CSV.",
        file=source.name,
        row=row,
        column=column,
        columns=MOST_COLUMNS,
        cells=MOST_CELLS // 1_000_000,
    )


def _unpacks_too_large(source: SourceFile, size: int) -> InputError:
    return InputError(
        "door.workbook_unpacks_too_large",
        "{file} is too large to open safely: it unpacks to {size} MB, and packed files that grow so much are often harmful. "
        "The limit is {limit} MB. Save the sheet as CSV.",
        file=source.name,
        size=size >> 20,
        limit=MOST_UNPACKED >> 20,
    )


def _table(source: SourceFile, sheet: str) -> SheetTable:
    frame = _as_text(source, sheet)
    if not frame.width or not len(frame):
        raise no_header(source.name, [])
    top = [[cell or "" for cell in row] for row in frame.head(HEADER_WITHIN_ROWS + 2).rows()]
    filled = [sum(bool(cell.strip()) for cell in row) for row in top]
    found = find_header(top, max(filled))
    if found is None:
        raise no_header(source.name, top[0])
    header = list(found.header) + [""] * (frame.width - len(found.header))
    body = frame.with_columns(pl.int_range(1, len(frame) + 1, dtype=pl.Int64).alias("source_row"))
    left_out = [
        LeftOut(index + 1, "preamble", "\t".join(top[index]).strip()[:500])
        for index in range(found.row)
        if filled[index]
    ]
    if found.rows == 2:
        left_out.append(LeftOut(found.row + 2, "second_header", "\t".join(top[found.row + 1]).strip()[:500]))
    body = body[found.row + found.rows :]
    names = [name for name in body.columns if name != "source_row"]
    body = body.filter(~pl.all_horizontal(pl.col(names).is_null()))
    body, rows_left = _without_totals(body, names, header)
    used = len(header)
    while used and not header[used - 1] and (not len(body) or body[f"c{used - 1}"].null_count() == len(body)):
        used -= 1
    table = SheetTable(
        file=source.name,
        header=tuple(header[:used]),
        header_line=found.row + 1,
        encoding="xlsx",
        sheet=sheet,
        left_out=left_out + rows_left,
        records=len(body),
        frame=body.select([f"c{index}" for index in range(used)] + ["source_row"]),
    )
    if not table.records:
        raise header_only(source.name, table.header_line)
    return table


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


def _as_text(source: SourceFile, sheet: str) -> pl.DataFrame:
    """Every cell as text in columns c0…: dates ISO, whole numbers without `.0`, merged cells filled only in their corner."""
    try:
        loaded = _reader(source).load_sheet(
            sheet, header_row=None, skip_rows=0, dtypes="string", dtype_coercion="coerce"
        )
        frame = loaded.to_polars()
    except Exception as error:
        if isinstance(error, InputError):
            raise
        raise _damaged(source, str(error).splitlines()[0][:200]) from error
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


def _clock(cell: pl.Expr) -> pl.Expr:
    """1900-01-01 02:30:00 as 26:30:00; other cells as they are."""
    days = cell.str.extract(r"^1900-01-(\d\d)").cast(pl.Int32).fill_null(0)
    hours = cell.str.extract(r" (\d\d):").cast(pl.Int32).fill_null(0) + 24 * days
    rest = cell.str.extract(r" \d\d(:\d\d:\d\d)$").fill_null(":00:00")
    return pl.when(cell.str.contains(_CLOCK_CELL)).then(hours.cast(pl.String) + rest).otherwise(cell)
