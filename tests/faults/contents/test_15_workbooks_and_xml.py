"""Fault 15: workbooks and XML that are small on disk and huge, endless or misleading once opened.

Each is opened in a child process with limits: the file is refused or its doubtful rows are held back, and this process does
not grow.
"""

from __future__ import annotations

import datetime as dt
import http.server
import re
import threading
import zipfile
from pathlib import Path

import psutil
import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import quarantined
from tests.conftest import REPOSITORY
from tests.faults.contents import workbook_attacks as attacks
from tests.faults.contents.ingest_rule import assert_refused_by_the_rule
from tests.ingest.exports import codes, landed_rows, load

_MOST_GROWTH = 60 << 20  # what a load of any small file adds the first time: imports, a connection, a helper's pipes


def _refused_without_growth(data_dir: DataDir, name: str, content: bytes, code: str) -> dict:
    process = psutil.Process()
    load(data_dir, "before.xlsx", attacks.workbook())
    before = process.memory_info().rss
    entry = assert_refused_by_the_rule(data_dir, name, content, code)
    assert process.memory_info().rss - before < _MOST_GROWTH
    return entry


def test_one_cell_at_the_far_corner(data_dir: DataDir) -> None:
    content = attacks.one_far_cell()
    assert len(content) < 10_000
    entry = _refused_without_growth(data_dir, "far.xlsx", content, "ingest.workbook_too_large")
    assert "row 1048576, column 16384" in entry["reasons"][0]["message"]


def test_a_zip_bomb(data_dir: DataDir) -> None:
    _refused_without_growth(data_dir, "bomb.xlsx", attacks.zip_bomb(), "ingest.workbook_unpacks_too_large")


def test_a_zip_that_lies_about_its_size(data_dir: DataDir) -> None:
    """The directory says 100 bytes; the sheet goes on for 300 MB."""
    content = bytearray(attacks.giant_cell(300))
    with zipfile.ZipFile(attacks.io.BytesIO(bytes(content))) as archive:
        size = archive.getinfo(attacks.SHEET).file_size.to_bytes(4, "little")
    assert content.count(size) == 2
    content = bytes(content).replace(size, (100).to_bytes(4, "little"))
    _refused_without_growth(data_dir, "lies.xlsx", content, "ingest.damaged_workbook")


def test_a_single_cell_of_300_megabytes(data_dir: DataDir) -> None:
    content = attacks.giant_cell(300)
    assert len(content) < 5_000_000
    _refused_without_growth(data_dir, "giant.xlsx", content, "ingest.cell_too_long")


def test_a_shared_text_of_300_megabytes(data_dir: DataDir) -> None:
    _refused_without_growth(data_dir, "shared.xlsx", attacks.giant_shared_text(300), "ingest.cell_too_long")


@pytest.mark.parametrize("root", ["testsuites", "coverage", "Project"])
def test_a_billion_laughs(data_dir: DataDir, root: str) -> None:
    _refused_without_growth(data_dir, "laughs.xml", attacks.billion_laughs(root), "ingest.xml_entities")


def test_a_billion_laughs_inside_a_workbook(data_dir: DataDir) -> None:
    content = attacks.with_part(attacks.workbook(), "xl/workbook.xml", lambda _: attacks.billion_laughs("workbook"))
    _refused_without_growth(data_dir, "laughs.xlsx", content, "ingest.damaged_workbook")


def test_xml_without_a_bottom(data_dir: DataDir) -> None:
    _refused_without_growth(data_dir, "deep.xml", attacks.deeply_nested(200_000), "ingest.xml_too_deep")


@pytest.mark.parametrize("declared", ['SYSTEM "{address}"', 'PUBLIC "-//X" "{address}"'])
def test_an_external_dtd_is_never_fetched(data_dir: DataDir, declared: str) -> None:
    """JaCoCo's reports name one: they are read, and nobody is asked."""
    asked: list[str] = []

    class Listening(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    with http.server.HTTPServer(("127.0.0.1", 0), Listening) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        doctype = declared.format(address=f"http://127.0.0.1:{server.server_port}/report.dtd")
        report = (
            f'<?xml version="1.0"?><!DOCTYPE report {doctype}><report name="r"><package name="a/b">'
            '<counter type="LINE" missed="25" covered="75"/></package></report>'
        )
        entry = load(data_dir, "jacoco-2026-03-01.xml", report, project="YB")[0]
        server.shutdown()
    row = landed_rows(data_dir, entry)
    assert (row["lines_valid"][0], row["lines_covered"][0], asked) == (100, 75, [])


def test_an_external_entity_is_refused(data_dir: DataDir, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    content = (
        f'<?xml version="1.0"?><!DOCTYPE testsuite [<!ENTITY x SYSTEM "file://{secret}">]>'
        '<testsuite name="a"><testcase name="&x;"/></testsuite>'
    )
    entry = assert_refused_by_the_rule(data_dir, "x.xml", content.encode(), "ingest.xml_entities")
    assert "the secret" not in str(entry)


def test_nobody_parses_xml_another_way() -> None:
    """xml_events.py alone holds the parser; small parts of workbooks are trees that refuse a document type."""
    risky = re.compile(
        r"^\s*(import|from) (xml\.(?!parsers)|lxml|xmltodict|bs4)|ElementTree\.(parse|fromstring|XML)\(", re.M
    )
    parsers = re.compile(r"^\s*(import|from) xml\.parsers", re.M)
    allowed = {"parts.py"}  # for the name of the error that a parser raises, and of the tree
    paths = [path for folder in ("pipeline", "models", "ui", "pages") for path in (REPOSITORY / folder).rglob("*.py")]
    assert allowed | {"xml_events.py"} <= {path.name for path in paths}
    found = [
        path.name
        for path in paths
        if "sample" not in path.parts  # which writes XML
        if (risky.search(path.read_text("utf-8")) and path.name not in allowed)
        or (parsers.search(path.read_text("utf-8")) and path.name != "xml_events.py")
    ]
    assert found == []


def test_a_password(data_dir: DataDir) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    assert_refused_by_the_rule(data_dir, "locked.xlsx", content, "ingest.password")


@pytest.mark.parametrize(
    ("name", "members", "code"),
    [
        ("old.xls", None, "ingest.damaged_workbook"),
        ("sheet.ods", ("mimetype", "content.xml"), "ingest.open_document"),
        ("sheet.xlsb", ("[Content_Types].xml", "xl/workbook.bin"), "ingest.binary_workbook"),
        ("plan.docx", ("[Content_Types].xml", "word/document.xml"), "ingest.document"),
    ],
)
def test_other_office_files_are_refused_with_words(
    data_dir: DataDir, name: str, members: tuple[str, ...] | None, code: str
) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1200
    if members:
        stream = attacks.io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for member in members:
                archive.writestr(member, "application/vnd.oasis.opendocument.spreadsheet")
        content = stream.getvalue()
    assert_refused_by_the_rule(data_dir, name, content, code)


def test_macros_are_ignored_and_said(data_dir: DataDir) -> None:
    content = attacks.with_part(attacks.workbook(), "xl/vbaProject.bin", lambda _: b"\xd0\xcf\x11\xe0 a macro")
    entry = load(data_dir, "hours.xlsm", content)[0]
    assert (entry["status"], entry["rows_accepted"]) == ("landed", 2)
    assert "ingest.macros_ignored" in codes(entry)


def test_hidden_sheets_rows_and_columns_are_said(data_dir: DataDir) -> None:
    def fill(book, sheet) -> None:
        sheet.set_row(2, None, None, {"hidden": True})  # what a filter leaves behind
        sheet.set_column("B:B", None, None, {"hidden": True})
        hidden = book.add_worksheet("旧数据")
        hidden.write_row(0, 0, attacks.HEADER)
        hidden.write_row(1, 0, ("2026-01-05", "p9", "YB", 1000))
        hidden.hide()

    entry = load(data_dir, "hours.xlsx", attacks.workbook(fill))[0]
    assert landed_rows(data_dir, entry)["hours"].sum() == 15.5
    said = {reason["code"]: reason["details"] for reason in entry["reasons"]}
    assert said["ingest.hidden_sheets"]["sheets"] == "旧数据"
    assert said["ingest.hidden_rows"]["rows"] == 1
    assert said["ingest.hidden_columns"]["columns"] == 1


def _held(data_dir: DataDir, content: bytes, accepted: int) -> dict[int, str]:
    entry = load(data_dir, "hours.xlsx", content)[0]
    assert (entry["status"], entry["rows_accepted"]) == ("landed", accepted), entry["reasons"]
    rows = quarantined(data_dir)
    assert entry["rows_quarantined"] == rows.height
    return dict(rows.select("source_row", "reason").sort("source_row").iter_rows())


def test_errors_and_formulas_without_a_value_hold_their_rows_back(data_dir: DataDir) -> None:
    def fill(_book, sheet) -> None:
        for row, error in ((3, "#REF!"), (4, "#N/A"), (5, "#DIV/0!")):
            sheet.write_row(row, 0, ("2026-03-04", "p103", "YB"))
            sheet.write_formula(row, 3, "=1/0", None, error)
        sheet.write_row(6, 0, ("2026-03-05", "p103", "YB"))
        sheet.write_formula(6, 3, "=4+4", None, "")  # written by a program that does not calculate
        sheet.write_row(7, 0, ("2026-03-06", "p103", "YB"))
        sheet.write_formula(7, 3, "=4+4", None, 8)
        sheet.write_row(8, 0, ("2026-03-06", "#REF!", "YB", 1))  # somebody's text, which is no error
        sheet.write_formula(9, 9, "=1/0", None, "#REF!")  # beside the table: its row is empty, its column unmapped

    held = _held(data_dir, attacks.workbook(fill), accepted=4)
    assert list(held) == [4, 5, 6, 7]
    assert "#REF!" in held[4] and "#N/A" in held[5] and "#DIV/0!" in held[6]
    assert "formula without a value" in held[7] and "open" in held[7].lower() and "Excel" in held[7]


def test_errors_in_the_first_columns_of_a_table_that_begins_farther_right(data_dir: DataDir) -> None:
    def fill(_book, sheet) -> None:
        sheet.write_row(0, 2, attacks.HEADER)
        sheet.write_row(1, 2, ("2026-03-02", "p101", "YB", 8))
        sheet.write_row(2, 2, ("2026-03-03", "p101", "YB"))
        sheet.write_formula(2, 5, "=1/0", None, "#DIV/0!")
        sheet.write_row(3, 3, ("p101", "YB", 8))
        sheet.write_formula(3, 2, "=A1", None, "")
        sheet.write_blank(1, 0, None, _book.add_format({"bold": True}))  # a format is no cell

    stream = attacks.io.BytesIO()
    book = attacks.xlsxwriter.Workbook(stream, {"in_memory": True})
    fill(book, book.add_worksheet("工时"))
    book.close()
    held = _held(data_dir, stream.getvalue(), accepted=1)
    assert "工时" in held[3] and "#DIV/0!" in held[3]
    assert "日期" in held[4] and "without a value" in held[4]


def test_merged_data_cells_are_not_filled_down_and_said(data_dir: DataDir) -> None:
    def fill(_book, sheet) -> None:
        sheet.write_row(3, 0, ("2026-03-04", "p103", "YB", 8))
        sheet.write_row(4, 1, ("p104", "YB", 8))
        sheet.merge_range("A4:A5", "2026-03-04")

    entry = load(data_dir, "hours.xlsx", attacks.workbook(fill))[0]
    said = next(reason for reason in entry["reasons"] if reason["code"] == "ingest.merged_cells")
    assert (said["details"]["count"], said["details"]["rows"]) == (1, 1)
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (3, 1)  # the row without its day is held back


def test_texts_that_excel_stores_as_numbers(data_dir: DataDir) -> None:
    """000042 is read as shown; a number of 20 digits has lost five of them, and its row is held back."""

    def fill(book, sheet) -> None:
        padded = book.add_format({"num_format": "000000"})
        sheet.write_string(0, 4, "工号")
        sheet.write_number(1, 4, 42, padded)
        sheet.write_number(2, 4, 1234567, padded)
        sheet.write_row(3, 0, ("2026-03-04", "张三", "YB", 8, 12345678901234567890))
        sheet.write_row(4, 0, ("2026-03-05", "张三", "YB", 8, "12345678901234567890"))
        sheet.write_row(5, 0, ("2026-03-06", 12345678901234567890, "YB", 8, "007"))  # a name that no feed takes

    entry = load(data_dir, "hours.xlsx", attacks.workbook(fill))[0]
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (4, 1)
    assert landed_rows(data_dir, entry)["person"].to_list() == ["000042", "1234567", "12345678901234567890", "007"]
    held = quarantined(data_dir).row(0, named=True)
    assert held["source_row"] == 4 and held["column"] == "person" and "15 digits" in held["reason"]


@pytest.mark.parametrize("system", [False, True])
def test_dates_of_both_systems(data_dir: DataDir, system: bool) -> None:
    stream = attacks.io.BytesIO()
    book = attacks.xlsxwriter.Workbook(stream, {"in_memory": True, "date_1904": system})
    sheet = book.add_worksheet("工时")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, attacks.HEADER)
    sheet.write_datetime(1, 0, dt.datetime(2026, 3, 2), day)
    sheet.write_row(1, 1, ("p101", "YB", "7.5"))  # hours stored as text
    book.close()
    row = landed_rows(data_dir, load(data_dir, "hours.xlsx", stream.getvalue())[0])
    assert (row["work_date"][0], row["hours"][0]) == (dt.date(2026, 3, 2), 7.5)


def test_a_text_as_long_as_a_cell_may_be(data_dir: DataDir) -> None:
    def fill(_book, sheet) -> None:
        sheet.write_string(0, 4, "说明")
        sheet.write_string(1, 4, "长" * 32_767)

    entry = load(data_dir, "hours.xlsx", attacks.workbook(fill))[0]
    assert (entry["status"], entry["rows_accepted"]) == ("landed", 2)
