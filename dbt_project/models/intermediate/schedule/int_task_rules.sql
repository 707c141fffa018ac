-- Grain: one task of a project at one data date, as int_schedule, with the element of the active baseline that it earns for and the rule by which
-- it earns. The rule is frozen with the baseline: that of the element's budget, else the task's own at its newest data date not after the
-- freezing, else at its earliest. Another one that comes later is not taken, and marked. Without a baseline nothing is frozen.
with
schedule as (
    select
        tasks.*,
        {{ known_rule('tasks.earned_value_rule') }} as own_rule,
        {{ equipment_stage('tasks.milestone_type') }} as equipment_stage,
        coalesce(tasks.status_on, status_dates.status_on) as data_on,
        coalesce(tasks.status_on, cast('1900-01-01' as date)) as stated_on
    from {{ ref('int_schedule') }} as tasks
    left join {{ ref('int_status_dates') }} as status_dates on tasks.project_key = status_dates.project_key
),

baselines as (
    select
        budget.project_key,
        budget.wbs_code,
        max({{ local_date('budget.frozen_at', "coalesce(projects.time_zone, '" ~ var("default_time_zone") ~ "')") }}) as frozen_on,
        -- lines of one element that contradict each other name no rule
        case when count(distinct {{ known_rule('budget.earned_value_rule') }}) = 1 then max({{ known_rule('budget.earned_value_rule') }}) end as budget_rule
    from {{ ref('int_budget') }} as budget
    left join {{ ref('int_projects') }} as projects on budget.project_key = projects.project_key
    where budget.is_active
    group by 1, 2
),

freezings as (
    select project_key, max(frozen_on) as frozen_on from baselines group by 1
),

codes as (
    select distinct project_key, coalesce(wbs_code, task_id) as task_code from schedule
),

-- a task earns for its own WBS element, else for the nearest one above it
matches as (
    select
        codes.project_key,
        codes.task_code,
        baselines.wbs_code as element_code,
        baselines.budget_rule,
        row_number() over (partition by codes.project_key, codes.task_code order by length(baselines.wbs_code) desc) as choice
    from codes
    inner join baselines
        on codes.project_key = baselines.project_key
        and (codes.task_code = baselines.wbs_code or codes.task_code like baselines.wbs_code || '.%')
),

ranked as (
    select
        schedule.project_key,
        schedule.task_id,
        schedule.own_rule,
        schedule.stated_on,
        row_number() over (
            partition by schedule.project_key, schedule.task_id
            order by
                case when schedule.stated_on <= freezings.frozen_on then 0 else 1 end,
                case when schedule.stated_on <= freezings.frozen_on then schedule.stated_on end desc,
                schedule.stated_on
        ) as choice
    from schedule
    inner join freezings on schedule.project_key = freezings.project_key
),

frozen as (
    select * from ranked where choice = 1
),

ruled as (
    select
        schedule.*,
        matches.element_code,
        coalesce(matches.budget_rule, case when frozen.task_id is null then schedule.own_rule else frozen.own_rule end) as frozen_rule,
        case
            when matches.budget_rule is not null then 'budget'
            when coalesce(frozen.own_rule, case when frozen.task_id is null then schedule.own_rule end) is not null then 'schedule'
            else 'none'
        end as rule_source,
        coalesce(
            schedule.stated_on > frozen.stated_on
            and schedule.own_rule is distinct from frozen.own_rule
            and schedule.own_rule <> coalesce(matches.budget_rule, frozen.own_rule, ''),
            false
        ) as is_rule_changed
    from schedule
    left join matches
        on schedule.project_key = matches.project_key
        and coalesce(schedule.wbs_code, schedule.task_id) = matches.task_code
        and matches.choice = 1
    left join frozen
        on schedule.project_key = frozen.project_key
        and schedule.task_id = frozen.task_id
),

-- a typed milestone that names no rule is one of the 60/30/10 of its element, where that has any
joined as (
    select
        ruled.*,
        frozen_rule is null
            and equipment_stage is not null
            and max(case when frozen_rule = '60/30/10' then 1 else 0 end) over (partition by project_key, data_on, element_code) = 1
            and element_code is not null as joins_the_stages
    from ruled
)

select
    {{ all_but('joined', ['earned_value_rule', 'frozen_rule', 'rule_source', 'joins_the_stages', 'stated_on']) }},
    case when joins_the_stages then '60/30/10' else frozen_rule end as earned_value_rule,
    case when joins_the_stages then 'schedule' else rule_source end as rule_source
from joined
