"""The one order of "worst", of values, projects, parts, alerts and changes alike: what a status says, then how far a value lies
beyond its level as a share of that level, then its key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.document import Row
from models.kpis.crossed_level import level_told
from models.kpis.levels import LEVELS
from models.vocabulary import KpiStatus

BAD = (KpiStatus.CRITICAL, KpiStatus.WARNING)
RANKS: dict[str, int] = {
    KpiStatus.CRITICAL: 0,
    KpiStatus.WARNING: 1,
    KpiStatus.NO_DATA: 2,
    KpiStatus.TOO_EARLY: 3,
    KpiStatus.OK: 4,
    KpiStatus.UNRATED: 5,
    KpiStatus.NOT_APPLICABLE: 6,
}
_JUDGED = (*BAD, KpiStatus.OK)
_KEYS = ("project_key", "module", "phase", "kpi_key")
_LOW = LEVELS[2:]


def place(status: str | None, beyond: float, *key: object) -> tuple[Any, ...]:
    """What sorts the worst first. beyond: of share_beyond. key: decides between two that are equally bad."""
    return (RANKS.get(status or "", len(RANKS)), -round(beyond, 9), *(str(part or "") for part in key))


def place_of(row: Row) -> tuple[Any, ...]:
    """The place of a row of kpi_values. Where it has no level, or no value, nothing tells how far: it follows those that have."""
    return place(row["status"], row_beyond(row), *(row.get(name) for name in _KEYS))


def row_beyond(row: Row) -> float:
    """share_beyond of a row of kpi_values, from the level it has crossed, else from the first that it would."""
    status = row["status"]
    if status not in _JUDGED:
        return 0.0
    level = level_told(row, is_critical=status == KpiStatus.CRITICAL)
    direction = row.get("bad_direction")
    if direction == "outside":
        direction = "below" if level is not None and level in [row.get(name) for name in _LOW] else "above"
    if direction is None and status in BAD:
        return abs(share_beyond(row["value"], level))  # it is judged bad: whichever side it lies on is the bad one
    return share_beyond(row["value"], level, direction)


def share_beyond(value: float | None, level: float | None, direction: str | None = None) -> float:
    """How far a value lies beyond its level, as a share of the level; below zero while it is within; 0 where that is unknown.

    direction: on which side of the level a value is bad, above or below. A level of zero has no share: there it is the value.
    """
    if value is None or level is None:
        return 0.0
    share = (float(value) - float(level)) / (abs(float(level)) or 1.0)
    return -share if direction == "below" else share


def projects_worst_first(rows: Iterable[Row]) -> list[str]:
    """Project keys by the worst of their values, of rows of kpi_values: in the order in which a list of all values names them."""
    return list(dict.fromkeys(row["project_key"] for row in sorted(rows, key=place_of)))
