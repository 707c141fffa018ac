"""Fault 3: a workbook named .csv and a table named .xlsx are read as what they are."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from tests.faults.contents import workbook_attacks as attacks
from tests.faults.contents.ingest_rule import assert_original_kept
from tests.ingest.exports import TIMESHEET, landed_rows, load

_AS_EXPORTED = {"csv": TIMESHEET.encode(), "xlsx": attacks.workbook()}


@pytest.mark.parametrize(
    "name", ["hours.csv", "hours.CSV", "hours.txt", "hours", "hours.xml", "hours.json", "hours.zip"]
)
def test_a_workbook_by_any_name(data_dir: DataDir, name: str) -> None:
    entry = load(data_dir, name, _AS_EXPORTED["xlsx"])[0]
    assert (entry["status"], entry["rows_accepted"], entry["encoding"]) == ("landed", 2, "xlsx")
    assert landed_rows(data_dir, entry)["hours"].sum() == 15.5
    assert_original_kept(data_dir, _AS_EXPORTED["xlsx"])


@pytest.mark.parametrize("name", ["hours.xlsx", "hours.xls", "hours.xlsm", "hours.xml", "hours.json", "hours.zip"])
def test_a_table_by_any_name(data_dir: DataDir, name: str) -> None:
    entry = load(data_dir, name, _AS_EXPORTED["csv"])[0]
    assert (entry["status"], entry["rows_accepted"], entry["delimiter"]) == ("landed", 3, ",")
    assert landed_rows(data_dir, entry)["hours"].sum() == 19.5
    assert_original_kept(data_dir, _AS_EXPORTED["csv"])


def test_the_same_bytes_by_another_name_are_the_same_file(data_dir: DataDir) -> None:
    first = load(data_dir, "hours.xlsx", _AS_EXPORTED["xlsx"])[0]
    again = load(data_dir, "hours.csv", _AS_EXPORTED["xlsx"])[0]
    assert (again["status"], again["batch_id"]) == ("unchanged", first["batch_id"])
