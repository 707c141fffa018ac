-- Grain: one thing as one measure counted it, that is lost: gone or smaller, or one of many defects judged anew; nobody has accepted that.
select
    fact, measure_key, project_key, identity, module, phase, counts_from, counts_until, amount, lost_amount, is_gone, is_reclassified, row_key, row_label,
    file_name, source_row, lost_since, lost_on, changed_by, changed_on, changed_in
from {{ ref('kpi_missed_rows') }}
where is_lost
