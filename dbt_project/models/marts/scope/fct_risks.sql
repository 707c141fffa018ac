-- Grain: one risk.
{{ config(meta={'joins_batches': true}) }}
with
allocated as (
    {{ allocated(worded('risks', {'status': 'status', 'kind': 'kind'}), 'entries.raised_on') }}
),

ranked as (
    select
        allocated.*,
        {{ newest_by_key('allocated.project_key, allocated.risk_id', 'allocated.exported_at desc') }} as recency
    from allocated
)

select
    project_key, risk_id, title, kind, probability, impact_cost, impact_days, response, owner, raised_on, review_on, closed_on, status,
    batch_id, source_row
from ranked
where recency = 1
