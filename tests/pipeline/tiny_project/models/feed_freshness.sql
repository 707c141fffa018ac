-- Grain: one row per project and feed.
select project as project_key, 'costs' as feed, count(*) as rows
from {{ ref('tiny_costs') }}
group by project
