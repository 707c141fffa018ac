-- Grain: one cell (project, its module, or its phase) and period, with every measure as a column. 0 where the feed covers project and date,
-- else null: unknown, and unknown through every formula. A measure of KPIs that stand at a data date has a column for that too: to that day.
{{ config(meta={'by_project': true}) }}
{%- set all_measures = measures() %}
{%- set dated = dated_columns() %}
{#- Each fact is summed for itself, over the cells and the measures that it has: a table of every measure for every row of every fact would
    not fit the memory of a build. #}
with
periods as (
    select * from {{ ref('dim_periods') }}
),

first_periods as (
    select project_key, period_kind, period_start as first_start, period_end as first_end from periods where is_first
),

-- the days that count in a period where it stands at a data date: those after the data date of the period before, up to its own
standing as (
    {%- for dating, column in datings().items() %}
    select
        project_key, period_kind, period_end, '{{ dating }}' as dating, {{ column }} as stands_on,
        coalesce(lag({{ column }}) over (partition by project_key, period_kind order by period_end), cast('1900-01-01' as date)) as stood_on
    from periods
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

cells as (
    select *, row_number() over (order by grain, project_key, module, phase) as cell_number
    from (
        select distinct
            case when grouping(module) = 0 then 'module' when grouping(phase) = 0 then 'phase' else 'project' end as grain,
            project_key,
            coalesce(module, '*') as module,
            coalesce(phase, '*') as phase
        from (
            {%- for fact in fact_tables() %}
            select project_key, module, phase from {{ ref('kpi_deltas__' ~ fact) }}
            {{ 'union' if not loop.last }}
            {%- endfor %}
        ) as deltas
        group by grouping sets ((project_key), (project_key, module), (project_key, phase))
    ) as found
),

{% for fact in fact_tables() %}
{%- set own, own_dated = {}, {} -%}
{%- for key, measure in all_measures.items() if measure.fact == fact %}{% do own.update({key: measure}) %}{% endfor -%}
{%- for column, told in dated.items() if told[0] in own %}{% do own_dated.update({column: told}) %}{% endfor -%}
bucketed__{{ fact }} as (
    select
        deltas.project_key,
        deltas.module,
        deltas.phase,
        first_periods.period_kind,
        -- what happened before the first period kept counts in it, for running measures
        greatest(case when first_periods.period_kind = 'week' then dates.week_end else dates.month_end end, first_periods.first_end) as period_end,
        deltas.delta_on < first_periods.first_start as is_earlier,
        deltas.measure_key,
        deltas.delta,
        '' as dating
    from {{ ref('kpi_deltas__' ~ fact) }} as deltas
    inner join {{ ref('dim_dates') }} as dates on deltas.delta_on = dates.calendar_date
    inner join first_periods on deltas.project_key = first_periods.project_key
    {%- if own_dated %}
    union all
    select
        deltas.project_key, deltas.module, deltas.phase, dated_days.period_kind, dated_days.period_end, false, deltas.measure_key, deltas.delta, dated_days.dating
    from {{ ref('kpi_deltas__' ~ fact) }} as deltas
    inner join (
        select days.project_key, days.delta_on, standing.period_kind, standing.period_end, standing.dating
        from (select distinct project_key, delta_on from {{ ref('kpi_deltas__' ~ fact) }}) as days
        inner join standing
            on days.project_key = standing.project_key
            and days.delta_on > standing.stood_on
            and days.delta_on <= standing.stands_on
    ) as dated_days
        on deltas.project_key = dated_days.project_key
        and deltas.delta_on = dated_days.delta_on
    where deltas.measure_key in ({% for key in own_dated.values() | map('first') | unique %}'{{ key }}'{{ ', ' if not loop.last }}{% endfor %})
    {%- endif %}
),

by_grain__{{ fact }} as (
    select
        case when grouping(module) = 0 then 'module' when grouping(phase) = 0 then 'phase' else 'project' end as grain,
        project_key,
        coalesce(module, '*') as module,
        coalesce(phase, '*') as phase,
        period_kind,
        period_end,
        {%- for key, measure in own.items() %}
        sum(case when measure_key = '{{ key }}' and dating = ''{% if measure.in_period %} and not is_earlier{% endif %} then delta end) as {{ key }}{{ ',' if own_dated or not loop.last }}
        {%- endfor %}
        {%- for column, (key, dating) in own_dated.items() %}
        sum(case when measure_key = '{{ key }}' and dating = '{{ dating }}' then delta end) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from bucketed__{{ fact }}
    group by grouping sets (
        (project_key, period_kind, period_end),
        (project_key, module, period_kind, period_end),
        (project_key, phase, period_kind, period_end)
    )
),

running__{{ fact }} as (
    select
        numbered.cell_number,
        periods.period_kind,
        periods.period_end,
        {%- for key, measure in own.items() %}
        {% if measure.in_period -%}
        coalesce(by_grain.{{ key }}, 0)
        {%- else -%}
        sum(coalesce(by_grain.{{ key }}, 0)) over cell_so_far
        {%- endif %} as {{ key }}{{ ',' if own_dated or not loop.last }}
        {%- endfor %}
        {%- for column in own_dated %}
        sum(coalesce(by_grain.{{ column }}, 0)) over cell_so_far as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select cells.cell_number, cells.grain, cells.project_key, cells.module, cells.phase
        from cells
        inner join (select distinct grain, project_key, module, phase from by_grain__{{ fact }}) as own
            on cells.grain = own.grain
            and cells.project_key = own.project_key
            and cells.module = own.module
            and cells.phase = own.phase
    ) as numbered
    inner join periods on numbered.project_key = periods.project_key
    left join by_grain__{{ fact }} as by_grain
        on numbered.grain = by_grain.grain
        and numbered.project_key = by_grain.project_key
        and numbered.module = by_grain.module
        and numbered.phase = by_grain.phase
        and periods.period_kind = by_grain.period_kind
        and periods.period_end = by_grain.period_end
    window cell_so_far as (
        partition by numbered.cell_number, periods.period_kind
        order by periods.period_end
        rows unbounded preceding
    )
),

{% endfor %}
known as (
    select
        project_key,
        {%- for fact in fact_tables() %}
        min(case when fact = '{{ fact }}' then covers_from end) as {{ fact }}_from,
        max(case when fact = '{{ fact }}' then covers_to end) as {{ fact }}_to{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('feed_freshness') }}
    group by 1
),

-- from the first foreign amount without a rate on, sums of money of its fact are not known
unconverted as (
    select
        project_key,
        min(case when feed in ('costs', 'rates') then first_on end) as fct_costs_since,
        min(case when feed = 'contracts' then coalesce(first_on, cast('1900-01-01' as date)) end) as fct_contracts_since
    from {{ ref('unconverted_totals') }}
    group by 1
)

select
    cells.grain,
    cells.project_key,
    cells.module,
    cells.phase,
    periods.period_kind,
    periods.period_start,
    periods.period_end,
    periods.as_of,
    {%- for column in standing_columns() %}
    periods.{{ column }},
    {%- endfor %}
    {%- for key, measure in all_measures.items() %}
    cast(case when known.{{ measure.fact }}_from <= periods.as_of
        {%- if measure.in_period %} and known.{{ measure.fact }}_to >= periods.period_start{% endif %}{% if measure.fact in ('fct_costs', 'fct_contracts') %} and (unconverted.{{ measure.fact }}_since is null or unconverted.{{ measure.fact }}_since > periods.as_of){% endif %} then coalesce(running__{{ measure.fact }}.{{ key }}, 0) end as {{ amount() }}) as {{ key }},
    {%- endfor %}
    {%- for column, (key, dating) in dated.items() %}
    cast(case when known.{{ all_measures[key].fact }}_from <= periods.{{ datings()[dating] }}
        {%- set fact = all_measures[key].fact %}{% if fact in ('fct_costs', 'fct_contracts') %} and (unconverted.{{ fact }}_since is null or unconverted.{{ fact }}_since > periods.{{ datings()[dating] }}){% endif %} then coalesce(running__{{ fact }}.{{ column }}, 0) end as {{ amount() }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from cells
inner join periods on cells.project_key = periods.project_key
left join known on cells.project_key = known.project_key
left join unconverted on cells.project_key = unconverted.project_key
{%- for fact in fact_tables() %}
left join running__{{ fact }}
    on cells.cell_number = running__{{ fact }}.cell_number
    and periods.period_kind = running__{{ fact }}.period_kind
    and periods.period_end = running__{{ fact }}.period_end
{%- endfor %}
