-- Grain: one booked cost line, from the ledger or already classified by its source. A document belongs to the newest batch that holds it; lines
-- without a document give way to a later batch of the same source that covers their project and day.
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
        project_key, project, wbs_code, category, kind, vendor, document_no, booked_on, amount, currency, phase, module, source_system, batch_id, source_row
    from documents
    where recency = 1
    union all
    select
        project_key, project, wbs_code, category, kind, vendor, document_no, booked_on, amount, currency, phase, module, source_system, batch_id, source_row
    from allocated
    where document_no is null
        and not {{ is_replaced('allocated', 'scopes', 'booked_on') }}
)

select
    project_key, project, wbs_code, category, kind, vendor, document_no, description, booked_on, amount, currency,
    cast(null as {{ dbt.type_string() }}) as phase,
    cast(null as {{ dbt.type_string() }}) as module,
    source_system, batch_id, source_row, true as is_of_ledger
from {{ ref('int_ledger_costs') }}
union all
select
    project_key, project, wbs_code, category, coalesce(kind, 'actual') as kind, vendor, document_no, vendor as description, booked_on, amount,
    coalesce(currency, 'CNY') as currency, phase, module, source_system, batch_id, source_row, false as is_of_ledger
from kept
