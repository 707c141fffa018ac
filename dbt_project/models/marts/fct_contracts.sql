-- Grain: one contract; amounts include VAT unless named otherwise. It counts from its signing, never before the plan of its project starts.
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
)

select
    ranked.contract_no,
    ranked.project_key,
    ranked.name as contract_name,
    '-' as module,
    'unallocated' as phase,
    ranked.direction,
    ranked.counterparty,
    ranked.signed_on,
    greatest(coalesce(ranked.signed_on, plans.plan_starts_on), coalesce(plans.plan_starts_on, ranked.signed_on)) as counts_from,
    ranked.amount_incl_tax,
    ranked.amount_excl_tax,
    cast(coalesce(
        ranked.amount_excl_tax,
        round(cast(ranked.amount_incl_tax as double) / (1 + ranked.tax_rate), 2)
    ) as decimal(18, 2)) as net_amount,
    ranked.tax_rate,
    ranked.retention_rate,
    ranked.warranty_end,
    ranked.parent_contract,
    coalesce(ranked.currency, 'CNY') as currency,
    ranked.batch_id,
    ranked.source_row
from ranked
left join plans on ranked.project_key = plans.project_key
where ranked.recency = 1
