"""A look at a sheet's XML as it streams by, before the reader of workbooks opens it: how far it reaches, and what that reader
does not tell (errors, formulas without a value, lost digits, merged cells, what is hidden).

Runs in the confined child. Cells without an address (some generators leave them out) are counted by nobody and marked nowhere:
such a sheet cannot reach farther than it is long.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from models.errors import InputError
from pipeline.ingest.files.source import SourceFile
from pipeline.ingest.files.text.csv_dialect import MOST_COLUMNS
from pipeline.ingest.files.workbooks.parts import MOST_UNPACKED, Parts, unpacks_too_large

MOST_ROWS = 1_048_576  # what a sheet can hold
MOST_CELLS = 40_000_000  # the reader holds a sheet in memory: 40 million cells take about 1.5 GB
MOST_CELL_BYTES = 4 << 20  # of one cell's XML: a cell holds 32,767 characters, each of which may be a run of its own
MOST_MARKS = 500_000  # cells looked at one by one
MOST_MERGED = 10_000
_BLOCK = 1 << 20
_DIGITS_KEPT = 15  # what a number cell holds exactly

ERROR, NO_VALUE, DIGITS_LOST = "error", "no_value", "digits_lost"

_C, _END = rb"<(?:\w+:)?c\s", rb"</(?:\w+:)?c>"
_FORMULA = rb"(?:<(?:\w+:)?f(?:\s[^>]*)?/>|<(?:\w+:)?f(?:\s[^>]*)?>[^<]*</(?:\w+:)?f>)"
_V = rb"<(?:\w+:)?v(?:\s[^>]*)?>"
_ADDRESS = re.compile(_C + rb"""[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_PLAIN_ADDRESS = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')  # as nearly everybody writes it, and twice as fast
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["'](\d{1,7})["']""")
_HIDDEN = rb"""\shidden=["'](?:1|true)["']"""
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?" + _HIDDEN)
_HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\s[^>]*?" + _HIDDEN + rb"[^>]*>")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']""")
_ERROR = re.compile(rb"(" + _C + rb"""[^>]*?\bt=["']e["'][^>]*>)(?:""" + _FORMULA + rb")?" + _V + rb"([^<]*)<")
_NO_VALUE = re.compile(
    rb"(" + _C + rb"[^>/]*>)" + _FORMULA + rb"\s*(?:<(?:\w+:)?v\s*/>|" + _V + rb"\s*</(?:\w+:)?v>)?\s*" + _END
)
_LONG = re.compile(
    rb"("
    + _C
    + rb"[^>/]*>)(?:"
    + _FORMULA
    + rb")?"
    + _V
    + rb"(-?(?:\d{16,}|\d(?:\.\d+)?[Ee]\+?(?:1[5-9]|[2-9]\d|\d{3})))<"
)
_LONG_SOMEWHERE = re.compile(rb"v>-?(?:\d{16}|\d(?:\.\d+)?[Ee]\+?(?:1[5-9]|[2-9]\d|\d{3})<)")
_FILLED = re.compile(
    rb"(" + _C + rb"[^>/]*>)(?:" + _FORMULA + rb")?" + _V + rb"[^<]"
    rb"|(" + _C + rb"""[^>]*?\bt=["'](?:s|str|inlineStr|e|b|d)["'][^>/]*>)"""
)
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_KIND = re.compile(rb"""\bt=["'](\w+)["']""")
_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")


@dataclass
class Scan:
    """first_column: where the reader's first column lies (1 = A), for columns here are counted from A.

    texts: {(row, column): what the cell shows} of numbers whose text says more than their value.
    marks: (row, column, kind, text) of cells that hold no value to be trusted.
    merged: (first row, first column, last row, last column).
    """

    widest: int = 0
    farthest: int = 0
    first_column: int = MOST_COLUMNS + 1
    hidden_rows: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    marks: list[tuple[int, int, str, str]] = field(default_factory=list)


def scan_sheet(source: SourceFile, archive: zipfile.ZipFile, path: str, parts: Parts) -> Scan:
    """Raises: InputError for a sheet that is too wide or too far, unpacks to more than the limit, or has a giant cell."""
    scan = Scan()
    styles = b"|".join(str(index).encode() for index in sorted((*parts.padded, *parts.one_decimal)))
    shown = re.compile(
        rb"("
        + _C
        + rb"""[^>]*?\bs=["'](?:"""
        + styles
        + rb""")["'][^>/]*>)(?:"""
        + _FORMULA
        + rb")?"
        + _V
        + rb"(-?\d+)<"
    )
    for text in _blocks(source, archive, path, b"c"):
        _reach(source, scan, text)
        if b"hidden=" in text:
            scan.hidden_rows += len(_HIDDEN_ROW.findall(text))
        _columns_and_merges(scan, text)
        _mark(source, scan, text)
        if styles and len(scan.texts) < MOST_MARKS:
            _read_styled(scan, text, shown, parts)
    if (
        len(scan.texts) >= MOST_MARKS
    ):  # numbers so many are amounts; some read one way and some the other would be worse
        scan.texts.clear()
    return scan


def check_shared_texts(source: SourceFile, archive: zipfile.ZipFile) -> None:
    """The texts that cells share lie in a part of their own: no one of them may be larger than a cell."""
    for entry in archive.infolist():
        if entry.filename.lower() == "xl/sharedstrings.xml":
            for _ in _blocks(source, archive, entry.filename, b"si"):
                pass


def _blocks(source: SourceFile, archive: zipfile.ZipFile, path: str, element: bytes) -> Iterator[bytes]:
    """The part in blocks of about a megabyte that end before an element opens, so that none is cut in two."""
    opening = re.compile(rb"<(?:\w+:)?(?:" + element + rb"|row)[\s>]")
    closing = re.compile(rb"</(?:\w+:)?" + element + rb">")
    rest, read = b"", 0
    entry = next((member for member in archive.infolist() if member.filename.lower() == path.lower()), None)
    if entry is None:
        return
    with archive.open(entry) as stream:
        while block := stream.read(_BLOCK):
            read += len(block)
            if read > MOST_UNPACKED:  # the directory of the zip lied about the size
                raise unpacks_too_large(source, read)
            text = rest + block
            cut = 0
            tail = text[-MOST_CELL_BYTES:] if len(text) > MOST_CELL_BYTES else text
            for found in opening.finditer(tail, max(0, len(tail) - 65_536)):
                cut = len(text) - len(tail) + found.start()
            if not cut:
                for found in opening.finditer(tail):
                    cut = len(text) - len(tail) + found.start()
            if not cut and len(text) > MOST_CELL_BYTES:
                if opening.match(text) and not closing.search(text):
                    raise _cell_too_long(source)
                cut = text.rfind(b"<") if b"<" in text else len(text)
                cut = cut or len(text)
            if cut:
                yield text[:cut]
            rest = text[cut:]
    if rest:
        yield rest


def _reach(source: SourceFile, scan: Scan, text: bytes) -> None:
    """The reader allocates rows × columns: one cell at XFD1048576 would take gigabytes."""
    addresses = _PLAIN_ADDRESS.findall(text)
    if len(addresses) != text.count(b"<c ") or b":c " in text:
        addresses = _ADDRESS.findall(text)
    columns = {column_number(letters) for letters in {letters for letters, _ in addresses}}
    scan.widest = max(scan.widest, *columns, 0)
    if columns and min(columns) < scan.first_column:
        places = (_PLACE.search(place or other) for place, other in _FILLED.findall(text))
        filled = {place[1] for place in places if place}
        scan.first_column = min(scan.first_column, *map(column_number, filled), MOST_COLUMNS + 1)
    rows = [int(row) for row in _ROW.findall(text)]
    if addresses:
        rows.append(max(int(row) for row in {row for _, row in addresses}))
    scan.farthest = max([scan.farthest, *rows])
    if scan.widest > MOST_COLUMNS or scan.farthest > MOST_ROWS or scan.widest * scan.farthest > MOST_CELLS:
        raise InputError(
            "ingest.workbook_too_large",
            "{file} is too large to open safely: it has a cell in row {row}, column {column}. The limits are {columns} columns "
            "and {cells} million cells. Delete what lies outside the table, or save the sheet as CSV.",
            file=source.name,
            row=scan.farthest,
            column=scan.widest,
            columns=MOST_COLUMNS,
            cells=MOST_CELLS // 1_000_000,
        )


def column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _columns_and_merges(scan: Scan, text: bytes) -> None:
    for found in _HIDDEN_COLUMNS.findall(text) if b"hidden=" in text else ():
        low, high = re.search(rb"""\bmin=["'](\d+)""", found), re.search(rb"""\bmax=["'](\d+)""", found)
        if low and high:
            scan.hidden_columns.append((int(low[1]), int(high[1])))
    if b"mergeCell " in text and len(scan.merged) < MOST_MERGED:
        scan.merged += [
            (int(top), column_number(left), int(bottom), column_number(right))
            for left, top, right, bottom in _MERGED.findall(text)
        ]


def _mark(source: SourceFile, scan: Scan, text: bytes) -> None:
    if b't="e"' in text or b"t='e'" in text:
        for opening, written in _ERROR.findall(text):
            _put(scan, opening, ERROR, written)
    if b"<f" in text or b":f" in text:
        for opening in _NO_VALUE.findall(text):
            if (kind := _KIND.search(opening)) is None or kind[1] == b"n":  # an empty text is a value
                _put(scan, opening, NO_VALUE, b"")
    for opening, written in _LONG.findall(text) if _LONG_SOMEWHERE.search(text) else ():
        if (kind := _KIND.search(opening)) and kind[1] != b"n":
            continue
        digits = written.lstrip(b"-")
        if digits.isdigit() and digits[_DIGITS_KEPT:].strip(b"0"):
            # A program that wrote all digits knew them; a spreadsheet turns those after the fifteenth into zeros.
            if place := _PLACE.search(opening):
                scan.texts[int(place[2]), column_number(place[1])] = written.decode()
        else:
            _put(scan, opening, DIGITS_LOST, written)
    if len(scan.marks) > MOST_MARKS:
        raise InputError(
            "ingest.mostly_errors",
            "{file}: more than {limit} cells hold an error or a formula without a value. Open it in Excel, mend the formulas, "
            "save it, and load it again.",
            file=source.name,
            limit=MOST_MARKS,
        )


def _put(scan: Scan, opening: bytes, kind: str, written: bytes) -> None:
    if place := _PLACE.search(opening):
        scan.marks.append((int(place[2]), column_number(place[1]), kind, written.decode("utf-8", "replace").strip()))


def _read_styled(scan: Scan, text: bytes, shown: re.Pattern, parts: Parts) -> None:
    """000042 and 1.0 are numbers that a format shows so: the text is what the person who wrote them meant."""
    for opening, written in shown.findall(text):
        place, styled, kind = (pattern.search(opening) for pattern in (_PLACE, _STYLE, _KIND))
        if place is None or styled is None or (kind is not None and kind[1] != b"n"):
            continue
        style = int(styled[1])
        if style in parts.one_decimal:
            said = written + b".0"
        elif written.startswith(b"-"):
            continue
        else:
            said = written.rjust(parts.padded[style], b"0")
        scan.texts[int(place[2]), column_number(place[1])] = said.decode()


def _cell_too_long(source: SourceFile) -> InputError:
    return InputError(
        "ingest.cell_too_long",
        "{file} has a cell of more than {limit} MB, which no spreadsheet can hold. Shorten it in the system that exports, or "
        "save the sheet as CSV.",
        file=source.name,
        limit=MOST_CELL_BYTES >> 20,
    )
