"""Fault 13: a bad value at row 50,002 holds back that row, not the file, and leaves no null."""

from __future__ import annotations

from models.builds.data_dir import DataDir
from pipeline.ingest import quarantined
from tests.faults.contents.ingest_rule import assert_original_kept
from tests.ingest.exports import landed_rows, load

ROWS = 60_000


def test_that_row_and_no_other(data_dir: DataDir) -> None:
    lines = [f"2026-03-{1 + number % 28:02d},p{number % 50},YB,8" for number in range(ROWS)]
    lines[50_002 - 2] = "2026-03-05,p7,YB,eight"  # the header is line 1
    content = "Date,Person,Project,Hours\n" + "\n".join(lines) + "\n"
    entry = load(data_dir, "hours.csv", content)[0]
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_quarantined"]) == (ROWS, ROWS - 1, 1)
    held = quarantined(data_dir).row(0, named=True)
    assert (held["source_row"], held["column"], held["value"]) == (50_002, "hours", "eight")
    assert held["raw"] == "2026-03-05,p7,YB,eight"
    rows = landed_rows(data_dir, entry)
    assert rows["hours"].null_count() == 0
    assert rows["hours"].sum() == 8 * (ROWS - 1)
    assert 50_002 not in rows["source_row"]
    assert "50002" in entry["reasons"][0]["message"].replace(",", "")
    assert_original_kept(data_dir, content.encode())
