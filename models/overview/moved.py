"""Which terms made a KPI move from one period, or one build, to another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.builds.snapshot import Snapshot
from models.kpis.catalogue import catalogue

Place = tuple[str, str, str, dt.date]  # project, KPI, kind of period, its end


@dataclass(frozen=True)
class Term:
    """A measure of a KPI, how much it changed, and by which share of what it was (None where it was nothing)."""

    measure_key: str
    change: float
    share: float | None


def terms(snapshot: Snapshot, places: Sequence[Place]) -> dict[Place, dict[str, float]]:
    """{place: {measure: its sum}} of whole projects; a place that the build does not know is absent."""
    if not places:
        return {}
    rows = snapshot.query(
        """
        with wanted as (
            select
                unnest($projects) as project_key, unnest($kpis) as kpi_key, unnest($kinds) as period_kind,
                unnest($ends) as period_end
        )
        select kpi_terms.* from kpi_terms inner join wanted using (project_key, kpi_key, period_kind, period_end)
        where grain = 'project' and module = '*' and phase = '*'
        """,
        {
            "projects": [place[0] for place in places],
            "kpis": [place[1] for place in places],
            "kinds": [place[2] for place in places],
            "ends": [place[3] for place in places],
        },
    )
    found, kpis = {}, catalogue(snapshot)
    for row in rows.iter_rows(named=True):
        names = kpis[row["kpi_key"]].terms
        sums = {name: row[f"term_{at}"] for at, name in enumerate(names, start=1) if row.get(f"term_{at}") is not None}
        place = row["project_key"], row["kpi_key"], row["period_kind"], row["period_end"]
        found[place] = {name: float(value) for name, value in sums.items()}
    return found


def moved(now: Mapping[str, float], then: Mapping[str, float], measures: Sequence[str]) -> list[Term]:
    """The measures that changed, the one with the largest share first; one that was nothing before leads."""
    found = []
    for name in measures:
        if name not in now or name not in then or now[name] == then[name]:
            continue
        change = now[name] - then[name]
        found.append(Term(name, change, abs(change / then[name]) if then[name] else None))
    return sorted(found, key=lambda term: -(term.share if term.share is not None else float("inf")))
