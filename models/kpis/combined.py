"""Several projects chosen together: the sums of their terms through the formula the build was published with.

The rules are those of the portfolio in kpi_terms: a member with an unknown term is left out and named; a project whose
status date lies before the period stands as it was then, unless the KPI counts what happened in the period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.kpis.catalogue import HISTORY_LENGTH, Kpi, money_measures
from models.kpis.levels import levels_sql, rules_of_choice, status_sql
from models.kpis.member_weeks import values_at
from models.kpis.standing import cell_column, day_of_period
from models.reference.currencies import currencies_without_rate, currency_of, translation
from models.vocabulary import Grain

_MEMBERS = """
    members as (
        select kpi_terms.*, last_value(period_end) over (
            partition by project_key, module order by period_end rows between unbounded preceding and unbounded following
        ) as last_end
        from ({source}) as kpi_terms
        where period_kind = $kind and project_key in (select unnest($projects)) and module = $module and phase = '*'
    ),
    periods as (
        select distinct period_start, period_end from members
    ),
    placed as (
        select members.* exclude (period_start, period_end), periods.period_start, periods.period_end
        from members
        inner join periods
            on periods.period_end = members.period_end
            or (not $in_period and members.period_end = members.last_end and periods.period_end > members.last_end)
    )
"""
_PROJECT_TERMS = "select * from kpi_terms where kpi_key = $kpi and grain = 'project'"
# money of several currencies in the reporting one, all terms of a value at one rate; a member without one is left out and named
_TRANSLATED = """
    select
        terms.* exclude ({positions}, is_known),
        {translated},
        terms.is_known and rates.exchange_rate is not null as is_known
    from ({source}) as terms
    inner join dim_projects as projects on terms.project_key = projects.project_key
    left join reporting_rates as rates on projects.currency = rates.currency and terms.as_of = rates.as_of
"""
_SUMS = """
    sums as (
        select
            period_start,
            period_end,
            max(as_of) as as_of,
            min(case when is_known then valued_on end) as valued_from,
            max(case when is_known then valued_on end) as valued_on,
            coalesce(bool_or(is_estimated and is_known), false) as is_estimated,
            coalesce(bool_and(is_outdated or not is_known), false) as is_outdated,
            coalesce(bool_or(is_provisional and is_known), false) as is_provisional_at_date,
            {terms},
            sum(all_numerator) as all_numerator,
            coalesce(bool_or(is_known), false) as is_known,
            list_sort(list_distinct(flatten(list(case when is_known then left_out else [project_key] end)))) as left_out
        from placed
        group by period_start, period_end
    ),
    {read},
    valued as (
        select
            read.*,
            case when is_known then {value} end as value,
            case when is_known then {numerator} end as numerator,
            case when is_known then {denominator} end as denominator,
            {levels}
        from read
    )
"""
_PERCENTILE = """
    placed as (
        select
            measure_rows.amount,
            periods.period_start,
            periods.period_end,
            periods.as_of
        from kpi_measure_rows as measure_rows
        inner join dim_periods as periods
            on measure_rows.project_key = periods.project_key
            and periods.period_kind = $kind
            and measure_rows.counts_from between periods.period_start and periods.as_of
        where measure_rows.measure_key = $measure and measure_rows.project_key in (select unnest($projects))
            and ($module = '*' or measure_rows.module = $module)
    ),
    beside as (
        select period_end, {beside}
        from kpi_terms
        where kpi_key = $kpi and period_kind = $kind and project_key in (select unnest($projects)) and phase = '*'
            and grain = case when $module = '*' then 'project' else 'module' end and module = $module
        group by 1
    ),
    valued as (
        select
            period_start,
            period_end,
            max(as_of) as as_of,
            'as_read' as reading,
            {besides},
            max(as_of) as valued_from,
            max(as_of) as valued_on,
            false as is_estimated,
            false as is_outdated,
            false as is_provisional_at_date,
            cast(cast(quantile_cont(cast(amount as double), {percentile}) as decimal(28, 4)) as double) as value,
            cast(cast(quantile_cont(cast(amount as double), {percentile}) as decimal(28, 4)) as double) as numerator,
            cast(null as double) as denominator,
            true as is_known,
            cast(0 as double) as all_numerator,
            cast([] as varchar[]) as left_out,
            {levels}
        from placed
        left join beside using (period_end)
        group by 1, 2
    )
"""
# the unknown words read both ways, beside the row as it is read: whether the verdict hangs on them
_READINGS = """
    judged as (
        select
            valued.*,
            case when is_known then {edge} end as edge,
            {status} as level_status,
            coalesce(split_part(edge, ':', 1), case when value is null then 'no_data' else level_status end) as said,
            is_known and coalesce({many}, false) as has_many_unknown_words
        from valued
    ),
    compared as (
        select
            judged.*,
            case
                when min(said) over same_row = 'critical' and max(said) over same_row = 'critical' then null
                when has_many_unknown_words or min(said) over same_row <> max(said) over same_row then $words
            end as unclear_words
        from judged
        window same_row as (partition by period_end)
    )
"""
_ROWS = """
    select
        $kpi as kpi_key,
        'portfolio' as grain,
        '*' as project_key,
        $module as module,
        '*' as phase,
        $kind as period_kind,
        period_start,
        period_end,
        as_of,
        valued_from,
        valued_on,
        is_estimated,
        value,
        numerator,
        denominator,
        {counted} as counted,
        {counted_of} as counted_of,
        {reversed} as reversed_items,
        case
            when unclear_words is not null and (value is not null or edge is not null) then 'too_early'
            when edge is not null then split_part(edge, ':', 1)
            when value is null then 'no_data'
            when {too_early} is not null then 'too_early'
            when is_outdated or {unrated} is not null then 'unrated'
            else level_status
        end as status,
        period_end > as_of as is_incomplete,
        $is_cost and case when {is_dated} then is_provisional_at_date else period_end > $closed_on end as is_provisional,
        $is_cost and not coalesce(is_provisional, false)
            and case when {is_dated} then valued_on else period_end end > $finance_closed_on as is_presumed_closed,
        false as is_stale,
        false as is_restated,
        warning_at,
        critical_at,
        low_warning_at,
        low_critical_at,
        bad_direction,
        rule_id,
        left_out,
        $currency as currency,
        case
            when not is_known and $rates <> '' then 'rate_missing:' || $rates
            when not is_known then 'missing:' || $feeds
            when unclear_words is not null then unclear_words
            when edge is not null then split_part(edge, ':', 2)
            when value is null then 'zero:denominator'
            when {too_early} is not null then {too_early}
            when is_outdated then 'outdated:data_date'
            else {unrated}
        end as reason
    from compared
    where reading = 'as_read'
    order by period_end
"""


def history(
    snapshot: Snapshot,
    kpi: Kpi,
    projects: tuple[str, ...],
    selection: Selection,
    *,
    rules: list[dict[str, Any]] | None = None,
    closed_on: dt.date | None = None,
) -> pl.DataFrame:
    """The KPI of these projects together, over all periods up to the chosen one; columns of kpi_values but is_current.

    No rows for several projects where their terms are no sum: a KPI that is not told of the portfolio.
    rules: judged by these instead of the build's, as rows of dim_rules, the one that goes before all others last.
    closed_on: the newest closed day of their costs, where the caller knows it.
    """
    if rules is None:
        rules = rules_of_choice(snapshot, kpi, projects, selection.module)
    parameters = {
        "kpi": kpi.kpi_key,
        "projects": list(projects) if len(projects) == 1 or "portfolio" in kpi.grains else [],
        "module": selection.module or "*",
        "kind": selection.period_kind.value,
        "is_cost": kpi.is_cost,
        "closed_on": closed_on or _closed_on(snapshot, projects),
        "finance_closed_on": _finance_closed_on(snapshot, projects),
        "feeds": ",".join(kpi.feeds),
        "words": unknown_words(snapshot, kpi.words, projects),
        "currency": currency_of(snapshot, projects),
        "rates": ",".join(currencies_without_rate(snapshot, projects)) if {*kpi.feeds} & {"costs", "contracts"} else "",
    }
    if kpi.percentile is not None:
        common = _PERCENTILE.format(
            percentile=float(kpi.percentile),
            levels=levels_sql(kpi, rules),
            beside=", ".join(f"sum(term_{n}) as {term}" for n, term in enumerate(kpi.terms[1:], start=2)),
            besides=", ".join(f"max({term}) as {term}" for term in kpi.terms[1:]),
        )
        parameters["measure"] = kpi.measures[0]
    else:
        parameters["in_period"] = kpi.counts_window == "in_period"
        terms = ", ".join(
            f"sum(case when is_known then term_{position} end) as {measure}"
            for position, measure in enumerate(kpi.terms, start=1)
        )
        common = (
            _MEMBERS.format(
                source=_translated(snapshot, kpi, projects, _module_terms(kpi) if selection.module else _PROJECT_TERMS)
            )
            + ","
            + _SUMS.format(
                terms=terms,
                read=readings_sql(kpi, "sums"),
                levels=levels_sql(kpi, rules),
                value=kpi.formula_sql,
                numerator=kpi.numerator_sql,
                denominator=kpi.denominator_sql or "cast(null as double)",
            )
        )
    rows = snapshot.query(judged_sql(kpi, common), parameters)
    lost = _lost(snapshot, {name: parameters[name] for name in ("kpi", "kind", "module", "projects")}, selection)
    rows = rows.join(lost, on="period_end", how="left", maintain_order="left").with_columns(
        is_better_by_loss=pl.col("loss_rows").is_not_null()
    )
    until = selection.period_end or dt.date.max
    return rows.filter(pl.col("period_end") <= until)


# what the members lost: the value of them together carries it
_LOST = """
    select
        period_end, cast(sum(loss_rows) as bigint) as loss_rows, sum(loss_amount) as loss_amount,
        cast(null as double) as value_with_lost_rows
    from {source} as kpi_values
    where kpi_key = $kpi and period_kind = $kind and is_better_by_loss and project_key in (select unnest($projects))
        and module = $module and phase = '*'
    group by 1
"""
_LOST_ANY = """
    select 1 from kpi_losses
    where kpi_key = $kpi and period_kind = $kind and project_key in (select unnest($projects)) and module = $module
    limit 1
"""


def _lost(snapshot: Snapshot, parameters: dict[str, Any], selection: Selection) -> pl.DataFrame:
    source = "kpi_values"
    if selection.module and not snapshot.query(_LOST_ANY, parameters).is_empty():
        source = values_at(snapshot, Grain.MODULE, selection.period_kind, parameters["kpi"])
    return snapshot.query(_LOST.format(source=source), parameters)


def judged_sql(kpi: Kpi, common: str) -> str:
    """The rows of a step named valued, each with its status. common: that step and those before it.

    valued has the terms, period_start, period_end, as_of, valued_from, valued_on, is_estimated, is_outdated,
    is_provisional_at_date, value, numerator, denominator, is_known, left_out and the columns of models.kpis.levels, and each row
    once per reading of its unknown words.
    Blanks: kpi, module, kind, is_cost, closed_on, finance_closed_on, feeds, words, currency, rates.
    """
    return (
        "with "
        + common
        + ","
        + _READINGS.format(edge=reason_sql(kpi.edge_sql), status=status_sql(kpi), many=kpi.unknown_words_sql or "false")
        + _ROWS.format(
            too_early=reason_sql(kpi.too_early_sql),
            unrated=reason_sql(kpi.unrated_sql),
            counted=kpi.counted_sql or "cast(null as bigint)",
            counted_of=kpi.counted_of_sql or "cast(null as bigint)",
            reversed=kpi.reversed_sql or "cast(null as bigint)",
            is_dated="true" if kpi.dated else "false",
        )
    )


def readings_sql(kpi: Kpi, source: str) -> str:
    """A step named read: the rows of a step with the KPI's terms, once per reading of its unknown words (as_read, high, low)."""
    if not kpi.readings_sql:
        return f"read as (select {source}.*, 'as_read' as reading from {source})"
    return f"""
    read as (
        select worded.* exclude ({", ".join(kpi.measures)}), {", ".join(kpi.readings_sql)}
        from (
            select {source}.*, readings.reading
            from {source}
            cross join (select unnest(['as_read', 'high', 'low']) as reading) as readings
        ) as worded
    )"""


def unknown_words(snapshot: Snapshot, words: Sequence[str], projects: tuple[str, ...]) -> str:
    """The reason that names the words: 'words:severity=1 - critical; …', those that most rows hold."""
    rows = snapshot.query(
        """
        select distinct column_name, word from (
            select column_name, word, row_number() over (partition by column_name order by sum(row_count) desc, word) as place
            from unmapped_words
            where feed || '.' || column_name in (select unnest($words)) and project_key in (select unnest($projects))
            group by 1, 2
        ) where place <= 5 order by 1, 2
        """,
        {"words": list(words), "projects": list(projects)},
    ).iter_rows()
    return "words:" + "; ".join(f"{column}={word}" for column, word in rows)


def reason_sql(sql: str | None) -> str:
    """What a KPI of the catalogue says as status:reason or as a reason, null where it never says any."""
    return f"({sql})" if sql else "cast(null as varchar)"


def _translated(snapshot: Snapshot, kpi: Kpi, projects: tuple[str, ...], source: str) -> str:
    money = money_measures(snapshot)
    positions = [f"term_{position}" for position in range(1, len(kpi.terms) + 1)]
    is_money = [measure in money for measure in kpi.terms]
    if not any(is_money) or not translation(snapshot, projects, "as_of"):
        return source
    translated = ", ".join(
        f"terms.{name}" + (f" * cast(rates.exchange_rate as double) as {name}" if converts else "")
        for name, converts in zip(positions, is_money, strict=True)
    )
    return _TRANSLATED.format(source=source, positions=", ".join(positions), translated=translated)


def _module_terms(kpi: Kpi) -> str:
    """The terms of a KPI in the module: the cells themselves; a project where one is unknown is left out and named.

    As in the build, a module has a value's row only where somebody knows every term.
    """
    terms = ", ".join(f"{measure} as term_{position}" for position, measure in enumerate(kpi.terms, start=1))
    own = ", ".join(f"{cell_column(measure, kpi.dated)} as {measure}" for measure in kpi.terms)
    flags = ", ".join(
        f"{f'is_cost_{flag}' if kpi.dated == 'cost' else 'false'} as is_{flag}"
        for flag in ("estimated", "outdated", "provisional")
    )
    return f"""
        select
            project_key, module, phase, period_kind, period_start, period_end, as_of, valued_on, is_estimated, is_outdated,
            is_provisional, {terms},
            coalesce({kpi.total}, 0) as all_numerator, coalesce({kpi.is_known_sql}, false) as is_known,
            cast([] as varchar[]) as left_out
        from (
            select
                grain, project_key, module, phase, period_kind, period_start, period_end, as_of,
                {day_of_period(kpi.dated)} as valued_on, {flags}, {own}
            from kpi_cells
        )
        where grain = 'module' and $kpi <> '' and module = $module and project_key in (select unnest($projects))
        qualify bool_or(coalesce({kpi.is_known_sql}, false)) over (partition by period_kind, period_end)
    """


def values(snapshot: Snapshot, kpis: dict[str, Kpi], projects: tuple[str, ...], selection: Selection) -> pl.DataFrame:
    """One row per KPI for these projects together; columns of models.kpis.values.kpi_values()."""
    rows: dict[str, dict[str, Any]] = {}
    closed_on = _closed_on(snapshot, projects)
    for key, kpi in kpis.items():
        if selection.module and "module" not in kpi.grains:
            continue
        series = history(snapshot, kpi, projects, selection, closed_on=closed_on)
        row = _current(series, kpi, selection, closed_on if kpi.is_cost else None)
        if row is not None:
            rows[key] = row
    for key, row in rows.items():
        leading = kpis[key].status_from
        if leading and row["reason"] is None:
            row["status"] = "unrated" if rows[leading]["value"] is None else rows[leading]["status"]
    return pl.DataFrame(list(rows.values()), infer_schema_length=None)


def _current(series: pl.DataFrame, kpi: Kpi, selection: Selection, closed_on: dt.date | None) -> dict[str, Any] | None:
    if selection.period_end is not None:
        series = series.filter(pl.col("period_end") <= selection.period_end)
        if series.is_empty() or series["period_end"][-1] != selection.period_end:
            return None
    elif closed_on is not None:
        closed = series.filter(pl.col("period_start" if kpi.dated else "period_end") <= closed_on)
        series = closed if not closed.is_empty() else series
    if series.is_empty():
        return None
    row = series.row(-1, named=True)
    before = series.row(-2, named=True) if series.height > 1 else {}
    return row | {
        "is_current": selection.period_end is None,
        "previous_value": before.get("value"),
        "previous_status": before.get("status"),
        "previous_period_end": before.get("period_end"),
        "history": series["value"].tail(HISTORY_LENGTH).to_list(),
    }


def _finance_closed_on(snapshot: Snapshot, projects: tuple[str, ...]) -> dt.date:
    """Until when finance itself closed the costs of all of them."""
    sql = """
        select min(coalesce(finance_closed_on, date '1900-01-01')) as closed_on
        from dim_projects where project_key in (select unnest($projects)) and cost_closed_on is not null
    """
    return snapshot.query(sql, {"projects": list(projects)})["closed_on"][0] or dt.date.max


def _closed_on(snapshot: Snapshot, projects: tuple[str, ...]) -> dt.date:
    sql = "select max(cost_closed_on) as closed_on from dim_projects where project_key in (select unnest($projects))"
    return snapshot.query(sql, {"projects": list(projects)})["closed_on"][0] or dt.date.max
