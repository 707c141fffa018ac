"""Earned value of the parts of a project: its WBS elements, layers, modules or phases, at the end of any week or month.

A part's measures are sums of earned_value_deltas up to the day the period stands at; its KPIs are the formulas, edges and levels
that the build was published with, so that a part is judged as the project is. What the project does not know, no part knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.kpis.catalogue import Kpi, catalogue
from models.kpis.combined import reason_sql
from models.kpis.levels import COLUMNS, LEVELS, status_sql
from models.kpis.standing import STANDS_ON, cell_column, day_of
from models.kpis.values import selected_projects
from models.vocabulary import Grain, PeriodKind

MONEY = ("budget_at_completion", "planned_value", "earned_value", "actual_cost")
HOURS = ("planned_hours", "earned_hours", "hours_logged")
MEASURES = (*MONEY, "elements_due", *HOURS, "budget_hours")
NO_PART = "-"  # what names no element, module or layer

# the column that names the part of a row, over deltas or measure rows `entries` joined to int_modules as `modules`
_PART = {
    Grain.PROJECT: "'*'",
    Grain.PHASE: "entries.phase",
    Grain.MODULE: "entries.module",
    Grain.LAYER: f"coalesce(modules.layer, '{NO_PART}')",
    Grain.WBS: "entries.wbs_code",
}
_PARTS_JOIN = (
    "left join int_modules as modules on entries.project_key = modules.project_key and entries.module = modules.module"
)
# an element counts for itself and for every element above it: 1.2.3 for 1.2.3, 1.2 and 1
_ROLLED_UP = """
    unnest(list_transform(
        range(1, len(string_split(entries.wbs_code, '.')) + 1),
        n -> array_to_string(string_split(entries.wbs_code, '.')[1:n], '.')
    ))
"""
_CELLS = """
    with standing as (
        select
            kpi_key, project_key, period_kind, period_start, period_end, as_of, valued_from, valued_on, is_estimated,
            kpi_values.warning_at, kpi_values.critical_at, kpi_values.low_warning_at, low_critical_at, bad_direction, rule_id,
            coalesce(dated, '') as dated, coalesce(reason = 'outdated:data_date', false) as is_outdated, is_incomplete,
            is_provisional, is_presumed_closed, is_stale, is_restated, is_current, left_out,
            max(case when period_end <= $until then period_end end) over (partition by kpi_key, project_key) as last_end
        from kpi_values
        inner join dim_kpis using (kpi_key)
        where grain = 'project' and period_kind = $kind and project_key in (select unnest($projects))
    ),
    wanted as (
        select * from standing where {condition}
    ),
    days as (
        select distinct project_key, period_end, dated, coalesce(valued_on, as_of) as stands_on from wanted
    ),
    entries as (
        select entries.*, {part} as part, {below} as element
        from earned_value_deltas as entries
        {parts_join}
        where entries.project_key in (select unnest($projects)) and ($module = '*' or entries.module = $module)
    ),
    summed as (
        select days.project_key, days.period_end, days.dated, entries.part, count(distinct entries.element) as elements,
            bool_or(entries.element = entries.part) as is_element, {sums}
        from days
        inner join entries on days.project_key = entries.project_key and entries.delta_on <= days.stands_on
        group by 1, 2, 3, 4
    ),
    parts as (
        select summed.project_key, summed.period_end, summed.dated, summed.part, summed.elements, {known}
        from summed
        inner join kpi_cells as cells
            on cells.grain = 'project' and cells.period_kind = $kind
            and summed.project_key = cells.project_key and summed.period_end = cells.period_end
        where summed.is_element or summed.elements > 1  -- a code that only stands above one element says nothing new
    )
"""
_KPI = """
    select
        kpi_key, project_key, part, elements, period_kind, period_start, period_end, as_of,
        valued_from, valued_on, is_estimated,
        case when is_known then value end as value,
        case when is_known then own_numerator end as numerator,
        case when is_known then own_denominator end as denominator,
        case
            when not is_known then 'no_data'
            when edge is not null then split_part(edge, ':', 1)
            when value is null then 'no_data'
            when too_early is not null then 'too_early'
            when is_outdated or unrated_when is not null then 'unrated'
            else {status}
        end as status,
        case
            when not is_known then case when {unknown} then 'missing:{feeds}' else 'unplanned' end
            when edge is not null then split_part(edge, ':', 2)
            when value is null then 'zero:denominator'
            when too_early is not null then too_early
            when is_outdated then 'outdated:data_date'
            else unrated_when
        end as reason,
        is_known, is_incomplete, is_provisional, is_presumed_closed, is_stale, is_restated, is_current, left_out,
        {levels},
        {measures}
    from (
        select
            wanted.* exclude ({levels_there}),
            {levels_of_leading},
            parts.* exclude (project_key, period_end, dated),
            coalesce({is_known}, false) as is_known,
            {value} as value,
            {numerator} as own_numerator,
            {denominator} as own_denominator,
            {leading_value} as leading_value,
            {leading_numerator} as numerator,
            {leading_denominator} as denominator,
            {edge} as edge,
            {too_early} as too_early,
            {unrated} as unrated_when
        from parts
        inner join wanted
            on parts.project_key = wanted.project_key and parts.period_end = wanted.period_end and parts.dated = wanted.dated
            and wanted.kpi_key = '{key}'
        inner join standing as levels  -- as they apply to this project
            on parts.project_key = levels.project_key and parts.period_end = levels.period_end and levels.kpi_key = '{leading}'
    ) as judged
"""
INDICES = ("cpi", "spi")
JUDGED_BY = ("status", "reason", *LEVELS, "bad_direction")
_IN_MONEY = {
    "cpi": "cost_performance_index",
    "spi": "schedule_performance_index",
    "cost_variance": "cost_variance",
    "schedule_variance": "schedule_variance",
}
_IN_HOURS = {name: f"{kpi_key}_hours" for name, kpi_key in _IN_MONEY.items()}
_CURRENT = "is_current"
_HOLDS = "$until between period_start and period_end"
_STANDS = "period_end = last_end"


@dataclass(frozen=True)
class LinesOf:
    """Which lines: of one measure of one part of a project, at most so many."""

    project_key: str
    part: str
    measure: str
    limit: int


def earned_value_kpis(snapshot: Snapshot) -> dict[str, Kpi]:
    """{kpi_key: Kpi}: every KPI of the catalogue that is made of the measures kept by element, and of nothing else."""
    known = catalogue(snapshot)
    return {
        key: kpi
        for key, kpi in known.items()
        if not set(kpi.measures) - set(MEASURES) and kpi.percentile is None and kpi.counts_window != "in_period"
    }


def part_values(
    snapshot: Snapshot,
    grain: Grain,
    projects: Sequence[str],
    *,
    period_kind: PeriodKind = PeriodKind.MONTH,
    holds: dt.date | None = None,
    until: dt.date | None = None,
    module: str | None = None,
    kpi_keys: Sequence[str] | None = None,
    rolled_up: bool = False,
) -> pl.DataFrame:
    """One row per part of these projects and KPI, where the part has ever had one of the measures.

    grain: what a part is; PROJECT gives each project as a whole. The period: the one that `holds` a day; the last one that ends
    at or before `until`; else the current one of each KPI (cost KPIs at the last closed month). kpi_keys: some of
    earned_value_kpis(). rolled_up: elements above others too (1 above 1.2), each the sum of all below it.
    Columns: those of kpi_values from kpi_key to reason without grain, module and phase; part; elements (of WBS elements: how
    many the row is the sum of); is_known (every term is known and the part has a plan); the measures, money excluding VAT and
    hours.
    """
    kpis = earned_value_kpis(snapshot)
    chosen = [key for key in kpis if kpi_keys is None or key in kpi_keys]
    is_tree = rolled_up and grain is Grain.WBS
    cells = _CELLS.format(
        condition=_HOLDS if holds else _STANDS if until else _CURRENT,
        part=_ROLLED_UP if is_tree else _PART[grain],
        below="entries.wbs_code" if is_tree else _PART[grain],
        parts_join=_PARTS_JOIN,
        sums=", ".join(
            f"sum(case when entries.measure_key = '{name}' then entries.delta end) as {name}" for name in MEASURES
        ),
        known=", ".join(
            f"case when {_known(name)} is not null then coalesce(summed.{name}, 0) end as {name}" for name in MEASURES
        ),
    )
    sql = f"{cells} {' union all '.join(_kpi_sql(kpis[key], kpis) for key in chosen)}"
    parameters = {
        "kind": period_kind.value,
        "projects": list(projects),
        "until": holds or until or dt.date.max,
        "module": module or "*",
    }
    order = {key: place for place, key in enumerate(kpis)}
    rows = snapshot.query(sql, parameters)
    return (
        rows.with_columns(pl.col("kpi_key").replace_strict(order, return_dtype=pl.Int64).alias("_order"))
        .sort("project_key", "part", "_order", "period_end")
        .drop("_order")
    )


def part_lines(
    snapshot: Snapshot,
    grain: Grain,
    project_key: str,
    part: str,
    *,
    period_end: dt.date,
    measures: Sequence[str],
    module: str | None = None,
    limit: int = 500,
    period_kind: PeriodKind = PeriodKind.MONTH,
) -> pl.DataFrame:
    """The lines of the files behind a part's measures in a period, those that weigh most first; they add up to them.

    They stand where the KPIs of cost do; in hours, where those of the schedule do.

    A WBS element holds the lines of all elements below it. Columns: measure_key, counts_from (the last day on which something
    of the line counts), amount (money excluding VAT or hours, as the measure), row_key, row_label, wbs_code, module, phase,
    file_name, source_row.
    """
    matches = f"{_PART[grain]} = $part"
    if grain is Grain.WBS:
        matches = "(entries.wbs_code = $part or starts_with(entries.wbs_code, $part || '.'))"
    hours = ", ".join(f"'{name}'" for name in HOURS)
    day = f"case when entries.measure_key in ({hours}) then days.schedule_on else days.cost_on end"
    return snapshot.query(
        f"""
        with days as (
            select project_key, {day_of("cost", period_kind)} as cost_on, {day_of("schedule", period_kind)} as schedule_on
            from dim_projects as projects
            where project_key = $project
        ),
        lines as (
            select
                entries.measure_key,
                max(entries.counts_from) as counts_from,
                cast(sum(entries.amount) as double) as amount,
                entries.row_key, entries.row_label, entries.wbs_code, entries.module, entries.phase, batches.file_name,
                entries.source_row
            from kpi_measure_rows as entries
            inner join days on entries.project_key = days.project_key
            left join dim_batches as batches on entries.batch_id = batches.batch_id
            {_PARTS_JOIN}
            where entries.project_key = $project and {matches} and ($module = '*' or entries.module = $module)
                and entries.measure_key in (select unnest($measures))
                and entries.counts_from <= {day}
                and (entries.counts_until is null or entries.counts_until > {day})
            group by all
        )
        select * from lines
        order by list_position($measures, measure_key), abs(amount) desc, row_key, source_row
        limit {int(limit)}
        """,
        {
            "project": project_key,
            "part": part,
            "module": module or "*",
            "measures": list(measures),
            "period_end": period_end,
        },
    )


def _known(measure: str) -> str:
    """The cell of the whole project that says whether the measure is known where a KPI of summed.dated stands."""
    cells = " ".join(f"when '{dated}' then cells.{cell_column(measure, dated)}" for dated in STANDS_ON)
    return f"case summed.dated {cells} else cells.{measure} end"


def element_names(snapshot: Snapshot, projects: Sequence[str]) -> dict[tuple[str, str], str]:
    """{(project_key, wbs_code): name} of the elements of the plan."""
    rows = snapshot.query(
        "select project_key, wbs_code, coalesce(wbs_name, '') from int_wbs where project_key in (select unnest($projects))",
        {"projects": list(projects)},
    )
    return {(project_key, code): name for project_key, code, name in rows.iter_rows()}


def parts_at(snapshot: Snapshot, selection: Selection, grain: Grain, until: dt.date, in_hours: bool) -> pl.DataFrame:
    """One row per part of the selection at the last period that ends at or before `until`, elements rolled up.

    Columns: project_key, part, elements, budget (money alone), planned, earned, spent (to date; money excluding VAT, or h where
    in_hours); cost_variance, schedule_variance, cpi, spi, and of each of these what JUDGED_BY names, as cpi_status; as_of,
    valued_from, valued_on (the day at which it stands), is_estimated,
    is_provisional (cost of a period that is not closed). Null is unknown.
    """
    columns = _IN_HOURS if in_hours else _IN_MONEY
    rows = part_values(
        snapshot,
        grain,
        selected_projects(snapshot, selection),
        period_kind=selection.period_kind,
        until=until,
        module=selection.module,
        kpi_keys=list(columns.values()),
        rolled_up=True,
    )
    planned, earned, spent = HOURS if in_hours else MONEY[1:]
    first = rows.filter(pl.col("kpi_key") == columns["cpi"]).select(
        "project_key",
        "part",
        "elements",
        pl.col("budget_at_completion").alias("budget"),
        pl.col(planned).alias("planned"),
        pl.col(earned).alias("earned"),
        pl.col(spent).alias("spent"),
        "as_of",
        "valued_from",
        "valued_on",
        "is_estimated",
        "is_provisional",
    )
    for name, kpi_key in columns.items():
        own = rows.filter(pl.col("kpi_key") == kpi_key).select(
            "project_key",
            "part",
            pl.col("value").alias(name),
            *(pl.col(what).alias(f"{name}_{what}") for what in JUDGED_BY),
        )
        first = first.join(own, on=["project_key", "part"], how="left", maintain_order="left")
    return first


def lines_at(snapshot: Snapshot, selection: Selection, grain: Grain, until: dt.date, of: LinesOf) -> pl.DataFrame:
    """The lines behind one measure of a part of parts_at(); columns of part_lines()."""
    return part_lines(
        snapshot,
        grain,
        of.project_key,
        of.part,
        period_end=until,
        measures=(of.measure,),
        module=selection.module,
        limit=of.limit,
        period_kind=selection.period_kind,
    )


def _kpi_sql(kpi: Kpi, kpis: dict[str, Kpi]) -> str:
    """One KPI over `parts`: its own formula and edge; the levels of the KPI that it takes its status from, if there is one."""
    leading = kpis[kpi.status_from] if kpi.status_from else kpi
    judged = status_sql(leading)
    nothing = "cast(null as double)"
    return _KPI.format(
        key=kpi.kpi_key,
        leading=leading.kpi_key,
        status=f"case when leading_value is null then 'unrated' else {judged} end" if kpi.status_from else judged,
        unknown=" or ".join(f"{measure} is null" for measure in kpi.measures),
        feeds=",".join(kpi.feeds),
        levels=", ".join(f"{nothing} as {name}" if kpi.status_from else name for name in LEVELS)
        + (", cast(null as varchar) as bad_direction" if kpi.status_from else ", bad_direction"),
        levels_there=", ".join(COLUMNS),
        levels_of_leading=", ".join(f"levels.{column}" for column in COLUMNS),
        measures=", ".join(f"cast({name} as double) as {name}" for name in MEASURES),
        is_known=kpi.is_known_sql,
        value=kpi.formula_sql,
        numerator=kpi.numerator_sql,
        denominator=kpi.denominator_sql or nothing,
        leading_value=leading.formula_sql,
        leading_numerator=leading.numerator_sql,
        leading_denominator=leading.denominator_sql or nothing,
        edge=reason_sql(kpi.edge_sql),
        too_early=reason_sql(kpi.too_early_sql),
        unrated=reason_sql(kpi.unrated_sql),
    )
