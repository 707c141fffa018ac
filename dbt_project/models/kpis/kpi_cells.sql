-- Grain: one cell (project, its module, or its phase) and period, with every measure as a column. 0 where the feed covers project and date,
-- else null: unknown, and unknown through every formula. A measure of KPIs that stand at a data date has a column for that too: to that day.
{%- set all_measures = measures() %}
{%- set dated = dated_columns() %}
{%- set facts = all_measures.values() | map(attribute='fact') | unique | list %}
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

-- by fact: a sum of every measure is asked of the rows of its own fact alone, and no step holds all measures side by side
{%- for fact in facts %}
{%- set own = [] %}
{%- for key, measure in all_measures.items() if measure.fact == fact %}{% do own.append(key) %}{% endfor %}
{%- set own_dated = [] %}
{%- for column, told in dated.items() if told[0] in own %}{% do own_dated.append(column) %}{% endfor %}
{%- if own_dated %}
{{ fact }}_days as (
    select distinct deltas.project_key, deltas.delta_on, standing.period_kind, standing.period_end, standing.dating
    from (
        select distinct project_key, delta_on from {{ ref('kpi_deltas__' ~ fact) }}
        where measure_key in ('{{ dated.values() | map('first') | select('in', own) | unique | join("', '") }}')
    ) as deltas
    inner join standing
        on deltas.project_key = standing.project_key
        and deltas.delta_on > standing.stood_on
        and deltas.delta_on <= standing.stands_on
),
{%- endif %}

{{ fact }}_bucketed as (
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
        deltas.project_key, deltas.module, deltas.phase, days.period_kind, days.period_end, false, deltas.measure_key, deltas.delta, days.dating
    from {{ ref('kpi_deltas__' ~ fact) }} as deltas
    inner join {{ fact }}_days as days
        on deltas.project_key = days.project_key
        and deltas.delta_on = days.delta_on
    {%- endif %}
),

{{ fact }}_by_grain as (
    select
        case when grouping(module) = 0 then 'module' when grouping(phase) = 0 then 'phase' else 'project' end as grain,
        project_key,
        coalesce(module, '*') as module,
        coalesce(phase, '*') as phase,
        period_kind,
        period_end
        {%- for key in own %},
        sum(case when measure_key = '{{ key }}' and dating = ''{% if all_measures[key].in_period %} and not is_earlier{% endif %} then delta end) as {{ key }}
        {%- endfor %}
        {%- for column in own_dated %},
        sum(case when measure_key = '{{ dated[column][0] }}' and dating = '{{ dated[column][1] }}' then delta end) as {{ column }}
        {%- endfor %}
    from {{ fact }}_bucketed
    group by grouping sets (
        (project_key, period_kind, period_end),
        (project_key, module, period_kind, period_end),
        (project_key, phase, period_kind, period_end)
    )
),
{%- endfor %}

cells as (
    {%- for fact in facts %}
    select grain, project_key, module, phase from {{ fact }}_by_grain
    {{ 'union' if not loop.last }}
    {%- endfor %}
),
{%- for fact in facts %}

{{ fact }}_running as (
    select
        cells.grain,
        cells.project_key,
        cells.module,
        cells.phase,
        periods.period_kind,
        periods.period_end
        {%- for key, measure in all_measures.items() if measure.fact == fact %},
        {% if measure.in_period -%}
        coalesce(by_grain.{{ key }}, 0)
        {%- else -%}
        sum(coalesce(by_grain.{{ key }}, 0)) over cell_so_far
        {%- endif %} as {{ key }}
        {%- endfor %}
        {%- for column, told in dated.items() if all_measures[told[0]].fact == fact %},
        sum(coalesce(by_grain.{{ column }}, 0)) over cell_so_far as {{ column }}
        {%- endfor %}
    from (select distinct grain, project_key, module, phase from {{ fact }}_by_grain) as cells
    inner join periods on cells.project_key = periods.project_key
    left join {{ fact }}_by_grain as by_grain
        on cells.grain = by_grain.grain
        and cells.project_key = by_grain.project_key
        and cells.module = by_grain.module
        and cells.phase = by_grain.phase
        and periods.period_kind = by_grain.period_kind
        and periods.period_end = by_grain.period_end
    window cell_so_far as (
        partition by cells.grain, cells.project_key, cells.module, cells.phase, periods.period_kind
        order by periods.period_end
        rows unbounded preceding
    )
),
{%- endfor %}

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
        {%- if measure.in_period %} and known.{{ measure.fact }}_to >= periods.period_start{% endif %}{% if measure.fact in ('fct_costs', 'fct_contracts') %} and (unconverted.{{ measure.fact }}_since is null or unconverted.{{ measure.fact }}_since > periods.as_of){% endif %} then coalesce({{ measure.fact }}_running.{{ key }}, 0) end as {{ amount() }}) as {{ key }},
    {%- endfor %}
    {%- for column, (key, dating) in dated.items() %}
    cast(case when known.{{ all_measures[key].fact }}_from <= periods.{{ datings()[dating] }}
        {%- set fact = all_measures[key].fact %}{% if fact in ('fct_costs', 'fct_contracts') %} and (unconverted.{{ fact }}_since is null or unconverted.{{ fact }}_since > periods.{{ datings()[dating] }}){% endif %} then coalesce({{ fact }}_running.{{ column }}, 0) end as {{ amount() }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from cells
inner join periods on cells.project_key = periods.project_key
{%- for fact in facts %}
left join {{ fact }}_running
    on cells.grain = {{ fact }}_running.grain
    and cells.project_key = {{ fact }}_running.project_key
    and cells.module = {{ fact }}_running.module
    and cells.phase = {{ fact }}_running.phase
    and periods.period_kind = {{ fact }}_running.period_kind
    and periods.period_end = {{ fact }}_running.period_end
{%- endfor %}
left join known on cells.project_key = known.project_key
left join unconverted on cells.project_key = unconverted.project_key
