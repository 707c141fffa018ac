-- Grain: one person ('*': of all projects), or one module or WBS element of a project's budget, that an export's codes can stand for.
select
    'person' as kind,
    '*' as project_key,
    trim(person) as code,
    cast(null as {{ dbt.type_string() }}) as name
from {{ spelled_person(ref('stg_people')) }} as entries
group by 1, 2, 3
union all
select 'module', project_key, trim(module), cast(null as {{ dbt.type_string() }})
from {{ ref('int_budget') }}
where is_active and module <> '-'
group by 1, 2, 3
union all
select 'wbs', project_key, wbs_code, wbs_name
from {{ ref('int_wbs') }}
where wbs_code <> '-'
