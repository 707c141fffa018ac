"""All tools that are known, and what the rest of the ingest asks of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.dialects.header_set import HeaderSet
from pipeline.ingest.dialects.links import issue_link
from pipeline.ingest.dialects.money_units import without_unit
from pipeline.ingest.dialects.names import custom_field, normal_header, normal_word, owners, squeezed
from pipeline.ingest.dialects.period_columns import period_of_column
from pipeline.ingest.dialects.schema import GENERIC, Dialect, KeyStyle, Quirk, Table, TimeUnit

STATES = "issues.status"  # its words name a state; their meaning is the state's category


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
    def names(self) -> dict[str, dict[str, str]]:
        return {
            name: {str(language): name for language, name in tool.names.items()} for name, tool in self.tools.items()
        }

    @cached_property
    def worklog_cells(self) -> frozenset[str]:
        """Headers, as compared, of cells that hold whole worklogs, whatever tool made the list of issues."""
        tables = [table for tool in self.tools.values() for table in tool.tables]
        return frozenset(normal_header(name) for table in tables for name in table.worklog_cells)

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
    )


def _words(meanings: dict[str, list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for meaning, words in meanings.items():
        found |= dict.fromkeys((meaning, meaning.replace("_", " "), *map(normal_word, words)), meaning)
    return found
