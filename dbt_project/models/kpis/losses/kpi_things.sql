-- Grain: one thing as one measure counts it, and once more as it was where this build misses or watches it: what the next build looks for.
{{ config(meta={'by_project': true, 'joins_batches': true}) }}
with
things as (
    {{ things_counted() }}
)

select
    things.fact, things.measure_key, things.project_key, things.identity, things.module, things.phase, things.counts_from, things.counts_until,
    cast(things.amount as {{ amount() }}) as amount, things.row_key, things.row_label, batches.file_name, things.source_row,
    things.detail, cast(null as {{ dbt.type_string() }}) as lost_since, cast(null as date) as lost_on, cast(null as date) as watched_on,
    cast(null as bigint) as watched_of, cast(null as {{ dbt.type_string() }}) as changed_by, cast(null as date) as changed_on,
    cast(null as {{ dbt.type_string() }}) as changed_in
from things
left join {{ ref('dim_batches') }} as batches on things.batch_id = batches.batch_id
union all
select
    fact, measure_key, project_key, identity, module, phase, counts_from, counts_until, amount, row_key, row_label, file_name, source_row,
    detail, lost_since, lost_on, watched_on, watched_of, changed_by, changed_on, changed_in
from {{ ref('kpi_missed_rows') }}
