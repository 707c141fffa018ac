-- Grain: one task at one data date and category: the budget of its WBS element in that category × its share of the element's weight × its
-- progress, in money and in hours. Weight is planned hours where every task of the element has them, else baseline working days.
with
tasks as (
    select *
    from {{ ref('fct_schedule_tasks') }}
    where not is_buffer
),

elements as (
    select
        project_key,
        wbs_code,
        coalesce(category, '-') as category,
        max(wbs_name) as wbs_name,
        max(phase) as phase,
        max(module) as module,
        sum(planned_value) as budget_at_completion,
        sum(planned_hours) as budget_hours
    from {{ ref('int_budget') }}
    where is_active
    group by 1, 2, 3
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
        row_number() over (partition by codes.project_key, codes.task_code order by length(elements.wbs_code) desc) as choice
    from codes
    inner join {{ ref('int_wbs') }} as elements
        on codes.project_key = elements.project_key
        and (codes.task_code = elements.wbs_code or codes.task_code like elements.wbs_code || '.%')
),

placed as (
    select
        tasks.*,
        matches.wbs_code as element_code,
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
),

shared as (
    select
        weighted.*,
        weight / nullif(sum(weight) over (partition by project_key, status_on, element_code), 0) as share_of_element
    from weighted
)

select
    shared.project_key,
    elements.module,
    elements.phase,
    shared.element_code as wbs_code,
    elements.category,
    shared.task_id,
    shared.task_name,
    shared.earned_on as status_on,
    shared.superseded_on,
    shared.earned_share as progress,
    shared.weight,
    case when shared.has_data_date then 'status_dates' else 'actual_dates' end as history_method,
    cast(round(cast(elements.budget_at_completion as double) * shared.earned_share * shared.share_of_element, 2) as decimal(18, 2)) as earned_value,
    cast(round(cast(elements.budget_hours as double) * shared.earned_share * shared.share_of_element, 4) as {{ amount() }}) as earned_hours,
    shared.batch_id,
    shared.source_row
from shared
inner join elements
    on shared.project_key = elements.project_key
    and shared.element_code = elements.wbs_code
