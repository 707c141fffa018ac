"""Jira's REST JSON (one issue, a search result, a list, or a folder of such files) into issues, their changes and worklogs.

source_row is the number of the issue: its place in the file, or in the folder with its files in order of name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from models.errors import InputError
from models.feeds import FEEDS
from models.vocabulary import StatusCategory
from pipeline.door.readers import ReadRows, text_frame
from pipeline.door.readers.jira_history import changes_of, history_of, is_complete
from pipeline.door.readers.jira_worklogs import worklogs_of
from pipeline.door.reasons import Reason

_CATEGORY_OF_KEY = {
    "new": StatusCategory.TO_DO,
    "undefined": StatusCategory.TO_DO,
    "indeterminate": StatusCategory.IN_PROGRESS,
    "done": StatusCategory.DONE,
}
SECONDS_PER_HOUR = 3600
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
}
_READ_FIELDS = {path.split(".")[1].partition("[")[0] for path in COLUMNS if path.startswith("fields.")} | {
    "sprint",
    "closedSprints",
    "epic",
    "worklog",
}
# Long text and links that no feed holds: not worth a line in the mapping report.
_SILENT_FIELDS = {"description", "comment", "attachment", "environment", "issuelinks", "subtasks", "votes", "watches"}


@dataclass(frozen=True)
class JsonFile:
    """One file of a folder or archive: its path inside, and how to read its bytes."""

    name: str
    content: Callable[[], bytes]


def json_file(path: Path, name: str | None = None) -> JsonFile:
    return JsonFile(name or path.name, path.read_bytes)


def read_jira_rest(
    files: Iterable[JsonFile],
    shown: str,
    column_of: Callable[[str], str | None] = lambda name: None,
    time_zone: str = "Asia/Shanghai",
    is_folder: bool = False,
) -> list[ReadRows]:
    """Feeds `issues`, and `issue_changes` and `worklogs` where the export holds them.

    shown: the name of the file or folder, for messages. column_of: the canonical column of a custom field's name.
    is_folder: files that are no issues are left out instead of refused, and the issues are all there are.
    Raises: InputError when a file is no JSON, is an error answer, or holds no issue at all.
    """
    reading = _Reading(shown, column_of, time_zone, is_folder)
    for file in files:
        reading.take(file)
    return reading.result()


class _Reading:
    def __init__(self, shown: str, column_of: Callable[[str], str | None], time_zone: str, is_folder: bool) -> None:
        self.shown, self.column_of, self.time_zone, self.is_folder = shown, column_of, time_zone, is_folder
        self.issues: list[dict] = []
        self.changes: list[dict] = []
        self.worklogs: list[dict] = []
        self.columns: dict[str, str] = {}
        self.unmapped: set[str] = set()
        self.left_out: list[dict] = []
        self.total = 0
        self.short_worklogs: list[str] = []
        self.short_histories: list[str] = []
        self.records = 0

    def take(self, file: JsonFile) -> None:
        document = _parsed(file)
        found = list(self._issues_in(document, file))
        if not found and (self.is_folder or _is_project(document)):
            self.left_out.append({"line": 0, "rule": "not_an_issue", "text": file.name})
        elif not found:
            self._refuse(document, file)
        for issue, names in found:
            self.records += 1
            self._add(issue, names)

    def _issues_in(self, document: object, file: JsonFile) -> Iterator[tuple[dict, dict[str, str]]]:
        if isinstance(document, dict) and isinstance(document.get("issues"), list):
            names = document.get("names") if isinstance(document.get("names"), dict) else {}
            total = document.get("total")
            self.total = max(self.total, total if isinstance(total, int) else 0)
            documents = document["issues"]
        elif isinstance(document, list):
            names, documents = {}, document
        else:
            names, documents = {}, [document]
        for issue in documents:
            if isinstance(issue, dict) and isinstance(issue.get("fields"), dict) and issue.get("key"):
                yield issue, names | (issue.get("names") if isinstance(issue.get("names"), dict) else {})
            elif documents != [document]:
                raise InputError(
                    "door.not_an_issue",
                    "{file}: entry {number} is no Jira issue (it has no key and fields). Export the issues again "
                    "with their fields.",
                    file=file.name,
                    number=documents.index(issue) + 1,
                )

    def _refuse(self, document: object, file: JsonFile) -> None:
        if isinstance(document, dict) and (document.get("errorMessages") or document.get("errors")):
            said = "; ".join(map(str, document.get("errorMessages") or [document["errors"]]))[:200]
            raise InputError(
                "door.error_answer",
                "{file} is an error answer of the server, not an export: {said}. Sign in and export again.",
                file=file.name,
                said=said,
            )
        raise InputError(
            "door.unknown_json",
            "{file} is JSON but holds no Jira issues (an issue has a key and fields). "
            "Export the issues with Jira's REST search, or as CSV.",
            file=file.name,
        )

    def _add(self, issue: dict, names: dict[str, str]) -> None:
        number = len(self.issues) + 1
        fields = issue["fields"]
        row = _issue_row(issue, fields) | {"source_row": number}
        self._custom_fields(row, fields, names)
        histories = issue.get("changelog", {}).get("histories") if isinstance(issue.get("changelog"), dict) else None
        if histories is not None:
            if not is_complete(issue["changelog"]):
                self.short_histories.append(issue["key"])
            row |= history_of(histories, row)
            for change in changes_of(histories):
                self.changes.append(
                    change | {"issue_key": row["issue_key"], "project": row["project"], "source_row": number}
                )
        entries, is_whole = worklogs_of(fields.get("worklog"), self.time_zone)
        if not is_whole:
            self.short_worklogs.append(issue["key"])
        for entry in entries:
            shared = {name: row[name] for name in ("issue_key", "project", "module")}
            self.worklogs.append(entry | shared | {"source_row": number})
        self.issues.append(row)

    def _custom_fields(self, row: dict, fields: dict, names: dict[str, str]) -> None:
        canonical = {column.name for column in FEEDS["issues"].columns}
        for field, value in fields.items():
            if field in _READ_FIELDS or field in _SILENT_FIELDS or value in (None, [], {}, ""):
                continue
            sprints = _sprint_names(value)
            name = names.get(field, field)
            column = self.column_of(name)
            if sprints:
                row["sprints"] = list(dict.fromkeys((row.get("sprints") or []) + sprints))
                self.columns[f"fields.{name}"] = "sprints"
            elif column in canonical and row.get(column) in (None, []):
                row[column] = _plain(value)
                self.columns[f"fields.{name}"] = column
            else:
                self.unmapped.add(f"fields.{name}")

    def result(self) -> list[ReadRows]:
        if not self.issues:
            raise InputError(
                "door.no_issues",
                "{file} holds no Jira issue. Nothing was loaded: check what was selected for the export.",
                file=self.shown,
            )
        held = {name for row in self.issues for name, value in row.items() if value not in (None, [])}
        issues = ReadRows(
            "issues",
            "jira",
            text_frame("issues", self.issues),
            records=self.records,
            columns={path: column for path, column in COLUMNS.items() if column in held} | self.columns,
            unmapped=sorted(self.unmapped),
            left_out=self.left_out,
            is_full_snapshot=self.is_folder and self.records >= self.total,
        )
        if self.records < self.total:
            issues.cut.append(
                Reason(
                    "door.one_page_of_many",
                    "{file} holds {found} of {total} issues: it is one page of a longer answer. "
                    "Export the other pages too, or accept the batch if this is all you want.",
                    {"file": self.shown, "found": self.records, "total": self.total},
                )
            )
        if self.short_histories:
            issues.reasons.append(
                Reason(
                    "door.short_history",
                    "{count} issues came with only a part of their history (first: {first}); their dates of start and "
                    "reopening may be incomplete. Export them one by one with expand=changelog for the whole.",
                    {"count": len(self.short_histories), "first": self.short_histories[0]},
                )
            )
        feeds = [issues]
        if self.changes:
            feeds.append(self._second("issue_changes", self.changes, "changelog.histories"))
        if self.worklogs:
            worklogs = self._second("worklogs", self.worklogs, "fields.worklog.worklogs")
            if self.short_worklogs:
                worklogs.cut.append(
                    Reason(
                        "door.short_worklogs",
                        "{count} issues came with only a part of their worklogs (first: {first}): Jira's search gives "
                        "twenty of each. Load the hours from the timesheet tool, or accept the batch as it is.",
                        {"count": len(self.short_worklogs), "first": self.short_worklogs[0]},
                    )
                )
            feeds.append(worklogs)
        return feeds

    def _second(self, feed: str, rows: list[dict], path: str) -> ReadRows:
        held = sorted({name for row in rows for name, value in row.items() if value is not None} - {"source_row"})
        return ReadRows(
            feed, "jira", text_frame(feed, rows), records=len(rows), columns={f"{path}.{name}": name for name in held}
        )


def _parsed(file: JsonFile) -> object:
    try:
        return json.loads(file.content())
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise InputError(
            "door.broken_json",
            "{file}, line {line}: the JSON breaks here; the file is damaged or was cut off. Export it again.",
            file=file.name,
            line=line,
        ) from error


def _is_project(document: object) -> bool:
    """The description of a project, which an archive of issues holds beside them."""
    return isinstance(document, dict) and "fields" not in document and "issueTypes" in document


def _issue_row(issue: dict, fields: dict) -> dict:
    status = fields.get("status") or {}
    category = (status.get("statusCategory") or {}).get("key")
    components = fields.get("components") or []
    parent = fields.get("parent") or fields.get("epic") or {}
    sprints = [sprint for sprint in (fields.get("closedSprints") or []) + [fields.get("sprint")] if sprint]
    return {
        "issue_key": str(issue["key"]).strip(),
        "issue_type": _named(fields.get("issuetype")),
        "summary": fields.get("summary"),
        "status": status.get("name"),
        "status_category": _CATEGORY_OF_KEY.get(category, category),
        "resolution": _named(fields.get("resolution")),
        "priority": _named(fields.get("priority")),
        "project": (fields.get("project") or {}).get("key") or str(issue["key"]).rpartition("-")[0] or None,
        "module": _named(components[0]) if components else None,
        "parent_key": parent.get("key") if isinstance(parent, dict) else None,
        "sprints": _sprint_names(sprints),
        "labels": [str(label) for label in fields.get("labels") or []],
        "fix_versions": [name for name in map(_named, fields.get("fixVersions") or []) if name],
        "original_estimate_hours": hours(fields.get("timeoriginalestimate")),
        "remaining_estimate_hours": hours(fields.get("timeestimate")),
        "time_spent_hours": hours(fields.get("timespent")),
        "assignee": person(fields.get("assignee")),
        "reporter": person(fields.get("reporter")),
        "created_at": fields.get("created"),
        "resolved_at": fields.get("resolutiondate"),
        "due_on": fields.get("duedate"),
        "updated_at": fields.get("updated"),
    }


def _named(value: object) -> str | None:
    return value.get("name") if isinstance(value, dict) else value if isinstance(value, str) else None


def hours(seconds: object) -> str | None:
    """Seconds as hours, in text; None stays None."""
    return None if seconds is None else repr(float(seconds) / SECONDS_PER_HOUR)


def person(value: object) -> str | None:
    """The stable code of a person: user name on a server, account id in the cloud, else the name on screen."""
    if not isinstance(value, dict):
        return None
    return value.get("name") or value.get("accountId") or value.get("key") or value.get("displayName")


def _plain(value: object) -> str | None:
    """The text of a custom field: an option's value, the first of a list, a number as it is written."""
    if isinstance(value, list):
        return _plain(value[0]) if value else None
    if isinstance(value, dict):
        return next((str(value[word]) for word in ("value", "name", "key") if value.get(word) is not None), None)
    return str(value)


def _sprint_names(value: object) -> list[str]:
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
