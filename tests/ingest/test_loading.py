"""Loading as a whole: two at once, a fault of ours, reports in the shape that the command line prints."""

from __future__ import annotations

import datetime as dt
import json
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import batches, load_paths
from pipeline.ingest import open as opening
from pipeline.ingest.landing import staging
from pipeline.ingest.landing.staging import query_files
from tests.forked import ended, forked
from tests.ingest.exports import TIMESHEET, as_json, codes, jira_issue, landed_rows, load

REPORTED = {
    "file", "feed", "batch_id", "encoding", "delimiter", "date_format", "columns_mapped", "columns_unmapped",
    "rows_read", "rows_accepted", "rows_quarantined", "rows_duplicate", "status", "reasons", "left_out",
}  # fmt: skip


def test_reports_have_one_shape_whatever_became_of_the_file(data_dir: DataDir) -> None:
    entries = [
        load(data_dir, "hours.csv", TIMESHEET)[0],
        load(data_dir, "hours.csv", TIMESHEET)[0],
        load(data_dir, "page.csv", "<html></html>")[0],
        load(data_dir, "issue.json", as_json(jira_issue("A-1")))[0],
    ]
    assert [entry["status"] for entry in entries] == ["landed", "unchanged", "refused", "landed"]
    for entry in entries:
        assert entry.keys() >= REPORTED
        assert entry["rows_read"] == entry["rows_accepted"] + entry["rows_quarantined"] + entry["rows_duplicate"]
        json.dumps(entry)


def test_a_database_that_broke_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """All questions to staged files go to one database in memory; after an internal error DuckDB answers nothing more there."""

    class Broken:
        def cursor(self) -> None:
            raise duckdb.FatalException("the database has been invalidated")

    staging._database.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(staging.duckdb, "connect", lambda *_args, **_named: Broken())
        with pytest.raises(duckdb.FatalException):
            query_files("select 1 as number")
    assert query_files("select cast(? as integer) + 1 as number", 41).item() == 42


def load_and_say(root: Path, path: Path, say: Connection) -> None:
    say.send(load_paths(DataDir(root), [path])[0].status)


def test_two_processes_with_the_same_file_land_it_once(data_dir: DataDir, tmp_path: Path) -> None:
    path = tmp_path / "hours.csv"
    path.write_text(TIMESHEET)
    pipes = [Pipe(duplex=False) for _ in range(2)]
    both = [forked(load_and_say, data_dir.root, path, telling) for _, telling in pipes]
    assert [ended(process) for process in both] == [0, 0]
    said = sorted(told.recv() for told, _ in pipes)
    assert said == ["landed", "unchanged"]
    assert len(batches(data_dir)) == 1
    assert len(list((data_dir.landing / "worklogs").iterdir())) == 1


def test_a_fault_of_ours_stops_no_other_file_and_shows_nothing(
    data_dir: DataDir, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    def broken(*_args: object) -> None:
        raise ValueError("secret-in-a-traceback")

    monkeypatch.setattr(opening, "text_table", broken)
    entry = load(data_dir, "hours.csv", TIMESHEET)[0]
    assert entry["status"] == "refused" and codes(entry) == ["ingest.unexpected"]
    assert "secret" not in json.dumps(entry) and entry["reasons"][0]["details"]["error_id"] in caplog.text


def test_all_rows_unreadable_refuses_and_says_why(data_dir: DataDir) -> None:
    entry = load(data_dir, "hours.csv", "Date,Person,Project,Hours\n2026-03-02,p1,YB,99\n2026-03-02,p1,YB,98\n")[0]
    assert entry["status"] == "refused" and codes(entry) == ["ingest.no_row_accepted"]
    assert "Line 2" in entry["reasons"][0]["message"] and "99 hours" in entry["reasons"][0]["message"]


def test_project_for_rows_that_name_none(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hours\n2026-03-02,p1,,8\n2026-03-02,p1,OTHER,8\n"
    entry = load(data_dir, "hours.csv", content, project="YB")[0]
    assert landed_rows(data_dir, entry)["project"].to_list() == ["YB", "OTHER"]
    assert batches(data_dir)[0].project_hint == "YB"


def test_undecided_dates_are_asked_about(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hours\n01/02/2026,p1,YB,8\n03/04/2026,p1,YB,8\n"
    refused = load(data_dir, "hours.csv", content)[0]
    assert refused["status"] == "refused" and codes(refused) == ["ingest.date_order_undecided"]
    assert "--date-order" in refused["reasons"][0]["message"]
    entry = load(data_dir, "hours.csv", content, date_order="dmy")[0]
    assert landed_rows(data_dir, entry)["work_date"].to_list() == [dt.date(2026, 2, 1), dt.date(2026, 4, 3)]


def test_a_day_given_for_a_report_without_one(data_dir: DataDir) -> None:
    content = "SF:src/pay/a.c\nDA:1,1\nend_of_record\n"
    entry = load(data_dir, "lcov.info", content, measured_on=dt.date(2026, 2, 3), project="YB")[0]
    row = landed_rows(data_dir, entry).row(0, named=True)
    assert (row["measured_on"], row["project"], row["module"]) == (dt.date(2026, 2, 3), "YB", "pay")


def test_an_error_page_after_the_rows_is_held(data_dir: DataDir) -> None:
    entry = load(data_dir, "hours.csv", TIMESHEET + "<html><body>502 Bad Gateway</body></html>\n")[0]
    assert entry["status"] == "held" and codes(entry)[0] == "ingest.error_page_inside"
    assert entry["rows_accepted"] == 3


def test_every_sheet_that_is_known_is_read_and_the_others_are_said(data_dir: DataDir, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for month, day in (("January", "2026-01-05"), ("February", "2026-02-05")):
            sheet = book.add_worksheet(month)
            sheet.write_row(0, 0, ["Date", "Person", "Project", "Hours"])
            sheet.write_row(1, 0, [day, "p1", "YB", 8])
        book.add_worksheet("Notes").write_row(0, 0, ["Remember", "the", "milk"])
    entry = load(data_dir, "book.xlsx", path.read_bytes())[0]
    assert (entry["rows_accepted"], entry["sheet"]) == (2, "January, February")
    assert "ingest.sheet_left_out" in codes(entry)
    assert entry["covers"]["from"] == "2026-01-05" and entry["covers"]["to"] == "2026-02-05"
