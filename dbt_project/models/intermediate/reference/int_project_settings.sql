-- Grain: one project: where its actual cost comes from, whether what has arrived is accrued, when its accounting periods end, and
-- what its planned value is spread by. Its own choice,
-- else that of all projects, else the usual one.
with
projects as (
    select project_key, currency from {{ ref('int_projects') }}
    union
    select 'unallocated', 'CNY'
),

settings as (
    select * from {{ ref('stg_project_settings') }}
)

select
    projects.project_key,
    coalesce(
        max(case when settings.name = 'actual_cost_source' and settings.project_key <> '*' then settings.value end),
        max(case when settings.name = 'actual_cost_source' and settings.project_key = '*' then settings.value end),
        'ledger'
    ) as actual_cost_source,
    coalesce(
        max(case when settings.name = 'accrue_at_arrival' and settings.project_key <> '*' then settings.value end),
        max(case when settings.name = 'accrue_at_arrival' and settings.project_key = '*' then settings.value end),
        'yes'
    ) as accrue_at_arrival,
    coalesce(
        max(case when settings.name = 'period_ends_on' and settings.project_key <> '*' then settings.value end),
        max(case when settings.name = 'period_ends_on' and settings.project_key = '*' then settings.value end),
        'month_end'
    ) as period_ends_on,
    max(projects.currency) as currency,
    coalesce(
        max(case when settings.name = 'planned_value_source' and settings.project_key <> '*' then settings.value end),
        max(case when settings.name = 'planned_value_source' and settings.project_key = '*' then settings.value end),
        'budget'
    ) as planned_value_source
from projects
left join settings on settings.project_key in (projects.project_key, '*')
group by 1
