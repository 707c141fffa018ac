-- Grain: one worklog that counts: by the source's own id the newest batch, else the newest batch that covers project and day.
{{ config(meta={'joins_batches': true}) }}
with
allocated as (
    {{ allocated(
        worded('worklogs', {'activity': 'activity', 'labor_type': 'labor_type'}),
        'entries.work_date',
        named={'person': 'person', 'module': 'module', 'wbs_code': 'wbs'},
    ) }}
),

scopes as (
    {{ replacing_scopes(ref('stg_worklogs')) }}
),

with_id as (
    select
        allocated.*,
        -- rows of one file that share an id are parts of one entry: all of them count
        dense_rank() over (
            partition by allocated.source_system, allocated.source_id
            order by allocated.exported_at desc, allocated.landed_at desc, allocated.batch_id desc
        ) as recency
    from allocated
    where allocated.source_id is not null
),

without_id as (
    select
        allocated.*,
        1 as recency
    from allocated
    where allocated.source_id is null
        and not {{ is_replaced('allocated', 'scopes', 'work_date') }}
)

select * from with_id where recency = 1
union all
select * from without_id
