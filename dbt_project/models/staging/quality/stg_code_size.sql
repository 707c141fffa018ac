-- Grain: one landed row of the feed code_size, in canonical columns.
select
    project,
    module,
    measured_on,
    effective_lines,
    batch_id,
    source_row
from {{ landed('code_size') }}
