"""Fault 16: the same file twice counts once; a corrected file replaces by the feed's rule and the old one can come back;
two identical ledger lines inside one file both count."""

from __future__ import annotations

from decimal import Decimal

from models.builds.data_dir import DataDir
from pipeline.ingest import batches, redo_batch, undo_batch
from tests.faults.contents.ingest_rule import hours_landed
from tests.ingest.exports import TIMESHEET, codes, landed_rows, load


def test_the_same_file_twice(data_dir: DataDir) -> None:
    first = load(data_dir, "march.csv", TIMESHEET)[0]
    again = load(data_dir, "another name.csv", TIMESHEET)[0]
    assert again["status"] == "unchanged" and again["batch_id"] == first["batch_id"]
    assert codes(again) == ["ingest.already_loaded"]
    assert batches(data_dir)[0].landed_at in again["reasons"][0]["message"]
    assert len(batches(data_dir)) == 1
    assert hours_landed(data_dir) == 8 + 7.5 + 4


def test_an_undone_file_says_how_to_have_it_back(data_dir: DataDir) -> None:
    batch = load(data_dir, "march.csv", TIMESHEET)[0]["batch_id"]
    undo_batch(data_dir, batch)
    again = load(data_dir, "march.csv", TIMESHEET)[0]
    assert again["status"] == "unchanged" and codes(again) == ["ingest.undone_before"]
    assert f"redo {batch}" in again["reasons"][0]["message"]
    assert hours_landed(data_dir) == 0
    redo_batch(data_dir, batch)
    assert hours_landed(data_dir) == 19.5  # 8 + 7.5 + 4


def test_a_corrected_file_says_what_it_replaces_and_the_old_one_can_come_back(data_dir: DataDir) -> None:
    old = load(data_dir, "march.csv", TIMESHEET)[0]["batch_id"]
    corrected = load(data_dir, "march.csv", TIMESHEET.replace(",8\n", ",6\n"))[0]
    reason = next(told for told in corrected["reasons"] if told["code"] == "ingest.replaces_period")
    assert reason["details"]["batch_id"] == old and reason["details"]["rows"] == 3
    assert "2026-03-02 to 2026-03-03" in reason["message"]
    undo_batch(data_dir, corrected["batch_id"])
    assert hours_landed(data_dir) == 19.5


def test_rows_with_the_sources_own_id_count_once(data_dir: DataDir) -> None:
    content = (
        "Worklog Id,Date,Person,Project,Hours\n"
        "1,2026-03-02,p101,YB,8\n"
        "1,2026-03-02,p101,YB,8\n"  # the same in every column, the id included
        "1,2026-03-02,p101,YB,4\n"  # the id is the same, the hours are not: not ours to judge
    )
    entry = load(data_dir, "tempo.csv", content, mapping={"Worklog Id": "source_id"})[0]
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_duplicate"]) == (3, 2, 1)


def test_two_identical_timesheet_rows_without_ids_are_two(data_dir: DataDir) -> None:
    entry = load(data_dir, "hours.csv", "Date,Person,Project,Hours\n2026-03-02,p1,YB,4\n2026-03-02,p1,YB,4\n")[0]
    assert (entry["rows_accepted"], entry["rows_duplicate"]) == (2, 0)


def test_two_identical_ledger_lines_are_both_kept(data_dir: DataDir) -> None:
    line = "2026-03-31,记-0012,5401,工程施工,差旅费,P1,500.10,\n"
    ledger = "日期,凭证号数,科目编码,科目名称,摘要,项目编码,借方,贷方\n" + line + line
    entry = load(data_dir, "ledger.csv", ledger)[0]
    assert (entry["rows_accepted"], entry["rows_duplicate"]) == (2, 0)
    assert landed_rows(data_dir, entry)["debit"].sum() == Decimal("1000.20")  # 2 × 500.10
