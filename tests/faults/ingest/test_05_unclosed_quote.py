"""Fault 5: an unclosed quote is refused at the line where it opens; the rest of the file is never swallowed."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import quarantined
from tests.faults.contents.ingest_rule import assert_refused_by_the_rule
from tests.ingest.exports import load

HEADER = "Date,Person,Project,Hours,Description\n"
GOOD = "2026-03-02,p101,YB,8,meeting\n"


@pytest.mark.parametrize("rows_after", [0, 1, 5_000])
@pytest.mark.parametrize("quoted_before", ["", '2026-03-02,p101,YB,8,"two\nlines"\n'])
def test_refused_at_the_line_where_it_opens(data_dir: DataDir, rows_after: int, quoted_before: str) -> None:
    content = HEADER + GOOD + quoted_before + '2026-03-03,p101,YB,8,"never closed\n' + GOOD * rows_after
    entry = assert_refused_by_the_rule(data_dir, "open.csv", content.encode(), "ingest.unclosed_quote")
    # header, one row, perhaps a record of two lines, then the quote
    assert entry["reasons"][0]["details"]["line"] == 3 + quoted_before.count("\n")
    assert (entry["rows_read"], entry["rows_accepted"]) == (0, 0)


def test_refused_in_the_header(data_dir: DataDir) -> None:
    content = 'Date,Person,Project,"Hours\n' + GOOD.replace(",meeting", "") * 20
    entry = assert_refused_by_the_rule(data_dir, "open.csv", content.encode(), "ingest.unclosed_quote")
    assert entry["reasons"][0]["details"]["line"] == 1


def test_a_quote_that_a_later_one_closes_holds_that_row_back(data_dir: DataDir) -> None:
    content = HEADER + '2026-03-03,p101,YB,8,"5" disk\n' + GOOD * 3
    entry = load(data_dir, "odd.csv", content)[0]
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_quarantined"]) == (4, 3, 1)
    assert quarantined(data_dir, entry["batch_id"])["source_row"].to_list() == [2]
