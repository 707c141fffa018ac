"""Fault 14: a cell of 3 MB, 16,000 columns, millions of rows: a plain message, or memory that stays bounded."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import xlsxwriter

from models.builds.data_dir import DataDir
from pipeline.ingest import quarantined
from tests.conftest import REPOSITORY
from tests.faults.contents import workbook_attacks as attacks
from tests.faults.contents.ingest_rule import assert_refused_by_the_rule
from tests.ingest.exports import landed_rows, load

_LARGE = "x" * (3 << 20)
ROWS = 300_000  # a million take 20 s and more on two busy cores; the memory of five million is measured by hand (see below)
# Five million rows (113 MB) took 1,175 MB, measured 2026-11-22; 2 GB are allowed. These rows took 660 on one machine and
# 1,031 on another of the same kind: how much memory the allocator keeps is not ours.
MOST_MEGABYTES = 1_500


def test_a_cell_that_no_feed_takes_may_be_large(data_dir: DataDir) -> None:
    entry = load(
        data_dir, "hours.csv", f"Date,Person,Project,Hours,What\n2026-03-02,p1,YB,8,{_LARGE}\n2026-03-03,p1,YB,7,x\n"
    )[0]
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (2, 0)


@pytest.mark.parametrize(("column", "most"), [("Person", 4_000), ("Description", 1_000_000)])
def test_a_large_cell_that_counts_holds_its_row_back(data_dir: DataDir, column: str, most: int) -> None:
    cells = {"Date": "2026-03-02", "Person": "p1", "Project": "YB", "Hours": "8", "Description": "ok"} | {
        column: _LARGE
    }
    text = ",".join(cells) + "\n" + ",".join(cells.values()) + "\n2026-03-03,p1,YB,7,ok\n"
    entry = load(data_dir, "hours.csv", text)[0]
    assert (entry["status"], entry["rows_accepted"], entry["rows_quarantined"]) == ("landed", 1, 1), entry["reasons"]
    assert landed_rows(data_dir, entry)["hours"].to_list() == [7.0]
    held = quarantined(data_dir).row(0, named=True)
    assert held["source_row"] == 2 and "3145728 characters" in held["reason"] and str(most) in held["reason"]
    assert len(held["value"]) < 1_000


def test_a_cell_as_long_as_its_column_allows_is_kept(data_dir: DataDir) -> None:
    text = f"Date,Person,Project,Hours,Description\n2026-03-02,{'长' * 4_000},YB,8,{'长' * 100_000}\n"
    entry = load(data_dir, "hours.csv", text)[0]
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (1, 0)


def test_16000_columns(data_dir: DataDir) -> None:
    names = ["Date", "Person", "Project", "Hours", *(f"c{number}" for number in range(16_000))]
    content = ",".join(names) + "\n" + "2026-03-02,p101,YB,8" + ",1" * 16_000 + "\n"
    entry = assert_refused_by_the_rule(data_dir, "wide.csv", content.encode(), "ingest.too_many_columns")
    assert entry["reasons"][0]["details"] | {"file": ""} == {"file": "", "line": 1, "columns": 16_004, "limit": 4_096}


def test_16000_columns_of_a_workbook(data_dir: DataDir, tmp_path: Path) -> None:
    path = tmp_path / "wide.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("S")
    sheet.write_row(0, 0, [*attacks.HEADER, *(f"c{number}" for number in range(16_000))])
    sheet.write_row(1, 0, attacks.ROWS[0])
    book.close()
    assert_refused_by_the_rule(data_dir, "wide.xlsx", path.read_bytes(), "ingest.workbook_too_large")


def test_a_header_of_3_megabytes(data_dir: DataDir) -> None:
    load(data_dir, "before.csv", "Date,Person,Project,Hours\n2026-03-01,p1,YB,1\n")
    content = f"{_LARGE},Date,Person,Project,Hours\n1,2026-03-02,p101,YB,8\n"
    assert_refused_by_the_rule(data_dir, "header.csv", content.encode(), "ingest.long_header")


def test_many_rows_in_bounded_memory(tmp_path: Path) -> None:
    """In a process of its own, whose largest memory is told by the system. `ROWS` can be raised by hand."""
    export = tmp_path / "hours.csv"
    with export.open("w") as file:
        file.write("Date,Person,Project,Hours\n")
        for begin in range(0, ROWS, 50_000):
            numbers = range(begin, min(begin + 50_000, ROWS))
            file.write("".join(f"2025-{1 + n % 12:02d}-{1 + n % 28:02d},p{n},Y,8\n" for n in numbers))
    program = textwrap.dedent(
        """
        import json, os, resource, sys
        from pathlib import Path
        if hasattr(os, "sched_setaffinity"):  # two cores are the machine: threads hold memory each
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
        from models.builds.data_dir import DataDir
        from pipeline.ingest import load_paths
        entry = load_paths(DataDir(Path(sys.argv[1])), [Path(sys.argv[2])])[0]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({"peak": peak, "status": entry.status, "accepted": entry.rows_accepted}))
        """
    )
    (tmp_path / "data").mkdir()
    command = [sys.executable, "-c", program, str(tmp_path / "data"), str(export)]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    told = json.loads(ran.stdout)
    assert (told["status"], told["accepted"]) == ("landed", ROWS)
    peak = told["peak"] >> (20 if sys.platform == "darwin" else 10)
    assert peak < MOST_MEGABYTES
