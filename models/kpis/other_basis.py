"""A KPI of two bases: which one counts for a project, and what the other would say.

Of technical debt: all hours of the period, or the development and test hours of modules with own code. The build chooses the
basis of each project and month (int_technical_debt_bases) and publishes the value by the other one as a KPI of its own, whose
reason is the verdict that the same levels would give it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from models.builds.snapshot import Snapshot
from models.document import Row
from models.kpis.catalogue import Kpi, catalogue
from models.words.catalog import msgid
from models.words.number_tokens import clause, number, status

_Basis = tuple[dt.date, dt.date, str]  # counts from, counts until, basis
_read: WeakKeyDictionary[Snapshot, dict[str, list[_Basis]]] = WeakKeyDictionary()
_REASON = "other_basis"
_WORDS = {"all_hours": msgid("all hours"), "development_hours": msgid("development and test hours")}
_COUNTS = msgid("counts: {basis}; by {other} {value} ({status})")
_COUNTS_ALONE = msgid("counts: {basis}; by {other} there is no value")
_BY_PROJECT = msgid("counts: the basis of each project; by the other basis of each {value} ({status})")
_BY_DAY = msgid("counts: the basis chosen for the month of each day; by the other basis {value} ({status})")
_MIXED_ALONE = msgid("counts: the basis of each project and month; by the other basis of each there is no value")


def verdict(row: Row) -> str:
    """The status that a value by the other basis would have; row: of kpi_values."""
    kind, _colon, would_be = str(row.get("reason") or "").partition(":")
    return would_be if kind == _REASON else str(row["status"])


def other_readings(snapshot: Snapshot, rows: Iterable[Row], projects: Sequence[str]) -> list[dict[str, Any] | None]:
    """For each of these rows of kpi_values the sentence that names the basis which counts and what the other says; None for
    KPIs of one basis. projects: those that a row of the whole is made of."""
    rows = list(rows)
    kpis = catalogue(snapshot)
    beside = {_place(kpis[row["kpi_key"]].beside, row): row for row in rows if kpis[row["kpi_key"]].beside}
    return [
        sentence(snapshot, kpis[row["kpi_key"]], row, beside.get(_place(row["kpi_key"], row)), projects) for row in rows
    ]


def sentence(
    snapshot: Snapshot,
    kpi: Kpi,
    row: Row,
    other: Row | None,
    projects: Sequence[str] = (),
) -> dict[str, Any] | None:
    """The clause for one row and its other reading, as models.words.number_tokens makes them; None where there is no value."""
    if other is None or row["value"] is None:
        return None
    bases = _bases(snapshot)
    keys = [row["project_key"]] if row["project_key"] in bases else list(projects) or list(bases)
    found = {
        key: {basis for since, until, basis in bases[key] if since <= row["period_end"] and until > row["period_start"]}
        for key in keys
    }
    every = set().union(*found.values())
    told = {}
    if other["value"] is not None:
        told = {"value": number(other["value"], kpi.unit), "status": status(verdict(other))}
    if len(every) == 1:
        counting = every.pop()
        (alternative,) = _WORDS.keys() - {counting}
        told |= {"basis": clause(_WORDS[counting]), "other": clause(_WORDS[alternative])}
        return clause(_COUNTS if "value" in told else _COUNTS_ALONE, **told)
    if "value" not in told:
        return clause(_MIXED_ALONE)
    return clause(_BY_DAY if len(found) == 1 else _BY_PROJECT, **told)


def _place(kpi_key: str | None, row: Row) -> tuple[Any, ...]:
    return (kpi_key, *(row[name] for name in ("project_key", "module", "phase", "period_end")))


def _bases(snapshot: Snapshot) -> dict[str, list[_Basis]]:
    if snapshot not in _read:
        sql = """
            select project_key, counts_from, coalesce(counts_until, date '9999-12-31') as counts_until, technical_debt_basis
            from int_technical_debt_bases
        """
        read: dict[str, list[_Basis]] = {}
        for key, *interval in snapshot.query(sql).iter_rows():
            read.setdefault(key, []).append(tuple(interval))
        _read[snapshot] = read
    return _read[snapshot]
