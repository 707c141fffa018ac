-- Grain: one landed row of the feed issue_changes, in canonical columns.
select
    issue_key,
    field,
    from_value,
    to_value,
    changed_at,
    author,
    project,
    batch_id,
    source_row
from {{ landed('issue_changes') }}
