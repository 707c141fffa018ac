-- Grain: one stretch of a project's books as they stood when finance closed it: after closed_from (null: from the beginning), up to closed_to.
-- closing_id is the newest word of finance that was known then.
select
    book_id,
    project_key,
    closed_from,
    closed_to,
    closing_id
from {{ frozen('closed_books') }}
