"""A report of any form as elements inside each other, and what stands at the places that a tool's YAML file names."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import InputError
from pipeline.ingest.dialects.known import KnownReport
from pipeline.ingest.dialects.reports import Places, Report
from pipeline.ingest.files.json_events import walk_json
from pipeline.ingest.files.line_events import walk_lines
from pipeline.ingest.files.source import HEAD_BYTES, ContentKind, SourceFile
from pipeline.ingest.files.xml_events import opening, walk_xml


@dataclass(slots=True)
class Element:
    """texts: what stands in the elements inside it that hold nothing but text."""

    name: str
    line: int
    number: int  # in the order of the document
    attributes: dict[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    last: int = 0  # number of the last element inside it


@dataclass(frozen=True, slots=True)
class Place:
    """where: "" the element itself or one around it, "/" the outermost, "//" any before, ".//" any inside, ".." around it."""

    where: str
    element: str
    name: str
    is_text: bool

    @classmethod
    def of(cls, written: str) -> Place:
        if written == "..":
            return cls(written, "", "", is_text=False)
        where, path = _groups(r"(\.//|//|/|)(.*)", written)
        element, mark, name = _groups(r"([\w.-]*?)([@/]?)([\w:.-]+)", path)
        return cls(where, element, name, is_text=mark != "@")

    def value(self, element: Element) -> str:
        if self.where == "..":
            return element.name
        return (element.texts if self.is_text else element.attributes).get(self.name, "").strip()


def _groups(pattern: str, written: str) -> tuple[str, ...]:
    """The groups of what a YAML file says, in the form that was checked when it was read."""
    match = re.fullmatch(pattern, written)
    assert match
    return match.groups()


def places(*written: Places) -> list[Place]:
    return [Place.of(part) for listed in written for place in listed for part in place.split(" ")]


class Elements:
    """The elements that are open, outermost first, while a report is walked through."""

    def __init__(self, source: SourceFile, report: Report, wanted: Iterable[Place]) -> None:
        self.path: list[Element] = []
        self.used: dict[str, None] = {}  # places where something stood
        self._source, self._report = source, report
        self._texts = {place.name for place in wanted if place.is_text}
        self._kept = {place.element for place in wanted if place.where in ("//", ".//")}
        self._seen: defaultdict[str, list[Element]] = defaultdict(list)
        self._skip = [_groups(r"([^@]+)@?([^=]*)=?(.*)", rule) for rule in report.skip]
        self._skipped = self._number = 0
        self._text: list[str] | None = None
        self._places: dict[str, list[Place]] = {}

    def walk(self, start: Callable[[Element], None], end: Callable[[Element], None]) -> None:
        """Calls start(element) and end(element) in document order; while it does, the element is the last of `path`."""

        def opened(name: str, attributes: dict[str, str], line: int) -> None:
            if self._skipped or (self._skip and self._is_skipped(name, attributes)):
                self._skipped += 1
                return
            self._number += 1
            element = Element(name, line, self._number, attributes)
            self.path.append(element)
            if name in self._kept:
                self._seen[name].append(element)
            self._text = [] if name in self._texts else None
            start(element)

        def closed(name: str) -> None:
            if self._skipped:
                self._skipped -= 1
                return
            if self._text is not None and len(self.path) > 1:
                self.path[-2].texts.setdefault(name, "".join(self._text))
            self._text = None
            self.path[-1].last = self._number
            end(self.path[-1])
            self.path.pop()

        def text(data: str) -> None:
            if self._text is not None:
                self._text.append(data)

        if self._report.format == "text" and self._report.text:
            walk_lines(self._source, self._report.text, opened, closed, text)
        elif self._report.format == "json":
            walk_json(self._source, opened, closed)
        else:
            walk_xml(self._source, opened, closed, text if self._texts else None)

    def _is_skipped(self, name: str, attributes: dict[str, str]) -> bool:
        return any(
            name == element and (not attribute or (attribute in attributes and value in ("", attributes[attribute])))
            for element, attribute, value in self._skip
        )

    def values(self, written: Places, also: Iterable[Element] = ()) -> Iterator[str]:
        """What stands at the places and is not blank, the most trusted first and of one place the innermost first.

        also: elements that belong to the last of `path` though they stand elsewhere.
        """
        for place in written:
            parts = self._parsed(place)
            if len(parts) == 1:
                found = self._at(parts[0], also)
            else:
                first = [next(self._at(part, also), "") for part in parts]
                found = iter([" ".join(first)] if all(first) else [])
            for value in found:
                self.used[place] = None
                yield value

    def _parsed(self, place: str) -> list[Place]:
        if place not in self._places:
            self._places[place] = places([place])
        return self._places[place]

    def _at(self, place: Place, also: Iterable[Element]) -> Iterator[str]:
        for element in self._holders(place, also):
            if value := place.value(element):
                yield value

    def _holders(self, place: Place, also: Iterable[Element]) -> Iterable[Element]:
        path, name = self.path, place.element
        if not place.where:
            if not name:
                return path[-1:]
            around = [element for element in reversed(path) if element.name == name]
            return [*around, *(element for element in also if element.name == name)] if also else around
        if place.where == "/":
            return path[:1]
        if place.where == "..":
            return path[-2:-1]
        if place.where == "//":
            return reversed(self._seen[name])
        own = [element for element in self._seen[name] if path[-1].number < element.number <= path[-1].last]
        return sorted(own, key=place.value, reverse=True)  # of moments the last


def recognized(source: SourceFile, known: Iterable[KnownReport]) -> KnownReport | None:
    """Which of the known kinds of report a file is, by its beginning; None where it is none."""
    if source.kind is ContentKind.JSON:
        return recognized_json(source.path, known)
    if source.kind is ContentKind.XML:
        root, attributes, child = opening(source)
        return next((found for found in known if _opens(found.report, root, attributes, child)), None)
    text = _head(source.path).decode("utf-8-sig", "replace").lstrip()
    return next((found for found in known if found.report.text and found.report.text.opens.match(text)), None)


def recognized_json(path: Path, known: Iterable[KnownReport]) -> KnownReport | None:
    """Which of the known kinds of report a JSON file is, by the keys at its beginning."""
    head = _head(path)
    keys = set(re.findall(r'"([\w-]+)"\s*:', head.decode(json.detect_encoding(head), "replace")))
    return next(
        (found for found in known if found.report.format == "json" and keys.issuperset(found.report.marks)), None
    )


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(HEAD_BYTES)


def _opens(report: Report, root: str, attributes: dict[str, str], child: str | None) -> bool:
    return (
        root in report.roots
        and (not report.marks or not attributes.keys().isdisjoint(report.marks))
        and attributes.keys().isdisjoint(report.unmarked)
        and report.child in (None, child)
    )


def kind_of(source: SourceFile, known: Iterable[KnownReport], model: type[Report] = Report) -> KnownReport:
    """The kind of a report, of those that the model describes. Raises: InputError, which says what would be read."""
    known = list(known)
    if kind := recognized(source, [found for found in known if isinstance(found.report, model)]):
        return kind
    read = sorted({found.name for found in known if found.report.format == "xml"}, key=str.casefold)
    raise InputError(
        "ingest.unknown_xml",
        "{file} is XML of a kind that is not read here: it opens with <{root}>. Reports of tests and coverage are read as "
        "{formats}, plans as Microsoft Project or Primavera. Nothing was loaded; export it in one of these forms, or as CSV.",
        file=source.name,
        root=opening(source)[0][:60],
        formats=", ".join(read),
    )
