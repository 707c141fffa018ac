-- Grain: one rule in force that states levels: what several projects chosen together are judged by.
select
    rule_id,
    kpi_key,
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
from {{ ref('stg_rules') }}
