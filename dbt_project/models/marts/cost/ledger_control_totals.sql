-- Grain: one account of a ledger book and a period: what the entries that count add up to, beside what a balance table states. Every month
-- with entries has a row; a balance table of several months has one of its own, and an account above others holds theirs.
{{ config(meta={'joins_batches': true}) }}
with
lines as (
    select
        coalesce(entries.ledger_book, '') as ledger_book,
        entries.period,
        entries.booked_on,
        entries.account_code,
        entries.account_name,
        entries.debit,
        entries.credit,
        entries.project,
        entries.batch_id,
        batches.source_system,
        batches.exported_at,
        batches.landed_at
    from {{ ref('stg_ledger') }} as entries
    inner join {{ ref('stg_batches') }} as batches on entries.batch_id = batches.batch_id
),

scopes as (
    {{ replacing_scopes(ref('stg_ledger')) }}
),

posted as (
    select
        ledger_book,
        period,
        account_code,
        max(account_name) as account_name,
        sum(coalesce(debit, 0)) as debit,
        sum(coalesce(credit, 0)) as credit,
        count(*) as lines
    from lines
    where not {{ is_replaced('lines', 'scopes', 'booked_on') }}
    group by 1, 2, 3
),

newest as (
    select
        coalesce(balances.ledger_book, '') as ledger_book,
        balances.period,
        balances.first_month,
        balances.last_month,
        balances.account_code,
        balances.account_name,
        balances.project,
        coalesce(balances.debit, 0) as debit,
        coalesce(balances.credit, 0) as credit,
        row_number() over (
            partition by coalesce(balances.ledger_book, ''), balances.period, balances.account_code, balances.project
            order by batches.exported_at desc, batches.landed_at desc, balances.batch_id desc, balances.source_row desc
        ) as recency
    from {{ ref('stg_account_balances') }} as balances
    inner join {{ ref('stg_batches') }} as batches on balances.batch_id = batches.batch_id
),

stated as (
    -- a row per project is a part of the account's own row, where the table has one
    select
        ledger_book,
        period,
        max(first_month) as first_month,
        max(last_month) as last_month,
        account_code,
        max(account_name) as account_name,
        coalesce(sum(case when project is null then debit end), sum(debit)) as debit,
        coalesce(sum(case when project is null then credit end), sum(credit)) as credit
    from newest
    where recency = 1
    group by ledger_book, period, account_code
),

compared as (
    -- a book that one of the two does not name is taken for the other's
    select
        stated.ledger_book,
        stated.period,
        stated.account_code,
        max(stated.account_name) as account_name,
        max(stated.debit) as control_debit,
        max(stated.credit) as control_credit,
        count(posted.account_code) as accounts_posted,
        sum(case when posted.period between stated.first_month and stated.last_month then posted.debit end) as debit,
        sum(case when posted.period between stated.first_month and stated.last_month then posted.credit end) as credit,
        sum(case when posted.period between stated.first_month and stated.last_month then posted.lines end) as lines
    from stated
    left join posted
        on posted.account_code like stated.account_code || '%'
        and (posted.ledger_book = stated.ledger_book or posted.ledger_book = '' or stated.ledger_book = '')
    group by stated.ledger_book, stated.period, stated.account_code
)

select
    ledger_book,
    period,
    account_code,
    account_name,
    cast(case when accounts_posted > 0 then coalesce(debit, 0) end as decimal(18, 2)) as debit,
    cast(case when accounts_posted > 0 then coalesce(credit, 0) end as decimal(18, 2)) as credit,
    cast(control_debit as decimal(18, 2)) as control_debit,
    cast(control_credit as decimal(18, 2)) as control_credit,
    cast(case when accounts_posted > 0 then coalesce(debit, 0) - control_debit end as decimal(18, 2)) as debit_difference,
    cast(case when accounts_posted > 0 then coalesce(credit, 0) - control_credit end as decimal(18, 2)) as credit_difference,
    cast(coalesce(lines, 0) as bigint) as lines
from compared
union all
select
    ledger_book,
    period,
    account_code,
    account_name,
    cast(debit as decimal(18, 2)),
    cast(credit as decimal(18, 2)),
    cast(null as decimal(18, 2)),
    cast(null as decimal(18, 2)),
    cast(null as decimal(18, 2)),
    cast(null as decimal(18, 2)),
    cast(lines as bigint)
from posted
where not exists (
    select 1
    from stated
    where stated.ledger_book = posted.ledger_book
        and stated.period = posted.period
        and stated.account_code = posted.account_code
)
