-- Grain: one task at one data date: the budget of its WBS element × its share of the element's weight × its progress. Weight is planned hours
-- where every task of the element has them, else baseline working days.
with
tasks as (
    select *
    from {{ ref('fct_schedule_tasks') }}
    where not is_buffer
),

elements as (
    select * from {{ ref('int_wbs') }}
),

codes as (
    select distinct project_key, coalesce(wbs_code, task_id) as task_code from tasks
),

-- a task earns for its own WBS element, else for the nearest one above it
matches as (
    select
        codes.project_key,
        codes.task_code,
        elements.wbs_code,
        elements.wbs_name,
        elements.phase,
        elements.module,
        elements.budget_at_completion,
        row_number() over (partition by codes.project_key, codes.task_code order by length(elements.wbs_code) desc) as choice
    from codes
    inner join elements
        on codes.project_key = elements.project_key
        and (codes.task_code = elements.wbs_code or codes.task_code like elements.wbs_code || '.%')
),

placed as (
    select
        tasks.*,
        matches.wbs_code as element_code,
        matches.phase as element_phase,
        matches.module as element_module,
        matches.budget_at_completion,
        min(case when tasks.planned_hours > 0 then 1 else 0 end) over (partition by tasks.project_key, tasks.status_on, matches.wbs_code) as has_hours
    from tasks
    inner join matches
        on tasks.project_key = matches.project_key
        and coalesce(tasks.wbs_code, tasks.task_id) = matches.task_code
        and matches.choice = 1
),

-- without data dates the history is that of the actual finishes, by 0/100
weighted as (
    select
        placed.*,
        case when has_data_date then status_on else actual_finish end as earned_on,
        case when has_data_date then progress when actual_finish is not null then 1.0 else 0.0 end as earned_share,
        case when has_hours = 1 then planned_hours else baseline_days end as weight
    from placed
)

select
    project_key,
    element_module as module,
    element_phase as phase,
    element_code as wbs_code,
    task_id,
    task_name,
    earned_on as status_on,
    superseded_on,
    earned_share as progress,
    weight,
    case when has_data_date then 'status_dates' else 'actual_dates' end as history_method,
    cast(round(cast(budget_at_completion as double) * earned_share
        * weight / nullif(sum(weight) over (partition by project_key, status_on, element_code), 0), 2) as decimal(18, 2)) as earned_value,
    batch_id,
    source_row
from weighted
