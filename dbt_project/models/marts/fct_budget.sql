-- Grain: one line of the active baseline. A budget counts as a whole from the first day of its project's plan; the last line
-- with planned value of a WBS element says when the element is due.
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
    case when row_number() over (
        partition by budget.project_key, budget.wbs_code
        order by case when budget.planned_value > 0 then 0 else 1 end, budget.period_end desc, budget.batch_id, budget.source_row, budget.category
    ) = 1 and budget.planned_value > 0 then budget.period_end end as element_due_on,
    budget.planned_hours,
    budget.baseline,
    budget.batch_id,
    budget.source_row
from budget
inner join plans on budget.project_key = plans.project_key
