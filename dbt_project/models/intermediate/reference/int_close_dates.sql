-- Grain: one project with booked costs: the last day of its last closed accounting period, which is a month or ends on a day of the project's own
-- choice. A period is closed when finance says so, and presumed closed from the tenth working day after its end, December never; its books must
-- have been exported after it ended. A period that was reopened is open, and all after it.
{{ config(meta={'joins_batches': true}) }}
with
settings as (
    select * from {{ accounting_periods() }} as periods
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

happened as (
    select booked.*
    from booked
    inner join {{ ref('int_status_dates') }} as status_dates on booked.project_key = status_dates.project_key
    where booked.period_end_before <= status_dates.status_on
),

exported as (
    select project_key, max(exported_on) as exported_on
    from happened
    group by 1
),

periods as (
    select project_key, period_end from happened
    union
    select project_key, period_end_before from happened
),

-- of what was said for the project and for all, the last word counts
said as (
    select
        periods.project_key,
        periods.period_end,
        closings.is_closed,
        row_number() over (partition by periods.project_key, periods.period_end order by closings.closing_id desc) as recency
    from periods
    inner join {{ ref('stg_closings') }} as closings
        on closings.project_key in (periods.project_key, '*')
        and closings.end_month = cast({{ dbt.date_trunc('month', 'periods.period_end') }} as date)
),

waited as (
    select
        periods.project_key,
        periods.period_end,
        sum(case when calendar.is_working_day then 1 else 0 end) as working_days
    from periods
    inner join {{ ref('stg_calendar') }} as calendar
        on calendar.calendar_date > periods.period_end
        and calendar.calendar_date <= cast('{{ var("today") or var("as_of") or "9999-12-31" }}' as date)
    group by 1, 2
),

judged as (
    select
        periods.project_key,
        periods.period_end,
        said.is_closed as is_said_closed,
        coalesce(said.is_closed, extract(month from periods.period_end) <> 12 and waited.working_days >= {{ var('presumed_closed_after') }}, false)
            and periods.period_end < exported.exported_on{% if var('as_of') %} and periods.period_end <= cast('{{ var("as_of") }}' as date){% endif %} as is_closed,
        min(case when not said.is_closed then periods.period_end end) over (partition by periods.project_key) as reopened_end
    from periods
    inner join exported on periods.project_key = exported.project_key
    left join said
        on periods.project_key = said.project_key
        and periods.period_end = said.period_end
        and said.recency = 1
    left join waited
        on periods.project_key = waited.project_key
        and periods.period_end = waited.period_end
),

closed as (
    select
        project_key,
        -- nothing is booked in the period before the first one: calling that one closed claims nothing
        coalesce(max(case when is_closed and period_end < coalesce(reopened_end, cast('9999-12-31' as date)) then period_end end), min(period_end)) as cost_closed_on,
        max(case when is_closed and is_said_closed and period_end < coalesce(reopened_end, cast('9999-12-31' as date)) then period_end end) as finance_closed_on
    from judged
    group by 1
)

select * from closed
