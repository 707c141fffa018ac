-- Grain: one module in the latest report of a day.
with
allocated as (
    {{ allocated(ref('stg_coverage'), 'entries.measured_on', named={'module': 'module'}) }}
),

ranked as (
    select
        allocated.*,
        {{ newest_by_key('allocated.project_key, allocated.module, allocated.measured_on', 'allocated.exported_at desc') }} as recency
    from allocated
)

select
    project_key,
    module,
    'unallocated' as phase,
    measured_on,
    lead(measured_on) over (partition by project_key, module order by measured_on) as superseded_on,
    lines_valid,
    lines_covered,
    branches_valid,
    branches_covered,
    run_id,
    batch_id,
    source_row
from ranked
where recency = 1
