"""Duplicates that count as defects because no valid original is named for them."""

from __future__ import annotations

from collections.abc import Sequence

from models.builds.snapshot import Snapshot

_COUNTED = """
    select distinct issues.issue_key
    from fct_issues as issues
    inner join kpi_measure_rows as measure_rows
        on measure_rows.fact = 'fct_issues'
        and issues.project_key = measure_rows.project_key
        and issues.issue_key = measure_rows.row_key
    where issues.is_duplicate_without_original
        and issues.project_key in (select unnest($projects))
        and measure_rows.measure_key in (select unnest(measures) from dim_kpis where kpi_key = $kpi)
    order by 1
"""


def duplicates_counted(snapshot: Snapshot, kpi_key: str, projects: Sequence[str]) -> list[str]:
    """Keys of the issues that the KPI counts although they were resolved as duplicates: nobody can look up of what."""
    rows = snapshot.query(_COUNTED, {"projects": list(projects), "kpi": kpi_key})
    return rows["issue_key"].to_list()
