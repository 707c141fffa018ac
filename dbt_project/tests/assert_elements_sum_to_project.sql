-- A returned row is a project, period and measure of earned value whose WBS elements do not sum to the project's cell, at the end of the period
-- or at the data date of the KPIs that are made of it.
{%- set kept = earned_value_measures() %}
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
),

cells as (
    {%- for key in kept %}
    select project_key, period_kind, period_end, '{{ key }}' as measure_key, '' as dating, {{ key }} as amount
    from {{ ref('kpi_cells') }}
    where grain = 'project' and {{ key }} is not null
    union all
    {%- endfor %}
    {%- for column, (measure, dating) in dated_columns().items() if measure in kept %}
    select project_key, period_kind, period_end, '{{ measure }}', '{{ dating }}', {{ column }}
    from {{ ref('kpi_cells') }}
    where grain = 'project' and {{ column }} is not null
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
