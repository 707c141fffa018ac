-- Grain: one row per project; the value is the sum of its costs, critical over 100.
select
    'cost_total' as kpi_key,
    'project' as grain,
    project as project_key,
    'month' as period_kind,
    sum(amount)::double as value,
    case when sum(amount) > 100 then 'critical' else 'ok' end as status,
    true as is_current,
    '{{ var("build_id") }}' as build_id
from {{ ref('tiny_costs') }}
group by project
