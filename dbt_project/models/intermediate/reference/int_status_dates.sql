-- Grain: one project: the newest date of things that happened (updated, worked, booked, measured), never after landing nor after the as-of date.
-- Instants count on their day in the project's zone, as in the facts: what happened before eight in the morning belongs to the same day.
{{ config(meta={'joins_batches': true}) }}
{%- set default_zone = "'" ~ var('default_time_zone') ~ "'" %}
{%- set zone = 'coalesce(projects.time_zone, ' ~ default_zone ~ ')' %}
with
happened as (
    select project_key, cast(null as date) as happened_on, coalesce(updated_at, resolved_at, created_at) as happened_at, landed_at from {{ ref('int_issues') }}
    union all
    select project_key, null, created_at, landed_at from {{ ref('int_issues') }}
    union all
    -- a row without a project of its own belongs to that of its issue
    select worklogs.project_key, worklogs.work_date, null, batches.landed_at
    from {{ ref('fct_worklogs') }} as worklogs
    inner join {{ ref('stg_batches') }} as batches on worklogs.batch_id = batches.batch_id
    union all
    select costs.project_key, costs.booked_on, null, batches.landed_at
    from {{ ref('int_booked_costs') }} as costs
    inner join {{ ref('stg_batches') }} as batches on costs.batch_id = batches.batch_id
    union all
    select project_key, status_on, null, landed_at from {{ ref('int_schedule') }}
    union all
    select project_key, measured_on, null, landed_at from ({{ allocated(ref('stg_coverage'), 'entries.measured_on') }}) as coverage
    union all
    select project_key, measured_on, null, landed_at from ({{ allocated(ref('stg_code_size'), 'entries.measured_on') }}) as code_size
    union all
    select project_key, null, run_at, landed_at from ({{ allocated(ref('stg_test_results'), local_date('entries.run_at', default_zone)) }}) as test_results
    union all
    select project_key, raised_on, null, landed_at from ({{ allocated(ref('stg_change_requests'), 'entries.raised_on') }}) as change_requests
    union all
    select project_key, actual_live_on, null, landed_at from ({{ allocated(ref('stg_sites'), 'entries.planned_live_on') }}) as sites
),

local as (
    select
        happened.project_key,
        coalesce(happened.happened_on, {{ local_date('happened.happened_at', zone) }}) as happened_on,
        {{ local_date('happened.landed_at', zone) }} as landed_on
    from happened
    left join {{ ref('int_projects') }} as projects on happened.project_key = projects.project_key
),

newest as (
    select
        project_key,
        max(happened_on) as status_on
    from local
    where happened_on <= landed_on
    group by 1
)

select
    project_key,
    {% if var('as_of') -%}
    case when status_on > cast('{{ var("as_of") }}' as date) then cast('{{ var("as_of") }}' as date) else status_on end
    {%- else -%} status_on {%- endif %} as status_on
from newest
where status_on is not null
