-- A returned row is a cost line whose slices do not sum to it to the cent: what the books hold and what counts by the end of the period differ.
with
slices as (
    select project_key, batch_id, source_row, kind, sum(amount) as amount
    from {{ ref('fct_costs') }}
    where cost_source = 'booked'
    group by 1, 2, 3, 4
),

lines as (
    select project_key, batch_id, source_row, kind, sum(amount) as amount
    from {{ ref('int_counted_costs') }}
    group by 1, 2, 3, 4
)

select slices.*, lines.amount as booked
from slices
inner join lines
    on slices.project_key = lines.project_key
    and slices.batch_id = lines.batch_id
    and slices.source_row = lines.source_row
    and slices.kind = lines.kind
where slices.amount <> lines.amount
