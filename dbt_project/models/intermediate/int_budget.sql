-- Grain: one line of a frozen baseline: WBS element, category and period. Lines of the active baseline of their project are marked; of two,
-- because two codes turned out to be one project, the one frozen last. What belongs to no project stands by itself.
with
allocated as (
    {{ allocated(worded('budget', {'category': 'category', 'phase': 'phase', 'earned_value_rule': 'earned_value_rule'}), 'entries.period_start', named={'module': 'module', 'wbs_code': 'wbs'}) }}
),

-- a budget that was undone still counts for its project, not for one that is not there any more
kept as (
    select * from allocated where not (is_undone and project_key = 'unallocated')
),

ranked as (
    select
        kept.*,
        dense_rank() over (
            partition by project_key, case when project_key = 'unallocated' then baseline_id end
            order by case when is_active then 0 else 1 end, frozen_at desc, baseline_id desc
        ) as recency
    from kept
)

select
    project_key,
    coalesce(wbs_code, '-') as wbs_code,
    wbs_name,
    coalesce(phase, 'unallocated') as phase,
    coalesce(module, '-') as module,
    layer,
    category,
    period_start,
    cast({{ dbt.last_day('period_start', 'month') }} as date) as period_end,
    planned_value,
    planned_hours,
    earned_value_rule,
    baseline_id,
    baseline_name as baseline,
    is_active and recency = 1 as is_active,
    frozen_at,
    batch_id,
    source_row
from ranked
