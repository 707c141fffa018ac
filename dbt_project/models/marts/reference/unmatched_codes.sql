-- Grain: one code of a person, a module or a WBS element that an export of a project uses and none of its reference lists knows.
-- The lists: people; the modules and WBS elements of the budget. A project without such a list lacks nothing.
{{ config(meta={'by_project': true}) }}
with
used as (
    select 'person' as kind, project_key, source_system, person as code, cast(hours as double) as hours from {{ ref('int_worklogs') }}
    union all
    select 'module', project_key, source_system, module, cast(hours as double) from {{ ref('int_worklogs') }}
    union all
    select 'wbs', project_key, source_system, wbs_code, cast(hours as double) from {{ ref('int_worklogs') }}
    union all
    select 'module', project_key, source_system, module, cast(null as double) from {{ ref('int_issues') }} where not is_deleted
    union all
    select 'wbs', project_key, source_system, wbs_code, cast(null as double) from {{ ref('int_issues') }} where not is_deleted
    union all
    select 'wbs', project_key, source_system, wbs_code, cast(null as double) from {{ ref('int_booked_costs') }}
),

known as (
    select kind, project_key, {{ code_plain('code') }} as code from {{ ref('reference_codes') }}
),

lists as (
    select distinct kind, project_key from known
),

counted as (
    select
        used.kind,
        used.project_key,
        used.source_system as system,
        trim(used.code) as external_code,
        count(*) as rows,
        sum(used.hours) as hours
    from used
    where trim(coalesce(used.code, '')) not in ('', '-')
        and used.project_key <> 'unallocated'
    group by 1, 2, 3, 4
)

select
    counted.kind,
    counted.project_key,
    counted.system,
    counted.external_code,
    counted.rows,
    counted.hours
from counted
inner join lists
    on counted.kind = lists.kind
    and lists.project_key in ('*', counted.project_key)
left join known
    on counted.kind = known.kind
    and known.project_key in ('*', counted.project_key)
    and {{ code_plain('counted.external_code') }} = known.code
where known.code is null
