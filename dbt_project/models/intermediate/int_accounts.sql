-- Grain: one account of a ledger book that holds costs: its category and kind, by the longest matching code of the editable mapping, else by
-- the words of its name (seed account_words).
with
accounts as (
    select distinct
        coalesce(ledger_book, '') as ledger_book,
        account_code,
        coalesce(account_name, '') as account_name
    from {{ ref('stg_ledger') }}
),

mapped as (
    select
        accounts.ledger_book,
        accounts.account_code,
        accounts.account_name,
        mapping.category,
        mapping.kind,
        row_number() over (
            partition by accounts.ledger_book, accounts.account_code, accounts.account_name
            order by length(mapping.account_code) desc, case when mapping.ledger_book is null then 1 else 0 end, mapping.batch_id desc
        ) as choice
    from accounts
    inner join {{ ref('stg_account_mapping') }} as mapping
        on accounts.account_code like mapping.account_code || '%'
        and coalesce(mapping.ledger_book, accounts.ledger_book) = accounts.ledger_book
),

words as (
    select * from {{ ref('account_words') }}
),

cost_accounts as (
    select distinct accounts.*
    from accounts
    inner join words
        on words.kind in ('root', 'carry_over')
        and accounts.account_name like '%' || words.word || '%'
    where not exists (select 1 from {{ ref('stg_account_mapping') }})
),

named as (
    select
        cost_accounts.ledger_book,
        cost_accounts.account_code,
        cost_accounts.account_name,
        words.category,
        case when words.kind = 'root' then 'actual' else words.kind end as kind,
        row_number() over (
            partition by cost_accounts.ledger_book, cost_accounts.account_code, cost_accounts.account_name
            order by words.priority, words.word
        ) as choice
    from cost_accounts
    inner join words
        on cost_accounts.account_name like '%' || words.word || '%'
)

select ledger_book, account_code, account_name, lower(category) as category, lower(kind) as kind from mapped where choice = 1
union all
select ledger_book, account_code, account_name, category, kind from named where choice = 1
