"""What the report of a file lets a person see before it counts; a dry run says what the load then does."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from tests.ingest.exports import TIMESHEET, load

NOT_COMPARED = ("batch_id", "dry_run")
ISSUES = (
    "Issue key,Issue Type,Status,Status Category,Project key,Created,Updated,Notes\n"
    "YB-1,Bug,Open,To Do,YB,2026-01-05,2026-01-06,first\n"
    "YB-2,Bug,Closed,Done,YB,2026-01-05,2026-01-09,second\n"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("hours.csv", TIMESHEET + "2026-03-04,p103,YB,99\n"),  # a row held back
        ("hours.csv", TIMESHEET + "<html><body>502 Bad Gateway</body></html>\n"),  # a file held
        ("issues.csv", ISSUES),
        ("hours.csv", "Date,Person,Project,Hours\n01/02/2026,p1,YB,8\n"),  # a question
    ],
)
def test_a_dry_run_says_what_the_load_then_does(data_dir: DataDir, name: str, content: str) -> None:
    said = load(data_dir, name, content, dry_run=True)
    done = load(data_dir, name, content)
    assert [_compared(entry) for entry in said] == [_compared(entry) for entry in done]
    assert [(entry["dry_run"], later["dry_run"]) for entry, later in zip(said, done, strict=True)] == [(True, False)]


def _compared(entry: dict) -> dict:
    return {name: value for name, value in entry.items() if name not in NOT_COMPARED}


def test_the_first_rows_and_examples_are_text_as_read_and_as_written(data_dir: DataDir) -> None:
    entry = load(data_dir, "issues.csv", ISSUES, dry_run=True)[0]
    assert entry["preview"][0]["issue_key"] == "YB-1" and entry["preview"][0]["source_row"] == "2"
    assert entry["preview"][1]["status_category"] == "done"
    assert "resolved_at" not in entry["preview"][0]
    assert entry["examples"]["Issue key"] == ["YB-1", "YB-2"]
    assert entry["examples"]["Issue Type"] == ["Bug"]
    assert entry["examples"]["Notes"] == ["first", "second"]  # of a column that nobody reads too


def test_a_date_is_shown_as_written_and_as_read(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hours\n25/02/2026,p1,YB,8\n03/04/2026,p1,YB,8\n"
    entry = load(data_dir, "hours.csv", content, dry_run=True)[0]
    assert entry["date_example"] == {
        "header": "Date",
        "column": "work_date",
        "text": "03/04/2026",
        "read": "2026-04-03",
    }


def test_an_instant_is_shown_as_the_files_own_clock_has_it(data_dir: DataDir) -> None:
    content = ISSUES.replace("2026-01-05", "02/Jan/26 2:01 AM").replace("2026-01-06", "02/Jan/26 2:01 AM")
    entry = load(data_dir, "issues.csv", content.replace("2026-01-09", "25/Jan/26 2:01 AM"), dry_run=True)[0]
    assert entry["time_zone"] == "Asia/Shanghai"  # where it is 2 January, and 18:01 of the first in UTC
    assert entry["date_example"]["read"] == "2026-01-02"
    assert entry["preview"][0]["created_at"] == "2026-01-02 02:01:00"


def test_rows_held_back_are_shown_with_their_reason_and_text(data_dir: DataDir) -> None:
    rows = "".join(f"2026-03-0{day},p1,YB,99\n" for day in range(1, 8))
    entry = load(data_dir, "hours.csv", TIMESHEET + rows + f"2026-03-08,p1,YB,{'9' * 300}\n", dry_run=True)[0]
    assert entry["rows_quarantined"] == 8 and len(entry["held_preview"]) == 5
    first = min(entry["held_preview"], key=lambda row: row["source_row"])
    assert first["column"] == "hours" and "99 hours" in first["reason"]
    assert all(len(row["raw"]) <= 200 for row in entry["held_preview"])


def test_totals_before_and_after_a_corrected_timesheet(data_dir: DataDir) -> None:
    first = load(data_dir, "hours.csv", TIMESHEET)[0]
    assert first["totals"] == {"rows": 3, "hours": 19.5, "people": 2}  # 8 + 7.5 + 4
    assert first["totals_before"] == {} and first["totals_after"] == {}
    # Without ids a file takes the place of its period: 2 to 3 March. The new file holds 1 h on the 2nd, 2 h on the 3rd.
    again = "Date,Person,Project,Hours\n2026-03-02,p101,YB,1\n2026-03-03,p101,YB,2\n"
    second = load(data_dir, "hours.csv", again, dry_run=True)[0]
    assert second["totals"]["hours"] == 3
    assert second["totals_before"]["hours"] == 19.5
    assert second["totals_after"] == {"rows": 2, "hours": 3.0, "people": 1}
    # One day later nothing is replaced: 19.5 + 8.
    third = load(data_dir, "hours.csv", "Date,Person,Project,Hours\n2026-03-04,p101,YB,8\n", dry_run=True)[0]
    assert third["totals_after"]["hours"] == 27.5
    # Another project has nothing to be compared with.
    other = load(data_dir, "hours.csv", "Date,Person,Project,Hours\n2026-03-04,p101,QT,8\n", dry_run=True)[0]
    assert other["totals_before"] == {}


def test_totals_of_issues_go_by_the_newest_row_of_each_key(data_dir: DataDir) -> None:
    load(data_dir, "issues.csv", ISSUES)
    newer = (
        "Issue key,Issue Type,Status,Status Category,Project key,Created,Updated\n"
        "YB-1,Bug,Closed,Done,YB,2026-01-05,2026-02-06\n"
        "YB-2,Bug,Open,To Do,YB,2026-01-05,2026-01-07\n"  # older than what is landed: it does not count
        "YB-3,Bug,Open,To Do,YB,2026-02-05,2026-02-06\n"
    )
    entry = load(data_dir, "newer.csv", newer, dry_run=True)[0]
    assert entry["totals_before"] == {"rows": 2, "open": 1, "closed": 1, "state_unknown": 0}
    assert entry["totals_after"] == {"rows": 3, "open": 1, "closed": 2, "state_unknown": 0}


def test_a_payment_node_may_come_in_parts(data_dir: DataDir) -> None:
    header = "Contract no,Payment node,Share,Amount due,Planned date,Paid on,Paid amount\n"
    load(
        data_dir, "terms.csv", header + "C1,advance,30%,300,2026-01-10,2026-01-12,300\nC1,final,70%,700,2026-03-10,,\n"
    )
    # the final node now comes as 450 received, 150 received and 100 still open; of the last two lines, alike but in their
    # amount, nobody can tell which is right
    parts = "C1,final,45%,450,2026-03-10,2026-03-12,450\nC1,final,15%,150,2026-03-10,2026-03-20,150\n"
    entry = load(
        data_dir, "newer.csv", header + parts + "C1,final,10%,90,2026-03-10,,\nC1,final,10%,100,2026-03-10,,\n"
    )[0]
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (3, 1)
    assert "contract_no, node, received_on" in entry["held_preview"][0]["reason"]
    # the newer file holds the final node: 300 + 450 + 150 + 100, the 700 of the older file are gone
    after = entry["totals_after"]
    assert (after["rows"], after["amount"], after["received_amount"]) == (4, 1_000, 900)


def test_progress_tells_step_rows_and_rows_expected(data_dir: DataDir) -> None:
    told: list[tuple] = []
    load(data_dir, "hours.csv", TIMESHEET, progress=lambda *step: told.append(step))
    steps = [step for step, _done, _expected in told]
    assert steps[0] == "open" and steps[-1] == "land" and "check" in steps
    assert ("compare", 3, 3) in told


def test_an_issue_of_unknown_state_is_neither_open_nor_closed(data_dir: DataDir) -> None:
    """No column of states and nothing that ends an issue: no number at all. An end (resolution, its day) closes."""
    nothing = load(data_dir, "list.csv", "Issue key,Priority,Assignee\nYB-1,High,ada\nYB-2,Low,ben\n")[0]
    assert nothing["totals"] == {"rows": 2, "open": None, "closed": None, "state_unknown": 2}
    ended = "Issue key,Priority,Resolution,Resolved\nQT-1,High,Fixed,2026-03-02\nQT-2,Low,,2026-03-03\nQT-3,Low,,\n"
    some = load(data_dir, "ended.csv", ended)[0]
    assert some["totals"] == {"rows": 3, "open": 0, "closed": 2, "state_unknown": 1}
