-- Grain: one landed row of the feed sites, in canonical columns.
select
    project,
    site,
    name,
    region,
    wave,
    stage,
    planned_live_on,
    actual_live_on,
    accepted_on,
    defects_at_acceptance,
    hours,
    batch_id,
    source_row
from {{ landed('sites') }}
