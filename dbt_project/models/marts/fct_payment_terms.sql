-- Grain: one payment node of a contract; amounts include VAT.
with
ranked as (
    select
        terms.*,
        row_number() over (
            partition by terms.contract_no, terms.node order by batches.exported_at desc, batches.landed_at desc, terms.source_row desc
        ) as recency
    from {{ ref('stg_payment_terms') }} as terms
    inner join {{ ref('stg_batches') }} as batches on terms.batch_id = batches.batch_id
)

select
    ranked.contract_no, contracts.project_key, ranked.node, ranked.share, ranked.amount, ranked.condition, ranked.planned_on, ranked.condition_met_on,
    ranked.invoiced_on, ranked.invoiced_amount, ranked.received_on, ranked.received_amount, ranked.instrument, ranked.cash_on, ranked.batch_id, ranked.source_row
from ranked
left join {{ ref('fct_contracts') }} as contracts on ranked.contract_no = contracts.contract_no
where ranked.recency = 1
