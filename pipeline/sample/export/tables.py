"""Bytes of the two plain formats, the same on every run: delimited text and XLSX."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal

import xlsxwriter

WRITTEN_AT = dt.datetime(2026, 11, 20, 18, 0)  # a workbook states when it was made


def delimited(header: Iterable[str], rows: Iterable[Sequence], encoding: str = "utf-8") -> bytes:
    """A CSV file with CRLF lines; empty cells for None. encoding: utf-8, utf-8-sig (with BOM) or gb18030."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([plain(value) for value in row] for row in rows)
    return text.getvalue().encode(encoding)


def plain(value: object) -> str:
    """A cell as text: whole numbers without a point, dates in ISO."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def workbook(sheet: str | None, rows: Iterable[Iterable], widths: Sequence[float] = ()) -> bytes:
    """An XLSX file of one sheet. Text stays text, dates become date cells, numbers numbers."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_numbers": False, "strings_to_urls": False})
    book.set_properties({"created": WRITTEN_AT, "author": "Plimsoll"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page = book.add_worksheet(sheet)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, dt.date):
                page.write_datetime(number, column, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, (int, float, Decimal)):
                page.write_number(number, column, float(value))
            else:
                page.write_string(number, column, value)
    book.close()
    return _packed(content)


def _packed(written: io.BytesIO) -> bytes:
    """The same workbook, packed as tightly as zlib can."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(written) as source,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for entry in source.infolist():
            target.writestr(entry, source.read(entry), zipfile.ZIP_DEFLATED, compresslevel=9)
    return content.getvalue()
