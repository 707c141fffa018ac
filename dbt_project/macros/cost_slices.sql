{% macro slices_of_periods(lines) %}
    {#-
    From a step of cost lines: each line as it counts by day. What books enter at the end of an accounting period for the whole of it (payroll;
    depreciation and allocated overhead, category indirect) is cut at the data dates of the period, so that cost can be told at each: by the
    project's hours of the period up to that day, where hours reach its last week, else by its working days. Rounded to date, so that the slices
    sum to the line to the cent. All other lines count on the day of their booking.

    A line stands for its period when it is booked in its last ten days, unless the project books the kind as it goes, on two earlier days.
    -#}
placed as (
    select
        entries.*,
        row_number() over (order by entries.project_key, entries.batch_id, entries.source_row, entries.booked_on, entries.amount) as line_number,
        {{ accounting_period_end('entries.booked_on', 'periods.last_day') }} as books_until
    from {{ lines }} as entries
    left join {{ accounting_periods() }} as periods on entries.project_key = periods.project_key
),

as_booked as (
    select
        project_key, category, books_until,
        count(distinct case when booked_on < books_until - interval 10 day then booked_on end) as earlier_days
    from placed
    where kind in ('actual', 'accrual') and category in ('labor', 'indirect')
    group by 1, 2, 3
),

of_whole_period as (
    select
        placed.line_number, placed.project_key, placed.booked_on, placed.books_until,
        {{ a_period_before('placed.books_until') }} as books_after
    from placed
    inner join as_booked
        on placed.project_key = as_booked.project_key
        and placed.category = as_booked.category
        and placed.books_until = as_booked.books_until
    where placed.kind in ('actual', 'accrual')
        and placed.booked_on >= placed.books_until - interval 10 day
        and as_booked.earlier_days < 2
),

-- the days at which cost can be told: data dates, and where actual dates tell of every day, those at which a period can end
told_days as (
    select data_dates.project_key, days.calendar_date, days.working_day_number
    from {{ ref('int_data_dates') }} as data_dates
    inner join {{ ref('dim_project_days') }} as days
        on data_dates.project_key = days.project_key
        and data_dates.data_on = days.calendar_date
    union
    select told_to.project_key, days.calendar_date, days.working_day_number
    from (select project_key, max(data_on) as data_on from {{ ref('int_data_dates') }} where is_every_day group by 1) as told_to
    inner join {{ ref('dim_project_days') }} as days
        on told_to.project_key = days.project_key
        and days.calendar_date <= told_to.data_on
    inner join {{ ref('dim_dates') }} as dates on days.calendar_date = dates.calendar_date
    where days.calendar_date in (dates.week_end, dates.month_end)
),

periods_cut as (
    select periods.project_key, periods.books_after, periods.books_until, told_days.calendar_date as cut_on, told_days.working_day_number
    from (select distinct project_key, books_after, books_until from of_whole_period) as periods
    inner join told_days
        on periods.project_key = told_days.project_key
        and told_days.calendar_date > periods.books_after
        and told_days.calendar_date < periods.books_until
),

hours as (
    select project_key, work_date, cast(sum(hours) as double) as hours from {{ ref('fct_worklogs') }} group by 1, 2
),

hours_cut as (
    select
        periods_cut.project_key, periods_cut.books_until, periods_cut.cut_on,
        sum(case when hours.work_date <= periods_cut.cut_on then hours.hours else 0 end) as hours_to_date,
        sum(hours.hours) as hours_of_period
    from periods_cut
    inner join hours
        on periods_cut.project_key = hours.project_key
        and hours.work_date > periods_cut.books_after
        and hours.work_date <= periods_cut.books_until
    group by 1, 2, 3
    having max(hours.work_date) > periods_cut.books_until - interval 7 day
),

shares as (
    select
        periods_cut.project_key, periods_cut.books_until, periods_cut.cut_on,
        coalesce(
            hours_cut.hours_to_date / nullif(hours_cut.hours_of_period, 0),
            cast(periods_cut.working_day_number - first_day.working_day_number as double) / nullif(last_day.working_day_number - first_day.working_day_number, 0),
            cast({{ dbt.datediff('periods_cut.books_after', 'periods_cut.cut_on', 'day') }} as double) / {{ dbt.datediff('periods_cut.books_after', 'periods_cut.books_until', 'day') }}
        ) as share
    from periods_cut
    inner join {{ ref('dim_project_days') }} as first_day
        on periods_cut.project_key = first_day.project_key and periods_cut.books_after = first_day.calendar_date
    inner join {{ ref('dim_project_days') }} as last_day
        on periods_cut.project_key = last_day.project_key and periods_cut.books_until = last_day.calendar_date
    left join hours_cut
        on periods_cut.project_key = hours_cut.project_key
        and periods_cut.books_until = hours_cut.books_until
        and periods_cut.cut_on = hours_cut.cut_on
),

-- the rest counts from the booking on, or from the end of the period where a cut comes after it
cuts as (
    select of_whole_period.line_number, of_whole_period.books_until, shares.cut_on, shares.share
    from of_whole_period
    inner join shares
        on of_whole_period.project_key = shares.project_key
        and of_whole_period.books_until = shares.books_until
    union all
    select
        of_whole_period.line_number, of_whole_period.books_until,
        case when max(shares.cut_on) < of_whole_period.booked_on then of_whole_period.booked_on else of_whole_period.books_until end,
        1.0
    from of_whole_period
    inner join shares
        on of_whole_period.project_key = shares.project_key
        and of_whole_period.books_until = shares.books_until
    group by of_whole_period.line_number, of_whole_period.books_until, of_whole_period.booked_on
),

to_dates as (
    select
        placed.*,
        cuts.cut_on,
        max(cuts.cut_on) over (partition by placed.line_number) as whole_on,
        cast(round(cast(placed.amount as double) * cuts.share, 2) as decimal(18, 2)) as amount_to_date
    from placed
    left join cuts on placed.line_number = cuts.line_number
),

sliced as (
    select
        {{ all_but('to_dates', ['amount']) }},
        coalesce(to_dates.cut_on, to_dates.booked_on) as counts_on,
        case when to_dates.cut_on < to_dates.whole_on then to_dates.whole_on end as estimated_until,
        case
            when to_dates.cut_on is null then to_dates.amount
            when to_dates.cut_on = to_dates.whole_on then cast(to_dates.amount as decimal(18, 2))
            else to_dates.amount_to_date
        end
        - coalesce(lag(to_dates.amount_to_date) over (partition by to_dates.line_number order by to_dates.cut_on), 0) as amount
    from to_dates
)
{% endmacro %}
