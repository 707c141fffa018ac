-- Grain: one choice of one project ('*': all that choose nothing themselves), the newest.
select
    project_key,
    name,
    value
from {{ frozen('project_settings') }}
