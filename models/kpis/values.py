"""KPI values as published: for one project, one module, the portfolio, or several projects chosen together.

No formula stands here. One project and the portfolio are read; several projects are the sums of their terms put through
the formula that the catalogue published with the build (dim_kpis), so that a ratio is always a ratio of sums.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.kpis import combined
from models.kpis.catalogue import HISTORY_LENGTH, catalogue
from models.kpis.member_weeks import values_at
from models.vocabulary import Grain

_HISTORY_COLUMNS = (
    "period_end",
    "as_of",
    "valued_on",
    "is_estimated",
    "value",
    "numerator",
    "denominator",
    "status",
    "is_incomplete",
    "is_provisional",
    "is_restated",
    "warning_at",
    "critical_at",
    "low_warning_at",
    "low_critical_at",
    "bad_direction",
    "currency",
)
WHOLE = "*"  # an absent dimension


def projects(snapshot: Snapshot) -> pl.DataFrame:
    """dim_projects without the unallocated one, by key."""
    return snapshot.query("select * from dim_projects where not is_unallocated order by project_key")


def modules(snapshot: Snapshot, selection: Selection) -> list[str]:
    """Module names of the selected projects, by name."""
    sql = "select distinct module from kpi_cells where grain = 'module' and project_key in (select unnest($projects)) order by 1"
    return snapshot.query(sql, {"projects": list(selected_projects(snapshot, selection))})["module"].to_list()


def period_ends(snapshot: Snapshot, selection: Selection) -> list[dt.date]:
    """Ends of the periods that the selected projects have, newest first."""
    sql = """
        select distinct period_end from dim_periods
        where period_kind = $kind and project_key in (select unnest($projects))
        order by 1 desc
    """
    parameters = {"kind": selection.period_kind.value, "projects": list(selected_projects(snapshot, selection))}
    return snapshot.query(sql, parameters)["period_end"].to_list()


def selected_projects(snapshot: Snapshot, selection: Selection) -> tuple[str, ...]:
    """Keys of the projects that a selection means; every one of them where it names none."""
    rows = projects(snapshot)
    if selection.customers:
        rows = rows.filter(pl.col("customer").is_in(list(selection.customers)))
    if selection.projects:
        rows = rows.filter(pl.col("project_key").is_in(list(selection.projects)))
    return tuple(rows["project_key"].to_list())


def cell_of(snapshot: Snapshot, selection: Selection) -> dict[str, str] | None:
    """The published cell that the selection is: grain, project_key, module; None when several projects must be added up."""
    chosen = selected_projects(snapshot, selection)
    if selection.projects and len(chosen) == 1:
        grain = Grain.MODULE if selection.module else Grain.PROJECT
        return {"grain": grain.value, "project_key": chosen[0], "module": selection.module or WHOLE}
    everything = len(chosen) == projects(snapshot).height
    if everything and not selection.module:
        return {"grain": Grain.PORTFOLIO.value, "project_key": WHOLE, "module": WHOLE}
    return None


def kpi_values(snapshot: Snapshot, selection: Selection, section: str | None = None) -> pl.DataFrame:
    """One row per KPI for the selection as a whole.

    Columns: those of kpi_values, previous_value, previous_status and previous_period_end, and history (the last eight values,
    oldest first).
    """
    cell = cell_of(snapshot, selection)
    rows = (
        combined.values(snapshot, catalogue(snapshot), selected_projects(snapshot, selection), selection)
        if cell is None
        else _cell_rows(snapshot, [cell], selection)
    )
    if section is not None:
        keys = [key for key, kpi in catalogue(snapshot).items() if kpi.section == section]
        rows = rows.filter(pl.col("kpi_key").is_in(keys))
    return rows


def kpi_row(snapshot: Snapshot, selection: Selection, kpi_key: str) -> dict[str, Any] | None:
    """The row of kpi_values() for one KPI, without putting the others together; None where there is none."""
    cell = cell_of(snapshot, selection)
    if cell is None:
        every = catalogue(snapshot)
        wanted = {key: every[key] for key in (kpi_key, every[kpi_key].status_from) if key}
        rows = combined.values(snapshot, wanted, selected_projects(snapshot, selection), selection)
    else:
        rows = _cell_rows(snapshot, [cell], selection, kpi_key)
    found = [row for row in rows.iter_rows(named=True) if row["kpi_key"] == kpi_key]
    return found[0] if found else None


def kpi_grid(snapshot: Snapshot, selection: Selection) -> pl.DataFrame:
    """One row per selected project (its module, where one is chosen) and KPI; columns as in kpi_values()."""
    grain = Grain.MODULE if selection.module else Grain.PROJECT
    cells = [
        {"grain": grain.value, "project_key": key, "module": selection.module or WHOLE}
        for key in selected_projects(snapshot, selection)
    ]
    return _cell_rows(snapshot, cells, selection)


_HISTORY = """
    with wanted as (
        select unnest($projects) as project_key, unnest($modules) as module
    ),
    own as (
        select
            kpi_values.*,
            lag(value) over kpi_cell as previous_value,
            lag(status) over kpi_cell as previous_status,
            lag(period_end) over kpi_cell as previous_period_end,
            list(value) over (kpi_cell rows between {length} preceding and current row) as history
        from {source} as kpi_values
        inner join wanted using (project_key, module)
        where grain = $grain and period_kind = $kind and phase = '*'
        window kpi_cell as (partition by kpi_key, project_key, module order by period_end)
    )
    select own.*
    from own
    inner join dim_kpis using (kpi_key)
    where {condition}
    order by own.project_key, own.module, dim_kpis.sort_order
"""


def _cell_rows(
    snapshot: Snapshot, cells: Sequence[dict[str, str]], selection: Selection, kpi_key: str | None = None
) -> pl.DataFrame:
    """kpi_key: of others too, except where they would have to be put together."""
    grain = Grain(cells[0]["grain"]) if cells else Grain.PROJECT
    parameters: dict[str, Any] = {
        "projects": [cell["project_key"] for cell in cells],
        "modules": [cell["module"] for cell in cells],
        "grain": grain.value,
        "kind": selection.period_kind.value,
    }
    if selection.period_end is None:
        condition = "own.is_current"
    else:
        # a project whose data end before the chosen period has no row in it
        condition = "own.period_end = $period_end"
        parameters["period_end"] = selection.period_end
    source = values_at(snapshot, grain, selection.period_kind, kpi_key)
    sql = _HISTORY.format(length=HISTORY_LENGTH - 1, source=source, condition=condition)
    return snapshot.query(sql, parameters)


def kpi_by_module(snapshot: Snapshot, kpi_key: str, selection: Selection) -> pl.DataFrame:
    """The KPI in every module of the selected projects; columns of kpi_values."""
    return _members(snapshot, kpi_key, selection, Grain.MODULE, "module")


def kpi_by_phase(snapshot: Snapshot, kpi_key: str, selection: Selection) -> pl.DataFrame:
    """The KPI in every phase of the selected projects; columns of kpi_values."""
    return _members(snapshot, kpi_key, selection, Grain.PHASE, "phase")


def _members(snapshot: Snapshot, kpi_key: str, selection: Selection, grain: Grain, dimension: str) -> pl.DataFrame:
    parameters: dict[str, Any] = {
        "kpi": kpi_key,
        "grain": grain.value,
        "kind": selection.period_kind.value,
        "projects": list(selected_projects(snapshot, selection)),
    }
    condition = "is_current"
    if selection.period_end is not None:
        condition = "period_end = $period_end"
        parameters["period_end"] = selection.period_end
    return snapshot.query(
        f"""
        select * from {values_at(snapshot, grain, selection.period_kind, kpi_key)} as kpi_values
        where kpi_key = $kpi and grain = $grain and period_kind = $kind and project_key in (select unnest($projects))
            and {condition}
        order by project_key, {dimension}
        """,
        parameters,
    )


def kpi_history(snapshot: Snapshot, kpi_key: str, selection: Selection, by_project: bool = False) -> pl.DataFrame:
    """The KPI over all periods up to the chosen one, oldest first.

    Columns: period_end, as_of, valued_on, is_estimated, value, numerator, denominator, status, is_incomplete, is_provisional,
    is_restated, warning_at, critical_at, low_warning_at, low_critical_at, bad_direction, currency;
    project_key first where by_project.
    """
    columns = ", ".join(_HISTORY_COLUMNS)
    cell = None if by_project else cell_of(snapshot, selection)
    if cell is None and not by_project:
        rows = combined.history(
            snapshot, catalogue(snapshot)[kpi_key], selected_projects(snapshot, selection), selection
        )
        return rows.select(_HISTORY_COLUMNS)
    cells = [cell["project_key"]] if cell is not None else list(selected_projects(snapshot, selection))
    grain = cell["grain"] if cell is not None else Grain.PROJECT.value
    parameters: dict[str, Any] = {
        "kpi": kpi_key,
        "grain": grain,
        "projects": cells,
        "module": cell["module"] if cell is not None else WHOLE,
        "kind": selection.period_kind.value,
        "until": selection.period_end or dt.date.max,
    }
    return snapshot.query(
        f"""
        select {"project_key, " if by_project else ""}{columns}
        from {values_at(snapshot, Grain(grain), selection.period_kind, kpi_key)} as kpi_values
        where kpi_key = $kpi and grain = $grain and project_key in (select unnest($projects)) and module = $module and phase = '*'
            and period_kind = $kind and period_end <= $until
        order by {"project_key, " if by_project else ""}period_end
        """,
        parameters,
    )
