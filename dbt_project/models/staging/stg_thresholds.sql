-- Grain: one level that a person changed.
select
    kpi_key,
    project_key,
    warning_at,
    critical_at
from {{ frozen('thresholds') }}
