-- Grain: one landed row of the feed contracts, in canonical columns.
select
    contract_no,
    project,
    name,
    direction,
    counterparty,
    signed_on,
    amount_incl_tax,
    amount_excl_tax,
    tax_rate,
    retention_rate,
    warranty_end,
    parent_contract,
    currency,
    batch_id,
    source_row
from {{ landed('contracts') }}
