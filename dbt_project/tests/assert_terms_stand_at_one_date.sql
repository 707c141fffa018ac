-- A returned row is a period whose data dates go back, lie after it, or in which earned value is older than the cost it is set against: a report
-- of the schedule that lies between the day at which cost stands and the day up to which it is told.
with
periods as (
    select
        periods.*,
        lag(schedule_on) over (partition by project_key, period_kind order by period_end) as schedule_before,
        lag(cost_on) over (partition by project_key, period_kind order by period_end) as cost_before
    from {{ ref('dim_periods') }} as periods
)

select periods.*
from periods
left join {{ ref('int_data_dates') }} as data_dates
    on periods.project_key = data_dates.project_key
    and not data_dates.is_every_day
    and data_dates.data_on > periods.cost_on
    and data_dates.data_on <= periods.cost_until
where schedule_on is null
    or cost_on is null
    or schedule_on > as_of
    or cost_on > cost_until
    or cost_until > period_end
    or schedule_on < schedule_before
    or cost_on < cost_before
    or data_dates.data_on is not null
