"""Fault 4: ragged rows are held back with their line; accepted and held back add up to an independent count."""

from __future__ import annotations

from models.builds.data_dir import DataDir
from pipeline.ingest import quarantined
from tests.faults.contents.ingest_rule import assert_original_kept, audit_lines
from tests.ingest.exports import landed_rows, load

RAGGED = (
    "Date,Person,Project,Hours\n"
    "2026-03-02,p101,YB,8\n"
    "2026-03-02,p102,YB\n"  # line 3: a cell is missing
    "2026-03-03,p101,YB,7,5\n"  # line 4: a decimal comma made two cells of one
    "2026-03-03,p102,YB,4\n"
)


def test_ragged_rows(data_dir: DataDir) -> None:
    entry = load(data_dir, "ragged.csv", RAGGED)[0]
    independent = RAGGED.count("\n") - 1  # lines less the header
    assert entry["rows_read"] == independent == 4
    assert (entry["rows_accepted"], entry["rows_quarantined"], entry["rows_duplicate"]) == (2, 2, 0)
    assert landed_rows(data_dir, entry)["source_row"].to_list() == [2, 5]
    held = quarantined(data_dir, entry["batch_id"])
    assert held.select("source_row", "raw").rows() == [(3, "2026-03-02,p102,YB"), (4, "2026-03-03,p101,YB,7,5")]
    assert "cells" in held["reason"][0]
    message = entry["reasons"][0]["message"]
    assert "ragged.csv" in message and "line 3" in message and "load it again" in message
    assert_original_kept(data_dir, RAGGED.encode())
    assert audit_lines(data_dir, "load")[0]["details"]["rows_quarantined"] == 2


def test_one_good_row_of_three_is_one_row(data_dir: DataDir) -> None:
    """The file that a sniffer turned into one row without a word."""
    content = "Date,Person,Project,Hours\n2026-03-02,p101\n2026-03-02,p102,YB,8\n2026-03-03,p103,YB,8,x,y\n"
    entry = load(data_dir, "three.csv", content)[0]
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_quarantined"]) == (3, 1, 2)


def test_the_mended_file_replaces_what_was_there(data_dir: DataDir) -> None:
    load(data_dir, "ragged.csv", RAGGED)
    mended = RAGGED.replace("p102,YB\n", "p102,YB,6\n").replace("YB,7,5", "YB,7.5")
    entry = load(data_dir, "ragged.csv", mended)[0]
    assert (entry["rows_read"], entry["rows_accepted"]) == (4, 4)
    assert "ingest.replaces_period" in [reason["code"] for reason in entry["reasons"]]
