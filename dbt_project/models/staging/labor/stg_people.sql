-- Grain: one landed row of the feed people, in canonical columns.
select
    person,
    role,
    vendor,
    department,
    labor_type,
    daily_hours,
    project,
    allocation_share,
    valid_from,
    valid_to,
    batch_id,
    source_row
from {{ landed('people') }}
