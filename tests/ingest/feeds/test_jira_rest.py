"""Jira's REST JSON: what is read of an issue, its history and its worklogs."""

from __future__ import annotations

import pytest

from models.errors import InputError
from pipeline.ingest.feeds.issues.rest.pages import JsonFile
from pipeline.ingest.feeds.issues.rest.rest import read_rest_issues
from tests.ingest.exports import as_json, jira_issue


def read(*documents: object, is_folder: bool = False, **options):
    files = [
        JsonFile(f"{number}.json", lambda document=document: as_json(document))
        for number, document in enumerate(documents)
    ]
    return {rows.feed: rows for rows in read_rest_issues(files, "export", is_folder=is_folder, **options)}


def first(rows) -> dict:
    return rows.rows.row(0, named=True)


def test_one_issue() -> None:
    issue = jira_issue(
        "YB-17",
        components=[{"name": "结算"}, {"name": "接口"}],
        fixVersions=[{"name": "1.0"}, {"name": "1.1"}],
        labels=["tech-debt"],
        timeoriginalestimate=28800,
        timespent=5400,
        assignee={"name": "p101", "displayName": "somebody"},
        reporter={"accountId": "5a:1", "displayName": "somebody else"},
        resolution={"name": "Fixed"},
        status={"name": "Closed", "statusCategory": {"key": "done"}},
    )
    row = first(read(issue)["issues"])
    assert row["issue_key"] == "YB-17" and row["project"] == "YB"
    assert row["module"] == "结算"  # the first component
    assert row["fix_versions"] == ["1.0", "1.1"]  # a version stays text
    assert float(row["original_estimate_hours"]) == 8  # 28,800 s ÷ 3,600
    assert float(row["time_spent_hours"]) == 1.5  # 5,400 s ÷ 3,600
    assert row["assignee"] == "p101" and row["reporter"] == "5a:1"
    assert row["status_category"] == "done" and row["source_row"] == 1


@pytest.mark.parametrize(("key", "category"), [("new", "to_do"), ("indeterminate", "in_progress"), ("done", "done")])
def test_status_categories(key: str, category: str) -> None:
    issue = jira_issue("A-1", status={"name": "x", "statusCategory": {"key": key}})
    assert first(read(issue)["issues"])["status_category"] == category


def test_sprints_in_both_forms() -> None:
    old = (
        "com.atlassian.greenhopper.service.sprint.Sprint@1b[id=7,rapidViewId=2,state=CLOSED,name=Sprint 7, late,goal=]"
    )
    issue = jira_issue(
        "A-1",
        customfield_10010=[old],
        customfield_10020=[{"id": 8, "name": "Sprint 8", "state": "active", "boardId": 3}],
    )
    assert first(read(issue)["issues"])["sprints"] == ["Sprint 7, late", "Sprint 8"]


def test_custom_fields_by_the_name_jira_shows() -> None:
    answer = {
        "names": {"customfield_1": "Severity", "customfield_2": "Colour"},
        "issues": [jira_issue("A-1", customfield_1={"value": "Critical"}, customfield_2="red")],
    }
    rows = read(answer, column_of={"Severity": "severity"}.get)["issues"]
    assert first(rows)["severity"] == "Critical"
    assert rows.columns["fields.Severity"] == "severity"
    assert rows.unmapped == ["fields.Colour"]


def history(*steps: tuple[str, str, str]) -> dict:
    return {
        "total": len(steps),
        "histories": [
            {
                "author": {"name": "p1"},
                "created": at,
                "items": [{"field": "status", "fromString": before, "toString": after}],
            }
            for at, before, after in reversed(steps)  # the newest first, as the cloud gives them
        ],
    }


def test_history() -> None:
    issue = jira_issue("A-1", status={"name": "Closed", "statusCategory": {"key": "done"}})
    issue["changelog"] = history(
        ("2026-01-06T10:00:00.000+0800", "Open", "Selected for Development"),
        ("2026-01-07T10:00:00.000+0800", "Selected for Development", "In Progress"),
        ("2026-01-08T10:00:00.000+0800", "In Progress", "Closed"),
        ("2026-01-09T10:00:00.000+0800", "Closed", "Reopened"),
        ("2026-01-10T10:00:00.000+0800", "Reopened", "Closed"),
    )
    feeds = read(issue)
    row = first(feeds["issues"])
    assert row["started_at"].startswith("2026-01-07")  # being selected is not yet work
    assert row["closed_at"].startswith("2026-01-10")
    assert row["reopened_count"] == "1"
    assert feeds["issue_changes"].rows.height == 5


def test_straight_from_open_to_done_says_nothing_of_the_start() -> None:
    issue = jira_issue("A-1", status={"name": "Done", "statusCategory": {"key": "done"}})
    issue["changelog"] = history(("2026-01-06T10:00:00.000+0800", "Open", "Done"))
    assert first(read(issue)["issues"]).get("started_at") is None


def test_worklogs_on_the_day_in_the_projects_zone() -> None:
    issue = jira_issue("A-1")
    issue["fields"]["worklog"] = {
        "total": 2,
        "worklogs": [
            # 17:30 UTC is 01:30 of the next day in Shanghai
            {"id": "9", "author": {"name": "p1"}, "started": "2026-01-06T17:30:00.000+0000", "timeSpentSeconds": 9000}
        ],
    }
    worklogs = read(issue)["worklogs"]
    row = first(worklogs)
    assert row["work_date"] == "2026-01-07"
    assert float(row["hours"]) == 2.5  # 9,000 s ÷ 3,600
    assert row["source_id"] == "9" and row["issue_key"] == "A-1"
    assert [reason.code for reason in worklogs.cut] == ["ingest.short_worklogs"]  # one of two


def test_one_page_of_many_looks_cut_off_and_all_pages_do_not() -> None:
    first_page = {"total": 3, "issues": [jira_issue("A-1"), jira_issue("A-2")]}
    second_page = {"total": 3, "issues": [jira_issue("A-3")]}
    assert [reason.code for reason in read(first_page)["issues"].cut] == ["ingest.one_page_of_many"]
    whole = read(first_page, second_page, is_folder=True)["issues"]
    assert not whole.cut and whole.is_full_snapshot
    assert whole.rows["source_row"].to_list() == [1, 2, 3]


def test_project_description_in_a_folder_is_left_out_with_a_note() -> None:
    rows = read({"key": "A", "issueTypes": []}, jira_issue("A-1"), is_folder=True)["issues"]
    assert rows.rows.height == 1 and rows.left_out == [{"line": 0, "rule": "not_an_issue", "text": "0.json"}]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"errorMessages": ["You are not authenticated."]}', "ingest.error_answer"),
        (b'{"stats": {"tests": 3}}', "ingest.unknown_json"),
        (b'[{"key": "A-1"}]', "ingest.not_an_issue"),
        (b'{"key": "A-1", "fields": {"sum', "ingest.broken_json"),
        (b"[]", "ingest.unknown_json"),
    ],
)
def test_refused_with_a_name(content: bytes, code: str) -> None:
    with pytest.raises(InputError) as error:
        read_rest_issues([JsonFile("answer.json", lambda: content)], "answer.json")
    assert error.value.code == code and "answer.json" in str(error.value)
