-- Grain: one word of one column of a feed that a person mapped on screen.
select
    feed,
    "column" as column_name,
    {{ code_plain('word') }} as word,
    canonical
from {{ frozen('words') }}
