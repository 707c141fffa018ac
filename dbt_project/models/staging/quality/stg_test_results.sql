-- Grain: one landed row of the feed test_results, in canonical columns.
select
    project,
    module,
    suite,
    "case" as case_name,
    level,
    round,
    run_at,
    outcome,
    requirement,
    duration_seconds,
    run_id,
    batch_id,
    source_row
from {{ landed('test_results') }}
