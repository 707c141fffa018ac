-- Grain: one alias edited on screen.
select
    system,
    kind,
    external_code,
    project_key,
    valid_from
from {{ frozen('aliases') }}
