-- Grain: one project with booked costs: the last day of its last closed accounting period, which is a month or ends on a day of the project's own
-- choice. A period is closed once its last day lies before the export that holds it.
with
settings as (
    select
        project_key,
        case when period_ends_on <> 'month_end' then cast(period_ends_on as integer) end as last_day
    from {{ ref('int_project_settings') }}
),

booked_days as (
    select
        costs.project_key,
        settings.last_day,
        costs.booked_on,
        cast({{ dbt.date_trunc('month', 'costs.booked_on') }} as date) as month_start,
        cast(batches.exported_at as date) as exported_on
    from {{ ref('int_booked_costs') }} as costs
    inner join {{ ref('stg_batches') }} as batches on costs.batch_id = batches.batch_id
    left join settings on costs.project_key = settings.project_key
    where costs.kind in ('actual', 'accrual')
),

-- the first of the month in which the period of a line ends, and the first of the month after it
placed as (
    select
        booked_days.*,
        case
            when last_day < extract(day from booked_on) then cast({{ dbt.dateadd('month', 1, 'month_start') }} as date)
            else month_start
        end as end_month
    from booked_days
),

booked as (
    select
        project_key,
        cast(case
            when last_day is null then {{ dbt.dateadd('day', -1, dbt.dateadd('month', 1, 'end_month')) }}
            else {{ dbt.dateadd('day', 'last_day - 1', 'end_month') }}
        end as date) as period_end,
        cast(case
            when last_day is null then {{ dbt.dateadd('day', -1, 'end_month') }}
            else {{ dbt.dateadd('day', 'last_day - 1', dbt.dateadd('month', -1, 'end_month')) }}
        end as date) as period_end_before,
        max(exported_on) as exported_on
    from placed
    group by 1, 2, 3
),

closed as (
    select
        booked.project_key,
        max(case when booked.period_end < booked.exported_on{% if var('as_of') %} and booked.period_end <= cast('{{ var("as_of") }}' as date){% endif %} then booked.period_end else booked.period_end_before end) as cost_closed_on
    from booked
    inner join {{ ref('int_status_dates') }} as status_dates on booked.project_key = status_dates.project_key
    where booked.period_end_before <= status_dates.status_on
    group by 1
)

select * from closed
