-- Grain: one WBS element in one month of one frozen baseline of a project: what it plans in the month, and how much of that by the project's
-- status date. Accrued over the project's own working days as in fct_planned_value, line by line and to the cent, so that the active baseline gives
-- the same sums.
with
lines as (
    select
        budget.*,
        projects.status_on
    from {{ ref('int_budget') }} as budget
    left join {{ ref('dim_projects') }} as projects on budget.project_key = projects.project_key
),

days as (
    select * from {{ ref('dim_project_days') }}
),

counted as (
    select
        lines.*,
        first_day.working_day_number - case when first_day.is_working_day then 1 else 0 end as days_before,
        last_day.working_day_number as days_at_end,
        status_day.working_day_number as days_at_status
    from lines
    inner join days as first_day on lines.project_key = first_day.project_key and lines.period_start = first_day.calendar_date
    inner join days as last_day on lines.project_key = last_day.project_key and lines.period_end = last_day.calendar_date
    left join days as status_day on lines.project_key = status_day.project_key and lines.status_on = status_day.calendar_date
),

shared as (
    select
        counted.*,
        case
            when status_on is null or status_on < period_start then 0.0
            when status_on >= period_end then 1.0
            when days_at_end > days_before then cast(days_at_status - days_before as double) / (days_at_end - days_before)
            else cast({{ dbt.datediff('period_start', 'status_on', 'day') }} + 1 as double)
                / ({{ dbt.datediff('period_start', 'period_end', 'day') }} + 1)
        end as share_due
    from counted
)

select
    project_key,
    baseline_id,
    wbs_code,
    max(baseline) as baseline,
    cast(max(case when is_active then 1 else 0 end) as integer) = 1 as is_active,
    max(frozen_at) as frozen_at,
    period_end as month_end,
    min(period_start) as starts_on,
    cast(sum(planned_value) as decimal(18, 2)) as planned_value,
    cast(sum(round(cast(planned_value as double) * share_due, 2)) as decimal(18, 2)) as planned_value_due,
    cast(sum(planned_hours) as {{ amount() }}) as planned_hours,
    max(batch_id) as batch_id,
    min(source_row) as source_row
from shared
group by project_key, baseline_id, wbs_code, period_end
