"""The published values as the command line asks for them.

Read from the published values; no level is judged here, statuses are as the build judged them.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from models.earned_value_grains import part_values
from models.errors import InputError
from models.vocabulary import Grain, PeriodKind

FLAGS = ("incomplete", "provisional", "presumed_closed", "stale", "restated")
_ABSENT = "*"  # a dimension that a grain does not have

# levels stand in dim_kpis, as first set, and in kpi_values, as applied to that project: the applied ones are meant
_VALUES = """
    select
        kpi_key, grain, project_key, module, phase, period_kind, period_start, period_end, value, numerator, denominator,
        status, is_incomplete, is_provisional, is_presumed_closed, is_stale, is_restated, kpi_values.warning_at,
        kpi_values.critical_at, left_out, reason
    from kpi_values
    inner join dim_kpis using (kpi_key)
    where grain = $grain and period_kind = $period_kind
"""
_ORDER = " order by project_key, module, phase, dim_kpis.sort_order, kpi_key, period_end"
# a key comes before a name, a name before a code; a code that two systems use for two projects names neither
_KNOWN_PROJECT = """
    with
    said as (
        select project_key, 1 as certainty from dim_projects where lower(project_key) = lower($said)
        union all
        select project_key, 2 as certainty from dim_projects where lower(project_name) = lower($said)
        union all
        select min(known_as) as project_key, 3 as certainty
        from int_codes
        where kind = 'project' and lower(code) = lower($said)
        having count(distinct known_as) = 1
    )
    select project_key from said inner join dim_projects using (project_key) order by certainty limit 1
"""


def values_of(
    snapshot,
    project: str | None = None,
    grain: Grain = Grain.PROJECT,
    period_kind: PeriodKind = PeriodKind.MONTH,
    at: dt.date | None = None,
) -> pl.DataFrame:
    """The published rows of one grain: the current one of each KPI, or those of the period that holds `at`.

    Of WBS elements and layers, the KPIs of earned value, with the column wbs_code or layer; as of modules, where all is known.
    Columns as in kpi_values. Raises: InputError 'kpis.unknown_project'.
    """
    if grain in (Grain.WBS, Grain.LAYER):
        return _part_values_of(snapshot, project, grain, period_kind, at)
    parameters: dict[str, object] = {"grain": grain.value, "period_kind": period_kind.value}
    condition = ""
    if project is not None:
        parameters["project"] = known_project(snapshot, project)
        condition += " and project_key = $project"
    if at is not None:
        parameters["at"] = at
        condition += " and period_start <= $at and $at <= period_end"
    else:
        condition += " and is_current"
    return snapshot.query(_VALUES + condition + _ORDER, parameters)


def _part_values_of(snapshot, project: str | None, grain: Grain, period_kind: PeriodKind, at: dt.date | None):
    known = snapshot.query("select project_key from dim_projects order by 1")["project_key"].to_list()
    projects = known if project is None else [known_project(snapshot, project)]
    rows = part_values(snapshot, grain, projects, period_kind=period_kind, holds=at).filter(pl.col("is_known"))
    whole = [pl.lit(_ABSENT).alias(name) for name in ("module", "phase")]
    column = "wbs_code" if grain is Grain.WBS else "layer"
    return rows.with_columns(pl.lit(grain.value).alias("grain"), *whole).rename({"part": column})


def known_project(snapshot, project: str) -> str:
    """The project key for what a person calls a project: its key, its name, or the code one of the systems has for it.

    The case of letters does not matter. Raises: InputError 'kpis.unknown_project', naming the projects there are.
    """
    found = snapshot.query(_KNOWN_PROJECT, {"said": project})["project_key"].to_list()
    if found:
        return found[0]
    known = snapshot.query("select project_key, project_name from dim_projects order by is_unallocated, project_key")
    raise InputError(
        "kpis.unknown_project",
        "No project {project} in this build. Projects: {projects}.",
        project=project,
        projects=", ".join(f"{key} ({name})" for key, name in known.iter_rows()) or "none",
    )


def without_absent(row: dict) -> dict:
    """The row with None for the dimensions its grain does not have."""
    return {
        name: None if value == _ABSENT and name in ("project_key", "module", "phase") else value
        for name, value in row.items()
    }


def flags_of(row: dict) -> list[str]:
    """['incomplete', …] of the is_* columns that are true."""
    return [flag for flag in FLAGS if row.get(f"is_{flag}")]
