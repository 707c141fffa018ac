-- Grain: one project and first day of a month, from which on its hours on technical debt are divided by one kind of hours: its own choice,
-- else that of all projects, else all hours.
with
settings as (
    select
        project_key,
        value as basis,
        cast({{ dbt.date_trunc('month', 'valid_from') }} as date) as counts_from,
        valid_from
    from {{ ref('stg_project_settings') }}
    where name = 'technical_debt_basis'
),

projects as (
    select project_key from {{ ref('int_projects') }}
    union
    select 'unallocated'
),

changes as (
    select project_key, cast('1900-01-01' as date) as counts_from from projects
    union
    select projects.project_key, settings.counts_from
    from projects
    inner join settings on settings.project_key in (projects.project_key, '*')
),

chosen as (
    select
        changes.project_key,
        changes.counts_from,
        settings.basis,
        row_number() over (
            partition by changes.project_key, changes.counts_from
            order by case when settings.project_key = '*' then 1 else 0 end, settings.valid_from desc
        ) as choice
    from changes
    left join settings
        on settings.project_key in (changes.project_key, '*')
        and settings.counts_from <= changes.counts_from
)

select
    project_key,
    counts_from,
    lead(counts_from) over (partition by project_key order by counts_from) as counts_until,
    coalesce(basis, 'all_hours') as technical_debt_basis
from chosen
where choice = 1
