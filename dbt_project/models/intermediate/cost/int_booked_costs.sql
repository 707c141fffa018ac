-- Grain: one booked cost line, from the ledger or already classified by its source. A document belongs to the newest batch that holds it; lines
-- without a document give way to a later batch of the same source that covers their project and day. Amounts are in the project's own currency;
-- where no rate puts a foreign one there, it is unknown.
{{ config(meta={'joins_batches': true}) }}
with
allocated as (
    {{ allocated(worded('costs', {'category': 'category', 'kind': 'kind'}), 'entries.booked_on', named={'module': 'module', 'wbs_code': 'wbs'}) }}
),

scopes as (
    {{ replacing_scopes(ref('stg_costs')) }}
),

documents as (
    select
        allocated.*,
        dense_rank() over (
            partition by source_system, document_no, coalesce(project, '')
            order by exported_at desc, landed_at desc, batch_id desc
        ) as recency
    from allocated
    where document_no is not null
),

kept as (
    select
        project_key, project, wbs_code, category, kind, vendor, document_no, booked_on, amount, currency, original_amount,
        exchange_rate, phase, module, source_system, batch_id, source_row
    from documents
    where recency = 1
    union all
    select
        project_key, project, wbs_code, category, kind, vendor, document_no, booked_on, amount, currency, original_amount,
        exchange_rate, phase, module, source_system, batch_id, source_row
    from allocated
    where document_no is null
        and not {{ is_replaced('allocated', 'scopes', 'booked_on') }}
),

-- a ledger's amount, and one that has the foreign amount beside it, is in the books' own currency and stands as it was booked
entries as (
    select
        project_key, project, wbs_code, category, kind, vendor, document_no, description, booked_on, amount, currency, original_amount, exchange_rate,
        true as is_in_own_currency,
        cast(null as {{ dbt.type_string() }}) as phase,
        cast(null as {{ dbt.type_string() }}) as module,
        source_system, batch_id, source_row, true as is_of_ledger
    from {{ ref('int_ledger_costs') }}
    union all
    select
        project_key, project, wbs_code, category, coalesce(kind, 'actual') as kind, vendor, document_no, vendor as description, booked_on, amount, currency,
        original_amount, exchange_rate, original_amount is not null, phase, module, source_system, batch_id, source_row, false
    from kept
),

-- the rate a budget was made at: the newest budget rate when the baseline was frozen; later ones leave it alone
frozen as (
    select project_key, cast(max(frozen_at) as date) as frozen_on
    from {{ ref('int_budget') }}
    where is_active
    group by 1
),

budget_rates as (
    select
        frozen.project_key,
        rates.from_currency,
        rates.to_currency,
        rates.exchange_rate,
        row_number() over (
            partition by frozen.project_key, rates.from_currency, rates.to_currency
            order by
                case when rates.valid_from <= frozen.frozen_on then 0 else 1 end,
                case when rates.valid_from <= frozen.frozen_on then rates.valid_from end desc,
                rates.valid_from
        ) as choice
    from frozen
    inner join {{ ref('int_fx_rates') }} as rates on rates.kind = 'budget'
),

placed as (
    select
        entries.*,
        coalesce(projects.currency, 'CNY') as own_currency
    from entries
    left join {{ ref('int_projects') }} as projects on entries.project_key = projects.project_key
),

rated as (
    select
        placed.*,
        coalesce(placed.currency <> placed.own_currency, false) as is_foreign,
        coalesce(cast(placed.exchange_rate as decimal(20, 12)), fx_days.exchange_rate) as rate_of_day,
        case when placed.exchange_rate is null then fx_days.batch_id end as rate_batch_id,
        case when placed.exchange_rate is null then fx_days.source_row end as rate_source_row,
        budget_rates.exchange_rate as budget_rate
    from placed
    left join {{ ref('int_fx_days') }} as fx_days
        on placed.currency = fx_days.from_currency
        and placed.own_currency = fx_days.to_currency
        and placed.booked_on = fx_days.rate_on
    left join budget_rates
        on placed.project_key = budget_rates.project_key
        and placed.currency = budget_rates.from_currency
        and placed.own_currency = budget_rates.to_currency
        and budget_rates.choice = 1
),

-- each line rounded once, to the cent
converted as (
    select
        rated.*,
        case
            when is_in_own_currency or not is_foreign then amount
            else cast(round(cast(amount as decimal(18, 2)) * rate_of_day, 2) as decimal(18, 2))
        end as own_amount,
        case
            when not is_foreign then null
            when is_in_own_currency then case when amount < 0 then -abs(original_amount) else abs(original_amount) end
            else amount
        end as foreign_amount
    from rated
)

select
    project_key, project, wbs_code, category, kind, vendor, document_no, description, booked_on,
    own_amount as amount,
    own_currency as currency,
    cast(foreign_amount as decimal(18, 2)) as original_amount,
    case when foreign_amount is not null then currency end as original_currency,
    case
        when foreign_amount is null then null
        when is_in_own_currency and exchange_rate is null then cast(cast(own_amount as double) / nullif(cast(foreign_amount as double), 0) as decimal(20, 12))
        else rate_of_day
    end as exchange_rate,
    case when not is_in_own_currency and is_foreign then rate_batch_id end as rate_batch_id,
    case when not is_in_own_currency and is_foreign then rate_source_row end as rate_source_row,
    cast(own_amount - round(cast(foreign_amount as decimal(18, 2)) * budget_rate, 2) as decimal(18, 2)) as exchange_variance,
    phase, module, source_system, batch_id, source_row, is_of_ledger
from converted
