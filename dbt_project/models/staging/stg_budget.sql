-- Grain: one landed row of the feed budget, in canonical columns.
select
    project,
    wbs_code,
    wbs_name,
    phase,
    module,
    category,
    period_start,
    planned_value,
    planned_hours,
    baseline,
    batch_id,
    source_row
from {{ landed('budget') }}
