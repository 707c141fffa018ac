{#- Sums that must be equal: compared once per month in every refresh, and everywhere (tests/long) in the tests. -#}

{% macro evidence_beside_cells(everywhere=false) %}
    {#-
    The cells whose evidence rows, taken at the end of a period, do not add up to them. Two ways to one number: here the rows that count at the
    date are summed; the cell is a running sum of deltas. The date is the end of the period or the status date, and for the measures of KPIs at a
    data date that one too. everywhere: at every grain, in every period and at every such date; else of projects at the ends of months.
    -#}
    {%- set grains = {'project': [], 'module': ['module'], 'phase': ['phase']} if everywhere else {'project': []} -%}
    {%- set places = ['module', 'phase'] if everywhere else [] -%}
    {%- set compared = "grain in ('" ~ grains | join("', '") ~ "')" ~ ('' if everywhere else " and period_kind = 'month'") -%}
with
rows_by_day as (
    select
        measure_key, project_key,{% for place in places %} {{ place }},{% endfor %} counts_from, counts_until,
        sum(amount) as amount
    from {{ ref('kpi_measure_rows') }}
    group by measure_key, project_key,{% for place in places %} {{ place }},{% endfor %} counts_from, counts_until
),

measures as (
    select * from {{ ref('dim_measures') }}
),

told as (
    select measure_key, cast(null as varchar) as dating from measures
    {%- for measure, dating in dated_columns().values() if everywhere %}
    union all
    select '{{ measure }}', '{{ dating }}'
    {%- endfor %}
),

periods as (
    select periods.*, told.measure_key, told.dating, {{ standing_on('told.dating', 'periods') }} as stands_on
    from {{ ref('dim_periods') }} as periods
    cross join told
    {{ "where periods.period_kind = 'month'" if not everywhere }}
),

evidence as (
    select
        {%- if everywhere %}
        case when grouping(rows_by_day.module) = 0 then 'module' when grouping(rows_by_day.phase) = 0 then 'phase' else 'project' end as grain,
        coalesce(rows_by_day.module, '*') as module,
        coalesce(rows_by_day.phase, '*') as phase,
        {%- else %}
        'project' as grain,
        '*' as module,
        '*' as phase,
        {%- endif %}
        rows_by_day.measure_key,
        coalesce(periods.dating, '') as dating,
        rows_by_day.project_key,
        periods.period_kind,
        periods.period_end,
        sum(rows_by_day.amount) as amount
    from rows_by_day
    inner join measures on rows_by_day.measure_key = measures.measure_key
    inner join periods
        on rows_by_day.project_key = periods.project_key
        and rows_by_day.measure_key = periods.measure_key
        and rows_by_day.counts_from <= periods.stands_on
        and (rows_by_day.counts_until is null or rows_by_day.counts_until > periods.stands_on)
        and (not measures.is_in_period or rows_by_day.counts_from >= periods.period_start)
    group by grouping sets (
        {%- for columns in grains.values() %}
        (rows_by_day.measure_key, periods.dating, rows_by_day.project_key,{% for column in columns %} rows_by_day.{{ column }},{% endfor %} periods.period_kind, periods.period_end){{ ',' if not loop.last }}
        {%- endfor %}
    )
),

cells as (
    select cells.*
    from (
        select
            told.measure_key, coalesce(told.dating, '') as dating, grain, project_key, module, phase, period_kind, period_end,
            case
                {%- for column, (key, dating) in dated_columns().items() if everywhere %}
                when told.measure_key = '{{ key }}' and told.dating = '{{ dating }}' then {{ column }}
                {%- endfor %}
                {%- for key in measures() %}
                when told.measure_key = '{{ key }}' and told.dating is null then {{ key }}
                {%- endfor %}
            end as amount
        from {{ ref('kpi_cells') }}
        cross join told
        where {{ compared }}
    ) as cells
    where amount is not null
)

select
    cells.*,
    evidence.amount as evidence_amount
from cells
left join evidence
    on cells.measure_key = evidence.measure_key
    and cells.dating = evidence.dating
    and cells.grain = evidence.grain
    and cells.project_key = evidence.project_key
    and cells.module = evidence.module
    and cells.phase = evidence.phase
    and cells.period_kind = evidence.period_kind
    and cells.period_end = evidence.period_end
where abs(cells.amount - coalesce(evidence.amount, 0)) > 0.0001
{% endmacro %}


{% macro parts_beside_projects(everywhere=false) %}
    {#- The projects, periods and measures whose modules, or whose phases, do not sum to the project. everywhere: by week too, else by month. -#}
    {%- set kept = plimsoll.measures() -%}
with
sums as (
    select
        grain,
        project_key,
        period_kind,
        period_end,
        {%- for key in kept %}
        sum({{ key }}) as {{ key }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('kpi_cells') }}
    {{ "where period_kind = 'month'" if not everywhere }}
    group by 1, 2, 3, 4
),

whole as (
    select * from sums where grain = 'project'
)

select
    parts.grain,
    parts.project_key,
    parts.period_kind,
    parts.period_end
from sums as parts
inner join whole
    on parts.project_key = whole.project_key
    and parts.period_kind = whole.period_kind
    and parts.period_end = whole.period_end
where parts.grain <> 'project'
    and ({% for key in kept %}abs(coalesce(parts.{{ key }}, 0) - coalesce(whole.{{ key }}, 0)) > 0.0001{{ ' or ' if not loop.last }}{% endfor %})
{% endmacro %}


{% macro elements_beside_projects(everywhere=false) %}
    {#-
    The projects, periods and measures of earned value whose WBS elements do not sum to the project's cell, at the end of the period or at the
    data date of the KPIs that are made of it. everywhere: by week too, else by month.
    -#}
    {%- set kept = earned_value_measures() -%}
    {%- set months = '' if everywhere else " and period_kind = 'month'" -%}
with
changes as (
    select project_key, measure_key, delta_on, sum(delta) as delta
    from {{ ref('earned_value_deltas') }}
    group by 1, 2, 3
),

running as (
    select project_key, measure_key, delta_on, sum(delta) over (partition by project_key, measure_key order by delta_on) as amount
    from changes
),

told as (
    {%- for key in kept %}
    select '{{ key }}' as measure_key, cast(null as varchar) as dating
    union all
    {%- endfor %}
    {%- for measure, dating in dated_columns().values() if measure in kept %}
    select '{{ measure }}', '{{ dating }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

standing as (
    select
        coalesce(told.dating, '') as dating,
        periods.project_key,
        periods.period_kind,
        periods.period_end,
        running.measure_key,
        running.amount,
        row_number() over (
            partition by told.dating, periods.project_key, periods.period_kind, periods.period_end, running.measure_key
            order by running.delta_on desc
        ) as recency
    from {{ ref('dim_periods') }} as periods
    cross join told
    inner join running
        on periods.project_key = running.project_key
        and told.measure_key = running.measure_key
        and running.delta_on <= {{ standing_on('told.dating', 'periods') }}
    {{ "where periods.period_kind = 'month'" if not everywhere }}
),

cells as (
    {%- for key in kept %}
    select project_key, period_kind, period_end, '{{ key }}' as measure_key, '' as dating, {{ key }} as amount
    from {{ ref('kpi_cells') }}
    where grain = 'project'{{ months }} and {{ key }} is not null
    union all
    {%- endfor %}
    {%- for column, (measure, dating) in dated_columns().items() if measure in kept %}
    select project_key, period_kind, period_end, '{{ measure }}', '{{ dating }}', {{ column }}
    from {{ ref('kpi_cells') }}
    where grain = 'project'{{ months }} and {{ column }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    cells.*,
    standing.amount as amount_of_elements
from cells
left join standing
    on cells.project_key = standing.project_key
    and cells.period_kind = standing.period_kind
    and cells.period_end = standing.period_end
    and cells.measure_key = standing.measure_key
    and cells.dating = standing.dating
    and standing.recency = 1
where abs(cells.amount - coalesce(standing.amount, 0)) > 0.0001
{% endmacro %}
