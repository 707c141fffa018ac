-- A returned row is a project whose slices of planned value do not sum, to the cent, to its budget at completion.
with
planned as (
    select project_key, sum(planned_value) as planned_value from {{ ref('fct_planned_value') }} group by 1
),

budget as (
    select project_key, sum(planned_value) as budget_at_completion from {{ ref('fct_budget') }} group by 1
)

select budget.*, planned.planned_value
from budget
left join planned on budget.project_key = planned.project_key
where coalesce(planned.planned_value, 0) <> budget.budget_at_completion
