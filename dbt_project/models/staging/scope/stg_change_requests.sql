-- Grain: one landed row of the feed change_requests, in canonical columns.
select
    project,
    change_id,
    title,
    change_type,
    raised_on,
    decided_on,
    decision,
    approver,
    started_on,
    customer_signed_on,
    supervisor_signed_on,
    claimed_amount,
    confirmed_amount,
    scope_days,
    days_delta,
    baseline,
    linked_keys,
    batch_id,
    source_row
from {{ landed('change_requests') }}
