"""The published values as the command line and the exports of the screens state them.

Read from the published values; no level is judged here, statuses are as the build judged them.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from models.cost.by_grain import part_values
from models.document import Document
from models.errors import InputError
from models.kpis.member_weeks import values_at
from models.reference.codes import code_key, code_plain
from models.vocabulary import Flag, Grain, KpiStatus, PeriodKind

FLAGS = (
    Flag.INCOMPLETE,
    Flag.PROVISIONAL,
    Flag.PRESUMED_CLOSED,
    Flag.ESTIMATED,
    Flag.STALE,
    Flag.RESTATED,
    Flag.BETTER_BY_LOSS,
)
_ABSENT = "*"  # a dimension that a grain does not have

# levels stand in dim_kpis, as first set, and in kpi_values, as applied to that project: the applied ones are meant
_VALUES = """
    select
        kpi_key, grain, project_key, module, phase, period_kind, period_start, period_end, valued_from, valued_on, value,
        numerator, denominator, counted, counted_of, reversed_items, status, is_incomplete, is_provisional,
        is_presumed_closed, is_estimated, is_stale, is_restated, is_better_by_loss, loss_rows, loss_amount, value_with_lost_rows,
        kpi_values.warning_at,
        kpi_values.critical_at, left_out, reason, kpi_values.currency
    from {source} as kpi_values
    inner join dim_kpis using (kpi_key)
    where grain = $grain and period_kind = $period_kind
"""
_ORDER = " order by project_key, module, phase, dim_kpis.sort_order, kpi_key, period_end"
# a key comes before a name, a name before a code, exact writing before what is only written alike
_KNOWN_PROJECTS = """
    select project_key, project_key as said, 1 as certainty from dim_projects
    union all
    select project_key, project_name, 2 from dim_projects where project_name is not null
    union all
    select known_as, code, 3
    from int_codes
    inner join dim_projects on known_as = project_key
    where kind = 'project'
"""


class KpiValue(Document):
    """One published value; an absent dimension is None. phase, wbs_code and layer stand only in values of that grain.

    valued_on: the day that its terms are counted at. counted, counted_of: of how many items it is made, of how many there are.
    """

    kpi_key: str
    grain: Grain
    project_key: str | None
    module: str | None
    phase: str | None = None
    wbs_code: str | None = None
    layer: str | None = None
    period: PeriodKind
    period_end: dt.date
    valued_on: dt.date | None
    value: float | None
    numerator: float | None
    denominator: float | None
    counted: int | None
    counted_of: int | None
    reversed_items: int | None
    status: KpiStatus
    reason: str | None
    flags: list[Flag]
    warning_at: float | None
    critical_at: float | None


PARTS = {Grain.PHASE: "phase", Grain.WBS: "wbs_code", Grain.LAYER: "layer"}  # the key beside those of every row


def stated_values(
    snapshot,
    project: str | None = None,
    grain: Grain = Grain.PROJECT,
    period_kind: PeriodKind = PeriodKind.MONTH,
    at: dt.date | None = None,
) -> list[KpiValue]:
    """The rows of `values_of` as they leave the program."""
    stated = KpiValue.model_fields.keys() - {column for part, column in PARTS.items() if part is not grain}
    return [
        KpiValue.model_validate(
            {name: row.get(name) for name in stated} | {"period": row["period_kind"], "flags": flags_of(row)}
        )
        for row in map(without_absent, values_of(snapshot, project, grain, period_kind, at).to_dicts())
    ]


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
    sql = _VALUES.format(source=values_at(snapshot, grain, period_kind)) + condition + _ORDER
    return snapshot.query(sql, parameters)


def _part_values_of(snapshot, project: str | None, grain: Grain, period_kind: PeriodKind, at: dt.date | None):
    known = snapshot.query("select project_key from dim_projects order by 1")["project_key"].to_list()
    projects = known if project is None else [known_project(snapshot, project)]
    rows = part_values(snapshot, grain, projects, period_kind=period_kind, holds=at).filter(pl.col("is_known"))
    whole = [pl.lit(_ABSENT).alias(name) for name in ("module", "phase")]
    column = "wbs_code" if grain is Grain.WBS else "layer"
    return rows.with_columns(pl.lit(grain.value).alias("grain"), *whole).rename({"part": column})


def known_project(snapshot, project: str) -> str:
    """The project key for what a person calls a project: its key, its name, or the code one of the systems has for it.

    Written as people write codes (models/reference/codes.py); what two projects go by names neither.
    Raises: InputError 'kpis.unknown_project', naming the projects there are.
    """
    rows = snapshot.query(_KNOWN_PROJECTS).rows()
    for written in (code_plain, code_key):
        for certainty in (1, 2, 3):
            found = {key for key, said, sure in rows if sure == certainty and written(said) == written(project)}
            if len(found) == 1:
                return found.pop()
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


def flags_of(row: dict) -> list[Flag]:
    """['incomplete', …] of the is_* columns that are true."""
    return [flag for flag in FLAGS if row.get(f"is_{flag}")]
