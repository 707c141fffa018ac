-- Grain: one landed row of the feed rates, in canonical columns.
select
    person,
    role,
    vendor,
    valid_from,
    hourly_rate,
    currency,
    batch_id,
    source_row
from {{ landed('rates') }}
