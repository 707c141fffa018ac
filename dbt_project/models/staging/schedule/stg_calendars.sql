-- Grain: one landed row of the feed calendars, in canonical columns.
select
    project,
    site,
    calendar_date,
    is_working_day,
    note,
    batch_id,
    source_row
from {{ landed('calendars') }}
