-- Grain: one case in one round. The rounds of a project and level follow one another; each ends when the next begins.
{%- set default_zone = "'" ~ var('default_time_zone') ~ "'" %}
{%- set run_on = local_date('allocated.run_at', 'coalesce(projects.time_zone, ' ~ default_zone ~ ')') %}
with
allocated as (
    {{ allocated(worded('test_results', {'outcome': 'outcome'}), local_date('entries.run_at', default_zone), named={'module': 'module'}) }}
),

dated as (
    select
        allocated.*,
        coalesce(allocated.level, '') as test_level,
        {{ run_on }} as run_on,
        coalesce(allocated.round, cast({{ run_on }} as {{ dbt.type_string() }})) as round_key
    from allocated
    left join {{ ref('int_projects') }} as projects on allocated.project_key = projects.project_key
    where allocated.run_at is not null
),

rounds as (
    select
        project_key,
        test_level,
        round_key,
        min(run_on) as round_on
    from dated
    group by 1, 2, 3
),

rounds_in_order as (
    select
        rounds.*,
        lead(round_on) over (partition by project_key, test_level order by round_on, round_key) as superseded_on
    from rounds
),

ranked as (
    select
        dated.*,
        row_number() over (
            partition by dated.project_key, dated.test_level, dated.round_key, dated.suite, dated.case_name, dated.module
            order by dated.run_at desc, dated.landed_at desc, dated.source_row desc
        ) as recency
    from dated
)

select
    ranked.project_key,
    coalesce(ranked.module, '-') as module,
    'unallocated' as phase,
    ranked.suite,
    ranked.case_name,
    ranked.test_level,
    ranked.round_key,
    ranked.run_on,
    rounds_in_order.round_on,
    rounds_in_order.superseded_on,
    ranked.outcome,
    ranked.batch_id,
    ranked.source_row
from ranked
inner join rounds_in_order
    on ranked.project_key = rounds_in_order.project_key
    and ranked.test_level = rounds_in_order.test_level
    and ranked.round_key = rounds_in_order.round_key
where ranked.recency = 1
