"""In which unit a column of hours is written: by its header, else by the tool, else by all of its values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import polars as pl

from models.intake import ColumnUnit
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.names import hour_unit, normal_header, unit_of_header
from pipeline.ingest.dialects.schema import TimeUnit
from pipeline.ingest.values.amounts import PLAIN, hours_of
from pipeline.ingest.values.formats import Formats

HOURS_IN_A_DAY = 24
MINUTES_IN_A_DAY = 1440
SECONDS_IN_A_DAY = 86_400
HOURS_IN_A_MONTH = 31.0 * HOURS_IN_A_DAY  # what a row of person-months may hold: it covers a month, not a day
_OTHER_UNITS = ("minutes", "seconds", "milliseconds", "days", "person_months")
_SAID = ("hours", *_OTHER_UNITS)
_FEW = 5  # fewer values show no habit
_MOST_DAYS = 2.0  # person-days of one person on one day, a night shift included


@dataclass
class UnitEvidence:
    """What the values of one column show. written: values that say their unit themselves (8h, 1:30)."""

    total: int = 0
    plain: int = 0
    written: int = 0
    over_a_day: int = 0
    whole_minutes: int = 0
    thousands: int = 0
    quarters: int = 0
    ones: int = 0
    halves: int = 0
    whole: int = 0
    days: int = 0
    largest: float = 0.0
    smallest: float = field(default=float("inf"))

    def add(self, values: pl.Series) -> None:
        """values: text without nulls, trimmed."""
        self.total += len(values)
        values = values.str.replace(r"^([+-]?\d+),(\d{1,2})$", "${1}.${2}")  # 7,5
        numbers = values.filter(values.str.contains(PLAIN)).cast(pl.Float64, strict=False).abs()
        numbers = numbers.filter(numbers > 0)
        self.plain += len(numbers)
        if len(numbers) < len(values):
            odd = values.filter(~values.str.contains(PLAIN)).value_counts()
            self.days += int(values.str.contains(r"天\s*$").sum())
            self.written += sum(
                count
                for text, count in odd.iter_rows()
                if re.search(r"[^\W\d_]|:|:", text) and hours_of(text, False) is not None
            )
        if not len(numbers):
            return
        self.over_a_day += int((numbers > HOURS_IN_A_DAY).sum())
        self.whole += int((numbers % 1 == 0).sum())
        self.whole_minutes += int((numbers % 60 == 0).sum())
        self.thousands += int((numbers % 1000 == 0).sum())
        self.quarters += int((numbers % 15 == 0).sum())
        self.halves += int((numbers % 0.5 == 0).sum())
        self.ones += int((numbers == 1).sum())
        self.largest = max(self.largest, float(numbers.drop_nulls().to_numpy().max()))
        self.smallest = min(self.smallest, float(numbers.drop_nulls().to_numpy().min()))


@dataclass(frozen=True)
class UnitDecision:
    """unit: hours, minutes, seconds, days, person_months. source: header, tool or values. warning: what is said of it."""

    unit: str
    source: str
    warning: tuple[str, str, dict] | None = None


def unit_of(
    evidence: UnitEvidence, header: str, system: str, known: str | None, titled: str | None, *, day_labor: bool = False
) -> UnitDecision:
    """known: the unit that the header or the tool itself names. titled: the unit in a title above the table.

    day_labor: the table says that it is one of day labor, which is mostly counted in days.
    """
    normal = normal_header(header)
    if known is not None:
        return UnitDecision(known, "header")
    if hour_unit(header) == "hours":
        return UnitDecision("hours", "header")
    if titled is not None:
        return UnitDecision(titled, "header")
    if not evidence.plain:
        return UnitDecision("hours", "values")
    details = {"column": header, "largest": f"{evidence.largest:g}", "rows": evidence.plain}
    written = dialects().time_unit(system)
    if written is TimeUnit.HOURS and evidence.over_a_day * 2 < evidence.plain:
        return UnitDecision("hours", "tool")
    if evidence.largest > SECONDS_IN_A_DAY and evidence.thousands == evidence.plain:
        return UnitDecision("milliseconds", "values", (*_MILLISECONDS, details))
    mostly_minutes = evidence.whole_minutes >= 0.9 * evidence.plain
    may_be_seconds = written is TimeUnit.HOURS_OR_SECONDS or evidence.largest > MINUTES_IN_A_DAY
    if evidence.smallest >= 60 and mostly_minutes and may_be_seconds:
        return UnitDecision("seconds", "values", (*_SECONDS, details))
    if evidence.over_a_day * 2 >= evidence.plain:
        if evidence.largest > MINUTES_IN_A_DAY:
            return UnitDecision("seconds", "values", (*_SECONDS, details))
        return UnitDecision("minutes", "values", (*_MINUTES, details))
    if evidence.days and evidence.largest <= _MOST_DAYS:
        return UnitDecision("days", "values", (*_DAYS, details))
    few = (evidence.plain < _FEW or evidence.written) and not day_labor
    if (
        not few
        and evidence.largest <= _MOST_DAYS
        and evidence.halves == evidence.plain
        and evidence.ones * 2 >= evidence.plain
    ):
        return UnitDecision("hours", "values", (*_HOURS_OR_DAYS, details))
    if "工时" in normal:  # man-hours by its own meaning; the values agree
        return UnitDecision("hours", "header")
    return UnitDecision("hours", "values", (*_AS_HOURS, details))


_SECONDS = (
    "ingest.unit_from_values",
    "Column '{column}' names no unit. Its values are whole numbers up to {largest}, as seconds are, and were read as seconds.",
)
_MILLISECONDS = (
    "ingest.unit_from_values",
    "Column '{column}' names no unit. Its values are whole thousands up to {largest}, more than a day has seconds, and were read "
    "as milliseconds.",
)
_MINUTES = (
    "ingest.unit_from_values",
    "Column '{column}' names no unit. Most of its values are more than the 24 hours of a day and none is above {largest}, "
    "so they were read as minutes.",
)
_AS_HOURS = (
    "ingest.unit_from_values",
    "Column '{column}' names no unit. Hardly any of its values is above 24, so they were read as hours.",
)
_DAYS = (
    "ingest.unit_from_values",
    "Column '{column}' names no unit. Some of its cells are person-days and none of the others is above {largest}, so they were "
    "read as person-days of 8 hours.",
)
_HOURS_OR_DAYS = (
    "ingest.hours_or_days",
    "Column '{column}' was read as hours, but most of its values are 1 and none is above {largest}, as person-days are. "
    "If they are days, name the column 人天 or person-days and load the file again.",
)


def settle_units(formats: Formats, evidence: dict[str, UnitEvidence], mapping: Mapping | None, system: str) -> None:
    """Writes unit, source and warning of every column of hours into `formats`."""
    if mapping is None:  # the text was made by a reader of ours
        return
    layout = mapping.layout
    for name, unit in formats.units.items():
        if unit in _OTHER_UNITS and name not in evidence:
            source = "header" if unit_of_header(formats.header_of(name)) else "tool"
            formats.unit_sources[name] = ColumnUnit(unit=unit, source=source)
    for name, proof in evidence.items():
        header = formats.header_of(name)
        if layout is not None and name not in formats.headers:
            header = layout.header_of_amounts(mapping.headers) or header
        if layout is not None and layout.is_counted and name not in formats.headers:
            formats.unit_sources[name] = ColumnUnit(unit="hours", source="values")  # counted, not read
            continue
        if formats.options.unit in _SAID and not unit_of_header(header):
            formats.units[name] = formats.options.unit
            formats.unit_sources[name] = ColumnUnit(unit=formats.options.unit, source="said")
            continue
        known, titled = formats.units.get(name), layout.text_unit if layout else None
        decision = unit_of(proof, header, system, known, titled, day_labor=layout is not None and layout.is_day_labor)
        if layout is not None and layout.is_compared and name == "hours":
            decision = UnitDecision(decision.unit, "values")
        if decision.unit != "hours":
            formats.units[name] = decision.unit
        formats.unit_sources[name] = ColumnUnit(unit=decision.unit, source=decision.source)
        if decision.warning:
            formats.warnings.append(decision.warning)
