-- Grain: one thing as one measure counted it in the build before this one, or as that build still missed it (then lost_since is set).
select
    fact,
    measure_key,
    project_key,
    identity,
    module,
    phase,
    counts_from,
    counts_until,
    amount,
    row_key,
    row_label,
    file_name,
    source_row,
    detail,
    lost_since,
    lost_on,
    watched_on,
    watched_of,
    changed_by,
    changed_on,
    changed_in
from {{ frozen('previous_things') }}
