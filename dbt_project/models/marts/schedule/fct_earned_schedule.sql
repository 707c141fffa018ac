-- Grain: one project at one data date of its schedule: how far the plan had come when it had earned what is earned now (earned schedule), in months.
-- Interpolated inside a month; on a plateau of the plan, months without rows included, its latest month; past the end of the plan the planned
-- duration. The plan runs from the first month with planned value to the first in which it reaches its budget, whatever zeros surround it; actual
-- time runs from its first day and stops at the actual finish. Source: Lipke, "Schedule is Different", 2003.
with
earned as (
    select
        earned.project_key,
        earned.status_on,
        max(earned.superseded_on) as superseded_on,
        max(earned.batch_id) as batch_id,
        min(earned.source_row) as source_row,
        cast(sum(earned.earned_value) as double) as earned_value,
        count(*) * 0.005 as rounding  -- what rounding each row to the cent can lose: on the plan must not be a cent short of it
    from {{ ref('fct_earned_value') }} as earned
    where earned.history_method = 'status_dates' and earned.earned_value is not null
    group by 1, 2
),

planned as (
    select
        planned.project_key,
        dates.month_end,
        cast(sum(sum(planned.planned_value)) over (partition by planned.project_key order by dates.month_end) as double) as planned_value_to_date
    from {{ ref('fct_planned_value') }} as planned
    inner join {{ ref('dim_dates') }} as dates on planned.accrued_on = dates.calendar_date
    group by 1, 2
),

budgets as (
    select project_key, max(planned_value_to_date) as budget_at_completion from planned group by 1
),

plans as (
    select
        planned.project_key,
        cast({{ dbt.date_trunc('month', 'min(case when planned.planned_value_to_date > 0 then planned.month_end end)') }} as date) as starts_on,
        min(case when planned.planned_value_to_date >= budgets.budget_at_completion then planned.month_end end) as ends_on
    from planned
    inner join budgets on planned.project_key = budgets.project_key
    where budgets.budget_at_completion > 0
    group by 1
),

numbered as (
    select
        plans.project_key,
        {{ dbt.datediff('plans.starts_on', 'dates.month_end', 'month') }} + 1 as month_number,
        max(planned.planned_value_to_date) as planned_value_to_date  -- a month without rows stands where the one before stood
    from plans
    inner join {{ ref('dim_dates') }} as dates
        on dates.calendar_date = dates.month_end
        and dates.month_end between plans.starts_on and plans.ends_on
    inner join planned
        on plans.project_key = planned.project_key
        and planned.month_end <= dates.month_end
    group by 1, 2
),

-- the last month whose plan is earned in full, and the next one
passed as (
    select
        earned.project_key,
        earned.status_on,
        coalesce(max(case when numbered.planned_value_to_date <= earned.earned_value + earned.rounding then numbered.month_number end), 0) as whole_months,
        coalesce(max(case when numbered.planned_value_to_date <= earned.earned_value + earned.rounding then numbered.planned_value_to_date end), 0) as passed_value,
        min(case when numbered.planned_value_to_date > earned.earned_value + earned.rounding then numbered.month_number end) as next_month,
        min(case when numbered.planned_value_to_date > earned.earned_value + earned.rounding then numbered.planned_value_to_date end) as next_value
    from earned
    inner join numbered on earned.project_key = numbered.project_key
    group by 1, 2
),

timed as (
    select
        earned.*,
        plans.starts_on,
        plans.ends_on,
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
    timed.starts_on,
    timed.ends_on,
    cast(timed.planned_months as {{ amount() }}) as planned_months,
    cast(round(case
        when passed.next_value is null then cast(timed.planned_months as double)
        else passed.whole_months + greatest(timed.earned_value - passed.passed_value, 0) / nullif(passed.next_value - passed.passed_value, 0)
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
