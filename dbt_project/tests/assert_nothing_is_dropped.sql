-- A returned row is a fact that lost or doubled rows on its way from the landed ones that count.
with
-- what another source tells too counts there, and every such row is named
twice as (
    select * from {{ ref('int_double_counted') }} where is_left_out
),

booked as (
    -- booked labor gives way to the timesheets it comes from, in an open period or by the project's choice
    select sum(costs.amount) as amount
    from {{ told_once('costs') }} as costs
    inner join {{ ref('int_project_settings') }} as settings on costs.project_key = settings.project_key
    left join {{ ref('int_close_dates') }} as close_dates on costs.project_key = close_dates.project_key
    where not (coalesce(costs.category, '') = 'labor'
        and costs.kind in ('actual', 'accrual')
        and (settings.actual_cost_source = 'timesheets'
            or (settings.actual_cost_source = 'ledger' and costs.booked_on > coalesce(close_dates.cost_closed_on, cast('9999-12-31' as date)))))
),

compared as (
    select 'issues' as fact, (select count(*) from {{ ref('int_issues') }}) - (select count(*) from twice where fact = 'issues') as landed, (select count(*) from {{ ref('fct_issues') }}) as counted
    union all
    select 'worklogs', (select count(*) from {{ ref('int_worklogs') }}) - (select count(*) from twice where fact = 'worklogs'), (select count(*) from {{ ref('fct_worklogs') }})
    union all
    select 'hours in hundredths', (select cast(round(sum(hours) * 100) as bigint) from {{ ref('int_worklogs') }}) - (select cast(round(coalesce(sum(amount), 0) * 100) as bigint) from twice where fact = 'worklogs'), (select cast(round(sum(hours) * 100) as bigint) from {{ ref('fct_worklogs') }})
    union all
    select 'costs in cents', (select cast(amount * 100 as bigint) from booked), (select cast(sum(amount) * 100 as bigint) from {{ ref('fct_costs') }} where cost_source = 'booked')
)

select *
from compared
where coalesce(landed, 0) <> coalesce(counted, 0)
