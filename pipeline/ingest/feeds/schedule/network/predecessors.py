"""Predecessors of a task as tools print them (`12FS+3d,14SS-2 days;15`, `12EA+1,5t`) in one notation.

The notation: `<task id><FS|SS|FF|SF>[+|-<n>d]`, the kind always written. A lag in hours is a fraction of an 8-hour day; a
share of the predecessor's duration stays `+50%`; elapsed days, which run through weekends, stay `+3ed`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from pipeline.ingest.values.durations import DAYS_PER_WEEK, HOURS_PER_DAY, amount_and_unit, days_of, elapsed_days

# Microsoft Project prints the kinds by the words of its language: from finish to start is EA in German, FC in Spanish.
_KINDS = {
    "FS": "FS EA FD FC TI FI ZR ОН 完成-开始",
    "SS": "SS AA DD CC II RR НН 开始-开始",
    "FF": "FF EE TT ZZ ОО 完成-完成",
    "SF": "SF AE DF CF IT IF RZ НО 开始-完成",
}
KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_KIND = "|".join(sorted(KIND_OF, key=len, reverse=True))
_LAG = r"[+\-−–]\s*\d+(?:[.,]\d+)?\s*(?:%|e%|[^\W\d_][\w.\s]*)?\??"
_WITH_KIND = re.compile(
    rf"^(?P<id>.+?)\s*[:\s(]?\s*\(?(?P<kind>{_KIND})\)?\s*(?P<lag>{_LAG}|[+]?\d+(?:[.,]\d+)?\s*\w*)?$", re.I
)
# Without a kind a lag counts only behind a number and with a unit: `T-5` is a task.
_WITHOUT_KIND = re.compile(r"^(?P<id>\d+)\s*(?P<lag>[+\-−–]\s*\d+(?:[.,]\d+)?\s*(?:%|[^\W\d_]+)\??)$")
# A comma between a digit and another one with a unit behind it is a decimal mark: `12EA+1,5t`.
_DECIMAL_COMMA = re.compile(r"([+\-−–]\s*\d+),(\d+\s*(?:%|[^\W\d_]))")
_GANTT_PROJECT = re.compile(
    r"^(?P<id>[^\s,;=]+)-(?P<kind>FS|SS|FF|SF)=(?P<sign>-?)P-?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T(?P<hours>\d+)H)?$",
    re.I,
)
_ID = re.compile(r"^[^\s,;][^,;\n]{0,99}$")


@dataclass
class Predecessors:
    """links: in our notation, in the cell's order. unread: the parts of the cell that do not read."""

    links: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_predecessors(cell: str, known: frozenset[str] = frozenset(), plain_unit: str = "day") -> Predecessors:
    """The links in one cell. `known` holds the ids of the file's tasks: what names one is a task, however it looks.

    plain_unit: what a lag without a unit counts in.
    """
    text = unicodedata.normalize("NFKC", cell).strip()
    found = Predecessors()
    for piece in re.split(r"[,;、|\n]", _DECIMAL_COMMA.sub(r"\1.\2", text)):
        part = piece.strip()
        if not part:
            continue
        link = _link(part, known, plain_unit)
        if link is None:
            found.unread.append(part)
        elif link not in found.links:
            found.links.append(link)
    return found


def _link(part: str, known: frozenset[str], plain_unit: str) -> str | None:
    if part in known:
        return f"{part}FS"
    if match := _GANTT_PROJECT.match(part):
        return _gantt_project(match)
    match = _WITH_KIND.match(part)
    if match and (not known or match["id"].strip() in known):
        return _written(match["id"].strip(), KIND_OF[match["kind"].upper()], match["lag"], plain_unit)
    bare = _WITHOUT_KIND.match(part)
    if bare:
        return _written(bare["id"], "FS", bare["lag"], plain_unit)
    if match:
        return _written(match["id"].strip(), KIND_OF[match["kind"].upper()], match["lag"], plain_unit)
    # Another project's task is `C:\plans\other.mpp\12`: it is no task of this file, and not a name either.
    return f"{part}FS" if _ID.match(part) and "\\" not in part and not re.search(r"[+]|\s{2,}", part) else None


def _gantt_project(match: re.Match) -> str:
    """`0-FS=P2D`: the lag is an ISO duration, of working time where it counts hours."""
    sign = -1 if match["sign"] else 1
    days = int(match["days"] or 0) + int(match["weeks"] or 0) * DAYS_PER_WEEK + int(match["hours"] or 0) / HOURS_PER_DAY
    return link(match["id"], match["kind"].upper(), sign * days)


def _written(task: str, kind: str, lag: str | None, plain_unit: str) -> str | None:
    if not task or "\\" in task:
        return None
    if not lag:
        return f"{task}{kind}"
    lag = lag.replace("−", "-").replace("–", "-").strip()
    if lag.endswith("%"):
        share = amount_and_unit(lag.rstrip("%").rstrip("e"))
        return None if share is None else link(task, kind, share[0], "%")
    amount = amount_and_unit(lag)
    if amount is None:
        return None
    number, unit, is_elapsed = amount
    unit = unit or plain_unit
    if is_elapsed:
        return link(task, kind, elapsed_days(number, unit), "ed")
    return link(task, kind, days_of(number, unit), "d")


def link(task: str, kind: str, lag: float = 0.0, unit: str = "d") -> str:
    """One link in our notation; a lag of nothing is left out. unit: d, ed or %."""
    if not lag:
        return f"{task}{kind}"
    return f"{task}{kind}{'-' if lag < 0 else '+'}{abs(round(lag, 4)):g}{unit}"
