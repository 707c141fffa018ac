-- Grain: one landed row of the feed projects, in canonical columns.
select
    project_key,
    name,
    customer,
    delivery_profile,
    method,
    start_on,
    freeze_on,
    contract_finish_on,
    actual_finish_on,
    contingency_reserve,
    currency,
    time_zone,
    manager,
    batch_id,
    source_row
from {{ landed('projects') }}
