-- Grain: one landed row of the feed costs, in canonical columns.
select
    project,
    wbs_code,
    phase,
    module,
    category,
    kind,
    vendor,
    document_no,
    booked_on,
    amount,
    currency,
    original_amount,
    exchange_rate,
    batch_id,
    source_row
from {{ landed('costs') }}
