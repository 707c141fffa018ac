-- Grain: one line of the active baseline: WBS element, category and period. A budget is a document: the newest batch of a project and
-- baseline stands as a whole; the active baseline is the last by name.
with
allocated as (
    {{ allocated(worded('budget', {'category': 'category', 'phase': 'phase'}), 'entries.period_start', named={'module': 'module', 'wbs_code': 'wbs'}) }}
),

versions as (
    select
        project_key,
        coalesce(baseline, '') as baseline,
        batch_id,
        row_number() over (
            partition by project_key, coalesce(baseline, '') order by max(exported_at) desc, max(landed_at) desc, batch_id desc
        ) as recency
    from allocated
    group by project_key, coalesce(baseline, ''), batch_id
),

active as (
    select project_key, max(baseline) as baseline
    from versions
    group by 1
)

select
    allocated.project_key,
    coalesce(allocated.wbs_code, '-') as wbs_code,
    allocated.wbs_name,
    coalesce(allocated.phase, 'unallocated') as phase,
    coalesce(allocated.module, '-') as module,
    allocated.category,
    allocated.period_start,
    cast({{ dbt.last_day('allocated.period_start', 'month') }} as date) as period_end,
    allocated.planned_value,
    allocated.planned_hours,
    versions.baseline,
    allocated.batch_id,
    allocated.source_row
from allocated
inner join versions
    on allocated.project_key = versions.project_key
    and coalesce(allocated.baseline, '') = versions.baseline
    and allocated.batch_id = versions.batch_id
    and versions.recency = 1
inner join active
    on versions.project_key = active.project_key
    and versions.baseline = active.baseline
