-- Grain: one task at one data date and category: the budget of its WBS element in that category × its share of the element's weight × its
-- progress, in money and in hours. Weight is the milestones' own where the element earns by them and every task has one; planned hours where
-- every task has them; else baseline working days. Tasks by 60/30/10 share their weight anew: typed milestones take their stage's part of it.
-- Progress that nobody can know (issues_done without issues) is null, and so is what it earns.
{{ config(meta={'by_project': true}) }}
{%- set stages = equipment_stages() %}
with
tasks as (
    select *
    from {{ ref('fct_schedule_tasks') }}
    where not is_buffer
        and element_code is not null
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

placed as (
    select
        tasks.*,
        min(case when planned_hours > 0 then 1 else 0 end) over of_element as has_hours,
        max(case when earned_value_rule = 'weighted_milestones' then 1 else 0 end) over of_element
            * min(case when milestone_weight >= 0 then 1 else 0 end) over of_element
            * case when sum(milestone_weight) over of_element > 0 then 1 else 0 end as has_milestone_weights
    from tasks
    window of_element as (partition by project_key, status_on, element_code)
),

weighted as (
    select
        placed.*,
        coalesce(earned_value_rule = '60/30/10', false) as is_staged,
        case
            when has_milestone_weights = 1 then milestone_weight
            when has_hours = 1 then planned_hours
            when equipment_stage is not null then coalesce(nullif(baseline_days, 0), 1)
            else baseline_days
        end as own_weight
    from placed
),

-- of the tasks of an element by 60/30/10: which stages have milestones of their own
staged as (
    select
        weighted.*,
        sum(own_weight) over (partition by project_key, status_on, element_code) as weight_of_element,
        sum(own_weight) over of_part as weight_of_part,
        sum(own_weight) over (partition by project_key, status_on, element_code, is_staged, equipment_stage) as weight_of_stage,
        {%- for stage in stages %}
        max(case when is_staged and equipment_stage = '{{ stage }}' then 1 else 0 end) over of_part as has_{{ stage }}{{ ',' if not loop.last }}
        {%- endfor %}
    from weighted
    window of_part as (partition by project_key, status_on, element_code, is_staged)
),

-- a stage without a milestone is earned by the tasks that are none, each when its own percent has passed that stage
divided as (
    select
        staged.*,
        has_arrival + has_installation + has_first_acceptance as stages_with_milestones,
        {% for stage, share in stages.items() %}{{ share }} * (1 - has_{{ stage }}){{ ' + ' if not loop.last }}{% endfor %} as share_of_others,
        {{ stages.arrival }} * (1 - has_arrival) * case when progress >= 0.6 then 1 else 0 end
        + {{ stages.installation }} * (1 - has_installation) * case when progress >= 0.9 then 1 else 0 end
        + {{ stages.first_acceptance }} * (1 - has_first_acceptance) * case when progress >= 1 then 1 else 0 end as share_of_others_earned
    from staged
),

earning as (
    select
        divided.*,
        case
            when not is_staged or stages_with_milestones = 0 then own_weight
            {%- for stage, share in stages.items() %}
            when equipment_stage = '{{ stage }}' then weight_of_part * {{ share }} * own_weight / nullif(weight_of_stage, 0)
            {%- endfor %}
            else weight_of_part * share_of_others * own_weight / nullif(weight_of_stage, 0)
        end as weight,
        case
            when not is_staged or stages_with_milestones = 0 or equipment_stage is not null then progress
            when share_of_others > 0 then share_of_others_earned / share_of_others
            else progress
        end as own_progress
    from divided
),

-- without data dates the history is that of the actual finishes, by 0/100
shared as (
    select
        earning.*,
        case when earning.has_data_date then earning.status_on else earning.actual_finish end as earned_on,
        case
            when not earning.has_data_date then case when earning.actual_finish is not null then 1.0 else 0.0 end
            when earning.earned_value_rule = 'issues_done' then known.issues_done
            when earning.earned_value_rule = 'effort' then coalesce(known.hours_used_share, earning.own_progress)
            else earning.own_progress
        end as earned_share,
        earning.weight / nullif(earning.weight_of_element, 0) as share_of_element
    from earning
    left join {{ ref('int_element_progress') }} as known
        on earning.project_key = known.project_key
        and earning.element_code = known.element_code
        and earning.status_on = known.data_on
)

select
    shared.project_key,
    elements.module,
    elements.phase,
    shared.element_code as wbs_code,
    elements.category,
    {{ kind_of_cost('elements.category') }} as cost_kind,
    shared.task_id,
    shared.task_name,
    shared.earned_on as status_on,
    shared.superseded_on,
    shared.earned_share as progress,
    shared.weight,
    case when shared.has_data_date then 'status_dates' else 'actual_dates' end as history_method,
    case when shared.has_data_date then shared.earned_value_rule else '0/100' end as earned_value_rule,
    shared.rule_source,
    shared.is_rule_changed as rule_changed,
    case when shared.is_rule_changed then shared.own_rule end as rule_not_taken,
    coalesce(shared.has_data_date and shared.earned_value_rule = 'effort', false) as is_circular,
    cast(elements.budget_at_completion * shared.share_of_element as decimal(18, 2)) as budget_at_completion,
    cast(round(cast(elements.budget_at_completion as double) * shared.earned_share * shared.share_of_element, 2) as decimal(18, 2)) as earned_value,
    cast(round(cast(elements.budget_hours as double) * shared.earned_share * shared.share_of_element, 4) as {{ amount() }}) as earned_hours,
    shared.batch_id,
    shared.source_row
from shared
inner join elements
    on shared.project_key = elements.project_key
    and shared.element_code = elements.wbs_code
