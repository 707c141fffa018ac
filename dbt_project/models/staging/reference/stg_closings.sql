-- Grain: one word of finance on whether an accounting period of one project ('*': all) is closed; the newest one counts.
select
    closing_id,
    project_key,
    cast(period || '-01' as date) as end_month,
    is_closed
from {{ frozen('closings') }}
