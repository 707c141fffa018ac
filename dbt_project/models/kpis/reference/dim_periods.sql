-- Grain: one week (Monday to Sunday) or month of one project, from its first row to its status date, with the days at which its KPIs stand: all
-- terms of one KPI at one day. None of these days lies before that of the period before.
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
        projects.status_on,
        projects.cost_closed_on
    from deltas
    inner join {{ ref('dim_projects') }} as projects on deltas.project_key = projects.project_key
    group by projects.project_key, projects.status_on, projects.cost_closed_on
),

dates as (
    select * from {{ ref('dim_dates') }}
),

periods as (
    select distinct 'week' as period_kind, cast({{ dbt.dateadd('day', -6, 'week_end') }} as date) as period_start, week_end as period_end from dates
    union all
    select distinct 'month', cast({{ dbt.date_trunc('month', 'calendar_date') }} as date), month_end from dates
),

placed as (
    select
        extents.project_key,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        least(periods.period_end, extents.status_on) as as_of,
        -- cost is told up to the close in the period that holds it; later periods are provisional
        case
            when extents.cost_closed_on between periods.period_start and periods.period_end then extents.cost_closed_on
            else least(periods.period_end, extents.status_on)
        end as cost_until,
        extents.cost_closed_on
    from extents
    inner join periods
        on periods.period_end >= extents.first_on
        and periods.period_start <= extents.status_on
),

-- once all the budget is earned nothing more can be: earned value is known on every later day
reports as (
    select
        data_dates.project_key,
        data_dates.data_on,
        data_dates.is_every_day,
        coalesce(earned.earned_value >= budgets.budget - 0.01 * earned.tasks, false) as is_all_earned
    from {{ ref('int_data_dates') }} as data_dates
    left join (
        select project_key, status_on, sum(earned_value) as earned_value, count(*) as tasks
        from {{ ref('fct_earned_value') }}
        where history_method = 'status_dates'
        group by 1, 2
    ) as earned
        on data_dates.project_key = earned.project_key
        and data_dates.data_on = earned.status_on
    left join (
        select project_key, sum(planned_value) as budget from {{ ref('fct_budget') }} group by 1
    ) as budgets on data_dates.project_key = budgets.project_key
),

-- a schedule by actual dates is known on every day up to its export; before the first data date nothing is earned that could be older
told as (
    select
        placed.project_key,
        placed.period_kind,
        placed.period_end,
        max(case when reports.data_on <= placed.as_of then reports.data_on end) as reported_on,
        max(case when reports.data_on <= placed.cost_until then reports.data_on end) as reported_to_cost_on,
        max(case when reports.is_all_earned and reports.data_on <= placed.cost_until then reports.data_on end) as all_earned_on,
        max(case when reports.is_every_day then reports.data_on end) as known_until
    from placed
    inner join reports on placed.project_key = reports.project_key
    group by 1, 2, 3
),

standing as (
    select
        placed.*,
        case
            when told.known_until is not null then least(told.known_until, placed.as_of)
            else coalesce(told.reported_on, placed.as_of)
        end as schedule_on,
        case
            when told.known_until is not null then least(told.known_until, placed.cost_until)
            when told.all_earned_on = told.reported_to_cost_on then placed.cost_until
            else coalesce(told.reported_to_cost_on, placed.cost_until)
        end as cost_on
    from placed
    left join told
        on placed.project_key = told.project_key
        and placed.period_kind = told.period_kind
        and placed.period_end = told.period_end
),

estimated as (
    select distinct standing.project_key, standing.cost_on
    from (select distinct project_key, cost_on from standing) as standing
    inner join {{ ref('fct_costs') }} as costs
        on standing.project_key = costs.project_key
        and costs.counts_on <= standing.cost_on
        and costs.estimated_until > standing.cost_on
)

select
    standing.project_key,
    standing.period_kind,
    standing.period_start,
    standing.period_end,
    standing.as_of,
    standing.schedule_on,
    standing.cost_on,
    standing.cost_until,
    estimated.project_key is not null as is_cost_estimated,
    standing.cost_on < {{ a_period_before('standing.cost_until') }} as is_cost_outdated,
    coalesce(standing.cost_on > standing.cost_closed_on, true) as is_cost_provisional,
    row_number() over (partition by standing.project_key, standing.period_kind order by standing.period_end) = 1 as is_first,
    row_number() over (partition by standing.project_key, standing.period_kind order by standing.period_end desc) = 1 as is_last
from standing
left join estimated
    on standing.project_key = estimated.project_key
    and standing.cost_on = estimated.cost_on
