"""All tools that are known, and what the rest of the ingest asks of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pydantic import TypeAdapter

from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.dialects.header_set import HeaderSet
from pipeline.ingest.dialects.links import issue_link
from pipeline.ingest.dialects.money_units import without_unit
from pipeline.ingest.dialects.names import custom_field, normal_header, normal_word, owners, squeezed
from pipeline.ingest.dialects.period_columns import period_of_column
from pipeline.ingest.dialects.reports import AnyReport
from pipeline.ingest.dialects.schema import GENERIC, Dialect, KeyStyle, Quirk, Table, TimeUnit

STATES = "issues.status"  # its words name a state; their meaning is the state's category


@dataclass(frozen=True)
class KnownReport:
    """A kind of report, the tool or format that writes it and its name, and {word as compared: the outcome it means}."""

    tool: str
    name: str
    report: AnyReport
    outcomes: dict[str, str]

    @property
    def conditions(self) -> int:
        return bool(self.report.marks) + bool(self.report.unmarked) + bool(self.report.child)

    def as_json(self) -> dict:
        return {
            "tool": self.tool,
            "name": self.name,
            "report": self.report.model_dump(mode="json"),
            "outcomes": self.outcomes,
        }

    @classmethod
    def of_json(cls, said: dict) -> KnownReport:
        return cls(said["tool"], said["name"], TypeAdapter(AnyReport).validate_python(said["report"]), said["outcomes"])


@dataclass(frozen=True, eq=False)
class Dialects:
    """tools: by the name that batches are kept under. own: files of those that the project office describes itself.

    broken: files that could not be read, and why.
    """

    tools: dict[str, Dialect]
    own: dict[str, Path] = field(default_factory=dict)
    broken: tuple[Reason, ...] = ()

    def has(self, tool: str, quirk: Quirk) -> bool:
        return tool in self.tools and quirk in self.tools[tool].quirks

    def with_quirk(self, quirk: Quirk) -> list[str]:
        return sorted(name for name, tool in self.tools.items() if quirk in tool.quirks)

    def key_style(self, tool: str) -> KeyStyle | None:
        return self.tools[tool].key_style if tool in self.tools else None

    def time_unit(self, tool: str) -> TimeUnit | None:
        return self.tools[tool].time_unit if tool in self.tools else None

    def read_by(self, reader: str) -> str:
        """The tool whose exports a reader of ours reads."""
        return next(name for name, tool in self.tools.items() if tool.reader == reader)

    def page_sizes(self, tool: str, feed: str) -> set[int]:
        return {size for table in self._tables(tool, feed) for size in table.page_sizes}

    def parents_named_by(self, tool: str, feed: str) -> frozenset[str]:
        """Headers, as compared, of what other rows name their parent by."""
        return frozenset(normal_header(name) for table in self._tables(tool, feed) for name in table.parents_named_by)

    def _tables(self, tool: str, feed: str) -> list[Table]:
        return [table for table in self.tools[tool].tables if table.feed == feed] if tool in self.tools else []

    @cached_property
    def reports(self) -> list[KnownReport]:
        """How every report reads that is known; those that say more about themselves come first."""
        found = [
            KnownReport(name, tool.names["en"], report, self.words("test_results.outcome", name) or {})
            for name, tool in self.tools.items()
            for report in tool.reports
        ]
        return sorted(found, key=lambda known: -known.conditions)

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        return {
            name: {str(language): name for language, name in tool.names.items()} for name, tool in self.tools.items()
        }

    def exports_of(self, tool: str) -> list[dict[str, str]]:
        """{language: the export} of each export that is read of a tool, as its menus name it."""
        return [dict(name.items()) for name in self.tools[tool].read] if tool in self.tools else []

    def unread_table(self, names: Collection[str]) -> str | None:
        """The tool whose sums or extracts have these headers, as compared."""
        return next((tool for tool, headers in self._unread if headers <= set(names)), None)

    @cached_property
    def _unread(self) -> list[tuple[str, frozenset[str]]]:
        tables = [(name, headers) for name, tool in self.tools.items() for headers in tool.not_read.tables]
        return [(name, frozenset(map(normal_header, headers))) for name, headers in tables]

    def tool_of_file(self, file: str, *, by_ending_only: bool) -> str | None:
        """The tool that a file's name shows: by its ending, else because it names the tool, the longest name first."""
        ending = f".{file.rpartition('.')[2].lower()}"
        ended = (name for name, tool in self.tools.items() if ending in tool.not_read.endings)
        named = iter(()) if by_ending_only else (name for name, pattern in self._named if pattern.search(file))
        return next(ended, None) or next(named, None)

    @cached_property
    def _named(self) -> list[tuple[str, re.Pattern[str]]]:
        """Tool and its names as parts of a file's name."""
        tools = {name: tool for name, tool in self.tools.items() if tool.read}
        names = {text: name for name, tool in tools.items() for text in (name, *tool.names.values())}
        spelled = {text: re.escape(text.lower()).replace("_", "[ _-]?") for text in names}
        return [
            (names[text], re.compile(rf"(?i)(?<![a-z0-9]){spelled[text]}(?![a-z])"))
            for text in sorted(names, key=len, reverse=True)
        ]

    @cached_property
    def worklog_cells(self) -> frozenset[str]:
        """Headers, as compared, of cells that hold whole worklogs, whatever tool made the list of issues."""
        tables = [table for tool in self.tools.values() for table in tool.tables]
        return frozenset(normal_header(name) for table in tables for name in table.worklog_cells)

    @cached_property
    def lines_above(self) -> dict[str, dict[str, int]]:
        """The first cell of a line that a tool prints above its table → what it tells, and in which cell."""
        books = [table.books for tool in self.tools.values() for table in tool.tables]
        return {opening: dict(found.cells.items()) for found in books for opening in found.opens_with}

    @cached_property
    def trackers(self) -> tuple[str, ...]:
        """Names of the tools that keep issues, as files and headers speak of them."""
        tools = [tool for name, tool in self.tools.items() if name != GENERIC]
        kept = [tool for tool in tools if any(table.feed == "issues" for table in tool.tables)]
        return tuple(dict.fromkeys(name for tool in kept for name in tool.names.values()))

    @cached_property
    def header_sets(self) -> tuple[HeaderSet, ...]:
        """Feed by feed in the order of generic.yml: of each the tools by their rank, then what any list prints."""
        generic = {table.feed: table for table in self.tools[GENERIC].tables}
        place, owner = {feed: number for number, feed in enumerate(generic)}, owners(self.trackers)
        tables = [(name, table) for name, tool in self.tools.items() for table in tool.tables]
        tables.sort(key=lambda pair: (place[pair[1].feed], pair[1].rank, pair[0] == GENERIC))
        return tuple(
            _header_set(name, table, generic[table.feed] if table.like_generic else None, owner)
            for name, table in tables
        )

    def is_header(self, name: str) -> bool:
        """Whether a name is the header of anything that is read here; `2026-01` and `Q1` stand over periods side by side."""
        normal = normal_header(name)
        return (
            normal in self._headers
            or without_unit(normal) in self._headers
            or custom_field(name) is not None
            or issue_link(name) is not None
            or period_of_column(name, "2026") is not None
        )

    @cached_property
    def _headers(self) -> frozenset[str]:
        return frozenset(name for found in self.header_sets for name in found.canonical())

    @cached_property
    def _registers(self) -> dict[str, frozenset[str]]:
        listed = self.tools[GENERIC].registers
        return {name: frozenset(map(squeezed, headers)) for name, headers in listed.items()}

    def registers(self, *names: str) -> frozenset[str]:
        """Headers, squeezed, of registers of these kinds."""
        return frozenset().union(*(self._registers[name] for name in names))

    @cached_property
    def _words(self) -> dict[str, dict[str, dict[str, str]]]:
        return {
            name: {key: _words(meanings) for key, meanings in tool.words.items()} for name, tool in self.tools.items()
        }

    def words(self, key: str, tool: str = GENERIC) -> dict[str, str] | None:
        """`feed.column` → {word as compared: what it means here}, the tool's own first; None where the column is free text."""
        shared, own = self._words[GENERIC].get(key), self._words.get(tool, {}).get(key)
        return shared if own is None or tool == GENERIC else (shared or {}) | own

    def vocabulary(self, feed: str, column: str, tool: str = GENERIC) -> dict[str, str] | None:
        """The words that stand for another in a column; those of a state stay, its category is of its own."""
        return None if f"{feed}.{column}" == STATES else self.words(f"{feed}.{column}", tool)

    @cached_property
    def meanings(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """(feed, column) → what its words can stand for."""
        listed = self.tools[GENERIC].words
        return {(key.partition(".")[0], key.partition(".")[2]): tuple(meanings) for key, meanings in listed.items()}


def _header_set(tool: str, table: Table, like: Table | None, owner: re.Pattern[str]) -> HeaderSet:
    tables = [table] if like is None else [table, like]
    names: dict[str, tuple[str, ...]] = {}
    for part in tables:
        for by_column in part.headers.values():
            for column, headers in by_column.items():
                names[column] = (*names.get(column, ()), *headers)
    return HeaderSet(
        tool,
        table.feed,
        names,
        owner,
        frozenset(normal_header(mark) for part in tables for mark in part.marks),
        {column: str(unit) for column, unit in table.units.items()},
        frozenset(table.several),
        table.defaults,
        table.told_by,
        {role: tuple(map(normal_header, headers)) for role, headers in table.roles.items()},
        table.books,
    )


def _words(meanings: dict[str, list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for meaning, words in meanings.items():
        found |= dict.fromkeys((meaning, meaning.replace("_", " "), *map(normal_word, words)), meaning)
    return found
