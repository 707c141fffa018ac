"""Sheets of XLSX workbooks as text tables, and the guards in front of them."""

import datetime as dt
import io
import zipfile

import pytest
import xlsxwriter

from models.errors import InputError
from pipeline.ingest.files.read import read_table
from pipeline.ingest.files.source import ContentKind, source_file
from pipeline.ingest.files.workbooks.workbooks import sheet_names


def _workbook(path, sheets: dict[str, list[list]], hidden: tuple[str, ...] = (), merge: str | None = None):
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    minute = book.add_format({"num_format": "yyyy/m/d h:mm"})
    percent = book.add_format({"num_format": "0%"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.datetime):
                    sheet.write_datetime(number, column, cell, minute)
                elif isinstance(cell, dt.date):
                    sheet.write_datetime(number, column, dt.datetime.combine(cell, dt.time()), day)
                elif isinstance(cell, tuple):
                    sheet.write_number(number, column, cell[0], percent)
                elif isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write(number, column, cell)
        if merge:
            sheet.merge_range(merge, rows[0][2])
        if name in hidden:
            sheet.hide()
    book.close()
    return source_file(path)


HEADER = ["日期", "姓名", "工号", "工时", "WBS编码"]


def _rows(table) -> list[tuple]:
    return [row for chunk in table.chunks() for row in chunk.rows()]


def test_cells_come_as_a_person_reads_them(tmp_path):
    source = _workbook(
        tmp_path / "a.xlsx",
        {
            "工时": [
                ["2026年工时表"],
                [],
                [*HEADER, "比例", "开始", "是否"],
                [dt.date(2026, 1, 5), "张三", 1002, 7.5, "1.10", (0.2,), dt.datetime(2026, 1, 5, 13, 30), True],
                [dt.date(2026, 1, 6), "李四", "12345678901234567890", 8, "1.0", (1,), None, False],
                [dt.date(2026, 1, 7), "王五", 123456789012, 120000, "007", None, None, None],
                ["合计", None, None, 23.5],
                ["制表人:赵六"],
            ]
        },
    )
    table = read_table(source)
    assert (table.header_line, table.records, table.sheet, table.header[:2]) == (3, 3, "工时", ("日期", "姓名"))
    rows = _rows(table)
    assert rows[0][:7] == ("2026-01-05", "张三", "1002", "7.5", "1.10", "0.2", "2026-01-05 13:30:00")
    assert rows[1][:6] == ("2026-01-06", "李四", "12345678901234567890", "8", "1.0", "1")
    assert rows[2][2:5] == ("123456789012", "120000", "007")
    assert [row[-1] for row in rows] == [4, 5, 6]
    assert [(row.line, row.rule) for row in table.left_out] == [(1, "preamble"), (7, "total_row"), (8, "footer")]


def test_times_and_durations_are_clock_times(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("S")
    sheet.write_row(1, 1, HEADER)  # a table that does not begin in the first cell
    sheet.write_row(2, 1, ["2026-01-05", "u1", "1"])
    sheet.write_number(2, 4, 8.5 / 24, book.add_format({"num_format": "h:mm"}))
    sheet.write_row(3, 1, ["2026-01-06", "u1", "1"])
    sheet.write_number(3, 4, 26.5 / 24, book.add_format({"num_format": "[h]:mm"}))
    book.close()
    rows = _rows(read_table(source_file(path)))
    assert [(row[3], row[-1]) for row in rows] == [("8:30:00", 3), ("26:30:00", 4)]


def test_named_csv_it_is_still_a_workbook(tmp_path):
    source = _workbook(tmp_path / "a.csv", {"S": [HEADER, ["2026-01-05", "u1", "1", "8", "1"]]})
    assert source.kind is ContentKind.XLSX
    assert read_table(source).records == 1


def test_the_sheet_that_is_known_is_chosen_and_hidden_ones_are_not(tmp_path):
    rows = [["2026-01-05", "u1", "1", "8", "1"]]
    source = _workbook(
        tmp_path / "a.xlsx",
        {"封面": [["项目周报"]], "隐藏": [HEADER, *rows], "填报": [HEADER, *rows]},
        hidden=("隐藏",),
    )
    assert sheet_names(source) == ["封面", "填报"]
    table = read_table(source)
    assert table.sheet == "填报"
    assert [warning[0] for warning in table.warnings] == ["ingest.hidden_sheets", "ingest.other_sheets"]
    with pytest.raises(InputError) as caught:
        read_table(source, "隐藏")
    assert caught.value.code == "ingest.no_such_sheet"


def test_merged_header_over_two_rows(tmp_path):
    source = _workbook(
        tmp_path / "a.xlsx",
        {
            "余额": [
                ["科目编码", "科目名称", "期末余额", None],
                [None, None, "借方", "贷方"],
                ["5401", "工程施工", 100, 0],
            ]
        },
        merge="C1:D1",
    )
    table = read_table(source)
    assert table.header == ("科目编码", "科目名称", "期末余额借方", "期末余额贷方")
    assert _rows(table) == [("5401", "工程施工", "100", "0", 3)]


def test_empty_rows_keep_the_rows_after_them_in_place(tmp_path):
    source = _workbook(
        tmp_path / "a.xlsx", {"S": [HEADER, ["2026-01-05", "u", "1", "8", "1"], [], ["2026-01-06", "u", "1", "8", "1"]]}
    )
    assert [row[-1] for row in _rows(read_table(source))] == [2, 4]


def test_ledger_totals(tmp_path):
    header = ["日期", "凭证号数", "科目编码", "摘要", "借方", "贷方"]
    rows = [
        [None, None, "5401", "期初余额", 1, None],
        ["2026-01-31", "记-1", "5401", "采购", 2, None],
        [None, None, "5401", "本月合计", 2, None],
    ]
    table = read_table(_workbook(tmp_path / "a.xlsx", {"明细账": [header, *rows]}))
    assert (table.records, [row.rule for row in table.left_out]) == (1, ["ledger_total", "ledger_total"])


def test_header_only(tmp_path):
    with pytest.raises(InputError) as caught:
        read_table(_workbook(tmp_path / "a.xlsx", {"S": [HEADER]}))
    assert caught.value.code == "ingest.header_only"


def _with_part(source, name: str, change) -> bytes:
    """The workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(source.path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data) if entry.filename == name else data)
    return out.getvalue()


def test_one_cell_at_the_far_corner_is_refused_before_it_is_opened(tmp_path):
    source = _workbook(tmp_path / "a.xlsx", {"S": [HEADER]})
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    bomb = tmp_path / "bomb.xlsx"
    bomb.write_bytes(_with_part(source, "xl/worksheets/sheet1.xml", lambda data: data.replace(b"</sheetData>", far)))
    assert bomb.stat().st_size < 20_000
    with pytest.raises(InputError) as caught:
        read_table(source_file(bomb))
    assert caught.value.code == "ingest.workbook_too_large"
    assert "row 1048576, column 16384" in str(caught.value)


def test_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (100 << 20))
    with pytest.raises(InputError) as caught:
        read_table(source_file(path))
    assert caught.value.code == "ingest.workbook_unpacks_too_large"


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_damage_is_named(tmp_path, cut):
    source = _workbook(tmp_path / "a.xlsx", {"S": [HEADER, ["2026-01-05", "u", "1", "8", "1"]]})
    content = source.path.read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(content[: int(len(content) * cut)])
    with pytest.raises(InputError) as caught:
        read_table(source_file(path))
    assert caught.value.code.startswith("ingest.")


def test_broken_sheet_is_named(tmp_path):
    source = _workbook(tmp_path / "a.xlsx", {"S": [HEADER, ["2026-01-05", "u", "1", "8", "1"]]})
    path = tmp_path / "broken.xlsx"
    path.write_bytes(_with_part(source, "xl/worksheets/sheet1.xml", lambda data: data[: len(data) // 2]))
    with pytest.raises(InputError) as caught:
        read_table(source_file(path))
    assert caught.value.code in ("ingest.damaged_workbook", "ingest.header_only", "ingest.no_header")


def _sheet_of(tmp_path, cells: bytes, styles: bytes | None = None):
    """A workbook whose only sheet has this sheetData, as another program may write it."""
    source = _workbook(tmp_path / "a.xlsx", {"S": [HEADER, ["2026-01-05", "u", "1", "8", "1"]]})

    def changed(data: bytes) -> bytes:
        before, _, rest = data.partition(b"</sheetData>")
        return before + cells + b"</sheetData>" + rest

    path = tmp_path / "b.xlsx"
    path.write_bytes(_with_part(source, "xl/worksheets/sheet1.xml", changed))
    return source_file(path)


def test_a_number_that_another_program_wrote_with_all_its_digits_keeps_them(tmp_path):
    cells = (
        b'<row r="3"><c r="A3" t="str"><v>2026-01-06</v></c><c r="C3"><v>12345678901234567891</v></c>'
        b"<c r='D3'><v>8</v></c></row>"
    )
    table = read_table(_sheet_of(tmp_path, cells))
    assert _rows(table)[1][2] == "12345678901234567891"
    assert table.marks.is_empty()
    table.mapped({2: "person"}, [2])
    assert table.ragged == []


def test_zeros_after_the_fifteenth_digit_are_what_a_spreadsheet_lost(tmp_path):
    table = read_table(_sheet_of(tmp_path, b'<row r="3"><c r="C3"><v>1234567890123450000</v></c></row>'))
    table.mapped({2: "person"}, [2])
    assert [(row.source_row, row.code, row.column) for row in table.ragged] == [(3, "ingest.digits_lost", "person")]
    assert [row[-1] for row in _rows(table)] == [2]
    amounts = read_table(_sheet_of(tmp_path, b'<row r="3"><c r="D3"><v>1234567890123450000</v></c></row>'))
    amounts.mapped({3: "hours"}, [])  # a number is a number, however long
    assert amounts.ragged == []


def test_a_version_formatted_with_one_decimal_is_read_as_it_is_shown(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet, decimal = book.add_worksheet("S"), book.add_format({"num_format": "0.0"})
    sheet.write_row(0, 0, [*HEADER, "版本"])
    for row, version in ((1, 1), (2, 1.1), (3, 10)):
        sheet.write_row(row, 0, ["2026-01-05", "u", "1", 8, "1"])
        sheet.write_number(row, 5, version, decimal)
    book.close()
    assert [row[5] for row in _rows(read_table(source_file(path)))] == ["1.0", "1.1", "10.0"]


def test_cells_without_addresses_are_read(tmp_path):
    cells = b'<row><c t="str"><v>2026-01-06</v></c><c t="str"><v>u</v></c><c><v>1</v></c><c><v>8</v></c></row>'
    assert read_table(_sheet_of(tmp_path, cells)).records == 2


def test_a_large_sheet_is_read_from_its_file_chunk_by_chunk(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.ingest.files.workbooks.workbooks._HELD_IN_MEMORY", 0)
    rows = [["2026-01-05", f"u{number}", "1", number / 8, "1"] for number in range(500)]
    table = read_table(_workbook(tmp_path / "a.xlsx", {"S": [HEADER, *rows]}))
    assert table.answer is not None and table.records == 500
    assert [row[0] for row in (chunk.row(499) for chunk in table.chunks([1]))] == ["u499"]
    assert table.raw_text([3]) == {3: "2026-01-05\tu1\t1\t0.125\t1"}
