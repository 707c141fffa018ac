-- Grain: one task of a project at one data date; the newest export of that date stands.
{{ config(meta={'joins_batches': true}) }}
with
allocated as (
    {{ allocated(worded('schedule', {'phase': 'phase', 'earned_value_rule': 'earned_value_rule'}), 'entries.status_on', named={'module': 'module', 'wbs_code': 'wbs'}) }}
),

ranked as (
    select
        allocated.*,
        {{ newest_by_key("allocated.project_key, allocated.task_id, coalesce(allocated.status_on, cast('1900-01-01' as date))", 'allocated.exported_at desc') }} as recency
    from allocated
)

select * from ranked where recency = 1
