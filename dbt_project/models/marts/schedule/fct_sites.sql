-- Grain: one site of a roll-out.
{{ config(meta={'joins_batches': true}) }}
{%- set zone = "coalesce(projects.time_zone, '" ~ var('default_time_zone') ~ "')" %}
with
allocated as (
    {{ allocated(ref('stg_sites'), 'entries.planned_live_on') }}
),

ranked as (
    select
        allocated.*,
        {{ newest_by_key('allocated.project_key, allocated.site', 'allocated.exported_at desc') }} as recency
    from allocated
),

extent as (
    select ranked.project_key, min(least(planned_live_on, coalesce(actual_live_on, planned_live_on))) as known_from, max({{ local_date('exported_at', zone) }}) as known_to from ranked left join {{ ref('int_projects') }} as projects on ranked.project_key = projects.project_key group by 1
)

select
    ranked.project_key,
    '-' as module,
    'unallocated' as phase,
    ranked.site,
    ranked.name as site_name,
    ranked.region,
    ranked.wave,
    ranked.stage,
    ranked.planned_live_on,
    ranked.actual_live_on,
    ranked.accepted_on,
    ranked.defects_at_acceptance,
    ranked.hours,
    extent.known_from,
    extent.known_to,
    ranked.batch_id,
    ranked.source_row
from ranked
left join extent on ranked.project_key = extent.project_key
where ranked.recency = 1
