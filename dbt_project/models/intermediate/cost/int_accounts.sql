-- Grain: one account of a ledger book by code and name: what it counts as, and who says so. What was edited on screen goes first, then the
-- mapping file, of each the longest matching code; where no file was loaded, the words of the name (seed account_words).
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
        mapping.source,
        row_number() over (
            partition by accounts.ledger_book, accounts.account_code, accounts.account_name
            order by
                mapping.priority,
                length(mapping.account_code) desc,
                case when mapping.ledger_book is null then 1 else 0 end,
                mapping.batch_id desc,
                mapping.source_row desc
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
    where not exists (select 1 from {{ ref('stg_account_mapping') }} where source = 'file')
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

select
    accounts.ledger_book,
    accounts.account_code,
    accounts.account_name,
    coalesce(lower(mapped.category), named.category) as category,
    coalesce(lower(mapped.kind), named.kind) as kind,
    coalesce(mapped.source, case when named.kind is not null then 'name' else 'nothing' end) as mapped_by
from accounts
left join mapped
    on accounts.ledger_book = mapped.ledger_book
    and accounts.account_code = mapped.account_code
    and accounts.account_name = mapped.account_name
    and mapped.choice = 1
left join named
    on mapped.source is null
    and accounts.ledger_book = named.ledger_book
    and accounts.account_code = named.account_code
    and accounts.account_name = named.account_name
    and named.choice = 1
