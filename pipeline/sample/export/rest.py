"""Issues as Jira's REST search answers them, with the history of each: one JSON document."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl

from pipeline.sample.documents import document
from pipeline.sample.stories import Story

CUSTOM = {
    "customfield_10101": "Severity",
    "customfield_10102": "Found in phase",
    "customfield_10103": "Root Cause",
    "customfield_10104": "WBS Code",
    "customfield_10016": "Story Points",
    "customfield_10020": "Sprint",
}
CATEGORY_KEYS = {"to_do": "new", "in_progress": "indeterminate", "done": "done", "cancelled": "done"}


def _moment(instant: dt.datetime | None) -> str | None:
    """With the server's offset: 2026-05-31T19:48:00.000+0800."""
    return f"{instant + dt.timedelta(hours=8):%Y-%m-%dT%H:%M:%S}.000+0800" if instant else None


def _named(name: str | None) -> dict | None:
    return {"name": name} if name else None


def search_answer(story: Story, issues: pl.DataFrame, changes: pl.DataFrame) -> bytes:
    """The answer to `search?expand=names,changelog`, all issues on one page."""
    steps = {key[0]: part for key, part in changes.sort("changed_at").partition_by("issue_key", as_dict=True).items()}
    found = []
    for number, row in enumerate(issues.iter_rows(named=True)):
        found.append(
            {
                "id": str(60_001 + number),
                "key": row["issue_key"],
                "fields": _fields(story, row),
                "changelog": _changelog(steps.get(row["issue_key"])),
            }
        )
    answer = {"startAt": 0, "maxResults": 1000, "total": len(found), "names": CUSTOM, "issues": found}
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def _fields(story: Story, row: dict) -> dict:
    words = document("words")
    fields = {
        "summary": row["summary"],
        "issuetype": _named(words["issue_type_en"][row["issue_type"]]),
        "status": {"name": row["status"], "statusCategory": {"key": CATEGORY_KEYS[row["status_category"]]}},
        "resolution": _named(words["resolution_en"].get(row["resolution"])),
        "priority": _named(words["priority_en"][row["priority"]]),
        "project": {"key": story.tracker_project},
        "components": [_named(row["module"])],
        "labels": row["labels"],
        "assignee": _named(row["assignee"]),
        "reporter": _named(row["reporter"]),
        "created": _moment(row["created_at"]),
        "updated": _moment(row["updated_at"]),
        "resolutiondate": _moment(row["resolved_at"]),
        "issuelinks": [
            {"type": {"name": "Duplicate"}, "outwardIssue": {"key": link.rpartition(" ")[2]}}
            for link in row["links"] or ()
        ]
        or None,
        "duedate": row["due_on"].isoformat() if row["due_on"] else None,
        "timeoriginalestimate": round(row["original_estimate_hours"] * 3600)
        if row["original_estimate_hours"]
        else None,
        "customfield_10101": _value(words["severity_en"].get(row["severity"])),
        "customfield_10102": _value(words["found_in_en"].get(row["found_in_phase"])),
        "customfield_10103": _value(words["cause_en"].get(row["defect_cause"])),
        "customfield_10104": row["wbs_code"],
        "customfield_10016": row["story_points"],
        "customfield_10020": [{"id": int(name.split()[1]), "name": name, "state": "closed"} for name in row["sprints"]],
    }
    return {name: value for name, value in fields.items() if value is not None or name in ("resolution", "assignee")}


def _value(value: str | None) -> dict | None:
    return {"value": value} if value else None


def _changelog(steps: pl.DataFrame | None) -> dict:
    histories = [
        {
            "author": _named(row["author"]),
            "created": _moment(row["changed_at"]),
            "items": [{"field": "status", "fromString": row["from_value"], "toString": row["to_value"]}],
        }
        for row in (steps.iter_rows(named=True) if steps is not None else ())
    ]
    return {"total": len(histories), "histories": histories}
