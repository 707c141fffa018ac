-- Grain: one project, and one row for what is unallocated.
with
facts_of as (
    select distinct project_key from {{ ref('int_status_dates') }}
    union
    select distinct project_key from {{ ref('int_budget') }} where is_active
),

projects as (
    select
        projects.*,
        false as is_unallocated
    from {{ ref('int_projects') }} as projects
    left join facts_of on projects.project_key = facts_of.project_key
    where facts_of.project_key is not null
        or exists (select 1 from {{ ref('stg_projects') }} as listed where listed.project_key = projects.project_key)
    union all
    select
        'unallocated', 'unallocated', null, null, null, null, null, null, null, null, 'CNY', '{{ var("default_time_zone") }}', null, true
    where exists (select 1 from facts_of where project_key = 'unallocated')
)

select
    projects.project_key,
    projects.project_name,
    projects.customer,
    projects.delivery_profile,
    projects.method,
    projects.start_on,
    projects.freeze_on,
    projects.contract_finish_on,
    projects.actual_finish_on,
    cast(projects.contingency_reserve as decimal(18, 2)) as contingency_reserve,
    projects.currency,
    projects.time_zone,
    status_dates.status_on,
    close_dates.cost_closed_on,
    close_dates.finance_closed_on,
    projects.is_unallocated,
    projects.manager
from projects
left join {{ ref('int_status_dates') }} as status_dates on projects.project_key = status_dates.project_key
left join {{ ref('int_close_dates') }} as close_dates on projects.project_key = close_dates.project_key
