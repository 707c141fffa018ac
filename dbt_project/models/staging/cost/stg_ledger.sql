-- Grain: one landed row of the feed ledger, in canonical columns.
select
    ledger_book,
    period,
    voucher_no,
    line_no,
    booked_on,
    account_code,
    account_name,
    debit,
    credit,
    project,
    wbs_code,
    supplier,
    department,
    person,
    summary,
    currency,
    original_amount,
    exchange_rate,
    batch_id,
    source_row
from {{ landed('ledger') }}
