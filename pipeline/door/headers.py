"""The dictionary of header names: which tool prints which name for which canonical column."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from models.feeds import FEEDS

_CUSTOM_FIELD = re.compile(
    r"^(?:custom field|自定义字段|自訂欄位|campo personalizado|campo personalizzato|champ personnalisé|"
    r"benutzerdefiniertes feld|benutzerdefinierte felder|пользовательское поле|настраиваемое поле|"
    r"pole niestandardowe|カスタムフィールド|カスタム フィールド)\s*\((.*)\)$"
)


def normal_header(name: str) -> str:
    """A header as it is compared: NFKC, trimmed, case-folded, one blank between words, none inside brackets or after Σ."""
    text = unicodedata.normalize("NFKC", name).replace("\ufeff", "").strip().casefold()
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([(\[{])\s*", lambda match: match.group(1), text)
    text = re.sub(r"\s+([)\]}])", r"\1", text)
    text = re.sub(r"^[σς∑]\s*", "σ", text)
    return text.rstrip(" *:")


def is_roll_up(name: str) -> bool:
    """Σ columns repeat the sum of an issue and its sub-tasks: never the plain column."""
    return normal_header(name).startswith("σ")


def custom_field(name: str) -> str | None:
    """The inner name of Jira's `Custom field (Severity)`, in any of its languages; None for other headers."""
    match = _CUSTOM_FIELD.match(normal_header(name))
    return match.group(1).strip() if match else None


@dataclass(frozen=True)
class HeaderSet:
    """What one tool prints for one feed. names: canonical column → known headers, the most trusted first.

    marks: headers that only this tool prints. seconds: canonical columns that this tool writes in seconds.
    """

    system: str
    feed: str
    names: dict[str, tuple[str, ...]]
    marks: frozenset[str] = frozenset()
    seconds: frozenset[str] = frozenset()

    def canonical(self) -> dict[str, tuple[str, int]]:
        """Normalized header → (canonical column, its priority: 0 is best)."""
        return _canonical(self.system, self.feed)


def header_set(system: str, feed: str, names: str, marks: str = "", seconds: str = "") -> HeaderSet:
    """Reads lines of `canonical = Name | Name`; marks are split by `|`, seconds by blanks."""
    parsed: dict[str, tuple[str, ...]] = {}
    for line in names.strip().splitlines():
        canonical, _, listed = line.partition("=")
        key = canonical.strip()
        assert any(column.name == key for column in FEEDS[feed].columns), (system, feed, key)
        parsed[key] = parsed.get(key, ()) + tuple(name.strip() for name in listed.split("|") if name.strip())
    marked = frozenset(normal_header(mark) for mark in marks.split("|") if mark.strip())
    return HeaderSet(system, feed, parsed, marked, frozenset(seconds.split()))


@cache
def header_sets() -> tuple[HeaderSet, ...]:
    """All sets, the special tools before the generic ones."""
    from pipeline.door import headers_hours, headers_issues, headers_money, headers_office  # noqa: PLC0415 (they use ours)

    return (*headers_issues.SETS, *headers_hours.SETS, *headers_money.SETS, *headers_office.SETS)


@cache
def _canonical(system: str, feed: str) -> dict[str, tuple[str, int]]:
    own = next(one for one in header_sets() if one.system == system and one.feed == feed)
    found: dict[str, tuple[str, int]] = {}
    for canonical, names in own.names.items():
        for priority, name in enumerate(names):
            found.setdefault(normal_header(name), (canonical, priority))
    for column in FEEDS[feed].columns:  # a canonical name is always understood, and always meant
        found[normal_header(column.name)] = (column.name, -1)
        found.setdefault(normal_header(column.name.replace("_", " ")), (column.name, -1))
    return found


@cache
def known_headers() -> frozenset[str]:
    return frozenset(name for one in header_sets() for name in one.canonical())


def is_known_header(name: str) -> bool:
    normal = normal_header(name)
    return normal in known_headers() or custom_field(name) is not None or is_period(normal)


def is_period(normal: str) -> bool:
    """`2026-01`, `2026年1月`, `jan 2026`: a month as a column of a wide budget."""
    return bool(re.match(r"^(19|20)\d\d(-|/|\.|年)(0?[1-9]|1[0-2])月?$", normal)) or bool(_MONTH_WORD.match(normal))


_MONTH_WORD = re.compile(r"^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ '\-](19|20)?\d\d$")
