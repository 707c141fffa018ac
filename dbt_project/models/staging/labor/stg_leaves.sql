-- Grain: one landed row of the feed leaves, in canonical columns.
select
    person,
    leave_on,
    hours,
    batch_id,
    source_row
from {{ landed('leaves') }}
