-- Grain: one code of one source system, while it stands for one project, person, module or WBS element.
-- A project's code is its own key or name, or an alias from a file or from the screen; of people, modules and WBS elements only aliases are kept:
-- their own codes stand for themselves. Codes meet as people write them (code_key); where two that are written alike stand for two things, each
-- stands for its own writing alone (only_as). An alias of the very system goes before a general one, one edited on screen before one from a file.
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
    select 'project' as kind, '*' as system, {{ code_plain('project_key') }} as plain, {{ code_key('project_key') }} as code, project_key as known_as, cast(null as date) as valid_from, 3 as preference
    from projects
    union all
    select 'project', '*', {{ code_plain('project_name') }}, {{ code_key('project_name') }}, project_key, cast(null as date), 4 from projects where project_name is not null
    union all
    select lower(coalesce(kind, 'project')), coalesce({{ code_key('system') }}, '*'), {{ code_plain('external_code') }}, {{ code_key('external_code') }}, project_key, valid_from, 2
    from {{ ref('stg_project_aliases') }}
    union all
    select lower(coalesce(kind, 'project')), coalesce({{ code_key('system') }}, '*'), {{ code_plain('external_code') }}, {{ code_key('external_code') }}, project_key, valid_from, 1
    from {{ ref('stg_aliases') }}
),

known_codes as (
    select codes.*
    from codes
    left join projects on codes.known_as = projects.project_key
    where codes.kind <> 'project' or projects.project_key is not null
),

codes_by_system as (
    select
        known_codes.kind,
        systems.system,
        known_codes.code,
        case
            when min(known_codes.plain) over written_alike <> max(known_codes.plain) over written_alike
                and min(known_codes.known_as) over written_alike <> max(known_codes.known_as) over written_alike
                then known_codes.plain
        end as only_as,
        known_codes.known_as,
        coalesce(known_codes.valid_from, cast('1900-01-01' as date)) as valid_from,
        case when known_codes.system = '*' then 1 else 0 end as is_general,
        known_codes.preference
    from known_codes
    inner join systems on known_codes.system in ('*', systems.system)
    window written_alike as (partition by known_codes.kind, systems.system, known_codes.code)
),

chosen as (
    select
        codes_by_system.*,
        row_number() over (partition by kind, system, code, only_as, valid_from order by is_general, preference, known_as) as choice
    from codes_by_system
)

select
    kind,
    system,
    code,
    only_as,
    known_as,
    valid_from,
    coalesce(lead(valid_from) over (partition by kind, system, code, only_as order by valid_from), cast('9999-12-31' as date)) as valid_to
from chosen
where choice = 1
