"""Hostile workbooks and XML, made when they are needed: small on disk, large or endless once opened."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable

import xlsxwriter

HEADER = ("日期", "姓名", "项目", "工时")
ROWS = (("2026-03-02", "p101", "YB", 8), ("2026-03-03", "p102", "YB", 7.5))


def workbook(fill: Callable[[xlsxwriter.Workbook, object], None] | None = None, rows: Iterable = ROWS) -> bytes:
    """A timesheet as XLSX; fill(book, sheet) adds to it."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("工时")
    for number, row in enumerate((HEADER, *rows)):
        sheet.write_row(number, 0, row)
    if fill:
        fill(book, sheet)
    book.close()
    return stream.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes | Iterable[bytes]], method: int = 8) -> bytes:
    """The workbook with one part changed (or added); a part given as blocks is written block by block."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", method) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        found = change(old.read(name) if name in old.namelist() else b"")
        with new.open(zipfile.ZipInfo(name), "w", force_zip64=True) if method == 0 else new.open(name, "w") as part:
            for block in [found] if isinstance(found, bytes) else found:
                part.write(block)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def one_far_cell() -> bytes:
    """1.4 KB in the wild: one cell at XFD1048576, for which a reader lays out 17 thousand million cells."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return with_part(workbook(), SHEET, lambda sheet: sheet.replace(b"</sheetData>", far))


def _megabyte(number: int) -> bytes:
    """A megabyte of letters that packs to a hundredth, as real text in a hurry might: no ratio gives it away."""
    return hashlib.shake_128(number.to_bytes(4, "big")).digest(6_000).hex().encode() + b"plimsoll" * 129_572


def giant_cell(megabytes: int) -> bytes:
    """A sheet with one inline text of that size."""

    def blocks(sheet: bytes) -> Iterable[bytes]:
        before, _, after = sheet.partition(b"</sheetData>")
        yield before + b'<row r="9"><c r="A9" t="inlineStr"><is><t>'
        yield from map(_megabyte, range(megabytes))
        yield b"</t></is></c></row></sheetData>" + after

    return with_part(workbook(), SHEET, blocks)


def giant_shared_text(megabytes: int) -> bytes:
    """The same, in the part of texts that cells share."""

    def blocks(texts: bytes) -> Iterable[bytes]:
        before, _, after = texts.partition(b"</sst>")
        yield before + b"<si><t>"
        yield from map(_megabyte, range(megabytes))
        yield b"</t></si></sst>" + after

    return with_part(workbook(), "xl/sharedStrings.xml", blocks)


def zip_bomb(megabytes: int = 300) -> bytes:
    return with_part(workbook(), "xl/worksheets/sheet2.xml", lambda _: (b" " * (1 << 20) for _ in range(megabytes)))


def billion_laughs(root: str = "testsuites") -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY l0 "lol">{levels}]><{root}>&l9;</{root}>'.encode()


def deeply_nested(depth: int, root: str = "testsuites", element: str = "testsuite") -> bytes:
    return f"<{root}>{f'<{element}>' * depth}{f'</{element}>' * depth}</{root}>".encode()
