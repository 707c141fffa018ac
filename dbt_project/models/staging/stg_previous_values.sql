-- Grain: one value of the build before this one, for the periods it had settled.
select
    kpi_key,
    grain,
    project_key,
    module,
    phase,
    period_kind,
    period_end,
    value,
    is_incomplete,
    is_provisional
from {{ frozen('previous_values') }}
