-- Grain: one landed row of the feed payment_terms, in canonical columns.
select
    contract_no,
    node,
    share,
    amount,
    condition,
    planned_on,
    condition_met_on,
    invoiced_on,
    invoiced_amount,
    received_on,
    received_amount,
    instrument,
    cash_on,
    batch_id,
    source_row
from {{ landed('payment_terms') }}
