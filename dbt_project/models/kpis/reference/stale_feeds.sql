-- Grain: one project that is still going on: the feeds whose rows end too long before the newest status date of the portfolio.
with
newest as (
    select max(status_on) as status_on from {{ ref('dim_projects') }}
)

select
    freshness.project_key,
    {{ sorted_list("case when freshness.covers_to < newest.status_on - case freshness.feed "
        ~ stale_cases() ~ " else interval 100000 day end then freshness.feed end") }} as feeds
from {{ ref('feed_freshness') }} as freshness
inner join {{ ref('dim_projects') }} as projects on freshness.project_key = projects.project_key
cross join newest
where projects.actual_finish_on is null
group by 1
