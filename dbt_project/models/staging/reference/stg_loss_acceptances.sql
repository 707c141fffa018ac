-- Grain: one KPI of a project whose loss a person accepted, up to the build that the person had seen.
select
    project_key,
    kpi_key,
    build_id
from {{ frozen('loss_acceptances') }}
