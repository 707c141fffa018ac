-- Grain: one accounting period of one project ('*': all): the newest word of finance on whether it is closed.
select
    closing_id,
    project_key,
    cast(period || '-01' as date) as end_month,
    is_closed
from {{ frozen('closings') }}
