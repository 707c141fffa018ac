-- Grain: one project and day, from the first to the last that any of its plans, its schedule or its books name: whether the project works on it. The
-- statutory days, then what is said for all projects, then for this one; what is said for a site alone holds for the tasks of that site.
with
named as (
    select project_key, min(period_start) as first_on, max(period_end) as last_on from {{ ref('int_budget') }} group by 1
    union all
    select project_key, min(booked_on), max(booked_on) from {{ ref('int_booked_costs') }} group by 1
    union all
    select project_key, min(least(baseline_start, baseline_finish)), max(greatest(baseline_start, baseline_finish)) from {{ ref('int_schedule') }} group by 1
    union all
    select project_key, min(data_on), max(data_on) from {{ ref('int_data_dates') }} group by 1
),

-- whole accounting periods, also where they are cut across two months
extents as (
    select
        project_key,
        cast({{ dbt.dateadd('month', -1, dbt.date_trunc('month', 'min(first_on)')) }} as date) as first_on,
        cast({{ dbt.dateadd('month', 2, dbt.date_trunc('month', 'max(last_on)')) }} as date) as last_on
    from named
    group by 1
),

everywhere as (
    select project_key, calendar_date, is_working_day from {{ ref('dim_calendar_exceptions') }} where site = '*'
)

select
    extents.project_key,
    dates.calendar_date,
    coalesce(own.is_working_day, for_all.is_working_day, dates.is_working_day) as is_working_day,
    cast(sum(case when coalesce(own.is_working_day, for_all.is_working_day, dates.is_working_day) then 1 else 0 end)
        over (partition by extents.project_key order by dates.calendar_date rows unbounded preceding) as bigint) as working_day_number
from extents
inner join {{ ref('dim_dates') }} as dates on dates.calendar_date between extents.first_on and extents.last_on
left join everywhere as own
    on extents.project_key = own.project_key
    and dates.calendar_date = own.calendar_date
left join everywhere as for_all
    on for_all.project_key = '*'
    and dates.calendar_date = for_all.calendar_date
