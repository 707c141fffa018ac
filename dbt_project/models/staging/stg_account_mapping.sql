-- Grain: one landed row of the feed account_mapping, in canonical columns.
select
    ledger_book,
    account_code,
    account_name,
    category,
    kind,
    batch_id,
    source_row
from {{ landed('account_mapping') }}
