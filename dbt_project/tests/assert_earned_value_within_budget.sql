-- A returned row is a WBS element that has earned more than its budget, beyond the rounding of its tasks to the cent.
with
earned as (
    select project_key, wbs_code, status_on, sum(earned_value) as earned_value, count(*) as tasks
    from {{ ref('fct_earned_value') }}
    where history_method = 'status_dates'
    group by 1, 2, 3
)

select earned.*, elements.budget_at_completion
from earned
inner join {{ ref('int_wbs') }} as elements
    on earned.project_key = elements.project_key
    and earned.wbs_code = elements.wbs_code
where earned.earned_value > elements.budget_at_completion + 0.01 * earned.tasks
    and elements.budget_at_completion >= 0
