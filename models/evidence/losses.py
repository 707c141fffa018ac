"""Values that are better than they would be with the rows they lost: which, and the rows themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from models.builds.snapshot import Snapshot

_LOSSES = """
    select
        kpi_key,
        max(loss_rows) as loss_rows,
        max(loss_amount) as loss_amount,
        max_by(value, period_end) as value,
        max_by(value_with_lost_rows, period_end) as value_with_lost_rows
    from kpi_values
    where grain = 'project' and project_key = $project and is_better_by_loss
    group by 1
    order by 1
"""
_ROWS = """
    select
        fact, measure_key, row_key, row_label, module, counts_from, cast(amount as double) as amount,
        cast(lost_amount as double) as lost_amount, is_gone, file_name, source_row, lost_on
    from kpi_lost_rows
    where project_key in (select unnest($projects))
        and measure_key in (select unnest(measures) from dim_kpis where kpi_key = $kpi)
        and ($module is null or module = $module)
    order by lost_amount desc, counts_from, row_key, measure_key
"""


_RECLASSIFIED = """
    select
        count(distinct identity) as defects,
        coalesce(list_sort(list(distinct changed_by) filter (changed_by is not null)), []) as people,
        coalesce(list_sort(list(distinct changed_in) filter (changed_in is not null)), []) as files,
        min(changed_on) as first_on,
        max(changed_on) as last_on
    from kpi_lost_rows
    where project_key in (select unnest($projects)) and is_reclassified
"""


def reclassified(snapshot: Snapshot, projects: Sequence[str]) -> dict[str, Any] | None:
    """Defects that left the count or were lowered in severity, many at once: how many, and people, files, first_on, last_on.

    None where none did, or somebody accepted that.
    """
    row = snapshot.query(_RECLASSIFIED, {"projects": list(projects)}).row(0, named=True)
    return row if row["defects"] else None


def losses_of(snapshot: Snapshot, project_key: str) -> dict[str, dict[str, Any]]:
    """Per KPI whose value of some period is better by a loss: loss_rows, loss_amount, value, value_with_lost_rows."""
    return {row["kpi_key"]: row for row in snapshot.query(_LOSSES, {"project": project_key}).to_dicts()}


def lost_rows(snapshot: Snapshot, kpi_key: str, projects: tuple[str, ...], module: str | None = None) -> pl.DataFrame:
    """The rows that the KPI lost, those that lost most first, each once.

    Columns: row_key, row_label, module, counts_from, amount (before), lost_amount, is_gone, file_name, source_row, lost_on.
    """
    rows = snapshot.query(_ROWS, {"projects": list(projects), "kpi": kpi_key, "module": module})
    once = ["fact", "row_key", "counts_from", "file_name", "source_row"]
    return rows.unique(once, keep="first", maintain_order=True).drop("fact", "measure_key")
