-- A returned row is a project, period and measure of earned value whose WBS elements do not sum to the project's cell.
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

standing as (
    select
        periods.project_key,
        periods.period_kind,
        periods.period_end,
        running.measure_key,
        running.amount,
        row_number() over (
            partition by periods.project_key, periods.period_kind, periods.period_end, running.measure_key
            order by running.delta_on desc
        ) as recency
    from {{ ref('dim_periods') }} as periods
    inner join running
        on periods.project_key = running.project_key
        and running.delta_on <= periods.as_of
),

cells as (
    {%- for key in kept %}
    select project_key, period_kind, period_end, '{{ key }}' as measure_key, {{ key }} as amount
    from {{ ref('kpi_cells') }}
    where grain = 'project' and {{ key }} is not null
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
    and standing.recency = 1
where abs(cells.amount - coalesce(standing.amount, 0)) > 0.0001
