-- Grain: one day on which an amount in one currency can be put in another: at the newest spot rate that is not too old, else at the average of
-- its month.
with
spot as (
    select
        rates.*,
        lead(valid_from) over (partition by from_currency, to_currency order by valid_from) as superseded_on
    from {{ ref('int_fx_rates') }} as rates
    where kind = 'spot'
),

spot_days as (
    select spot.*, calendar.calendar_date as rate_on
    from spot
    inner join {{ ref('stg_calendar') }} as calendar
        on calendar.calendar_date >= spot.valid_from
        and calendar.calendar_date <= {{ dbt.dateadd('day', var('oldest_fx_rate_days'), 'spot.valid_from') }}
        and (spot.superseded_on is null or calendar.calendar_date < spot.superseded_on)
),

average_days as (
    select
        rates.*,
        calendar.calendar_date as rate_on,
        row_number() over (partition by rates.from_currency, rates.to_currency, calendar.calendar_date order by rates.valid_from desc) as choice
    from {{ ref('int_fx_rates') }} as rates
    inner join {{ ref('stg_calendar') }} as calendar
        on {{ dbt.date_trunc('month', 'calendar.calendar_date') }} = {{ dbt.date_trunc('month', 'rates.valid_from') }}
    where rates.kind = 'month_average'
)

select from_currency, to_currency, rate_on, kind, exchange_rate, valid_from, source, batch_id, source_row
from spot_days
union all
select
    averages.from_currency, averages.to_currency, averages.rate_on, averages.kind, averages.exchange_rate, averages.valid_from, averages.source,
    averages.batch_id, averages.source_row
from average_days as averages
left join spot_days
    on averages.from_currency = spot_days.from_currency
    and averages.to_currency = spot_days.to_currency
    and averages.rate_on = spot_days.rate_on
where averages.choice = 1
    and spot_days.rate_on is null
