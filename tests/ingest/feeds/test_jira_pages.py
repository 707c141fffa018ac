"""Jira's REST JSON as people save it: pages, lines, histories apart, the list of fields, the cloud's documents."""
# ruff: noqa: E501 (a line of an export is one line)

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest.feeds.issues.rest.text import plain_text
from tests.ingest.exports import as_json, codes, jira_issue, landed_rows, load


def zipped(**files: object) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, document in files.items():
            archive.writestr(f"{name}.json", as_json(document))
    return packed.getvalue()


def loaded(data_dir: DataDir, name: str, content: bytes) -> dict[str, dict]:
    return {entry["feed"]: entry for entry in load(data_dir, name, content)}


def paragraph(*texts: str) -> dict:
    return {"type": "paragraph", "content": [{"type": "text", "text": text} for text in texts]}


def test_a_document_of_the_cloud_reads_as_its_text() -> None:
    document = {
        "type": "doc",
        "version": 1,
        "content": [
            paragraph("Hello ", "world"),
            {"type": "bulletList", "content": [{"type": "listItem", "content": [paragraph("one")]}]},
            {
                "type": "paragraph",
                "content": [
                    {"type": "mention", "attrs": {"id": "5a", "text": "@p1"}},
                    {"type": "hardBreak"},
                    {"type": "text", "text": "bye"},
                ],
            },
        ],
    }
    assert plain_text(document) == "Hello world\none\n@p1\nbye"
    assert (
        plain_text("plain") == "plain" and plain_text("") is None and plain_text({"type": "doc", "content": []}) is None
    )


def test_lists_of_an_issue_read_as_in_the_csv(data_dir: DataDir) -> None:
    issue = jira_issue(
        "A-1",
        comment={
            "total": 1,
            "comments": [
                {"author": {"accountId": "5a:1"}, "created": "2026-01-06T09:00:00.000+0800", "body": {"type": "doc", "content": [paragraph("a; b")]}}
            ],
        },
        attachment=[
            {"author": {"name": "p1"}, "created": "2026-01-06", "filename": "a,b.png", "content": "https://jira.example/1"}
        ],
        issuelinks=[
            {"type": {"name": "Blocks"}, "outwardIssue": {"key": "A-2"}},
            {"type": {"name": "Relates"}, "inwardIssue": {"key": "A-3"}},
        ],
        watches={"watchCount": 1, "watchers": [{"name": "p9"}]},
    )  # fmt: skip
    row = landed_rows(data_dir, loaded(data_dir, "A-1.json", as_json(issue))["issues"]).row(0, named=True)
    assert row["comments"] == ["2026-01-06T09:00:00.000+0800;5a:1;a; b"]
    assert row["attachments"] == ["2026-01-06;p1;a,b.png;https://jira.example/1"]
    assert row["links"] == ["Blocks → A-2", "Relates ← A-3"] and row["watchers"] == ["p9"]


def test_pages_of_the_clouds_new_search(data_dir: DataDir) -> None:
    first = {"issues": [jira_issue("A-1")], "nextPageToken": "abc", "isLast": False}
    last = {"issues": [jira_issue("A-2")], "isLast": True}
    alone = loaded(data_dir, "page.json", as_json(first))["issues"]
    assert alone["status"] == "held" and "ingest.no_last_page" in codes(alone)
    whole = loaded(data_dir, "pages.zip", zipped(a=first, b=last))["issues"]
    assert (whole["status"], whole["rows_accepted"]) == ("landed", 2)


def test_lines_of_json(data_dir: DataDir) -> None:
    lines = b"\n".join(as_json(jira_issue(f"A-{number}")) for number in (1, 2, 3))
    assert loaded(data_dir, "issues.ndjson", lines)["issues"]["rows_accepted"] == 3


def test_names_of_custom_fields_from_the_list_of_fields(data_dir: DataDir) -> None:
    fields = [
        {"id": "customfield_1", "name": "Severity", "custom": True, "schema": {}},
        {"id": "customfield_2", "name": "Epic Link", "custom": True, "schema": {}},
        {"id": "customfield_3", "name": "Resolved", "custom": True, "schema": {}},
        {"id": "summary", "name": "Summary", "custom": False, "schema": {}},
    ]
    issue = jira_issue("A-1", customfield_1={"value": "Critical"}, customfield_2="A-9", customfield_3="yesterday")
    entry = loaded(data_dir, "export.zip", zipped(a_issue=issue, z_fields=fields))["issues"]  # the names come last
    row = landed_rows(data_dir, entry).row(0, named=True)
    assert row["severity"] == "serious" and row["parent_key"] == "A-9" and row["resolved_at"] is None
    assert entry["columns_unmapped"] == ["fields.Resolved"] and entry["left_out"] == []


def step(number: int, day: int, before: str, after: str) -> dict:
    return {
        "id": str(number),
        "created": f"2026-01-{day:02d}T10:00:00.000+0800",
        "author": {"accountId": "5a:1"},
        "items": [{"field": "status", "fromString": before, "toString": after}],
    }


def test_a_history_in_pages_of_its_own(data_dir: DataDir) -> None:
    issue = jira_issue("A-1", status={"name": "Geschlossen", "statusCategory": {"key": "done"}}) | {"id": "10100"}
    issue["changelog"] = {"total": 3, "histories": [step(1, 6, "Offen", "In Arbeit")]}
    page = {
        "self": "https://jira.example/rest/api/3/issue/10100/changelog?startAt=0",
        "total": 3,
        "isLast": True,
        "values": [step(1, 6, "Offen", "In Arbeit"), step(2, 7, "In Arbeit", "Geschlossen"), step(3, 8, "Geschlossen", "Offen")],
    }  # fmt: skip
    feeds = loaded(data_dir, "export.zip", zipped(issue=issue, history=page))
    row = landed_rows(data_dir, feeds["issues"]).row(0, named=True)
    assert feeds["issue_changes"]["rows_accepted"] == 3  # the one that both hold counts once
    assert row["started_at"] == dt.datetime(2026, 1, 6, 2) and row["reopened_count"] == 1
    assert "ingest.short_history" not in codes(feeds["issues"])


def test_worklogs_in_pages_of_their_own(data_dir: DataDir) -> None:
    issue = jira_issue("A-1", worklog={"total": 2, "worklogs": []}) | {"id": "10100"}
    entries = [
        {"id": str(number), "issueId": "10100", "author": {"name": "p1"}, "started": "2026-01-06T09:00:00.000+0800", "timeSpentSeconds": 1800}
        for number in (1, 2)
    ]  # fmt: skip
    feeds = loaded(data_dir, "export.zip", zipped(issue=issue, worklogs={"total": 2, "worklogs": entries}))
    assert feeds["worklogs"]["status"] == "landed"
    assert landed_rows(data_dir, feeds["worklogs"])["hours"].sum() == 1.0  # 2 × 1,800 s


def test_one_page_of_many_is_held_by_its_total(data_dir: DataDir) -> None:
    page = {"startAt": 0, "maxResults": 1, "total": 3, "issues": [jira_issue("A-1")]}
    again = {
        "startAt": 1,
        "maxResults": 1,
        "total": 3,
        "issues": [jira_issue("A-1")],
    }  # the same issue is not another one
    entry = loaded(data_dir, "pages.zip", zipped(a=page, b=again))["issues"]
    assert entry["status"] == "held" and "ingest.one_page_of_many" in codes(entry)


@pytest.mark.parametrize("content", [b'{"values": [1]}', b'[{"id": "a", "name": "b", "schema": {}}]', b"1\n2\n"])
def test_json_without_an_issue_is_refused(data_dir: DataDir, content: bytes) -> None:
    assert load(data_dir, "other.json", content)[0]["status"] == "refused"


def test_odd_values_do_not_stop_the_reading(data_dir: DataDir) -> None:
    odd = jira_issue(
        "A-1", status="Open", components=None, labels=None, comment="none", issuelinks=[None, {}], worklog=[]
    )
    odd["changelog"] = {"histories": [{"items": None}, None]}
    entry = loaded(data_dir, "odd.json", json.dumps(odd).encode())["issues"]
    assert entry["rows_accepted"] == 1
