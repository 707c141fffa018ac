-- Grain: one code of one source system, while it stands for one project.
-- A code is a project's own key or name, or an alias from a file or from the screen. An alias of the very system goes before a general one,
-- one edited on screen before one from a file.
with
batches as (
    select * from {{ ref('stg_batches') }}
),

projects as (
    select * from {{ ref('int_projects') }}
),

systems as (
    select distinct source_system as system from batches
),

codes as (
    select '*' as system, {{ code_key('project_key') }} as code, project_key, cast(null as date) as valid_from, 3 as preference from projects
    union all
    select '*', {{ code_key('project_name') }}, project_key, cast(null as date), 4 from projects where project_name is not null
    union all
    select coalesce({{ code_key('system') }}, '*'), {{ code_key('external_code') }}, project_key, valid_from, 2
    from {{ ref('stg_project_aliases') }}
    where coalesce(kind, 'project') = 'project'
    union all
    select coalesce({{ code_key('system') }}, '*'), {{ code_key('external_code') }}, project_key, valid_from, 1
    from {{ ref('stg_aliases') }}
    where coalesce(kind, 'project') = 'project'
),

known_codes as (
    select codes.*
    from codes
    inner join projects on codes.project_key = projects.project_key
),

codes_by_system as (
    select
        systems.system,
        known_codes.code,
        known_codes.project_key,
        coalesce(known_codes.valid_from, cast('1900-01-01' as date)) as valid_from,
        row_number() over (
            partition by systems.system, known_codes.code, coalesce(known_codes.valid_from, cast('1900-01-01' as date))
            order by case when known_codes.system = '*' then 1 else 0 end, known_codes.preference, known_codes.project_key
        ) as choice
    from known_codes
    inner join systems on known_codes.system in ('*', systems.system)
)

select
    system,
    code,
    project_key,
    valid_from,
    coalesce(lead(valid_from) over (partition by system, code order by valid_from), cast('9999-12-31' as date)) as valid_to
from codes_by_system
where choice = 1
