-- Grain: one calendar day.
select
    calendar_date,
    is_working_day,
    is_published
from {{ frozen('calendar') }}
