-- Grain: one person on one working day and one allocated project, up to two working days before the project's status date. Day labor never.
{{ config(meta={'joins_batches': true}) }}
with
people as (
    select
        people.*,
        row_number() over (
            partition by people.person, coalesce(people.project, ''), coalesce(people.valid_from, cast('1900-01-01' as date))
            order by batches.exported_at desc, batches.landed_at desc, people.source_row desc
        ) as recency
    from ({{ allocated(spelled_person(ref('stg_people')), 'entries.valid_from') }}) as people
    inner join {{ ref('stg_batches') }} as batches on people.batch_id = batches.batch_id
),

allocations as (
    select
        people.*,
        coalesce(projects.status_on, (select max(status_on) from {{ ref('dim_projects') }})) as status_on
    from people
    left join {{ ref('dim_projects') }} as projects on people.project_key = projects.project_key
    where people.recency = 1
        and coalesce(people.labor_type, 'own') <> 'day_labor'
),

logged as (
    select
        person,
        project_key,
        work_date,
        sum(hours) as logged_hours
    from {{ ref('fct_worklogs') }}
    group by 1, 2, 3
),

-- the day from which timesheets of a project are loaded: no export is not the same as nothing filled in
first_logged as (
    select project_key, min(work_date) as logged_from from logged group by 1
),

leaves as (
    select person, leave_on, max(hours) as leave_hours from {{ spelled_person(ref('stg_leaves')) }} as entries group by 1, 2
),

days as (
    select
        allocations.person,
        allocations.project_key,
        allocations.department,
        allocations.role,
        dates.calendar_date as work_date,
        greatest(coalesce(allocations.daily_hours, 8) - coalesce(leaves.leave_hours, 0), 0) * coalesce(allocations.allocation_share, 1) as required_hours,
        allocations.batch_id,
        allocations.source_row,
        row_number() over (
            partition by allocations.person, allocations.project_key, dates.calendar_date
            order by allocations.valid_from desc nulls last, allocations.batch_id desc, allocations.source_row desc
        ) as recency  -- where two allocations overlap, the later one holds
    from allocations
    inner join first_logged on allocations.project_key = first_logged.project_key
    inner join {{ ref('dim_dates') }} as today on allocations.status_on = today.calendar_date
    inner join {{ ref('dim_dates') }} as dates
        on dates.is_working_day
        and dates.working_day_number <= today.working_day_number - {{ var('timesheet_grace_days') }}
        and dates.calendar_date >= first_logged.logged_from
        and dates.calendar_date >= coalesce(allocations.valid_from, cast('1900-01-01' as date))
        and dates.calendar_date <= coalesce(allocations.valid_to, cast('9999-12-31' as date))
    left join leaves
        on allocations.person = leaves.person
        and dates.calendar_date = leaves.leave_on
)

select
    days.person,
    days.project_key,
    '-' as module,
    'unallocated' as phase,
    days.department,
    days.role,
    days.work_date,
    cast(days.required_hours as {{ amount() }}) as required_hours,
    cast(coalesce(logged.logged_hours, 0) as {{ amount() }}) as logged_hours,
    cast(least(coalesce(logged.logged_hours, 0), cast(days.required_hours as {{ amount() }})) as {{ amount() }}) as credited_hours,
    days.batch_id,
    days.source_row
from days
left join logged
    on days.person = logged.person
    and days.project_key = logged.project_key
    and days.work_date = logged.work_date
where days.required_hours > 0
    and days.recency = 1
