-- Grain: one percentile KPI, cell and period. A percentile does not add up: it is taken over the rows of the period themselves.
{{ config(meta={'has_portfolio': true}) }}
with
measure_rows as (
    select
        measure_rows.*,
        projects.status_on
    from {{ ref('kpi_measure_rows') }} as measure_rows
    inner join {{ ref('dim_projects') }} as projects on measure_rows.project_key = projects.project_key
    where measure_rows.measure_key in ({% for key, kpi in kpis().items() if kpi.percentile %}{% if not loop.first %}, {% endif %}'{{ kpi.measures[0] }}'{% endfor %})
        and measure_rows.counts_from <= projects.status_on
        and measure_rows.project_key <> 'unallocated'
),

placed as (
    select
        measure_rows.*,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        periods.as_of
    from measure_rows
    inner join {{ ref('dim_dates') }} as dates on measure_rows.counts_from = dates.calendar_date
    inner join {{ ref('dim_periods') }} as periods
        on measure_rows.project_key = periods.project_key
        and periods.period_end = case when periods.period_kind = 'week' then dates.week_end else dates.month_end end
)

{%- for key, kpi in kpis().items() if kpi.percentile %}
select
    '{{ key }}' as kpi_key,
    case
        when grouping(project_key) = 1 then 'portfolio'
        when grouping(module) = 0 then 'module'
        when grouping(phase) = 0 then 'phase'
        else 'project'
    end as grain,
    coalesce(project_key, '*') as project_key,
    coalesce(module, '*') as module,
    coalesce(phase, '*') as phase,
    period_kind,
    period_start,
    period_end,
    max(as_of) as as_of,
    cast({{ percentile(kpi.percentile, 'cast(amount as double)') }} as {{ amount() }}) as value,
    count(*) as row_count
from placed
where measure_key = '{{ kpi.measures[0] }}'
group by grouping sets (
    (period_kind, period_start, period_end),
    (project_key, period_kind, period_start, period_end),
    (project_key, module, period_kind, period_start, period_end),
    (project_key, phase, period_kind, period_start, period_end)
)
{{ 'union all' if not loop.last }}
{%- endfor %}
