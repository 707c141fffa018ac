-- Grain: one rate of a kind between two currencies from a day on, for one unit of the first: as its source states it, else turned round.
-- Lists of banks and of the state print no second currency: it is the yuan.
{{ config(meta={'joins_batches': true}) }}
with
stated as (
    select
        rates.from_currency,
        coalesce(rates.to_currency, 'CNY') as to_currency,
        coalesce(rates.kind, 'spot') as kind,
        rates.valid_from,
        cast(rates.rate as double) / coalesce(rates.per, 1) as exchange_rate,
        rates.source,
        rates.batch_id,
        rates.source_row,
        row_number() over (
            partition by rates.from_currency, coalesce(rates.to_currency, 'CNY'), coalesce(rates.kind, 'spot'), rates.valid_from
            order by batches.exported_at desc, batches.landed_at desc, rates.source_row desc
        ) as recency
    from {{ ref('stg_fx_rates') }} as rates
    inner join {{ ref('stg_batches') }} as batches on rates.batch_id = batches.batch_id
    where rates.rate > 0
),

both_ways as (
    select from_currency, to_currency, kind, valid_from, exchange_rate, 0 as is_turned, source, batch_id, source_row
    from stated
    where recency = 1
    union all
    select to_currency, from_currency, kind, valid_from, 1 / exchange_rate, 1, source, batch_id, source_row
    from stated
    where recency = 1
),

chosen as (
    select
        both_ways.*,
        row_number() over (partition by from_currency, to_currency, kind, valid_from order by is_turned, batch_id, source_row) as choice
    from both_ways
    where from_currency <> to_currency
)

select
    from_currency,
    to_currency,
    kind,
    valid_from,
    cast(exchange_rate as decimal(20, 12)) as exchange_rate,
    source,
    batch_id,
    source_row
from chosen
where choice = 1
