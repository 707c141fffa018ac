-- Grain: one rule in force that states levels or that nothing is judged; "*" where its scope does not narrow a dimension.
select
    rule_id,
    name as kpi_key,
    customer,
    project_key,
    module,
    phase,
    site,
    is_portfolio,
    direction,
    warning_at,
    critical_at,
    low_warning_at,
    low_critical_at,
    is_off,
    valid_from
from {{ frozen('rules') }}
where kind = 'level'
