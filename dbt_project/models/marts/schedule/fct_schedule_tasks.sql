-- Grain: one task at one data date. A schedule without data dates stands from the first day of its baseline.
{{ config(meta={'by_project': true}) }}
with
tasks as (
    select
        schedule.*,
        coalesce(schedule.is_buffer, false) as is_buffer_task
    from {{ ref('int_task_rules') }} as schedule
),

data_dates as (
    select
        project_key,
        data_on,
        lead(data_on) over (partition by project_key order by data_on) as superseded_on,
        max(case when has_buffer then 1 else 0 end) over (partition by project_key) = 1 as has_buffer
    from (
        select project_key, data_on, bool_or(is_buffer_task) as has_buffer
        from tasks
        where data_on is not null
        group by 1, 2
    ) as dates_of_projects
),

measured as (
    select
        tasks.*,
        data_dates.superseded_on,
        data_dates.has_buffer,
        -- a schedule without actual dates says by its percent what is done and begun
        coalesce(tasks.actual_finish <= tasks.data_on, tasks.percent_complete >= 1, false) as is_done,
        coalesce(tasks.actual_start <= tasks.data_on, tasks.percent_complete > 0, false) as is_begun,
        first_day.working_day_number as starts_at,
        last_day.working_day_number as ends_at
    from tasks
    inner join data_dates
        on tasks.project_key = data_dates.project_key
        and tasks.data_on = data_dates.data_on
    left join {{ ref('dim_dates') }} as first_day on tasks.baseline_start = first_day.calendar_date
    left join {{ ref('dim_dates') }} as last_day on tasks.baseline_finish = last_day.calendar_date
),

progressed as (
    select
        measured.*,
        coalesce(nullif(cast(ends_at - starts_at + 1 as double), 0), duration_days, 1) as baseline_days,
        case
            when is_buffer_task then coalesce(percent_complete, 0.0)  -- used, beyond 100 % too: no rule of earning
            when earned_value_rule in ('0/100', 'weighted_milestones') or (earned_value_rule = '60/30/10' and equipment_stage is not null)
                then case when is_done then 1.0 else 0.0 end
            when earned_value_rule = '50/50' then case when is_done then 1.0 when is_begun then 0.5 else 0.0 end
            -- arrived, installed, accepted: what lies between two stages is not earned
            when earned_value_rule = '60/30/10'
                then case when is_done then 1.0 when percent_complete >= 0.9 then 0.9 when percent_complete >= 0.6 then 0.6 else 0.0 end
            when percent_complete is not null then percent_complete
            when actual_finish <= data_on then 1.0
            else 0.0
        end as progress
    from measured
)

select
    project_key,
    coalesce(module, '-') as module,
    coalesce(phase, 'unallocated') as phase,
    task_id,
    wbs_code,
    name as task_name,
    predecessors,
    data_on as status_on,
    superseded_on,
    superseded_on is null as is_latest,
    status_on is not null as has_data_date,
    baseline_start,
    baseline_finish,
    forecast_start,
    forecast_finish,
    actual_start,
    actual_finish,
    percent_complete,
    progress,
    element_code,
    earned_value_rule,
    rule_source,
    own_rule,
    is_rule_changed,
    equipment_stage,
    planned_hours,
    planned_cost,
    actual_cost,
    baseline_days,
    duration_days,
    site,
    constraint_type,
    constraint_on,
    deadline_on,
    milestone_type,
    milestone_weight,
    is_buffer_task as is_buffer,
    has_buffer,
    case when is_buffer_task then baseline_days end as buffer_days,
    case when is_buffer_task then baseline_days * progress end as buffer_days_used,
    case when not is_buffer_task then baseline_days end as chain_days,
    case when not is_buffer_task then baseline_days * progress end as chain_days_done,
    batch_id,
    source_row
from progressed
