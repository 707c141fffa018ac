-- Grain: one module at one date of measuring. Modules that were never counted take the coverable lines of their coverage reports, marked.
{{ config(meta={'joins_batches': true}) }}
with
allocated as (
    {{ allocated(ref('stg_code_size'), 'entries.measured_on', named={'module': 'module'}) }}
),

-- two names of one module in one count are parts of it
added_up as (
    select
        project_key, module, measured_on, batch_id, exported_at, landed_at,
        cast(sum(effective_lines) as bigint) as effective_lines,
        min(source_row) as source_row
    from allocated
    group by project_key, module, measured_on, batch_id, exported_at, landed_at
),

counted as (
    select
        added_up.*,
        {{ newest_by_key('added_up.project_key, added_up.module, added_up.measured_on', 'added_up.exported_at desc') }} as recency
    from added_up
),

modules_counted as (
    select distinct project_key, module from counted
),

sizes as (
    select project_key, module, measured_on, effective_lines, 'code_size' as source, false as is_substitute, batch_id, source_row
    from counted
    where recency = 1
    union all
    select coverage.project_key, coverage.module, coverage.measured_on, coverage.lines_valid, 'lines_valid', true, coverage.batch_id, coverage.source_row
    from {{ ref('fct_coverage') }} as coverage
    left join modules_counted
        on coverage.project_key = modules_counted.project_key
        and coverage.module = modules_counted.module
    where modules_counted.module is null
)

select
    project_key,
    module,
    'unallocated' as phase,
    measured_on,
    lead(measured_on) over (partition by project_key, module order by measured_on) as superseded_on,
    effective_lines,
    source,
    is_substitute,
    batch_id,
    source_row
from sizes
