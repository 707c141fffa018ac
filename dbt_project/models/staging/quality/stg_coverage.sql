-- Grain: one landed row of the feed coverage, in canonical columns.
select
    project,
    module,
    measured_on,
    lines_valid,
    lines_covered,
    branches_valid,
    branches_covered,
    run_id,
    batch_id,
    source_row
from {{ landed('coverage') }}
