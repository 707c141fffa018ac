-- Grain: one choice of one project ('*': all that choose nothing themselves) and first day, the newest; without a day from the first one on.
select
    project_key,
    name,
    value,
    coalesce(valid_from, cast('1900-01-01' as date)) as valid_from
from {{ frozen('project_settings') }}
