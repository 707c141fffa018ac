"""Records, headers and delimiters of text tables: no row lost, none shifted, every line as an editor counts it."""

import random

import pytest

from models.errors import InputError
from pipeline.ingest.files.read import read_table
from pipeline.ingest.files.source import source_file
from pipeline.ingest.files.tables import TextTable
from pipeline.ingest.files.text.scanning import split_record


def _table(tmp_path, content: str | bytes, **options) -> TextTable:
    path = tmp_path / "export.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return TextTable.read(source_file(path), **options)


def _rows(table) -> list[tuple]:
    return [row for chunk in table.chunks() for row in chunk.rows()]


HEADER = "Date,Project,Hours\n"


def test_plain_table(tmp_path):
    table = _table(tmp_path, HEADER + "2026-01-05,P1,8\n2026-01-06,P2,\n")
    assert table.header == ("Date", "Project", "Hours")
    assert (table.delimiter, table.header_line, table.records) == (",", 1, 2)
    assert _rows(table) == [("2026-01-05", "P1", "8", 2), ("2026-01-06", "P2", None, 3)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path, delimiter):
    lines = [["Date", "Project", "Hours"], ["2026-01-05", "a b", "7.5"], ["2026-01-06", "c", "8"]]
    table = _table(tmp_path, "\n".join(delimiter.join(line) for line in lines))
    assert (table.delimiter, table.records) == (delimiter, 2)


def test_decimal_commas_do_not_make_a_delimiter(tmp_path):
    table = _table(tmp_path, "Date;Project;Hours;Amount\n" + "2026-01-05;P1;7,5;1,25\n" * 5)
    assert (table.delimiter, len(table.header)) == (";", 4)


def test_declared_delimiter(tmp_path):
    table = _table(tmp_path, "sep=;\r\nDate;Project;Hours\r\n2026-01-05;a,b,c;8\r\n")
    assert (table.delimiter, table.header_line, _rows(table)) == (";", 2, [("2026-01-05", "a,b,c", "8", 3)])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_quoted_breaks(tmp_path, end):
    content = f'Key,Summary{end}A-1,"one{end}two ""x"", three"{end}A-2,plain{end}'
    table = _table(tmp_path, content)
    assert _rows(table) == [("A-1", f'one{end}two "x", three', 2), ("A-2", "plain", 4)]


def test_mixed_line_ends_shift_nothing(tmp_path):
    table = _table(tmp_path, 'Key,Summary\rA-1,a\r\nA-2,"b\rc\nd\r\ne"\nA-3,c\r\n\r\nA-4,d')
    assert _rows(table) == [
        ("A-1", "a", 2),
        ("A-2", "b\rc\nd\r\ne", 3),
        ("A-3", "c", 7),  # the cell of line 3 ends on line 6
        ("A-4", "d", 9),  # line 8 is blank
    ]
    assert table.records == 4


def test_ragged_rows_are_held_back_with_line_and_text(tmp_path):
    table = _table(tmp_path, HEADER + "2026-01-05,P1,8\n2026-01-06,P1\n2026-01-07,P1,8,extra\n2026-01-08,P1,8\n")
    assert [(row.source_row, row.code, row.raw) for row in table.ragged] == [
        (3, "ingest.ragged_row", "2026-01-06,P1"),
        (4, "ingest.ragged_row", "2026-01-07,P1,8,extra"),
    ]
    assert table.ragged[0].reason == "The row has 2 cells and the header 3."
    rows = _rows(table)
    assert [row[-1] for row in rows] == [2, 5]
    assert table.records == len(rows) + len(table.ragged) == 4


def test_trailing_nameless_columns_are_tolerated(tmp_path):
    table = _table(tmp_path, "Date,Project,Hours,,\n2026-01-05,P1,8,,\n2026-01-06,P1,8,,\n")
    assert (table.records, table.ragged) == (2, [])
    table = _table(tmp_path, HEADER + "2026-01-05,P1,8,,\n2026-01-06,P1,8\n")
    assert _rows(table) == [("2026-01-05", "P1", "8", 2), ("2026-01-06", "P1", "8", 3)]
    table = _table(tmp_path, "Date,Project,Hours,,\n2026-01-05,P1,8\n2026-01-06,P1,8\n")
    assert (table.header, table.records, table.ragged) == (("Date", "Project", "Hours"), 2, [])


def test_quote_inside_a_plain_cell_is_text(tmp_path):
    table = _table(tmp_path, 'Key,Summary,Status\nA-1,5" disk,Open\nA-2,a ""b"" c,Open\nA-3, "x,y" ,Open\n')
    assert _rows(table) == [("A-1", '5" disk', "Open", 2), ("A-2", 'a ""b"" c', "Open", 3), ("A-3", "x,y", "Open", 4)]


def test_text_after_a_closing_quote_holds_that_row_back(tmp_path):
    table = _table(tmp_path, 'Key,Summary,Status\nA-1,"5" disk,Open\nA-2,b,Open\n')
    assert [(row.source_row, row.code) for row in table.ragged] == [(2, "ingest.broken_quote")]
    assert [row[0] for row in _rows(table)] == ["A-2"]


@pytest.mark.parametrize("following", ["A-3,c,Open\n" * 3, 'A-3,"c",Open\n' * 3, '"A-3","c","Open"\n' * 3])
def test_unclosed_quote_is_refused_at_its_line(tmp_path, following):
    content = 'Key,Summary,Status\nA-1,"a\nb",Open\nA-2,"never closed,Open\n' + following
    with pytest.raises(InputError) as caught:
        _table(tmp_path, content)
    assert caught.value.code == "ingest.unclosed_quote"
    assert caught.value.details["line"] == 4  # line 2 to 3 is one record; the quote opens on the next


def test_preamble_totals_and_footer_are_left_out_by_rule(tmp_path):
    content = (
        "工时统计表\n统计日期:2026-01-01 至 2026-01-31\n\n日期,姓名,项目,工时\n"
        "2026-01-05,张三,P1,8\n2026-01-06,李四,合计,4\n小计,,,12\n合 计,,,12\n,,,\n制表人:王五\n打印日期:2026-02-01,,,\n"
    )
    table = _table(tmp_path, content)
    assert [(row.line, row.rule) for row in table.left_out] == [
        (1, "preamble"), (2, "preamble"), (7, "total_row"), (8, "total_row"), (9, "empty_row"), (10, "footer"), (11, "footer"),
    ]  # fmt: skip
    # A project named 合计 is data: its row does not open with that word.
    assert [row[-1] for row in _rows(table)] == [5, 6]
    assert (table.header_line, table.records, table.ragged) == (4, 2, [])


@pytest.mark.parametrize(
    "last", ["Total,,,16.5", "Total", "Grand Total:,,,16.5", "Generated at 2026-01-31 10:00", "TOTAL,,,16.5"]
)
def test_last_rows(tmp_path, last):
    table = _table(tmp_path, f"Date,User,Project,Hours\n2026-01-05,u1,P1,8\n2026-01-06,u1,P1,8.5\n{last}\n")
    assert (table.records, len(table.left_out), table.ragged) == (2, 1, [])


def test_a_summary_that_reads_total_is_data(tmp_path):
    table = _table(
        tmp_path, "Summary,Issue key,Status,Issue Type\nTotal,A-1,Open,Bug\nTotal amounts differ,A-2,Open,Bug\n"
    )
    assert (table.records, table.left_out) == (2, [])


def test_ledger_lines_that_are_no_entries(tmp_path):
    content = (
        "核算单位:某公司,,,,,\n期间:2026.01-2026.02,,,,,\n日期,凭证号数,科目编码,摘要,借方,贷方\n"
        ",,5401,期初余额,100.00,\n2026.01.31,记-0012,5401,采购服务器,200.00,\n,,5401,本月合计,200.00,\n,,5401,本年累计,300.00,\n"
        "2026.02.01,记-0001,5401,承前页,,\n2026.02.02,记-0002,5401,本月合计数核对,1.00,\n"
    )
    table = _table(tmp_path, content)
    assert [row[1] for row in _rows(table)] == ["记-0012", "记-0002"]
    assert [row.rule for row in table.left_out] == ["preamble"] * 2 + ["ledger_total"] * 4
    assert table.header_line == 3


def test_two_header_rows_are_joined(tmp_path):
    content = "2026年,,凭证号数,摘要,借方,贷方\n月,日,,,,\n1,31,记-1,采购,5.00,\n"
    table = _table(tmp_path, content)
    assert table.header == ("2026年月", "2026年日", "凭证号数", "摘要", "借方", "贷方")
    content = "科目编码,科目名称,期末余额,,本期发生,\n,,借方,贷方,借方,贷方\n5401,成本,1,2,3,4\n"
    table = _table(tmp_path, content)
    assert table.header == ("科目编码", "科目名称", "期末余额借方", "期末余额贷方", "本期发生借方", "本期发生贷方")
    assert [(row.line, row.rule) for row in table.left_out] == [(2, "second_header")]


def test_repeated_names_are_kept(tmp_path):
    table = _table(tmp_path, "Issue key,Labels,Labels,labels\nA-1,a,b,c\n")
    assert table.header == ("Issue key", "Labels", "Labels", "labels")


def test_header_only_and_no_header(tmp_path):
    with pytest.raises(InputError) as caught:
        _table(tmp_path, HEADER)
    assert (caught.value.code, caught.value.details["line"]) == ("ingest.header_only", 1)
    with pytest.raises(InputError) as caught:
        _table(tmp_path, "1,2,3\n4,5,6\n7,8,9\n")
    assert caught.value.code == "ingest.no_header"


def test_text_stays_text(tmp_path):
    values = ["007", "12345678901234567890", "1.2E+05", "1.0", "true", "=1+1"]
    table = _table(tmp_path, "Key,Version\n" + "".join(f"A-1,{value}\n" for value in values))
    assert [row[1] for row in _rows(table)] == values


@pytest.mark.whole  # megabytes
def test_large_cells_and_many_columns(tmp_path):
    big = "x" * 3_000_000
    table = _table(tmp_path, f'Key,Summary\nA-1,"{big}"\nA-2,b\n')
    assert [len(row[1]) for row in _rows(table)] == [3_000_000, 1]
    wide = ",".join(f"c{index}" for index in range(16_000))
    with pytest.raises(InputError) as caught:
        _table(tmp_path, f"{wide}\n{wide}\n")
    assert (caught.value.code, caught.value.details["columns"]) == ("ingest.too_many_columns", 16_000)


def test_chosen_columns_and_raw_text(tmp_path):
    table = _table(tmp_path, 'Key,Summary,Status\nA-1,"x, y",Open\nA-2,b,Done\n')
    (chunk,) = table.chunks([2, 0])
    assert chunk.columns == ["c0", "c2", "source_row"]
    assert table.raw_text([2]) == {2: 'A-1,"x, y",Open'}


def test_line_breaks_inside_quotes_in_many_rows(tmp_path):
    rows = 200_000
    content = "Key,Summary\n" + "".join(f'A-{n},"line one\nline, two"\n' for n in range(rows))
    table = _table(tmp_path, content, block_bytes=1 << 20)
    last = 0
    counted = 0
    for chunk in table.chunks():
        counted += len(chunk)
        last = chunk["source_row"][-1]
    assert table.records == counted == rows
    assert last == 2 + 2 * (rows - 1)  # every record takes two lines, the header one


def _written(cell: str, delimiter: str, how: random.Random) -> str:
    if any(mark in cell for mark in (delimiter, '"', "\n", "\r")) or how.random() < 0.3:
        return '"' + cell.replace('"', '""') + '"'
    return cell


@pytest.mark.parametrize("seed", range(60))
def test_any_dialect_reads_back(tmp_path, seed):
    """A table written in a random dialect, cut into blocks at random, is read back cell for cell, with its lines."""
    how = random.Random(seed)
    delimiter = how.choice(",;\t|")
    pieces = ["a", "工时", " ", "1,5", ";", "|", '"', '""', "\n", "\r\n", "\r", "é", "x y", "7"]
    width = how.randint(2, 5)
    header = ["Issue key", "Summary", "Status", "Priority", "Assignee"][:width]
    rows = [
        ["k" + "".join(how.choices(pieces, k=how.randint(0, 4))) + "z"]
        + ["".join(how.choices(pieces, k=how.randint(0, 4))) for _ in range(width - 1)]
        for _ in range(how.randint(3, 40))
    ]
    content, line, lines = delimiter.join(header) + "\n", 2, []
    for row in rows:
        text = delimiter.join(_written(cell, delimiter, how) for cell in row)
        end = how.choice(["\n", "\r\n"]) if seed % 2 else how.choice(["\r\n", "\n", "\r\n"])
        content += text + end
        lines.append(line)
        body = (text + end).replace("\r\n", "\n").replace("\r", "\n")
        line += body.count("\n")
    encoding = how.choice(["utf-8", "utf-8-sig", "utf-16"])
    table = _table(tmp_path, content.encode(encoding), block_bytes=how.choice([16, 64, 0]))
    expected = [(*(cell or None for cell in row), line) for row, line in zip(rows, lines, strict=True)]
    assert _rows(table) == expected
    assert (table.records, table.ragged) == (len(rows), [])


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a,b", ["a", "b"]),
        ("a,", ["a", ""]),
        ("", [""]),
        (",,", ["", "", ""]),
        ('"a,b",c', ["a,b", "c"]),
        ('"a""b",c', ['a"b', "c"]),
        (' "a" ,c', ["a", "c"]),
        ('5" x,c', ['5" x', "c"]),
        ('"",x', ["", "x"]),
    ],
)
def test_split_record(text, cells):
    assert split_record(text, ",") == cells


def test_refused_kinds_have_their_own_words(tmp_path):
    path = tmp_path / "jira.csv"
    path.write_bytes(b"<!DOCTYPE html><html><title>Log in</title></html>")
    with pytest.raises(InputError) as caught:
        read_table(source_file(path))
    assert caught.value.code == "ingest.html_page"
