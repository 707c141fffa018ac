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
),

of_kinds as (
    select distinct project_key, wbs_code, {{ kind_of_cost('category') }} as cost_kind
    from budget
    where planned_value > 0
),

-- one percentage of an element is the progress of none of its kinds: a kind with such an element anywhere is measured nowhere
mixed as (
    select distinct of_kinds.project_key, of_kinds.cost_kind
    from of_kinds
    inner join of_kinds as others
        on of_kinds.project_key = others.project_key
        and of_kinds.wbs_code = others.wbs_code
        and of_kinds.cost_kind is distinct from others.cost_kind
    where of_kinds.cost_kind is not null
)

select
    budget.project_key,
    budget.module,
    budget.phase,
    budget.wbs_code,
    budget.wbs_name,
    budget.category,
    {{ kind_of_cost('budget.category') }} as cost_kind,
    mixed.cost_kind is not null as is_kind_mixed,
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
left join mixed
    on budget.project_key = mixed.project_key
    and {{ kind_of_cost('budget.category') }} = mixed.cost_kind
