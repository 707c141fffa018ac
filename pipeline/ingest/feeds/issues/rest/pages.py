"""What one JSON file of issues is: issues in one of their forms, a page of an issue's history, a list of fields."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from models.errors import InputError
from pipeline.ingest.dialects import dialects
from pipeline.ingest.feeds.issues.rest.text import dictionaries

_ISSUE_IN_ADDRESS = re.compile(r"/issue/([^/?#]+)/(?:changelog|worklog|comment)")
_KEY_IN_NAME = re.compile(r"(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9_]+-\d+)(?!\d)")


@dataclass(frozen=True)
class JsonFile:
    """One file of a folder or archive: its path inside, and how to read its bytes."""

    name: str
    content: Callable[[], bytes]


@dataclass
class Page:
    """What one document holds.

    issues: with the names of its custom fields, by their ids. total: how many issues the answer says there are. is_last:
    False where the answer says that more pages follow, None where it does not say. fields: id → name. The rest: entries of
    one kind by the issue they belong to (its key, or its number).
    """

    issues: list[tuple[dict, dict[str, str]]] = field(default_factory=list)
    total: int = 0
    is_last: bool | None = None
    fields: dict[str, str] = field(default_factory=dict)
    histories: dict[str, list[dict]] = field(default_factory=dict)
    worklogs: dict[str, list[dict]] = field(default_factory=dict)
    comments: dict[str, list[dict]] = field(default_factory=dict)

    @property
    def is_aside(self) -> bool:
        """Whether it tells of issues or of fields that stand in other files."""
        return bool(self.fields or self.histories or self.worklogs or self.comments)


def documents_of(file: JsonFile) -> list[object]:
    """The documents of a file: one, or one per line (NDJSON). Raises: InputError "ingest.broken_json"."""
    content = file.content()
    try:
        return [json.loads(content)]
    except (ValueError, RecursionError) as error:
        lines = [line for line in content.splitlines() if line.strip()]
        if len(lines) > 1:
            try:
                return [json.loads(line) for line in lines]
            except (ValueError, RecursionError):
                pass
        raise InputError(
            "ingest.broken_json",
            "{file}, line {line}: the JSON breaks here; the file is damaged or was cut off. Export it again.",
            file=file.name,
            line=getattr(error, "lineno", 1),
        ) from error


def page_of(document: Any, file: str) -> Page:
    """Raises: InputError "ingest.not_an_issue" where one entry of a list of issues is none."""
    page = Page()
    if isinstance(document, list):
        if _are_fields(document):
            page.fields = {str(declared["id"]): str(declared["name"]) for declared in document}
            return page
        page.issues = list(_issues(document, {}, file))
    elif isinstance(document, dict):
        if isinstance(document.get("issue"), dict) and "fields" in document["issue"]:  # what a webhook sends
            document = document["issue"]
        names = _names(document)
        if isinstance(document.get("issues"), list):
            page.total = document["total"] if isinstance(document.get("total"), int) else 0
            page.is_last = _is_last(document)
            page.issues = list(_issues(document["issues"], names, file))
        elif _is_issue(document):
            page.issues = [(document, names)]
        else:
            _take_aside(page, document, file)
    return page


def _names(document: dict) -> dict[str, str]:
    return document["names"] if isinstance(document.get("names"), dict) else {}


def _is_last(document: dict) -> bool | None:
    """Cloud's new search has no total: its pages say whether they are the last, or hand on a token for the next."""
    if isinstance(document.get("isLast"), bool):
        return document["isLast"]
    return False if document.get("nextPageToken") else None


def whose_issues() -> tuple[str, str]:
    """(the tool that answers searches in this form, what its users call it), as its dialect says."""
    known = dialects()
    system = known.read_by("issue_rest")
    return system, known.names[system]["en"]


def _is_issue(document: object) -> bool:
    return isinstance(document, dict) and isinstance(document.get("fields"), dict) and bool(document.get("key"))


def _issues(documents: list, names: dict[str, str], file: str) -> Iterator[tuple[dict, dict[str, str]]]:
    for number, issue in enumerate(documents, 1):
        if not _is_issue(issue):
            raise InputError(
                "ingest.not_an_issue",
                "{file}: entry {number} is no {tool} issue (it has no key and fields). Export the issues again "
                "with their fields.",
                tool=whose_issues()[1],
                file=file,
                number=number,
            )
        yield issue, names | _names(issue)


def _are_fields(documents: list) -> bool:
    """`/rest/api/2/field`: every field with its id and the name that people see."""
    return bool(documents) and all(
        isinstance(document, dict)
        and document.get("id")
        and document.get("name")
        and "fields" not in document
        and {"schema", "custom"} & document.keys()
        for document in documents
    )


def _take_aside(page: Page, document: dict, file: str) -> None:
    """Pages of the history, the worklogs or the comments of one issue; in bulk, the histories of several."""
    if isinstance(document.get("issueChangeLogs"), list):
        for dictionary in dictionaries(document["issueChangeLogs"]):
            page.histories.setdefault(str(dictionary.get("issueId")), []).extend(
                dictionaries(dictionary.get("changeHistories"))
            )
        return
    for name, into, mark in (
        ("values", page.histories, "items"),
        ("histories", page.histories, "items"),
        ("worklogs", page.worklogs, "timeSpentSeconds"),
        ("comments", page.comments, "body"),
    ):
        entries = dictionaries(document.get(name))
        if entries and all(mark in entry for entry in entries):
            for entry in entries:
                into.setdefault(_issue_of(entry, document, file), []).append(entry)
            return


def _issue_of(entry: dict, document: dict, file: str) -> str:
    """The key or the number of the issue: the entry names it, its address does, or the file's name."""
    if entry.get("issueId"):
        return str(entry["issueId"])
    for address in (entry.get("self"), document.get("self"), document.get("nextPage")):
        found = _ISSUE_IN_ADDRESS.search(address) if isinstance(address, str) else None
        if found:
            return found[1]
    named = _KEY_IN_NAME.search(file)
    return named[1] if named else ""
