-- Grain: one landed row of the feed risks, in canonical columns.
select
    project,
    risk_id,
    title,
    kind,
    probability,
    impact_cost,
    impact_days,
    response,
    owner,
    raised_on,
    review_on,
    closed_on,
    status,
    batch_id,
    source_row
from {{ landed('risks') }}
