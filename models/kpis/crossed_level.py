"""The level that a value is told with: the one it lies beyond, or would cross first."""

from __future__ import annotations

from models.document import Row
from models.kpis.levels import LEVELS


def level_told(row: Row, *, is_critical: bool) -> float | None:
    """The critical level where that is crossed, else that of warning; of a band those of the side where the value lies.

    row: value, the columns of models.kpis.levels. None where there is no level.
    """
    warning, critical, low_warning, low_critical = (row.get(name) for name in LEVELS)
    if row.get("bad_direction") == "outside" and _lies_low(row["value"], low_warning, low_critical, warning, critical):
        warning, critical = low_warning, low_critical
    levels = (critical, warning) if is_critical else (warning, critical)
    return next((level for level in levels if level is not None), None)


def _lies_low(value: float | None, *levels: float | None) -> bool:
    """Whether a value lies nearer to the lower side of a band. levels: low warning, low critical, high warning, high critical."""
    low = [level for level in levels[:2] if level is not None]
    high = [level for level in levels[2:] if level is not None]
    return bool(low) and (not high or value is not None and value - max(low) < min(high) - value)
