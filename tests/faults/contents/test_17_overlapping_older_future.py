"""Fault 17: overlapping periods, an older export after a newer one, rows from the future: the rule is stated and shown."""

from __future__ import annotations

import datetime as dt

from models.builds.data_dir import DataDir
from pipeline.ingest import LoadOptions, accept_batch, batches, undo_batch
from pipeline.ingest.contracts.reasons import Reason
from tests.faults.contents.ingest_rule import (
    assert_original_kept,
    audit_lines,
    hours_landed,
    landed_state,
    with_good_numbers,
)
from tests.ingest.exports import codes, load

HEADER = "Date,Person,Project,Hours\n"
ISSUES = "Issue key,Summary,Issue Type,Status,Created,Updated\n"


def today() -> dt.date:
    return LoadOptions().today()


def counted(data_dir: DataDir) -> dict:
    """What counts: batches that are landed, without those that are held."""
    return {batch: state for batch, state in landed_state(data_dir).items() if state[0] == "landed"}


def assert_held_by_the_rule(data_dir: DataDir, name: str, content: str, code: str) -> dict:
    before = counted(data_dir)
    entry = load(data_dir, name, content)[0]
    reason = entry["reasons"][0]
    assert (entry["status"], reason["code"]) == ("held", code), entry["reasons"]
    assert counted(data_dir) == before
    assert "ccept" in reason["message"]  # what next
    assert Reason(code, reason["template"], reason["details"]).message == reason["message"]
    assert_original_kept(data_dir, content.encode())
    assert audit_lines(data_dir, "hold")[-1]["subject"] == entry["batch_id"]
    return entry


def test_an_overlapping_period_says_whose_rows_give_way(data_dir: DataDir) -> None:
    load(data_dir, "march a.csv", HEADER + "2026-03-02,p1,YB,8\n2026-03-03,p1,YB,8\n")
    entry = load(data_dir, "march b.csv", HEADER + "2026-03-03,p1,YB,6\n2026-03-04,p1,YB,8\n")[0]
    assert entry["status"] == "landed"
    reason = next(told for told in entry["reasons"] if told["code"] == "ingest.replaces_period")
    assert (reason["details"]["rows"], reason["details"]["of"]) == (1, 2)
    assert "march a.csv" in reason["message"] and "2026-03-03 to 2026-03-04" in reason["message"]
    assert "Undo" in reason["message"]


def test_an_older_export_after_a_newer_one(data_dir: DataDir) -> None:
    new = ISSUES + "".join(f"YB-{key},a,Bug,Closed,2026-01-05,2026-03-20\n" for key in range(5))
    old = ISSUES + "".join(f"YB-{key},a,Bug,Open,2026-01-05,2026-03-06\n" for key in range(5))
    load(data_dir, "new.csv", new)
    entry = assert_held_by_the_rule(data_dir, "old.csv", old, "ingest.older_export")
    message = entry["reasons"][0]["message"]
    assert "new.csv" in message  # and both dates: midnight in Shanghai is 16:00 UTC of the day before
    assert "2026-03-19T16:00:00Z" in message and "2026-03-05T16:00:00Z" in message
    assert "the newest state counts" in message  # what will happen
    accept_batch(data_dir, entry["batch_id"])
    assert {batch.status for batch in batches(data_dir)} == {"landed"}


def test_one_row_from_the_future_among_many_is_flagged(data_dir: DataDir) -> None:
    good = [f"2026-03-{1 + number % 28:02d},p{number % 20},YB,1\n" for number in range(200)]
    ahead = today() + dt.timedelta(days=3)
    entry = load(data_dir, "hours.csv", HEADER + "".join(good) + f"{ahead},p1,YB,1\n")[0]
    assert (entry["status"], entry["rows_accepted"]) == ("landed", 201)
    reason = next(told for told in entry["reasons"] if told["code"] == "ingest.in_the_future")
    assert (reason["details"]["rows"], reason["details"]["line"]) == (1, 202)  # line 1 is the header
    assert str(ahead) in reason["message"] and str(today()) in reason["message"]
    check = next(told for told in entry["checks"] if told["code"] == "ingest.in_the_future")
    assert (check["severity"], check["rows_checked"], check["rows_failed"], check["first_line"]) == (
        "flag",
        201,
        1,
        202,
    )


def test_many_rows_from_the_future_hold_the_batch(data_dir: DataDir) -> None:
    with_good_numbers(data_dir)
    ahead = today() + dt.timedelta(days=10)
    content = HEADER + "".join(f"{ahead},p{number},YC,8\n" for number in range(6)) + f"{today()},p1,YC,8\n"
    entry = assert_held_by_the_rule(data_dir, "hours.csv", content, "ingest.many_in_the_future")
    assert (entry["reasons"][0]["details"]["ahead"], entry["reasons"][0]["details"]["rows"]) == (6, 7)
    assert hours_landed(data_dir) == 19.5
    undo_batch(data_dir, entry["batch_id"])
    assert hours_landed(data_dir) == 19.5


def test_an_issue_created_tomorrow_and_a_plan_for_next_year(data_dir: DataDir) -> None:
    """Plans lie in the future and are no fault; what has happened is one."""
    header = "Issue key,Summary,Issue Type,Status,Created,Updated,Due date\n"
    rows = [f"YB-{key},a,Bug,Open,2026-01-05,2026-01-06,{today().year + 1}-06-30\n" for key in range(200)]
    assert "ingest.in_the_future" not in codes(load(data_dir, "plan.csv", header + "".join(rows))[0])
    later = today() + dt.timedelta(days=4)
    rows[7] = f"YB-7,a,Bug,Open,{later},{later},\n"
    entry = load(data_dir, "issues.csv", header + "".join(rows))[0]
    assert entry["status"] == "landed" and "ingest.in_the_future" in codes(entry)


def test_rows_years_ahead_are_held_back(data_dir: DataDir) -> None:
    entry = load(data_dir, "hours.csv", HEADER + f"2026-03-02,p1,YB,8\n{today().year + 36}-03-03,p1,YB,8\n")[0]
    assert (entry["status"], entry["rows_accepted"], entry["rows_quarantined"]) == ("landed", 1, 1)
