"""The smallest set of rows that brings a KPI back over its line, and the sentence that says it.

A KPI is numerator ÷ denominator against a level: beyond by `numerator − level × denominator` on its bad side. What mending one
row takes off that is its gain. Taken largest first, the rows are as few as can be, and none of them can be spared.
Exactly on the line is within.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

_LEVEL_STEP, _AMOUNT_STEP = Decimal("0.000001"), Decimal("0.000001")  # as the build compares (macro beyond_levels)


@dataclass(frozen=True)
class Part:
    """A row that can be mended: what its whole brings (in the numerator's unit), and the row itself."""

    gain: Decimal
    row: dict[str, Any]


@dataclass(frozen=True)
class Chosen:
    """What to mend, largest gain first. taken: how much of each is asked for; of the last one only what is still missing."""

    parts: tuple[Part, ...]
    taken: tuple[Decimal, ...]
    is_enough: bool

    @property
    def gain(self) -> Decimal:
        return sum((part.gain for part in self.parts), Decimal(0))


def decimal(number: float | Decimal | None) -> Decimal:
    return Decimal(0) if number is None else Decimal(str(number))


def excess(
    numerator: float | Decimal, denominator: float | Decimal | None, level: float | Decimal, direction: str
) -> Decimal:
    """How far beyond the level, in the numerator's unit: positive beyond, zero on the line. direction: above or below."""
    whole = Decimal(1) if denominator is None else decimal(denominator)
    line = decimal(level).quantize(_LEVEL_STEP) * whole
    over = decimal(numerator).quantize(_AMOUNT_STEP) - line
    return over if direction == "above" else -over


def smallest(parts: Sequence[Part], needed: Decimal, *, whole_units: bool = False) -> Chosen:
    """The fewest parts whose gains make up `needed`; among equal gains the first given.

    whole_units: what is taken of a part is counted in whole things (lines of code), rounded up.
    """
    rest, chosen, taken = needed, [], []
    for part in sorted(parts, key=lambda part: -part.gain):
        if rest <= 0 or part.gain <= 0:
            break
        asked = min(part.gain, rest)
        chosen.append(part)
        taken.append(asked.quantize(Decimal(1), ROUND_CEILING) if whole_units else asked)
        rest -= part.gain
    return Chosen(tuple(chosen), tuple(taken), rest <= 0)


def together(*several: Chosen) -> Chosen:
    """Several sets that are all needed."""
    return Chosen(
        tuple(part for chosen in several for part in chosen.parts),
        tuple(amount for chosen in several for amount in chosen.taken),
        all(chosen.is_enough for chosen in several),
    )


def owners(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """[{owner, rows}] of the rows that name one, who has most of them first."""
    counted: dict[str, int] = {}
    for row in rows:
        if row.get("owner"):
            counted[row["owner"]] = counted.get(row["owner"], 0) + 1
    return [
        {"owner": owner, "rows": count}
        for owner, count in sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    ]
