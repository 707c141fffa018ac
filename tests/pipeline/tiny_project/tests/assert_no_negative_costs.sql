-- A returned row is a cost below zero.
select project, amount, document_no
from {{ ref('tiny_costs') }}
where amount < 0
