"""Fault 12: leading zeros, identifiers of twenty digits, `1.2E+05` as Excel leaves it, version `1.0`: text stays text."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from tests.ingest.exports import landed_rows, load

CODES = [
    "007",
    "00000000000000000042",
    "12345678901234567890",
    "1.2E+05",
    "1.0",
    "1.10",
    "0x1F",
    "+86",
    "1,000",
    "２０",
]


@pytest.mark.parametrize("code", CODES)
def test_codes_keep_every_character(data_dir: DataDir, code: str) -> None:
    content = (
        "Issue key,Summary,Issue Type,Status,Created,Fix Version/s,Assignee,WBS code\n"
        f'"{code}","{code}",Bug,Open,2026-03-02,"{code}","{code}","{code}"\n'
        f"YB-2,b,Bug,Open,2026-03-02,2.0,p101,1.2\n"
    )
    entry = load(data_dir, "jira.csv", content, feed="issues")[0]
    row = landed_rows(data_dir, entry).sort("source_row").row(0, named=True)
    assert (row["issue_key"], row["summary"], row["assignee"], row["wbs_code"]) == (code, code, code, code)
    assert row["fix_versions"] == [code] or (code == "1,000" and row["fix_versions"] == ["1", "000"])


def test_a_column_of_numbers_is_still_text(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hours\n" + "".join(f"2026-03-02,000{n},0042,1\n" for n in range(1, 9))
    rows = landed_rows(data_dir, load(data_dir, "hours.csv", content)[0])
    assert rows["person"].to_list() == [f"000{n}" for n in range(1, 9)]
    assert set(rows["project"]) == {"0042"}


def test_keys_that_excel_has_spoiled_are_not_joined(data_dir: DataDir) -> None:
    """Two identifiers that Excel rounded to one text are two rows of one key: said, never counted as one."""
    content = (
        "Issue key,Summary,Issue Type,Status,Created\n1.2E+19,a,Bug,Open,2026-03-02\n1.2E+19,b,Bug,Open,2026-03-03\n"
    )
    entry = load(data_dir, "jira.csv", content, feed="issues")[0]
    assert entry["rows_read"] == 2
    assert entry["rows_accepted"] + entry["rows_quarantined"] + entry["rows_duplicate"] == 2
    assert entry["rows_quarantined"] == 1, entry["reasons"]
