-- Grain: one entry of the account mapping: landed in a file, or edited on screen, which goes first.
select
    ledger_book,
    account_code,
    account_name,
    category,
    kind,
    'file' as source,
    2 as priority,
    batch_id,
    source_row
from {{ landed('account_mapping') }}
union all
select
    nullif(ledger_book, '') as ledger_book,
    account_code,
    account_name,
    category,
    kind,
    'screen' as source,
    1 as priority,
    cast('' as {{ dbt.type_string() }}) as batch_id,
    cast(0 as bigint) as source_row
from {{ frozen('account_edits') }}
