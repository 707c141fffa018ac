-- Grain: one module of a project, with its layer: as the active baseline states it (of several, the one with most planned value), else by the
-- words that its name begins with, else '-'.
with
seen as (
    select project_key, module from {{ ref('int_budget') }}
    union
    select project_key, module from {{ ref('int_schedule') }}
    union
    select project_key, module from {{ ref('int_booked_costs') }}
    union
    select project_key, nullif(trim(module), '') from {{ ref('int_worklogs') }}
    union
    select project_key, nullif(trim(module), '') from {{ ref('int_issues') }}
),

stated as (
    select
        project_key,
        module,
        {{ layer_of('layer', 'trim(layer)') }} as layer,
        row_number() over (partition by project_key, module order by sum(planned_value) desc, min(layer)) as choice
    from {{ ref('int_budget') }}
    where is_active and nullif(trim(layer), '') is not null and module <> '-'
    group by project_key, module, {{ layer_of('layer', 'trim(layer)') }}
)

select
    seen.project_key,
    seen.module,
    coalesce(stated.layer, {{ layer_of('seen.module', "'-'") }}) as layer
from seen
left join stated
    on seen.project_key = stated.project_key
    and seen.module = stated.module
    and stated.choice = 1
where seen.module is not null
