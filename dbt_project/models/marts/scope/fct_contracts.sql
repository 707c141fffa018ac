-- Grain: one contract; amounts include VAT unless named otherwise. It counts from its signing, never before the plan of its project starts.
{{ config(meta={'joins_batches': true}) }}
with
allocated as (
    {{ allocated(worded('contracts', {'direction': 'direction'}), 'entries.signed_on') }}
),

ranked as (
    select
        allocated.*,
        {{ newest_by_key('allocated.contract_no', 'allocated.exported_at desc') }} as recency
    from allocated
),

plans as (
    select project_key, min(period_start) as plan_starts_on
    from {{ ref('int_budget') }}
    group by 1
),

placed as (
    select
        ranked.*,
        plans.plan_starts_on,
        cast(coalesce(
            ranked.amount_excl_tax,
            round(cast(ranked.amount_incl_tax as double) / (1 + ranked.tax_rate), 2)
        ) as decimal(18, 2)) as own_net_amount,
        ranked.currency <> coalesce(projects.currency, ranked.currency) as is_foreign,
        coalesce(projects.currency, ranked.currency, 'CNY') as project_currency
    from ranked
    left join plans on ranked.project_key = plans.project_key
    left join {{ ref('int_projects') }} as projects on ranked.project_key = projects.project_key
    where ranked.recency = 1
)

select
    placed.contract_no,
    placed.project_key,
    placed.name as contract_name,
    '-' as module,
    'unallocated' as phase,
    placed.direction,
    placed.counterparty,
    placed.signed_on,
    greatest(coalesce(placed.signed_on, placed.plan_starts_on), coalesce(placed.plan_starts_on, placed.signed_on)) as counts_from,
    placed.amount_incl_tax,
    placed.amount_excl_tax,
    case
        when not coalesce(placed.is_foreign, false) then placed.own_net_amount
        else cast(round(placed.own_net_amount * fx_days.exchange_rate, 2) as decimal(18, 2))
    end as net_amount,
    placed.tax_rate,
    placed.retention_rate,
    placed.warranty_end,
    placed.parent_contract,
    coalesce(placed.currency, placed.project_currency) as currency,
    placed.project_currency,
    case when placed.is_foreign then fx_days.exchange_rate end as exchange_rate,
    case when placed.is_foreign then fx_days.batch_id end as rate_batch_id,
    case when placed.is_foreign then fx_days.source_row end as rate_source_row,
    placed.batch_id,
    placed.source_row
from placed
left join {{ ref('int_fx_days') }} as fx_days
    on placed.currency = fx_days.from_currency
    and placed.project_currency = fx_days.to_currency
    and placed.signed_on = fx_days.rate_on
