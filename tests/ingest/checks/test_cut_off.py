"""Signs in a file itself that the export broke off."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest.checks.cut_off import is_server_answer
from tests.ingest.exports import TIMESHEET, codes, load

HEADER = "Issue key,Summary,Issue Type,Status,Created,Updated\n"


@pytest.mark.parametrize(
    "line",
    [
        "<!DOCTYPE html>",
        "<html><body>502 Bad Gateway</body></html>",
        '{"errorMessages":["The export took too long"],"errors":{}}',
        '"{""error"":""token expired""}"',
        '{"code":401,"msg":"未登录"}',
        "Session expired",
        "Your session has expired. Please log in again.",
        "502 Bad Gateway",
        "HTTP/1.1 503 Service Unavailable",
        "会话已过期",
        "会话已过期,请重新登录",
        "登录超时",
        "系统繁忙,请稍后再试",
        "java.lang.OutOfMemoryException: heap",
    ],
)
def test_what_a_server_says(line: str) -> None:
    assert is_server_answer(line)


@pytest.mark.parametrize(
    "line",
    [
        "YB-7,Session expired after ten minutes,Bug",  # the summary of an issue
        "502 rooms wired",
        "2026-03-02,p101,YB",
        "备注:本表由系统导出",
        "{curly} braces in a note",
        "合计,19.5",
    ],
)
def test_what_people_write(line: str) -> None:
    assert not is_server_answer(line)


@pytest.mark.parametrize(
    "line", ['{"errorMessages":["timeout"],"errors":{}}', "Session expired", "会话已过期,请重新登录"]
)
def test_an_answer_among_the_rows_holds_the_batch(data_dir: DataDir, line: str) -> None:
    entry = load(data_dir, "hours.csv", TIMESHEET + line + "\n")[0]
    assert entry["status"] == "held" and codes(entry)[0] == "ingest.error_page_inside"
    assert entry["reasons"][0]["details"]["line"] == 5  # header, three rows, then the answer
    assert entry["rows_accepted"] == 3


def test_an_answer_with_as_many_cells_as_the_header(data_dir: DataDir) -> None:
    entry = load(data_dir, "hours.csv", TIMESHEET + "Session expired,,,\n")[0]
    assert entry["status"] == "held" and codes(entry)[0] == "ingest.error_page_inside"


def test_a_last_row_without_its_end(data_dir: DataDir) -> None:
    entry = load(data_dir, "hours.csv", TIMESHEET + "2026-03-04,p1")[0]
    assert entry["status"] == "held" and codes(entry)[0] == "ingest.ends_inside_a_row"
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (3, 1)
    assert entry["reasons"][0]["details"] | {"file": ""} == {"file": "", "line": 5, "found": 2, "expected": 4}


@pytest.mark.parametrize("end", ["2026-03-04,p101,YB,8", "2026-03-04,p101\n", "The hours of the pilot are not in here"])
def test_ends_that_are_no_sign(data_dir: DataDir, end: str) -> None:
    """A whole last row, a short row that has its line break, a note under the table."""
    entry = load(data_dir, "hours.csv", TIMESHEET + end)[0]
    assert entry["status"] == "landed", entry["reasons"]


@pytest.mark.parametrize(("rows", "status"), [(999, "landed"), (1000, "held"), (1001, "landed"), (500, "landed")])
def test_one_full_page_of_jira(data_dir: DataDir, rows: int, status: str) -> None:
    content = HEADER + "".join(f"YB-{key},a,Bug,Open,2026-01-05,2026-01-06\n" for key in range(rows))
    entry = load(data_dir, "jira.csv", content)[0]
    assert (entry["system"], entry["status"]) == ("jira", status)


def test_a_thousand_timesheet_rows_are_no_page(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hours\n" + "".join(f"2026-03-02,p{row},YB,8\n" for row in range(1000))
    assert load(data_dir, "hours.csv", content)[0]["status"] == "landed"
