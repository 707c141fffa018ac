"""Issues as a REST search answers them in JSON: one issue, a search result, a list, or a folder of such files, with their changes
and worklogs.

source_row is the number of the issue: its place in the file, or in the folder with its files in order of name. Pages of the
history, the worklogs or the comments of an issue, and the list of fields, may stand in files of their own beside the issues.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import InputError
from models.feeds import FEEDS, Kind
from pipeline.ingest.contracts.read_rows import ReadRows, text_frame
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.feeds.issues.rest.history import changes_of, history_of
from pipeline.ingest.feeds.issues.rest.issue import COLUMNS, READ_FIELDS, SILENT_FIELDS, issue_row, plain, sprint_names
from pipeline.ingest.feeds.issues.rest.pages import JsonFile, Page, documents_of, page_of, whose_issues
from pipeline.ingest.feeds.issues.rest.text import comments_of, dictionaries
from pipeline.ingest.feeds.issues.rest.worklogs import worklog_row

_LISTS = frozenset(column.name for column in FEEDS["issues"].columns if column.kind is Kind.LIST)
_CANONICAL = frozenset(column.name for column in FEEDS["issues"].columns)


def json_file(path: Path, name: str | None = None) -> JsonFile:
    return JsonFile(name or path.name, path.read_bytes)


def read_rest_issues(
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


@dataclass
class _Part:
    """What one issue came with of its history, its worklogs or its comments; more may stand in files of their own."""

    entries: list[dict] = field(default_factory=list)
    total: int = 0
    is_given: bool = False

    @classmethod
    def of(cls, value: object, name: str) -> _Part:
        if not isinstance(value, dict) or not isinstance(value.get(name), list):
            return cls()
        entries = dictionaries(value[name])
        total = value.get("total")
        return cls(entries, total if isinstance(total, int) else len(entries), True)

    def with_pages(self, *pages: list[dict]) -> _Part:
        """All entries, each once: by its own id, else as it stands."""
        merged = {str(entry.get("id") or entry): entry for entries in (self.entries, *pages) for entry in entries}
        return _Part(list(merged.values()), self.total, self.is_given or any(pages))

    @property
    def is_short(self) -> bool:
        return len(self.entries) < self.total


@dataclass
class _Issue:
    row: dict
    ids: tuple[str, str]
    unnamed: dict[str, object]
    history: _Part
    worklogs: _Part
    comments: _Part


class _Reading:
    def __init__(self, shown: str, column_of: Callable[[str], str | None], time_zone: str, is_folder: bool) -> None:
        self.shown, self.column_of, self.time_zone, self.is_folder = shown, column_of, time_zone, is_folder
        self.system, self.tool = whose_issues()
        self.issues: list[_Issue] = []
        self.changes: list[dict] = []
        self.worklogs: list[dict] = []
        self.columns: dict[str, str] = {}
        self.unmapped: set[str] = set()
        self.left_out: list[dict] = []
        self.aside = Page()
        self.total = 0
        self.last_pages: list[bool] = []
        self.short: dict[str, list[str]] = {"history": [], "worklogs": [], "comments": []}

    def take(self, file: JsonFile) -> None:
        for document in documents_of(file):
            page = page_of(document, file.name)
            self.total = max(self.total, page.total)
            if page.is_last is not None:
                self.last_pages.append(page.is_last)
            if page.issues:
                for issue, names in page.issues:
                    self._add(issue, names)
            elif page.is_aside:
                self._put_aside(page)
            elif self.is_folder or _is_project(document) or _is_empty_page(document):
                self.left_out.append({"line": 0, "rule": "not_an_issue", "text": file.name})
            else:
                self._refuse(document, file)

    def _put_aside(self, page: Page) -> None:
        self.aside.fields |= page.fields
        for kind in ("histories", "worklogs", "comments"):
            for issue, entries in getattr(page, kind).items():
                getattr(self.aside, kind).setdefault(issue, []).extend(entries)

    def _refuse(self, document: object, file: JsonFile) -> None:
        if isinstance(document, dict) and (document.get("errorMessages") or document.get("errors")):
            said = "; ".join(map(str, document.get("errorMessages") or [document["errors"]]))[:200]
            raise InputError(
                "ingest.error_answer",
                "{file} is an error answer of the server, not an export: {said}. Sign in and export again.",
                file=file.name,
                said=said,
            )
        raise InputError(
            "ingest.unknown_json",
            "{file} is JSON but holds no {tool} issues (an issue has a key and fields). "
            "Export the issues with {tool}'s REST search, or as CSV.",
            tool=self.tool,
            file=file.name,
        )

    def _add(self, issue: dict, names: dict[str, str]) -> None:
        fields = issue["fields"]
        row = issue_row(issue) | {"source_row": len(self.issues) + 1}
        unnamed = {
            name: value
            for name, value in fields.items()
            if name not in READ_FIELDS | SILENT_FIELDS and value not in (None, [], {}, "")
        }
        for name in [name for name in unnamed if name in names or not name.startswith("customfield_")]:
            self._custom_field(row, names.get(name, name), unnamed.pop(name))
        self.issues.append(
            _Issue(
                row,
                (row["issue_key"], str(issue.get("id") or "")),
                unnamed,
                _Part.of(issue.get("changelog"), "histories"),
                _Part.of(fields.get("worklog"), "worklogs"),
                _Part.of(fields.get("comment"), "comments"),
            )
        )

    def _custom_field(self, row: dict, name: str, value: object) -> None:
        column = self.column_of(name)
        if sprints := sprint_names(value):
            row["sprints"] = list(dict.fromkeys((row.get("sprints") or []) + sprints))
            self.columns[f"fields.{name}"] = "sprints"
        elif column in _CANONICAL and row.get(column) in (None, []):
            if column in _LISTS:
                entries = value if isinstance(value, list) else [value]
                row[column] = [text for text in map(plain, entries) if text]
            else:
                row[column] = plain(value)
            self.columns[f"fields.{name}"] = column
        else:
            self.unmapped.add(f"fields.{name}")

    def _settle(self, issue: _Issue) -> None:
        """What other files tell of the issue: the names of its fields, further pages of its history and its worklogs."""
        row, aside = issue.row, self.aside
        for name, value in issue.unnamed.items():
            self._custom_field(row, aside.fields.get(name, name), value)
        history, worklogs, comments = (
            part.with_pages(*(pages.get(issue_id, []) for issue_id in {*issue.ids} - {""}))
            for part, pages in (
                (issue.history, aside.histories),
                (issue.worklogs, aside.worklogs),
                (issue.comments, aside.comments),
            )
        )
        for kind, part in (("history", history), ("worklogs", worklogs), ("comments", comments)):
            if part.is_short:
                self.short[kind].append(row["issue_key"])
        number = row["source_row"]
        if history.is_given:
            row |= history_of(history.entries, row)
            for change in changes_of(history.entries):
                self.changes.append(
                    change | {"issue_key": row["issue_key"], "project": row["project"], "source_row": number}
                )
        if len(comments.entries) > len(issue.comments.entries):
            row["comments"] = comments_of(comments.entries)
        shared = {name: row[name] for name in ("issue_key", "project", "module")}
        for entry in worklogs.entries:
            self.worklogs.append(worklog_row(entry, self.time_zone) | shared | {"source_row": number})

    def result(self) -> list[ReadRows]:
        if not self.issues:
            raise InputError(
                "ingest.no_issues",
                "{file} holds no {tool} issue. Nothing was loaded: check what was selected for the export.",
                tool=self.tool,
                file=self.shown,
            )
        for issue in self.issues:
            self._settle(issue)
        rows = [issue.row for issue in self.issues]
        held = {name for row in rows for name, value in row.items() if value not in (None, [])}
        cut = self._cut(len({row["issue_key"] for row in rows}))
        issues = ReadRows(
            "issues",
            self.system,
            text_frame("issues", rows),
            records=len(rows),
            columns={path: column for path, column in COLUMNS.items() if column in held} | self.columns,
            unmapped=sorted(self.unmapped),
            left_out=self.left_out,
            reasons=self._short_parts(),
            cut=cut,
            is_full_snapshot=self.is_folder and not cut,
        )
        feeds = [issues]
        if self.changes:
            feeds.append(self._second("issue_changes", self.changes, "changelog.histories"))
        if self.worklogs:
            worklogs = self._second("worklogs", self.worklogs, "fields.worklog.worklogs")
            if short := self.short["worklogs"]:
                worklogs.cut.append(
                    Reason(
                        "ingest.short_worklogs",
                        "{count} issues came with only a part of their worklogs (first: {first}): {tool}'s search gives "
                        "twenty of each. Load the hours from the timesheet tool, or accept the batch as it is.",
                        {"count": len(short), "first": short[0], "tool": self.tool},
                    )
                )
            feeds.append(worklogs)
        return feeds

    def _cut(self, found: int) -> list[Reason]:
        if found < self.total:
            return [
                Reason(
                    "ingest.one_page_of_many",
                    "{file} holds {found} of {total} issues: it is one page of a longer answer. "
                    "Export the other pages too, or accept the batch if this is all you want.",
                    {"file": self.shown, "found": found, "total": self.total},
                )
            ]
        if self.last_pages and not any(self.last_pages):
            return [
                Reason(
                    "ingest.no_last_page",
                    "{file} holds {found} issues, and the last page of the answer is missing. "
                    "Export the other pages too, or accept the batch if this is all you want.",
                    {"file": self.shown, "found": found},
                )
            ]
        return []

    def _short_parts(self) -> list[Reason]:
        reasons = []
        if short := self.short["history"]:
            reasons.append(
                Reason(
                    "ingest.short_history",
                    "{count} issues came with only a part of their history (first: {first}); their dates of start and "
                    "reopening may be incomplete. Export them one by one with expand=changelog for the whole.",
                    {"count": len(short), "first": short[0]},
                )
            )
        if short := self.short["comments"]:
            reasons.append(
                Reason(
                    "ingest.short_comments",
                    "{count} issues came with only a part of their comments (first: {first}).",
                    {"count": len(short), "first": short[0]},
                )
            )
        return reasons

    def _second(self, feed: str, rows: list[dict], path: str) -> ReadRows:
        held = sorted({name for row in rows for name, value in row.items() if value is not None} - {"source_row"})
        return ReadRows(
            feed,
            self.system,
            text_frame(feed, rows),
            records=len(rows),
            columns={f"{path}.{name}": name for name in held},
        )


def _is_project(document: object) -> bool:
    """The description of a project, which an archive of issues holds beside them."""
    return isinstance(document, dict) and "fields" not in document and "issueTypes" in document


def _is_empty_page(document: object) -> bool:
    """A search that found nothing, as the page after the last one reads."""
    return isinstance(document, dict) and document.get("issues") == []
