"""One issue of a REST search as a row of the feed issues, still text."""

from __future__ import annotations

import re
from typing import Any

from models.vocabulary import StatusCategory
from pipeline.ingest.feeds.issues.rest.text import (
    attachments_of,
    comments_of,
    dictionaries,
    links_of,
    person,
    plain_text,
)

SECONDS_PER_HOUR = 3600
_CATEGORY_OF_KEY = {
    "new": StatusCategory.TO_DO,
    "undefined": StatusCategory.TO_DO,
    "indeterminate": StatusCategory.IN_PROGRESS,
    "done": StatusCategory.DONE,
}
_SPRINT_NAME = re.compile(r"[\[,]name=(.*?),(?:startDate|goal|endDate|state|rapidViewId|id|sequence|completeDate)=")
# Where each canonical column comes from, for the mapping report.
COLUMNS = {
    "key": "issue_key",
    "fields.issuetype.name": "issue_type",
    "fields.summary": "summary",
    "fields.status.name": "status",
    "fields.status.statusCategory.key": "status_category",
    "fields.resolution.name": "resolution",
    "fields.priority.name": "priority",
    "fields.project.key": "project",
    "fields.components[0].name": "module",
    "fields.parent.key": "parent_key",
    "fields.labels": "labels",
    "fields.fixVersions": "fix_versions",
    "fields.timeoriginalestimate": "original_estimate_hours",
    "fields.timeestimate": "remaining_estimate_hours",
    "fields.timespent": "time_spent_hours",
    "fields.assignee": "assignee",
    "fields.reporter": "reporter",
    "fields.created": "created_at",
    "fields.resolutiondate": "resolved_at",
    "fields.duedate": "due_on",
    "fields.updated": "updated_at",
    "fields.comment.comments": "comments",
    "fields.issuelinks": "links",
    "fields.attachment": "attachments",
    "fields.watches.watchers": "watchers",
}
READ_FIELDS = {path.split(".")[1].partition("[")[0] for path in COLUMNS if path.startswith("fields.")} | {
    "sprint",
    "closedSprints",
    "epic",
    "worklog",
}
# Long text and sums that no feed holds: not worth a line in the mapping report.
SILENT_FIELDS = {"description", "environment", "subtasks", "votes", "progress", "aggregateprogress"}


def issue_row(issue: dict) -> dict:
    """Canonical columns as text, or lists of text; None where the issue says nothing."""
    fields = issue["fields"]
    status = _part(fields, "status")
    category = _part(status, "statusCategory").get("key")
    components = fields.get("components") if isinstance(fields.get("components"), list) else []
    parent = _part(fields, "parent") or _part(fields, "epic")
    sprints = [*(fields.get("closedSprints") or []), fields.get("sprint")]
    return {
        "issue_key": str(issue["key"]).strip(),
        "issue_type": named(fields.get("issuetype")),
        "summary": fields.get("summary"),
        "status": status.get("name") or named(fields.get("status")),
        "status_category": _CATEGORY_OF_KEY.get(category or "", category),
        "resolution": named(fields.get("resolution")),
        "priority": named(fields.get("priority")),
        "project": _part(fields, "project").get("key") or str(issue["key"]).rpartition("-")[0] or None,
        "module": named(components[0]) if components else None,
        "parent_key": parent.get("key"),
        "sprints": sprint_names([sprint for sprint in sprints if sprint]),
        "labels": [str(label) for label in fields.get("labels") or []],
        "fix_versions": [name for name in map(named, fields.get("fixVersions") or []) if name],
        "original_estimate_hours": hours(fields.get("timeoriginalestimate")),
        "remaining_estimate_hours": hours(fields.get("timeestimate")),
        "time_spent_hours": hours(fields.get("timespent")),
        "assignee": person(fields.get("assignee")),
        "reporter": person(fields.get("reporter")),
        "created_at": fields.get("created"),
        "resolved_at": fields.get("resolutiondate"),
        "due_on": fields.get("duedate"),
        "updated_at": fields.get("updated"),
        "comments": comments_of(_part(fields, "comment").get("comments")),
        "links": links_of(fields.get("issuelinks")),
        "attachments": attachments_of(fields.get("attachment")),
        "watchers": [name for name in map(person, dictionaries(_part(fields, "watches").get("watchers"))) if name],
    }


def _part(value: dict, name: str) -> dict:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def named(value: object) -> str | None:
    return value.get("name") if isinstance(value, dict) else value if isinstance(value, str) else None


def hours(seconds: Any) -> str | None:
    """Seconds as hours, in text; None stays None."""
    return None if seconds is None else repr(float(seconds) / SECONDS_PER_HOUR)


def plain(value: object) -> str | None:
    """The text of a custom field: an option's value, the first of a list, a number as it is written."""
    if isinstance(value, list):
        return plain(value[0]) if value else None
    if isinstance(value, dict):
        if value.get("type") == "doc":
            return plain_text(value)
        return next(
            (str(value[word]) for word in ("value", "name", "key", "displayName") if value.get(word) is not None), None
        )
    return str(value)


def sprint_names(value: object) -> list[str]:
    """Names in a sprint field, in both forms: `…Sprint@1b[id=1,state=CLOSED,name=Sprint 1,startDate=…]` and dicts."""
    names = []
    for entry in value if isinstance(value, list) else []:
        if isinstance(entry, dict) and "name" in entry and ({"state", "originBoardId", "boardId"} & entry.keys()):
            names.append(str(entry["name"]))
        elif isinstance(entry, str) and "greenhopper.service.sprint.Sprint" in entry:
            found = _SPRINT_NAME.search(entry)
            if found:
                names.append(found[1])
    return list(dict.fromkeys(names))
