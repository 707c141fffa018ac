-- Grain: one line of a frozen baseline: WBS element, category and period. Lines of the active baseline of their project are marked; of two,
-- because two codes turned out to be one project, the one frozen last. What belongs to no project stands by itself.
{{ config(meta={'joins_batches': true}) }}
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
),

-- lines without a last day that all begin on one weekday, one or two weeks apart, last as long; all others to the end of their month
cadences as (
    select project_key, baseline_id, min(gap) as days
    from (
        select
            project_key, baseline_id, period_start,
            {{ dbt.datediff("lag(period_start) over (partition by project_key, baseline_id order by period_start)", 'period_start', 'day') }} as gap
        from (select distinct project_key, baseline_id, period_start from ranked where period_end is null) as starts
    ) as gaps
    group by 1, 2
    having min(gap) in (7, 14) and min(mod(gap, 7)) = 0 and max(mod(gap, 7)) = 0
)

select
    ranked.project_key,
    coalesce(wbs_code, '-') as wbs_code,
    wbs_name,
    coalesce(phase, 'unallocated') as phase,
    coalesce(module, '-') as module,
    layer,
    category,
    ranked.period_start,
    cast(case
        when ranked.period_end >= ranked.period_start then ranked.period_end
        when cadences.days is not null then {{ dbt.dateadd('day', 'cadences.days - 1', 'ranked.period_start') }}
        else {{ dbt.last_day('ranked.period_start', 'month') }}
    end as date) as period_end,
    planned_value,
    cast(planned_hours as {{ amount() }}) as planned_hours,  -- exact: a sum of doubles depends on their order
    earned_value_rule,
    ranked.baseline_id,
    baseline_name as baseline,
    is_active and recency = 1 as is_active,
    frozen_at,
    batch_id,
    source_row
from ranked
left join cadences
    on ranked.project_key = cadences.project_key
    and ranked.baseline_id = cadences.baseline_id
