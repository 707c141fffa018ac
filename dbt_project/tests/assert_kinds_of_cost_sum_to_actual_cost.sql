-- A returned row is a cell and period where the actual cost of the kinds that have a budget and the cost without a budget of its kind are not
-- actual cost, to the cent.
with
kinds as (
    select
        costs.project_key,
        costs.cost_kind,
        max(case when costs.has_budget_of_its_kind then 1 else 0 end) as has_budget
    from {{ ref('fct_costs') }} as costs
    where costs.cost_kind is not null
    group by 1, 2
),

budgeted as (
    select
        project_key,
        {%- for kind in kinds_of_cost() %}
        max(case when cost_kind = '{{ kind }}' then has_budget end) as has_{{ kind }}{{ ',' if not loop.last }}
        {%- endfor %}
    from kinds
    group by 1
)

select cells.grain, cells.project_key, cells.module, cells.phase, cells.period_kind, cells.period_end, cells.actual_cost
from {{ ref('kpi_cells') }} as cells
left join budgeted on cells.project_key = budgeted.project_key
where cells.actual_cost is not null
    and abs(cells.actual_cost - cells.cost_without_budget_of_its_kind
        {%- for kind in kinds_of_cost() %}
        - case when budgeted.has_{{ kind }} = 1 then cells.actual_cost_{{ kind }} else 0 end
        {%- endfor %}) > 0.0001
