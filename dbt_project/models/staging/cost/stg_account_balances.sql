-- Grain: one landed row of the feed account_balances, in canonical columns. A period is a month, or an interval of months.
select
    ledger_book,
    period,
    substring(period, 1, 7) as first_month,
    substring(period, length(period) - 6, 7) as last_month,
    account_code,
    account_name,
    project,
    opening_debit,
    opening_credit,
    debit,
    credit,
    closing_debit,
    closing_credit,
    currency,
    batch_id,
    source_row
from {{ landed('account_balances') }}
