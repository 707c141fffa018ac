"""Fault 18: an export that looks cut off is held for confirmation; one click makes it count."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import accept_batch, batches, redo_batch, undo_batch
from pipeline.ingest.contracts.reasons import Reason
from tests.faults.contents.ingest_rule import assert_original_kept, audit_lines, hours_landed
from tests.ingest.exports import TIMESHEET, codes, load

ISSUES = "Issue key,Summary,Issue Type,Status,Created,Updated\n"
HEADER = "Date,Person,Project,Hours\n"


def issues(count: int, updated: str = "2026-01-06") -> str:
    return ISSUES + "".join(f"YB-{key},a,Bug,Open,2026-01-05,{updated}\n" for key in range(1000, 1000 + count))


def week(each: float) -> str:
    return HEADER + "".join(f"2026-03-{day:02d},p{person},YB,{each}\n" for day in range(2, 7) for person in range(5))


CUT = {
    "exactly a thousand rows": ([], "jira.csv", issues(1000), "ingest.exactly_one_page"),
    "a web page inside": (
        [],
        "jira.csv",
        issues(20) + "<!DOCTYPE html>\n<html><title>Log in</title></html>\n",
        "ingest.error_page_inside",
    ),
    "a JSON error inside": ([], "hours.csv", TIMESHEET + '{"error":"timeout"}\n', "ingest.error_page_inside"),
    "a session that expired": ([], "hours.csv", TIMESHEET + "会话已过期\n", "ingest.error_page_inside"),
    "a gateway that gave up": ([], "hours.csv", TIMESHEET + "502 Bad Gateway\n", "ingest.error_page_inside"),
    "an unfinished last row": ([], "hours.csv", TIMESHEET + "2026-03-04,p1", "ingest.ends_inside_a_row"),
    "keys missing that the last one had": ([issues(50)], "jira.csv", issues(30, "2026-01-08"), "ingest.keys_gone"),
    "hours that fell": ([week(8)], "hours.csv", week(2), "ingest.total_of_days_jumped"),
    "hours that rose": ([week(0.1)], "hours.csv", week(6), "ingest.total_of_days_jumped"),
}


@pytest.mark.parametrize("case", CUT)
def test_it_is_held_and_counts_once_it_is_accepted(data_dir: DataDir, case: str) -> None:
    before, name, content, code = CUT[case]
    for number, earlier in enumerate(before):
        assert load(data_dir, f"before {number}.csv", earlier)[0]["status"] == "landed"
    landed = [batch.batch_id for batch in batches(data_dir)]
    entry = load(data_dir, name, content)[0]
    reason = entry["reasons"][0]
    assert (entry["status"], reason["code"]) == ("held", code), entry["reasons"]
    assert name in reason["message"] or "before 0.csv" in reason["message"]  # where
    assert "ccept" in reason["message"]  # what next
    assert Reason(code, reason["template"], reason["details"]).message == reason["message"]  # on screen, translated
    assert_original_kept(data_dir, content.encode())
    assert [line["subject"] for line in audit_lines(data_dir, "hold")] == [entry["batch_id"]]
    assert [batch.batch_id for batch in batches(data_dir) if batch.status == "landed"] == landed
    accept_batch(data_dir, entry["batch_id"])
    assert next(listed for listed in batches(data_dir) if listed.batch_id == entry["batch_id"]).status == "landed"
    assert len(audit_lines(data_dir, "accept")) == 1


def test_held_hours_do_not_count_until_somebody_says_so(data_dir: DataDir) -> None:
    load(data_dir, "week.csv", week(8))  # 25 rows of 8 h
    entry = load(data_dir, "week.csv", week(2))[0]
    assert hours_landed(data_dir) == 200
    accept_batch(data_dir, entry["batch_id"])
    assert hours_landed(data_dir) == 250  # both files are there; the warehouse counts the newer one
    undo_batch(data_dir, entry["batch_id"])
    assert hours_landed(data_dir) == 200
    redo_batch(data_dir, entry["batch_id"])  # was accepted once: nothing is asked again
    assert hours_landed(data_dir) == 250


def test_a_first_load_is_never_held_for_comparison(data_dir: DataDir) -> None:
    for name, content in (("hours.csv", week(8)), ("issues.csv", issues(300))):
        assert load(data_dir, name, content)[0]["status"] == "landed"


def test_the_next_export_of_a_growing_list_is_not_held(data_dir: DataDir) -> None:
    load(data_dir, "issues.csv", issues(300))
    entry = load(data_dir, "issues.csv", issues(1200, "2026-02-01"))[0]
    assert entry["status"] == "landed" and "ingest.same_keys" in codes(entry)


def test_the_worklogs_of_issues_that_were_cut_off_wait_with_them(data_dir: DataDir) -> None:
    header = "Issue key,Summary,Issue Type,Status,Created,Updated,Log Work\n"
    rows = [f"YB-{key},a,Bug,Open,2026-01-05,2026-01-06,;2026-01-05 10:00;p1;3600\n" for key in range(1000)]
    entries = load(data_dir, "jira.csv", header + "".join(rows))
    assert [(entry["feed"], entry["status"]) for entry in entries] == [("issues", "held"), ("worklogs", "held")]
    assert {codes(entry)[0] for entry in entries} == {"ingest.exactly_one_page"}
    assert hours_landed(data_dir) == 0
    for entry in entries:
        accept_batch(data_dir, entry["batch_id"])
    assert hours_landed(data_dir) == 1000
