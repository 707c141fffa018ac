-- A returned row is a project whose slices of planned value do not sum, to the cent, to its budget at completion, or in hours to its planned hours.
with
planned as (
    select project_key, sum(planned_value) as planned_value, sum(planned_hours) as planned_hours from {{ ref('fct_planned_value') }} group by 1
),

budget as (
    select project_key, sum(planned_value) as budget_at_completion, sum(planned_hours) as budget_hours from {{ ref('fct_budget') }} group by 1
)

select budget.*, planned.planned_value, planned.planned_hours
from budget
left join planned on budget.project_key = planned.project_key
where coalesce(planned.planned_value, 0) <> budget.budget_at_completion
    or abs(coalesce(planned.planned_hours, 0) - coalesce(budget.budget_hours, 0)) > 0.01
