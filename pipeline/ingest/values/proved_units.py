"""In which unit a column counts that names none, proved on its values: the tool only says which unit to expect.

Issues of one tracker keep all their times in one unit, so that its columns are looked at together. People plan in quarters of
an hour, and an issue takes from minutes to weeks: a unit under which the values do neither is not theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from models.errors import InputError
from models.feeds import Feed, Kind
from models.intake import ColumnUnit
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.options import HOUR_UNITS, SHARE_UNITS
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.money_units import FACTORS, says_single_units
from pipeline.ingest.dialects.names import hour_unit, normal_header
from pipeline.ingest.dialects.schema import TimeUnit
from pipeline.ingest.values.amounts import PLAIN, NumberEvidence
from pipeline.ingest.values.formats import Formats

# One hour in the unit; the step that tools write it in; the most that half of a list's issues may take, in hours.
_PER_HOUR = {"hours": 1.0, "minutes": 60.0, "seconds": 3600.0, "milliseconds": 3_600_000.0}
_STEP = {"minutes": 1.0, "seconds": 60.0, "milliseconds": 1000.0}
_LEAST, _MOST = 0.1, {"hours": 200.0, "minutes": 40.0, "seconds": 200.0, "milliseconds": 200.0}
_EXACTLY = 1e-6
_QUARTERS = 0.8  # so many of the values are quarters of an hour
_POINTS = 300  # half of the values above it and all of them whole minutes: no story points
_WORKBOOKS = (".xlsx", ".xlsm")  # there 100 % is kept as 1
_ALIKE = (0.2, 5.0)  # amounts of one table differ by less than this where they are in one scale


@dataclass
class PlainNumbers:
    """The positive numbers of a column that name no unit themselves."""

    values: list[pl.Series] = field(default_factory=list)

    def add(self, texts: pl.Series) -> None:
        """texts: without nulls, trimmed."""
        texts = texts.str.replace(r"^([+-]?\d+),(\d{1,2})$", "${1}.${2}")
        numbers = texts.filter(texts.str.contains(PLAIN)).cast(pl.Float64, strict=False).abs()
        self.values.append(numbers.filter(numbers > 0))


def proved_unit(numbers: pl.Series, expected: str | None) -> tuple[str | None, list[str]]:
    """(the unit, None where the values leave it open or contradict the tool; the units that could be meant).

    expected: the unit that the tool writes.
    """
    possible = [unit for unit in _PER_HOUR if _fits(numbers, unit)]
    round_ones = [unit for unit in possible if _quarters(numbers, unit) >= _QUARTERS]
    if expected in possible and (expected in round_ones or not round_ones):
        return expected, possible
    if expected is None and len(round_ones) == 1:
        return round_ones[0], possible
    return None, round_ones or possible or list(_PER_HOUR)


def _fits(numbers: pl.Series, unit: str) -> bool:
    step = _STEP.get(unit)
    if step and _whole(numbers, step) < 1:
        return False
    middle = _median(numbers) / _PER_HOUR[unit]
    return _LEAST <= middle <= _MOST[unit]


def _quarters(numbers: pl.Series, unit: str) -> float:
    return _whole(numbers, _PER_HOUR[unit] / 4)


def _whole(numbers: pl.Series, step: float) -> float:
    """The share of numbers that are whole multiples of a step. By division: a float's % may miss a whole multiple."""
    times = numbers / step
    return int(((times - times.round()).abs() < _EXACTLY).sum()) / len(times)


def _median(numbers: pl.Series) -> float:
    return float(np.median(numbers.drop_nulls().to_numpy()))


def settle_issue_units(
    formats: Formats, numbers: dict[str, PlainNumbers], mapping: Mapping, system: str, file: str
) -> None:
    """Writes the unit of every column of hours that names none. Raises: InputError "ingest.unit_undecided"."""
    bare = {name: evidence for name, evidence in numbers.items() if hour_unit(formats.header_of(name)) is None}
    for name in numbers.keys() - bare.keys():
        named = hour_unit(formats.header_of(name)) or ""
        formats.unit_sources[name] = ColumnUnit(unit=named, source="header")
    series = [values for evidence in bare.values() for values in evidence.values]
    together = pl.concat(series) if series else pl.Series(dtype=pl.Float64)
    if not len(together):
        return
    expected = next((formats.units[name] for name in bare if name in formats.units), None)
    expected = expected or ("hours" if dialects().time_unit(system) is TimeUnit.HOURS else None)
    said = formats.options.unit
    unit, choices = (said, []) if said in HOUR_UNITS else proved_unit(together, expected)
    first = next(name for name, evidence in bare.items() if any(len(values) for values in evidence.values))
    details = {"file": file, "column": formats.header_of(first), "example": f"{together[0]:g}"}
    if unit is None:
        raise _undecided(details, choices)
    for name in bare:
        formats.units.pop(name, None)
        if unit != "hours":
            formats.units[name] = unit
        source = "said" if said in HOUR_UNITS else "tool" if expected else "values"
        formats.unit_sources[name] = ColumnUnit(unit=unit, source=source)


def settle_shares(formats: Formats, feed: Feed, numeric: dict[str, NumberEvidence], file: str) -> None:
    """Whether plain numbers of a share are percents. Raises: InputError where 0..1 and 0..100 stand in one column."""
    for name, evidence in numeric.items():
        if feed.column(name).kind is not Kind.SHARE:
            continue
        if formats.options.unit in SHARE_UNITS:
            formats.percent[name] = formats.options.unit == "percent"
            continue
        header = normal_header(formats.header_of(name))
        # a column under our own name is written by whoever knows that it holds shares
        speaks = formats.header_of(name) != name and ("%" in header or "percent" in header or "百分" in header)
        both = evidence.between_0_and_1 and evidence.whole_above_1 and evidence.whole_above_1 == evidence.above_1
        only_ones = (
            evidence.ones and not evidence.between_0_and_1 and not evidence.above_1 and not evidence.percent_signs
        )
        if both or (only_ones and speaks and not file.lower().endswith(_WORKBOOKS)):
            details = {"file": file, "column": formats.header_of(name), "example": evidence.small_example or "1"}
            raise _undecided(details, list(SHARE_UNITS))


def settle_money_scales(formats: Formats, feed: Feed, numeric: dict[str, NumberEvidence], file: str) -> None:
    """An amount without a scale beside one in 万元, as large in figures: in which of the two nobody wrote down."""
    money = {
        name: evidence
        for name, evidence in numeric.items()
        if feed.column(name).kind is Kind.MONEY and evidence.largest
    }
    scaled = {name: evidence for name, evidence in money.items() if formats.units.get(name) in FACTORS}
    for name, evidence in money.items():
        if not scaled or name in scaled or says_single_units(normal_header(formats.header_of(name))):
            continue
        beside, other = min(scaled.items(), key=lambda pair: abs(pair[1].largest - evidence.largest))
        if not _ALIKE[0] <= evidence.largest / other.largest <= _ALIKE[1]:
            continue
        scale = formats.units[beside]
        if formats.options.unit == scale:
            formats.units[name] = scale
        elif formats.options.unit != "single":
            details = {"file": file, "column": formats.header_of(name), "example": f"{evidence.largest:g}"}
            raise _undecided(details, [scale, "single"])


def leave_out_false_points(formats: Formats, points: PlainNumbers | None) -> None:
    """Story points that are hundreds of whole minutes are an estimate in seconds under another name."""
    numbers = pl.concat(points.values) if points and points.values else pl.Series(dtype=pl.Float64)
    if len(numbers) and _median(numbers) >= _POINTS and _whole(numbers, 60) == 1:
        formats.unread.add("story_points")
        details = {"column": formats.header_of("story_points"), "largest": f"{numbers.drop_nulls().to_numpy().max():g}"}
        formats.warnings.append((*_NO_POINTS, details))


def _undecided(details: dict, choices: list[str]) -> InputError:
    question = {"code": "unit", "column": details["column"], "value": details["example"], "choices": choices}
    return InputError(
        "ingest.unit_undecided",
        "{file}: column '{column}' names no unit, and its values (such as {example}) do not prove one; it could be {units}. "
        "Say which with --unit, or choose it on the upload page; nothing was loaded.",
        **details,
        units=" or ".join(choices),
        questions=[question],
    )


_NO_POINTS = (
    "ingest.points_are_time",
    "Column '{column}' was taken for story points, but its values are whole minutes up to {largest}, as seconds are; it was left "
    "out.",
)
