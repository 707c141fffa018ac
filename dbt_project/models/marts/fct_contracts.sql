-- Grain: one contract; amounts include VAT unless named otherwise.
with
allocated as (
    {{ allocated(worded('contracts', {'direction': 'direction'}), 'entries.signed_on') }}
),

ranked as (
    select
        allocated.*,
        {{ newest_by_key('allocated.contract_no', 'allocated.exported_at desc') }} as recency
    from allocated
)

select
    contract_no, project_key, name as contract_name, direction, counterparty, signed_on, amount_incl_tax, amount_excl_tax, tax_rate, retention_rate,
    warranty_end, parent_contract, coalesce(currency, 'CNY') as currency, batch_id, source_row
from ranked
where recency = 1
