-- Grain: one landed row of the feed fx_rates, in canonical columns.
select
    from_currency,
    to_currency,
    per,
    kind,
    valid_from,
    rate,
    source,
    batch_id,
    source_row
from {{ landed('fx_rates') }}
