-- Grain: one ledger line that is a cost of a project: debit less credit of cost accounts. Carry-overs to cost of sales and to the year's
-- result are left out with their vouchers; red entries and reversed accruals subtract.
{{ config(meta={'joins_batches': true}) }}
with
allocated as (
    {{ allocated(ref('stg_ledger'), 'entries.booked_on', named={'wbs_code': 'wbs'}) }}
),

scopes as (
    {{ replacing_scopes(ref('stg_ledger')) }}
),

lines as (
    select allocated.*
    from allocated
    where not {{ is_replaced('allocated', 'scopes', 'booked_on') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

carry_over_vouchers as (
    select distinct
        coalesce(lines.ledger_book, '') as ledger_book,
        lines.period,
        lines.voucher_no
    from lines
    left join accounts
        on coalesce(lines.ledger_book, '') = accounts.ledger_book
        and lines.account_code = accounts.account_code
        and coalesce(lines.account_name, '') = accounts.account_name
    where accounts.kind = 'carry_over'
        or lines.summary like '%结转%'
)

select
    lines.project_key,
    lines.project,
    lines.wbs_code,
    accounts.category,
    accounts.kind,
    lines.supplier as vendor,
    lines.voucher_no as document_no,
    lines.summary as description,
    lines.booked_on,
    cast(coalesce(lines.debit, 0) - coalesce(lines.credit, 0) as decimal(18, 2)) as amount,
    lines.currency,
    lines.original_amount,
    lines.exchange_rate,
    lines.source_system,
    lines.batch_id,
    lines.source_row
from lines
inner join accounts
    on coalesce(lines.ledger_book, '') = accounts.ledger_book
    and lines.account_code = accounts.account_code
    and coalesce(lines.account_name, '') = accounts.account_name
    and accounts.kind in ('actual', 'accrual', 'commitment')
left join carry_over_vouchers
    on coalesce(lines.ledger_book, '') = carry_over_vouchers.ledger_book
    and lines.period = carry_over_vouchers.period
    and lines.voucher_no = carry_over_vouchers.voucher_no
where carry_over_vouchers.voucher_no is null
