-- Grain: one landed row of the feed attendance, in canonical columns: presence, never project work.
select
    person,
    work_date,
    present_hours,
    overtime_hours,
    overtime_kind,
    department,
    batch_id,
    source_row
from {{ landed('attendance') }}
