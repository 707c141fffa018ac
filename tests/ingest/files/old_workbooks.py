"""Workbooks of before 2007, written from the published layout: a stream of BIFF8 records in an OLE file of sectors."""

from __future__ import annotations

import datetime as dt
import struct

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(sheets: dict[str, list[list[str | float | dt.date | None]]], hidden: tuple[str, ...] = ()) -> bytes:
    """The bytes of a workbook: text, numbers and days, one sheet after the other."""
    bodies = [_sheet(rows) for rows in sheets.values()]
    opening = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0x0600))
    formats = b"".join(_record(0x00E0, struct.pack("<HHHHIIII", 0, number, 0, 0, 0, 0, 0, 0)) for number in (0, 14))
    names = [name.encode("utf-16-le") for name in sheets]
    listed = sum(4 + 8 + len(name) for name in names)
    place = len(opening) + len(formats) + listed + 4
    index = b""
    for name, encoded, body in zip(sheets, names, bodies, strict=True):
        state = 1 if name in hidden else 0
        index += _record(0x0085, struct.pack("<IBBBB", place, state, 0, len(encoded) // 2, 1) + encoded)
        place += len(body)
    return _ole(opening + formats + index + _record(0x000A, b"") + b"".join(bodies))


def _sheet(rows: list[list[str | float | dt.date | None]]) -> bytes:
    cells = b"".join(
        _cell(row, column, value)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value is not None
    )
    opening = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0x0600))
    size = _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    return opening + size + cells + _record(0x000A, b"")


def _cell(row: int, column: int, value: str | float | dt.date) -> bytes:
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)
    is_day = isinstance(value, dt.date)
    number = (value - dt.date(1899, 12, 30)).days if is_day else value
    return _record(0x0203, struct.pack("<HHHd", row, column, 1 if is_day else 0, number))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _ole(stream: bytes) -> bytes:
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")  # shorter ones lie elsewhere
    sectors = len(stream) // _SECTOR
    chain = [_FAT, _END, *range(3, 2 + sectors), _END]
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, _END, 0, _END, 0, 0,
    )  # fmt: skip
    header += struct.pack("<108I", *[_FREE] * 108)
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    return header + table + directory.ljust(_SECTOR, b"\0") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, _FREE, _FREE, child)
    return head + struct.pack("<16xI8x8xIII", 0, start, size, 0)
