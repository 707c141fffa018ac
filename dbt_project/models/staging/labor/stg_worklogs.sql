-- Grain: one landed row of the feed worklogs, in canonical columns.
select
    source_id,
    project,
    issue_key,
    wbs_code,
    person,
    vendor,
    site,
    activity,
    work_date,
    hours,
    labor_type,
    overtime_kind,
    slip_no,
    signed_by,
    approved,
    module,
    description,
    batch_id,
    source_row
from {{ landed('worklogs') }}
