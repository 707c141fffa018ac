-- Grain: one booked cost line, from the ledger or already classified by its source.
with
allocated as (
    {{ allocated(ref('stg_costs'), 'entries.booked_on') }}
),

scopes as (
    {{ replacing_scopes(ref('stg_costs'), 'costs') }}
)

select
    project_key, project, wbs_code, category, kind, vendor, document_no, description, booked_on, amount, currency,
    cast(null as {{ dbt.type_string() }}) as phase,
    cast(null as {{ dbt.type_string() }}) as module,
    source_system, batch_id, source_row
from {{ ref('int_ledger_costs') }}
union all
select
    project_key, project, wbs_code, category, coalesce(kind, 'actual') as kind, vendor, document_no, vendor as description, booked_on, amount,
    coalesce(currency, 'CNY') as currency, phase, module, source_system, batch_id, source_row
from allocated
where not {{ is_replaced('allocated', 'scopes', 'booked_on') }}
