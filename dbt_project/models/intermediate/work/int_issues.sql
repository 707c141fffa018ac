-- Grain: one issue of a project, as the newest export that holds it says; deleted ones stay, marked.
{{ config(meta={'joins_batches': true}) }}
with
allocated as (
    {{ allocated(
        worded('issues', {
            'issue_type': 'issue_type',
            'status_category': 'status',
            'resolution': 'resolution',
            'severity': 'severity',
            'priority': 'priority',
            'defect_cause': 'defect_cause',
            'found_in_phase': 'found_in_phase',
        }),
        local_date('entries.created_at', "'" ~ var('default_time_zone') ~ "'"),
        named={'module': 'module', 'wbs_code': 'wbs', 'assignee': 'person'},
    ) }}
),

snapshots as (
    {{ newest_snapshots('issues') }}
),

ranked as (
    select
        allocated.*,
        {{ newest_by_key('allocated.source_system, allocated.issue_key, case when ' ~ numbers_defects_apart('allocated.source_system') ~ " then allocated.issue_type = 'defect' end", 'allocated.updated_at desc nulls last') }} as recency
    from allocated
)

select
    {{ all_but('ranked', ['status_category']) }},
    -- closed as cancelled is not done, whichever of the two words a person mapped
    case when ranked.status_category = 'done' and ranked.resolution = 'cancelled' then 'cancelled' else ranked.status_category end as status_category,
    coalesce(ranked.exported_at < snapshots.newest_snapshot_at, false) as is_deleted
from ranked
left join snapshots on ranked.snapshot_scope = snapshots.snapshot_scope
where ranked.recency = 1
