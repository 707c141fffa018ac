"""A KPI of one site: the rows that name the site, through the formula the build was published with.

The build has no cells of sites. What it has are the rows behind every measure, and facts whose rows name a site; a KPI of which
every measure counts rows of such facts can be told for one site, any other cannot.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from models.builds.snapshot import Snapshot
from models.kpis.catalogue import Kpi
from models.kpis.combined import judged_sql, readings_sql, unknown_words
from models.kpis.levels import levels_sql
from models.reference.currencies import currency_of
from models.vocabulary import PeriodKind

_FACTS = """
    select distinct columns.table_name as fact
    from information_schema.columns as columns
    inner join dim_measures on dim_measures.fact = columns.table_name
    where columns.column_name = 'site'
    order by 1
"""
_OF_MEASURES = "select distinct fact from dim_measures where measure_key in (select unnest($measures))"
_NAMES = "select site, site_name from fct_sites where project_key = $project and $site in (site, site_name)"
# a line of a file may be several rows of a fact (a week of hours); all of them name the same site
_NAMED = """
    named as (
        {facts}
    ),
    counted as (
        select measure_rows.measure_key, measure_rows.counts_from, measure_rows.counts_until, measure_rows.amount, is_in_period
        from kpi_measure_rows as measure_rows
        inner join named using (fact, project_key, batch_id, source_row)
        inner join dim_measures using (measure_key)
        where measure_rows.measure_key in (select unnest($measures))
    ),
    periods as (
        select period_start, period_end, as_of from dim_periods where project_key = $project and period_kind = $kind
    )
"""
_OF_FACT = (
    "select distinct '{fact}' as fact, project_key, batch_id, source_row from {fact} "
    "where project_key = $project and site in (select unnest($names))"
)
# no row of the site is 0 where the project's own sum is known, and unknown where that is
_SUMS = """
    sums as (
        select
            periods.period_start,
            periods.period_end,
            periods.as_of,
            periods.as_of as valued_from,
            periods.as_of as valued_on,
            false as is_estimated,
            false as is_outdated,
            false as is_provisional_at_date,
            {terms},
            cast([] as varchar[]) as left_out
        from periods
        left join kpi_cells as cells
            on cells.grain = 'project' and cells.project_key = $project and cells.period_kind = $kind
            and cells.period_end = periods.period_end
        left join counted
            on counted.counts_from <= periods.as_of
            and (counted.counts_until is null or counted.counts_until > periods.as_of)
            and (not counted.is_in_period or counted.counts_from >= periods.period_start)
        group by 1, 2, 3
    ),
    termed as (
        select *, coalesce({first}, 0) as all_numerator, {is_known} as is_known from sums
    ),
    {read},
    valued as (
        select
            *,
            case when is_known then {value} end as value,
            case when is_known then {numerator} end as numerator,
            case when is_known then {denominator} end as denominator,
            {levels}
        from read
    )
"""
_TERM = (
    "case when max(cells.{measure}) is not null "
    "then coalesce(sum(counted.amount) filter (where counted.measure_key = '{measure}'), 0) end as {measure}"
)
_PERCENTILE = """
    valued as (
        select
            periods.period_start,
            periods.period_end,
            periods.as_of,
            periods.as_of as valued_from,
            periods.as_of as valued_on,
            false as is_estimated,
            false as is_outdated,
            false as is_provisional_at_date,
            cast(cast(quantile_cont(cast(amount as double), {percentile}) as decimal(28, 4)) as double) as value,
            value as numerator,
            cast(null as double) as denominator,
            count(amount) > 0 as is_known,
            'as_read' as reading,
            {besides},
            cast([] as varchar[]) as left_out,
            {levels}
        from periods
        left join counted on counted.counts_from between periods.period_start and periods.as_of
        group by 1, 2, 3
    )
"""


def facts_with_sites(snapshot: Snapshot) -> set[str]:
    """The facts of this build whose rows can name a site."""
    return set(snapshot.query(_FACTS)["fact"])


def has_sites(snapshot: Snapshot, kpi: Kpi) -> bool:
    """Whether the KPI can be told for one site: every measure of it counts rows that name one."""
    facts = set(snapshot.query(_OF_MEASURES, {"measures": list(kpi.measures)})["fact"])
    return facts <= facts_with_sites(snapshot)


def sites(snapshot: Snapshot, project_key: str) -> list[str]:
    """Every site that a row of the project names, by name."""
    named = " union ".join(
        f"select site from {fact} where project_key = $project and site is not null"
        for fact in sorted(facts_with_sites(snapshot))
    )
    if not named:
        return []
    return snapshot.query(f"select site from ({named}) order by site", {"project": project_key})["site"].to_list()


def history(snapshot: Snapshot, kpi: Kpi, project_key: str, site: str, rules: list[dict[str, Any]]) -> pl.DataFrame:
    """The KPI of one site over all months; columns of kpi_values but is_current, grain site.

    rules: those of the site as rows of dim_rules, the one that goes before all others last. Empty where the KPI has no sites.
    """
    facts = facts_with_sites(snapshot)
    if not set(snapshot.query(_OF_MEASURES, {"measures": list(kpi.measures)})["fact"]) <= facts:
        return pl.DataFrame()
    known_as = snapshot.query(_NAMES, {"project": project_key, "site": site}).rows() if "fct_sites" in facts else []
    names = {site, *(name for pair in known_as for name in pair if name)}
    parameters: dict[str, Any] = {
        "kpi": kpi.kpi_key,
        "project": project_key,
        "names": sorted(names),
        "measures": list(kpi.terms if kpi.percentile is None else kpi.measures[:1]),
        "module": "*",
        "kind": PeriodKind.MONTH.value,
        "is_cost": kpi.is_cost,
        "closed_on": dt.date.max,
        "finance_closed_on": dt.date.max,
        "feeds": ",".join(kpi.feeds),
        "words": unknown_words(snapshot, kpi.words, (project_key,)),
        "currency": currency_of(snapshot, [project_key]),
        "rates": "",
    }
    named = _NAMED.format(facts=" union all ".join(_OF_FACT.format(fact=fact) for fact in sorted(facts)))
    if kpi.percentile is not None:
        # of the items of a site only those with a known start are there to be counted
        besides = [f"count(amount) as {kpi.counted_sql}"]
        besides += [f"cast(null as bigint) as {term}" for term in kpi.terms[1:] if term != kpi.counted_sql]
        valued = _PERCENTILE.format(
            percentile=float(kpi.percentile), levels=levels_sql(kpi, rules), besides=", ".join(besides)
        )
    else:
        valued = _SUMS.format(
            terms=", ".join(_TERM.format(measure=measure) for measure in kpi.terms),
            first=kpi.total,
            read=readings_sql(kpi, "termed"),
            is_known=kpi.is_known_sql,
            value=kpi.formula_sql,
            numerator=kpi.numerator_sql,
            denominator=kpi.denominator_sql or "cast(null as double)",
            levels=levels_sql(kpi, rules),
        )
    rows = snapshot.query(judged_sql(kpi, f"{named}, {valued}"), parameters)
    return rows.with_columns(grain=pl.lit("site"), project_key=pl.lit(project_key))
