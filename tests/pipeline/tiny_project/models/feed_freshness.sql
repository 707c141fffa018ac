-- Grain: one row per project and feed.
select
    project as project_key,
    'costs' as feed,
    min(booked_on) as covers_from,
    max(booked_on) as covers_to,
    count(*) as rows
from {{ ref('tiny_costs') }}
group by project
