-- Grain: one calendar day.
with
days as (
    select * from {{ ref('stg_calendar') }}
)

select
    calendar_date,
    is_working_day,
    is_published,
    cast(sum(case when is_working_day then 1 else 0 end) over (order by calendar_date rows unbounded preceding) as bigint) as working_day_number,
    cast({{ dbt.dateadd('day', 6, dbt.date_trunc('week', 'calendar_date')) }} as date) as week_end,
    cast({{ dbt.last_day('calendar_date', 'month') }} as date) as month_end
from days
