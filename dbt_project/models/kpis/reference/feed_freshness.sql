-- Grain: one project and feed: between which dates its rows are complete.
{% for fact, table in fact_tables().items() %}
select
    project_key,
    '{{ fact }}' as fact,
    '{{ table.feed }}' as feed,
    cast(min({{ table.known_from }}) as date) as covers_from,
    cast(max({{ table.known_to }}) as date) as covers_to,
    count(*) as rows,
    cast({{ var('stale_after_days').get(table.feed, 'null') }} as integer) as stale_after_days
from {{ ref(fact) }}
where {{ table.known_from }} is not null
group by 1
{{ 'union all' if not loop.last }}
{%- endfor %}
