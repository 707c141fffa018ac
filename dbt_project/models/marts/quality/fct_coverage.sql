-- Grain: one module in the latest report of a day.
{{ config(meta={'joins_batches': true}) }}
with
allocated as (
    {{ allocated(ref('stg_coverage'), 'entries.measured_on', named={'module': 'module'}) }}
),

-- rows of one report that stand for one module (two packages, two names of it) are parts of it
reported as (
    select
        project_key, module, measured_on, run_id, batch_id, exported_at, landed_at,
        sum(lines_valid) as lines_valid,
        sum(lines_covered) as lines_covered,
        sum(branches_valid) as branches_valid,
        sum(branches_covered) as branches_covered,
        min(source_row) as source_row
    from allocated
    group by project_key, module, measured_on, run_id, batch_id, exported_at, landed_at
),

ranked as (
    select
        reported.*,
        {{ newest_by_key('reported.project_key, reported.module, reported.measured_on', 'reported.exported_at desc') }} as recency
    from reported
)

select
    project_key,
    module,
    'unallocated' as phase,
    measured_on,
    lead(measured_on) over (partition by project_key, module order by measured_on) as superseded_on,
    cast(lines_valid as bigint) as lines_valid,
    cast(lines_covered as bigint) as lines_covered,
    cast(branches_valid as bigint) as branches_valid,
    cast(branches_covered as bigint) as branches_covered,
    run_id,
    batch_id,
    source_row
from ranked
where recency = 1
