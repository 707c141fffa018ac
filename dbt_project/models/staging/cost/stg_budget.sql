-- Grain: one line of a frozen baseline, in canonical columns: a budget that is landed but not approved is not here.
select
    project,
    wbs_code,
    wbs_name,
    phase,
    module,
    category,
    period_start,
    period_end,
    planned_value,
    planned_hours,
    earned_value_rule,
    baseline,
    layer,
    batch_id,
    source_row,
    baseline_id,
    baseline_name,
    is_active,
    frozen_at,
    is_undone
from {{ frozen('baselines') }}
