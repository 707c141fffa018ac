"""Codes that nothing here knows yet, with what each may stand for."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import polars as pl

from models.builds.snapshot import Snapshot
from models.reference.codes import code_key, code_plain
from models.reference.proposals import Candidate, Proposal, proposal

PROJECT = "project"
KINDS = (PROJECT, "person", "module", "wbs")

_UNKNOWN = """
    select
        'project' as kind, '*' as project_key, system, external_code, sum(rows) as rows,
        sum(case when unit = 'hours' then amount end) as hours,
        sum(case when unit not in ('hours', 'items') then amount end) as amount,
        max(case when unit not in ('hours', 'items') then unit end) as currency,
        string_agg(distinct feed, ', ' order by feed) as feeds
    from unallocated_totals
    where external_code <> ''
    group by system, external_code, case when unit not in ('hours', 'items') then unit end
    union all
    select kind, project_key, system, external_code, rows, hours, null, null, null
    from unmatched_codes
    order by kind, rows desc, external_code, system, project_key
"""
_PROJECTS = """
    select
        dim_projects.project_key as code,
        dim_projects.project_name as name,
        list(fct_contracts.contract_no) filter (where fct_contracts.contract_no is not null) as also
    from dim_projects
    left join fct_contracts using (project_key)
    group by all
    order by 1
"""
_UNALLOCATED_MONEY = """
    select external_code as code, unit as currency, sum(rows) as rows, sum(amount) as amount
    from unallocated_totals
    where external_code <> '' and unit not in ('hours', 'items')
    group by all
    having sum(amount) <> 0
    order by abs(sum(amount)) desc, 1, 2
"""
_near: WeakKeyDictionary[Snapshot, dict[str, list[dict[str, Any]]]] = WeakKeyDictionary()
_REFERENCES = "select kind, project_key, code, coalesce(name, '') from reference_codes order by kind, project_key, code"


def unknown_codes(snapshot: Snapshot) -> pl.DataFrame:
    """Codes that match no project, person, module or WBS element, the most used first within their kind.

    Columns: kind, project_key ('*' for codes of projects), system, external_code, rows, hours (h, null where none),
    amount (null where none), its currency, feeds, proposed (code), why (proposals.Why), both null where
    nothing is proposed.
    """
    rows = snapshot.query(_UNKNOWN)
    known = known_names(snapshot)
    found: list[Proposal | None] = [
        proposal(row["kind"], row["external_code"], candidates(known, row["kind"], row["project_key"]))
        for row in rows.iter_rows(named=True)
    ]
    return rows.with_columns(
        pl.Series("proposed", [candidate.code if candidate else None for candidate in found], pl.String),
        pl.Series("why", [str(candidate.why) if candidate else None for candidate in found], pl.String),
    )


def near_unallocated(snapshot: Snapshot) -> dict[str, list[dict[str, Any]]]:
    """{project key: [{code, amount, currency, rows}]}: money that lies unallocated under a code nearly the project's own."""
    if snapshot not in _near:
        known = candidates(known_names(snapshot), PROJECT, "*")
        found: dict[str, list[dict[str, Any]]] = {}
        for row in snapshot.query(_UNALLOCATED_MONEY).iter_rows(named=True):
            one = proposal(PROJECT, row["code"], known)
            if one is not None:
                found.setdefault(one.code, []).append(row)
        _near[snapshot] = found
    return _near[snapshot]


def written_alike(snapshot: Snapshot) -> list[tuple[str, str, tuple[str, ...]]]:
    """(kind, project key or '*', codes): codes of one list that people write alike. They stay apart, each for its own writing."""
    known = known_names(snapshot)
    found = []
    for kind, of_projects in known.items():
        for project_key, members in of_projects.items():
            alike: dict[str, dict[str, str]] = {}
            for member in members:
                alike.setdefault(code_key(member.code), {}).setdefault(code_plain(member.code), member.code)
            found += [(kind, project_key, tuple(codes.values())) for codes in alike.values() if len(codes) > 1]
    return found


def known_names(snapshot: Snapshot) -> dict[str, dict[str, list[Candidate]]]:
    """kind → project ('*' for all) → what a code of that kind can stand for."""
    known: dict[str, dict[str, list[Candidate]]] = {kind: {} for kind in KINDS}
    for code, name, also in snapshot.query(_PROJECTS).iter_rows():
        known[PROJECT].setdefault("*", []).append(Candidate(code, name or "", tuple(also or ())))
    for kind, project_key, code, name in snapshot.query(_REFERENCES).iter_rows():
        known[kind].setdefault(project_key, []).append(Candidate(code, name))
    return known


def candidates(known: dict[str, dict[str, list[Candidate]]], kind: str, project_key: str) -> list[Candidate]:
    """What codes of this kind can stand for in this project."""
    return known[kind].get("*", []) + (known[kind].get(project_key, []) if project_key != "*" else [])
