-- Grain: one day of one calendar that differs from what else holds on it. The statutory days of dim_dates come first, then what is
-- said for all projects, for one project, for a site of any project, for a site of one project: the later wins.
{{ config(meta={'joins_batches': true}) }}
with
allocated as (
    {{ allocated(ref('stg_calendars'), 'entries.calendar_date') }}
),

placed as (
    select
        case when project is null and project_key = 'unallocated' then '*' else project_key end as calendar_project,
        coalesce(nullif(trim(site), ''), '*') as calendar_site,
        calendar_date,
        is_working_day,
        note,
        exported_at,
        landed_at,
        batch_id,
        source_row
    from allocated
),

ranked as (
    select
        placed.*,
        {{ newest_by_key('calendar_project, calendar_site, calendar_date', 'exported_at desc') }} as recency
    from placed
)

select
    calendar_project as project_key,
    calendar_site as site,
    calendar_date,
    is_working_day,
    note,
    batch_id,
    source_row
from ranked
where recency = 1
