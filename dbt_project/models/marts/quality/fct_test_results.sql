-- Grain: one case in one round. The rounds of a project and level follow one another; each ends when the next begins.
{{ config(meta={'joins_batches': true}) }}
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
        {{ test_without_rerun('allocated.case_name') }} as test_name,
        {{ rerun_number('allocated.case_name') }} as rerun,
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
        min(run_on) as round_on,
        count(distinct coalesce(suite, '') || '|' || test_name || '|' || coalesce(module, '')) as tests
    from dated
    group by 1, 2, 3
),

rounds_in_order as (
    select
        rounds.*,
        lead(round_on) over (partition by project_key, test_level order by round_on, round_key) as superseded_on,
        row_number() over (partition by project_key, test_level order by round_on, round_key) as round_number
    from rounds
),

-- A round is held against the largest of the three before it: of a fragment, and of a second one after it, the share of tests tells.
held_against as (
    select
        project_key, test_level, earlier_key as round_key,
        min(round_on) as held_against_from,
        case when max(case when superseded_on is null then 1 else 0 end) = 0 then max(superseded_on) end as held_against_until
    from (
        select
            later.project_key,
            later.test_level,
            later.round_on,
            later.superseded_on,
            earlier.round_key as earlier_key,
            row_number() over (
                partition by later.project_key, later.test_level, later.round_key
                order by earlier.tests desc, earlier.round_number desc
            ) as choice
        from rounds_in_order as later
        inner join rounds_in_order as earlier
            on later.project_key = earlier.project_key
            and later.test_level = earlier.test_level
            and earlier.round_number between later.round_number - 3 and later.round_number - 1
    ) as compared
    where choice = 1
    group by 1, 2, 3
),

-- One run lists a test several times where it has parameters, and one that failed once has failed. Only a run that names itself a rerun stands
-- in for those before it. Among runs the latest counts.
runs as (
    select
        dated.*,
        max(run_at) over (partition by project_key, test_level, round_key, batch_id, coalesce(run_id, cast(run_at as {{ dbt.type_string() }})), suite, test_name, module) as ran_at,
        case
            when outcome = 'error' then 6
            when outcome = 'failed' then 5
            when {{ is_unknown_word('outcome', 'test_results.outcome') }} then 4
            when outcome = 'passed' then 3
            when outcome = 'blocked' then 2
            else 1
        end as weight
    from dated
),

ranked as (
    select
        runs.*,
        row_number() over (
            partition by runs.project_key, runs.test_level, runs.round_key, runs.suite, runs.test_name, runs.module
            order by runs.ran_at desc, runs.landed_at desc, runs.batch_id desc, runs.rerun desc, runs.weight desc, runs.source_row desc
        ) as recency
    from runs
)

select
    ranked.project_key,
    coalesce(ranked.module, '-') as module,
    'unallocated' as phase,
    ranked.suite,
    ranked.test_name as case_name,
    ranked.test_level,
    ranked.round_key,
    ranked.run_on,
    rounds_in_order.round_on,
    rounds_in_order.superseded_on,
    held_against.held_against_from,
    held_against.held_against_until,
    ranked.outcome,
    ranked.batch_id,
    ranked.source_row
from ranked
inner join rounds_in_order
    on ranked.project_key = rounds_in_order.project_key
    and ranked.test_level = rounds_in_order.test_level
    and ranked.round_key = rounds_in_order.round_key
left join held_against
    on ranked.project_key = held_against.project_key
    and ranked.test_level = held_against.test_level
    and ranked.round_key = held_against.round_key
where ranked.recency = 1
