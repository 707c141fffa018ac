-- Grain: one currency of projects on one day on which a period of theirs stands: the rate that puts their values in the reporting currency.
with
stood as (
    select distinct projects.currency, periods.as_of
    from {{ ref('dim_periods') }} as periods
    inner join {{ ref('dim_projects') }} as projects on periods.project_key = projects.project_key
)

select
    stood.currency,
    stood.as_of,
    '{{ var("reporting_currency") }}' as reporting_currency,
    case
        when stood.currency = '{{ var("reporting_currency") }}' then cast(1 as decimal(20, 12))
        else fx_days.exchange_rate
    end as exchange_rate,
    fx_days.batch_id,
    fx_days.source_row
from stood
left join {{ ref('int_fx_days') }} as fx_days
    on stood.currency = fx_days.from_currency
    and fx_days.to_currency = '{{ var("reporting_currency") }}'
    and stood.as_of = fx_days.rate_on
