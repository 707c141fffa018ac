-- Grain: one project and data date: a day at which its schedule tells how far the work is. A schedule without data dates tells it by actual dates,
-- for every day up to its newest export: that is its one row, and marked.
with
schedule as (
    select
        tasks.project_key,
        tasks.status_on,
        {{ local_date('tasks.exported_at', "coalesce(projects.time_zone, '" ~ var("default_time_zone") ~ "')") }} as exported_on
    from {{ ref('int_schedule') }} as tasks
    left join {{ ref('int_projects') }} as projects on tasks.project_key = projects.project_key
)

select
    project_key,
    status_on as data_on,
    false as is_every_day
from schedule
where status_on is not null
group by project_key, status_on
union all
select
    project_key,
    max(exported_on),
    true
from schedule
group by project_key
having max(status_on) is null and max(exported_on) is not null
