"""One tool's header names for one feed, and how a header is compared."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from models.feeds import FEEDS, Kind
from pipeline.ingest.contracts.books import Books
from pipeline.ingest.dialects.names import has_brackets, hour_unit, normal_header, squeezed, variants


@dataclass(frozen=True)
class HeaderSet:
    """What one tool prints for one feed. names: canonical column → known headers, the most trusted first.

    marks: headers that only this tool prints, as compared. units: canonical column → what this tool counts it in, if not hours.
    several: canonical columns of which each row fills another: who finished a task, else whom it is assigned to.
    defaults: canonical column → what every row is where no header says it. told_by: canonical column → the column whose words
    tell it where it is empty. owner: what may stand before any name. roles: what columns hold of which several make one → their
    headers, as compared. books: how a ledger is written.
    """

    system: str
    feed: str
    names: dict[str, tuple[str, ...]]
    owner: re.Pattern[str]
    marks: frozenset[str] = frozenset()
    units: dict[str, str] = field(default_factory=dict)
    several: frozenset[str] = frozenset()
    defaults: dict[str, str] = field(default_factory=dict)
    told_by: dict[str, str] = field(default_factory=dict)
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    books: Books = field(default_factory=Books)

    def canonical(self) -> dict[str, tuple[str, int]]:
        """Normalized header → (canonical column, its priority: 0 is best)."""
        return self._by_header

    def loosely(self, name: str) -> tuple[str, int] | None:
        """The canonical column of a known name with other separators, a unit, a zone or a word around it, and its priority."""
        for variant, kind in variants(name, self.owner):
            found = self._by_words.get(variant)
            if found is not None and _goes_with(name, FEEDS[self.feed].column(found[0]).kind, kind):
                return found
        return None

    @cached_property
    def _by_words(self) -> dict[str, tuple[str, int]]:
        """Known names without brackets and separators; what two columns share is nobody's."""
        held: dict[str, tuple[str, int]] = {}
        shared: set[str] = set()
        for name, found in self._by_header.items():
            key = squeezed(name)
            if held.setdefault(key, found)[0] != found[0]:
                shared.add(key)
            held[key] = min(held[key], found, key=lambda known: known[1])
        return {key: found for key, found in held.items() if key and key not in shared}

    @cached_property
    def _by_header(self) -> dict[str, tuple[str, int]]:
        found: dict[str, tuple[str, int]] = {}
        for canonical, names in self.names.items():
            for priority, name in enumerate(names):
                found.setdefault(normal_header(name), (canonical, priority))
        for column in FEEDS[self.feed].columns:  # a canonical name is always understood, and always meant
            listed = found.get(column.name)
            if listed is None or listed[0] != column.name or "_" in column.name:  # the tool says where `Project` ranks
                found[normal_header(column.name)] = (column.name, -1)
            found.setdefault(normal_header(column.name.replace("_", " ")), (column.name, -1))
        return found


# Of these a bracket may say anything; of amounts it says what they count, which only the exact name settles.
_ANY_BRACKET = (Kind.TEXT, Kind.CODE, Kind.LIST, Kind.DATE, Kind.INSTANT, Kind.FLAG)


def _goes_with(name: str, kind: Kind, asked: Kind | None) -> bool:
    if asked is not None and kind is not asked:
        return False
    return kind in _ANY_BRACKET or not has_brackets(name) or (kind is Kind.HOURS and hour_unit(name) is not None)
