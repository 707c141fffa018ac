-- Grain: one project. From the project list; without any list, the codes the exports hold are the projects, and a project that a person
-- named while loading a file is one in any case.
with
batches as (
    select * from {{ ref('stg_batches') }}
),

listed as (
    select
        projects.*,
        row_number() over (
            partition by {{ code_plain('projects.project_key') }}
            order by batches.exported_at desc, batches.landed_at desc, projects.source_row desc
        ) as recency
    from {{ ref('stg_projects') }} as projects
    inner join batches on projects.batch_id = batches.batch_id
),

listed_once as (
    select * from listed where recency = 1
),

aliased as (
    select {{ code_key('external_code') }} as code from {{ ref('stg_project_aliases') }}
    union all
    select {{ code_key('external_code') }} from {{ ref('stg_aliases') }}
),

codes_found as (
    {%- for feed in ['issues', 'worklogs', 'ledger', 'costs', 'budget', 'schedule', 'coverage', 'code_size', 'test_results', 'contracts', 'change_requests', 'risks', 'sites'] %}
    select distinct trim(project) as project_key from {{ ref('stg_' ~ feed) }} where project is not null{{ ' and not is_undone' if feed == 'budget' }}
    {{ 'union' if not loop.last }}
    {%- endfor %}
),

codes_without_a_list as (
    select project_key
    from codes_found
    where not exists (select 1 from listed_once)
        and {{ code_key('project_key') }} not in (select code from aliased)
        and project_key <> ''
),

named_by_people as (
    select trim(project_hint) as project_key
    from batches
    where project_hint is not null
        and {{ code_key('project_hint') }} not in (select code from aliased)
),

found as (
    select min(project_key) as project_key
    from (
        select project_key from codes_without_a_list
        union all
        select project_key from named_by_people
    ) as candidates
    where {{ code_key('project_key') }} not in (select {{ code_key('project_key') }} from listed_once)
        and {{ code_key('project_key') }} not in (select {{ code_key('name') }} from listed_once)
    group by {{ code_key('project_key') }}
)

select
    project_key,
    name as project_name,
    customer,
    delivery_profile,
    method,
    start_on,
    freeze_on,
    contract_finish_on,
    actual_finish_on,
    contingency_reserve,
    coalesce(currency, 'CNY') as currency,
    coalesce(time_zone, '{{ var("default_time_zone") }}') as time_zone,
    manager
from listed_once
union all
select
    project_key,
    project_key as project_name,
    cast(null as {{ dbt.type_string() }}) as customer,
    cast(null as {{ dbt.type_string() }}) as delivery_profile,
    cast(null as {{ dbt.type_string() }}) as method,
    cast(null as date) as start_on,
    cast(null as date) as freeze_on,
    cast(null as date) as contract_finish_on,
    cast(null as date) as actual_finish_on,
    cast(null as decimal(18, 2)) as contingency_reserve,
    'CNY' as currency,
    '{{ var("default_time_zone") }}' as time_zone,
    cast(null as {{ dbt.type_string() }}) as manager
from found
