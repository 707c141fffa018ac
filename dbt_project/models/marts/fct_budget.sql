-- Grain: one line of the active baseline. A budget counts as a whole from the first day of its project's plan.
with
budget as (
    select * from {{ ref('int_budget') }} where is_active
),

plans as (
    select project_key, min(period_start) as plan_starts_on
    from budget
    group by 1
)

select
    budget.project_key,
    budget.module,
    budget.phase,
    budget.wbs_code,
    budget.wbs_name,
    budget.category,
    budget.period_start,
    budget.period_end,
    plans.plan_starts_on as counts_from,
    cast(budget.planned_value as decimal(18, 2)) as planned_value,
    budget.planned_hours,
    budget.baseline,
    budget.batch_id,
    budget.source_row
from budget
inner join plans on budget.project_key = plans.project_key
