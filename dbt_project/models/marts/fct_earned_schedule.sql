-- Grain: one project at one data date of its schedule: how far the plan had come when it had earned what is earned now (earned schedule), in months.
-- Interpolated inside a month; on a plateau of the plan its latest month; past the end of the plan the planned duration. Actual time runs from the
-- first month of the plan and stops at the actual finish. Source: Lipke, "Schedule is Different", 2003.
with
earned as (
    select
        earned.project_key,
        earned.status_on,
        max(earned.superseded_on) as superseded_on,
        max(earned.batch_id) as batch_id,
        min(earned.source_row) as source_row,
        cast(sum(earned.earned_value) as double) as earned_value
    from {{ ref('fct_earned_value') }} as earned
    where earned.history_method = 'status_dates' and earned.earned_value is not null
    group by 1, 2
),

months as (
    select
        planned.project_key,
        dates.month_end,
        cast(sum(sum(planned.planned_value)) over (partition by planned.project_key order by dates.month_end) as double) as planned_value_to_date
    from {{ ref('fct_planned_value') }} as planned
    inner join {{ ref('dim_dates') }} as dates on planned.accrued_on = dates.calendar_date
    group by 1, 2
),

plans as (
    select
        project_key,
        cast({{ dbt.date_trunc('month', 'min(month_end)') }} as date) as starts_on,
        max(month_end) as ends_on,
        max(planned_value_to_date) as budget_at_completion
    from months
    group by 1
),

numbered as (
    select
        months.project_key,
        months.planned_value_to_date,
        {{ dbt.datediff('plans.starts_on', 'months.month_end', 'month') }} + 1 as month_number
    from months
    inner join plans on months.project_key = plans.project_key
),

-- the last month whose plan is earned in full, and the next one
passed as (
    select
        earned.project_key,
        earned.status_on,
        coalesce(max(case when numbered.planned_value_to_date <= earned.earned_value then numbered.month_number end), 0) as whole_months,
        coalesce(max(case when numbered.planned_value_to_date <= earned.earned_value then numbered.planned_value_to_date end), 0) as passed_value,
        min(case when numbered.planned_value_to_date > earned.earned_value then numbered.month_number end) as next_month,
        min(case when numbered.planned_value_to_date > earned.earned_value then numbered.planned_value_to_date end) as next_value
    from earned
    inner join numbered on earned.project_key = numbered.project_key
    group by 1, 2
),

timed as (
    select
        earned.*,
        plans.starts_on,
        plans.budget_at_completion,
        {{ dbt.datediff('plans.starts_on', 'plans.ends_on', 'month') }} + 1 as planned_months,
        least(earned.status_on, coalesce(projects.actual_finish_on, earned.status_on)) as timed_on
    from earned
    inner join plans on earned.project_key = plans.project_key
    left join {{ ref('dim_projects') }} as projects on earned.project_key = projects.project_key
)

select
    timed.project_key,
    '-' as module,
    'unallocated' as phase,
    timed.status_on,
    timed.superseded_on,
    cast(timed.planned_months as {{ amount() }}) as planned_months,
    cast(round(case
        when passed.next_value is null then cast(timed.planned_months as double)
        else passed.whole_months + (timed.earned_value - passed.passed_value) / nullif(passed.next_value - passed.passed_value, 0)
            * (passed.next_month - passed.whole_months)
    end, 4) as {{ amount() }}) as earned_schedule,
    cast(round({{ dbt.datediff('timed.starts_on', 'timed.timed_on', 'month') }}
        + cast(extract(day from timed.timed_on) as double) / extract(day from {{ dbt.last_day('timed.timed_on', 'month') }}), 4) as {{ amount() }}) as actual_time,
    cast(timed.status_on as {{ dbt.type_string() }}) as row_key,
    'PV, EV' as row_label,
    timed.batch_id,
    timed.source_row
from timed
inner join passed
    on timed.project_key = passed.project_key
    and timed.status_on = passed.status_on
where timed.timed_on >= timed.starts_on
