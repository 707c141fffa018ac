"""Fault 6: line breaks inside quotes and 200,000 rows give the exact count; CR, CRLF and LF mixed, and NUL, shift no row."""

from __future__ import annotations

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest.files.source import source_file
from pipeline.ingest.files.tables import TextTable
from tests.faults.contents.ingest_rule import assert_refused_by_the_rule
from tests.ingest.exports import landed_rows, load

HEADER = "Date,Person,Project,Hours,Description"


def test_two_hundred_thousand_rows_with_breaks_inside(tmp_path) -> None:
    rows = 200_000
    path = tmp_path / "many.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(HEADER + "\r\n")
        for number in range(rows):
            text = f'"line one\nline ""two"", {number}\r\nthree"' if number % 3 == 0 else f"plain {number}"
            out.write(f"2026-03-02,p{number},YB,8,{text}\r\n")
    table = TextTable.read(source_file(path))
    assert table.records == rows and not table.ragged
    frames = list(table.chunks([1, 4]))
    assert sum(frame.height for frame in frames) == rows
    whole = pl.concat(frames)
    # every row still has its own person and text: none was shifted into another
    numbers = pl.int_range(rows, eager=True)
    assert (whole["c1"] == pl.select(pl.concat_str(pl.lit("p"), numbers)).to_series()).all()
    assert whole["c4"][3] == 'line one\nline "two", 3\r\nthree'
    # each record of three lines moves those after it by two: line of record n is 2 + n + 2 × ceil(n / 3)
    assert whole["source_row"][199_999] == 2 + 199_999 + 2 * 66_667


@pytest.mark.parametrize("ends", [("\n",), ("\r\n",), ("\r",), ("\n", "\r\n", "\r")])
def test_line_ends_of_every_kind_and_mixed(data_dir: DataDir, ends: tuple[str, ...]) -> None:
    rows = [f'2026-03-0{day},p{day},YB,{day},"a{ends[day % len(ends)]}b"' for day in range(1, 8)]
    content = HEADER + ends[0]
    for index, row in enumerate(rows):
        content += row + ends[index % len(ends)]
    entry = load(data_dir, "mixed.csv", content)[0]
    assert (entry["rows_read"], entry["rows_accepted"]) == (7, 7)
    landed = landed_rows(data_dir, entry)
    assert landed["person"].to_list() == [f"p{day}" for day in range(1, 8)]
    assert landed["hours"].to_list() == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    # a record takes two lines, its own and the one that its break begins
    assert landed["source_row"].to_list() == [2, 4, 6, 8, 10, 12, 14]


def test_a_nul_byte_is_named_with_its_line(data_dir: DataDir) -> None:
    content = (HEADER + "\n2026-03-02,p1,YB,8,ok\n2026-03-03,p2,YB,8,a\0b\n").encode()
    entry = assert_refused_by_the_rule(data_dir, "nul.csv", content, "ingest.nul_byte")
    assert entry["reasons"][0]["details"]["line"] == 3


def test_a_cell_of_28_000_characters_and_213_columns(data_dir: DataDir) -> None:
    wide = [f"Custom field (F{number})" for number in range(208)]
    long = '词,"\n' * 7_000
    cell = '"' + long.replace('"', '""') + '"'
    content = ",".join([*HEADER.split(","), *wide]) + "\n"
    content += ",".join(["2026-03-02", "p1", "YB", "8", cell, *["x"] * 208]) + "\n"
    content += ",".join(["2026-03-03", "p2", "YB", "4", "short", *[""] * 208]) + "\n"
    entry = load(data_dir, "wide.csv", content, feed="worklogs")[0]
    assert (entry["rows_read"], entry["rows_accepted"]) == (2, 2)
    assert landed_rows(data_dir, entry)["description"][0] == long.strip()
