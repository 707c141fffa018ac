"""Tables as a workbook that a spreadsheet opens without harm."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from models.spreadsheets import neutral

Table = Iterable[Sequence[object]]  # its heads, then its rows
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31  # characters of a sheet's name
_LONGEST_TEXT = 32_767  # characters of a cell


def workbook(tables: Mapping[str, Table]) -> bytes:
    """An XLSX file with a sheet for each table, by its name.

    Numbers, days and yes or no stay what they are, unknown is an empty cell; no text is a formula or a link.
    """
    import xlsxwriter  # noqa: PLC0415

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        head = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        taken: set[str] = set()
        for name, rows in tables.items():
            page = book.add_worksheet(_sheet_name(name, taken))
            page.freeze_panes(1, 0)
            for line, row in enumerate(rows):
                for column, value in enumerate(row):
                    _write(page, (line, column), value, day if line else head)
    return content.getvalue()


def _write(page, place: tuple[int, int], value: object, look) -> None:
    """look: of a head or a day; all else has none."""
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(*place, value)
    elif isinstance(value, int | float):
        page.write_number(*place, value)
    elif isinstance(value, dt.date):
        page.write_datetime(*place, value, look)
    else:
        text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
        page.write_string(*place, neutral(text)[:_LONGEST_TEXT], None if place[0] else look)


def _sheet_name(name: str, taken: set[str]) -> str:
    """As a workbook allows it, and not given twice: whatever the case of its letters, it is the same name to a spreadsheet."""
    plain = _NOT_IN_A_NAME.sub(" ", name).strip("' ")[:_LONGEST_NAME].strip("' ") or "table"
    found, count = plain, 1
    while found.casefold() in taken or found.casefold() == "history":  # a name that Excel keeps for itself
        count += 1
        found = f"{plain[: _LONGEST_NAME - 4]} {count}"
    taken.add(found.casefold())
    return found
