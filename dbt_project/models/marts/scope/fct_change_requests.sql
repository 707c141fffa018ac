-- Grain: one change request.
{{ config(meta={'joins_batches': true}) }}
{%- set zone = "coalesce(projects.time_zone, '" ~ var('default_time_zone') ~ "')" %}
with
allocated as (
    {{ allocated(worded('change_requests', {'decision': 'decision'}), 'entries.raised_on') }}
),

ranked as (
    select
        allocated.*,
        {{ newest_by_key('allocated.project_key, allocated.change_id', 'allocated.exported_at desc') }} as recency
    from allocated
),

extent as (
    -- a register is complete up to its export, however long nothing was raised
    select ranked.project_key, min(raised_on) as known_from, max({{ local_date('exported_at', zone) }}) as known_to from ranked left join {{ ref('int_projects') }} as projects on ranked.project_key = projects.project_key group by 1
)

select
    ranked.project_key,
    '-' as module,
    'unallocated' as phase,
    ranked.change_id,
    ranked.title,
    ranked.change_type,
    ranked.raised_on,
    ranked.decided_on,
    ranked.decision,
    ranked.approver,
    ranked.started_on,
    ranked.customer_signed_on,
    ranked.claimed_amount,
    ranked.confirmed_amount,
    ranked.scope_days,
    ranked.days_delta,
    coalesce(ranked.raised_on > projects.freeze_on, false) as is_after_freeze,
    ranked.started_on is not null
        and (coalesce(ranked.decision, '') <> 'approved' or ranked.decided_on is null or ranked.started_on < ranked.decided_on) as is_started_before_approval,
    extent.known_from,
    extent.known_to,
    ranked.batch_id,
    ranked.source_row
from ranked
left join {{ ref('dim_projects') }} as projects on ranked.project_key = projects.project_key
left join extent on ranked.project_key = extent.project_key
where ranked.recency = 1
