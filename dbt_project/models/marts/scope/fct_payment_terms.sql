-- Grain: one payment node of a contract, or one of the parts in which it is paid; amounts include VAT, in the contract's currency and in the
-- project's. The newest batch that holds a node counts, with all of its parts.
{{ config(meta={'joins_batches': true}) }}
with
ranked as (
    select
        terms.*,
        dense_rank() over (
            partition by terms.contract_no, terms.node order by batches.exported_at desc, batches.landed_at desc, batches.batch_id desc
        ) as recency
    from {{ ref('stg_payment_terms') }} as terms
    inner join {{ ref('stg_batches') }} as batches on terms.batch_id = batches.batch_id
)

select
    ranked.contract_no, contracts.project_key, ranked.node, ranked.share, ranked.amount, ranked.condition, ranked.planned_on, ranked.condition_met_on,
    ranked.invoiced_on, ranked.invoiced_amount, ranked.received_on, ranked.received_amount, ranked.instrument, ranked.cash_on,
    contracts.currency,
    {%- for amount, day in [('amount', 'planned_on'), ('invoiced_amount', 'invoiced_on'), ('received_amount', 'received_on')] %}
    case
        when contracts.currency = contracts.project_currency then ranked.{{ amount }}
        else cast(round(ranked.{{ amount }} * fx_{{ day }}.exchange_rate, 2) as decimal(18, 2))
    end as project_{{ amount }},
    {%- endfor %}
    contracts.project_currency,
    ranked.batch_id, ranked.source_row
from ranked
left join {{ ref('fct_contracts') }} as contracts on ranked.contract_no = contracts.contract_no
{%- for day in ['planned_on', 'invoiced_on', 'received_on'] %}
left join {{ ref('int_fx_days') }} as fx_{{ day }}
    on contracts.currency = fx_{{ day }}.from_currency
    and contracts.project_currency = fx_{{ day }}.to_currency
    and ranked.{{ day }} = fx_{{ day }}.rate_on
{%- endfor %}
where ranked.recency = 1
