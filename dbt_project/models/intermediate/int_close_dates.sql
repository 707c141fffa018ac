-- Grain: one project with booked costs: the last day of its last closed accounting month. A month is closed once its last day lies
-- before the export that holds it.
with
booked as (
    select
        costs.project_key,
        cast({{ dbt.last_day('costs.booked_on', 'month') }} as date) as month_end,
        cast({{ dbt.dateadd('day', -1, dbt.date_trunc('month', 'costs.booked_on')) }} as date) as month_end_before,
        max(cast(batches.exported_at as date)) as exported_on
    from {{ ref('int_booked_costs') }} as costs
    inner join {{ ref('stg_batches') }} as batches on costs.batch_id = batches.batch_id
    where costs.kind in ('actual', 'accrual')
    group by 1, 2, 3
),

closed as (
    select
        booked.project_key,
        max(case when booked.month_end < booked.exported_on{% if var('as_of') %} and booked.month_end <= cast('{{ var("as_of") }}' as date){% endif %} then booked.month_end else booked.month_end_before end) as cost_closed_on
    from booked
    inner join {{ ref('int_status_dates') }} as status_dates on booked.project_key = status_dates.project_key
    where booked.month_end_before <= status_dates.status_on
    group by 1
)

select * from closed
