"""A mapping completed by what its table says outside its rows: period, project, unit of amounts."""

from __future__ import annotations

from models.feeds import FEEDS, Kind
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.preamble import Preamble
from pipeline.ingest.dialects.money_units import header_unit, says_single_units
from pipeline.ingest.dialects.names import normal_header


def name_project(mapping: Mapping, feed: str, preamble: Preamble) -> None:
    """The project that the table names above its rows, where they name none."""
    if "project" not in mapping.columns.values() and "project" in _columns(feed):
        projects = [values["project"] for line, values in preamble.sections if "project" in values and not line]
        mapping.defaults |= {"project": projects[0]} if projects else {}


def scale_amounts(mapping: Mapping, feed: str, unit: str | None) -> None:
    """`单位:万元` counts for every amount whose own header names no unit."""
    if not unit:
        return
    own = {index: normal_header(name) for index, name in mapping.headers.items()}
    kinds = _columns(feed)
    for index, name in mapping.columns.items():
        if kinds.get(name) is Kind.MONEY and not says_single_units(own[index]) and not header_unit(own[index]):
            mapping.units.setdefault(name, unit)
    if mapping.period_columns:
        mapping.units.setdefault(mapping.period_into[1], unit)


def given_outside(mapping: Mapping) -> set[str]:
    """Canonical columns that defaults, sections and periods side by side give."""
    given = set(mapping.defaults)
    given |= {name for line, values in mapping.sections for name in values if not line}
    return given | set(mapping.period_into if mapping.period_columns else ())


def _columns(feed: str) -> dict[str, Kind]:
    return {column.name: column.kind for column in FEEDS[feed].columns}
