-- Grain: one issue of a project, as the newest export that holds it says; deleted ones stay, marked.
with
allocated as (
    {{ allocated(ref('stg_issues'), 'cast(entries.created_at as date)') }}
),

snapshots as (
    {{ newest_snapshots('issues') }}
),

ranked as (
    select
        allocated.*,
        -- ZenTao numbers bugs and tasks apart: bug 5 is not task 5
        {{ newest_by_key("allocated.source_system, allocated.issue_key, case when allocated.source_system = 'zentao' then allocated.issue_type = 'defect' end", 'allocated.updated_at desc nulls last') }} as recency
    from allocated
)

select
    ranked.*,
    coalesce(ranked.exported_at < snapshots.newest_snapshot_at, false) as is_deleted
from ranked
left join snapshots on ranked.snapshot_scope = snapshots.snapshot_scope
where ranked.recency = 1
