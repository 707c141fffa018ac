-- Grain: one landed row of the feed project_aliases, in canonical columns.
select
    system,
    kind,
    external_code,
    project_key,
    valid_from,
    batch_id,
    source_row
from {{ landed('project_aliases') }}
