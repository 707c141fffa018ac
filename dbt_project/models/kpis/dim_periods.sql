-- Grain: one week (Monday to Sunday) or month of one project, from its first row to its status date.
with
deltas as (
    {% for fact in fact_tables() %}
    select project_key, min(delta_on) as first_on from {{ ref('kpi_deltas__' ~ fact) }} group by 1
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

extents as (
    select
        projects.project_key,
        greatest(min(deltas.first_on), cast({{ dbt.dateadd('year', -1 * var('history_years'), 'projects.status_on') }} as date)) as first_on,
        projects.status_on
    from deltas
    inner join {{ ref('dim_projects') }} as projects on deltas.project_key = projects.project_key
    group by projects.project_key, projects.status_on
),

dates as (
    select * from {{ ref('dim_dates') }}
),

periods as (
    select distinct 'week' as period_kind, cast({{ dbt.dateadd('day', -6, 'week_end') }} as date) as period_start, week_end as period_end from dates
    union all
    select distinct 'month', cast({{ dbt.date_trunc('month', 'calendar_date') }} as date), month_end from dates
)

select
    extents.project_key,
    periods.period_kind,
    periods.period_start,
    periods.period_end,
    least(periods.period_end, extents.status_on) as as_of,
    row_number() over (partition by extents.project_key, periods.period_kind order by periods.period_end) = 1 as is_first,
    row_number() over (partition by extents.project_key, periods.period_kind order by periods.period_end desc) = 1 as is_last
from extents
inner join periods
    on periods.period_end >= extents.first_on
    and periods.period_start <= extents.status_on
