-- Grain: one project: the newest date of things that happened (updated, worked, booked, measured), never after landing nor after the as-of date.
with
happened as (
    select project_key, cast(coalesce(updated_at, resolved_at, created_at) as date) as happened_on, cast(landed_at as date) as landed_on from {{ ref('int_issues') }}
    union all
    select project_key, cast(created_at as date), cast(landed_at as date) from {{ ref('int_issues') }}
    union all
    select project_key, work_date, cast(landed_at as date) from {{ ref('int_worklogs') }}
    union all
    select costs.project_key, costs.booked_on, cast(batches.landed_at as date)
    from {{ ref('int_booked_costs') }} as costs
    inner join {{ ref('stg_batches') }} as batches on costs.batch_id = batches.batch_id
    union all
    select project_key, status_on, cast(landed_at as date) from {{ ref('int_schedule') }}
    union all
    select project_key, measured_on, cast(landed_at as date) from ({{ allocated(ref('stg_coverage'), 'entries.measured_on') }}) as coverage
    union all
    select project_key, measured_on, cast(landed_at as date) from ({{ allocated(ref('stg_code_size'), 'entries.measured_on') }}) as code_size
    union all
    select project_key, cast(run_at as date), cast(landed_at as date) from ({{ allocated(ref('stg_test_results'), 'cast(entries.run_at as date)') }}) as test_results
    union all
    select project_key, raised_on, cast(landed_at as date) from ({{ allocated(ref('stg_change_requests'), 'entries.raised_on') }}) as change_requests
    union all
    select project_key, actual_live_on, cast(landed_at as date) from ({{ allocated(ref('stg_sites'), 'entries.planned_live_on') }}) as sites
),

newest as (
    select
        project_key,
        max(happened_on) as status_on
    from happened
    where happened_on <= landed_on + interval 1 day  -- a zone east of UTC is a day ahead of the landing instant
    group by 1
)

select
    project_key,
    {% if var('as_of') -%}
    case when status_on > cast('{{ var("as_of") }}' as date) then cast('{{ var("as_of") }}' as date) else status_on end
    {%- else -%} status_on {%- endif %} as status_on
from newest
where status_on is not null
