-- Grain: one booked cost line, or a slice of it up to a data date where it stands for a whole period; one worklog at its person's rate, where hours stand for labor; one level of what has arrived and is not booked
-- (kind accrual, cost_source arrival), or of what commitments have become cost (kind drawn), until the next one.
{{ config(meta={'by_project': true}) }}
with
booked as (
    select
        costs.*,
        settings.actual_cost_source,
        coalesce(close_dates.cost_closed_on, cast('9999-12-31' as date)) as cost_closed_on
    from {{ ref('int_counted_costs') }} as costs
    left join {{ ref('int_close_dates') }} as close_dates on costs.project_key = close_dates.project_key
    left join {{ ref('int_project_settings') }} as settings on costs.project_key = settings.project_key
),

costed_worklogs as (
    select
        worklogs.*,
        case when worklogs.work_date <= close_dates.cost_closed_on then 'actual' else 'provisional' end as kind,
        settings.currency,
        settings.actual_cost_source,
        row_number() over (order by worklogs.batch_id, worklogs.source_row, worklogs.work_date) as line_number
    from {{ ref('fct_worklogs') }} as worklogs
    inner join {{ ref('int_project_settings') }} as settings on worklogs.project_key = settings.project_key
    left join {{ ref('int_close_dates') }} as close_dates on worklogs.project_key = close_dates.project_key
    where settings.actual_cost_source = 'timesheets'
        or (settings.actual_cost_source = 'ledger' and worklogs.work_date > close_dates.cost_closed_on)
),

-- whoever the list gives two roles has the rate of neither
people as (
    select
        person,
        case when count(distinct role) = 1 then max(role) end as role,
        case when count(distinct vendor) = 1 then max(vendor) end as vendor
    from {{ spelled_person(ref('stg_people')) }} as entries
    group by 1
),

rates as (
    select * from {{ spelled_person(ref('stg_rates')) }} as entries
),

-- hours are cost where the project says so, else where its books hold labor
with_booked_labor as (
    select distinct project_key
    from booked
    where category = 'labor' and kind in ('actual', 'accrual')
),

rated as (
    select
        costed_worklogs.*,
        rates.hourly_rate,
        -- hours without a rate stay hours: cost that no sum may leave out without a word
        case when rates.hourly_rate is null then 'h' else rates.currency end as rate_currency,
        row_number() over (
            partition by costed_worklogs.line_number
            order by case when rates.person is not null then 0 else 1 end, rates.valid_from desc, rates.batch_id desc
        ) as choice
    from costed_worklogs
    left join people on costed_worklogs.person = people.person
    left join with_booked_labor on costed_worklogs.project_key = with_booked_labor.project_key
    left join rates
        on rates.valid_from <= costed_worklogs.work_date
        and (rates.person = costed_worklogs.person
            or (rates.person is null and rates.role = people.role and coalesce(rates.vendor, coalesce(people.vendor, '')) = coalesce(people.vendor, '')))
    where rates.hourly_rate is not null
        or (costed_worklogs.hours <> 0 and (costed_worklogs.actual_cost_source = 'timesheets' or with_booked_labor.project_key is not null))
),

-- an estimate of what is left stands until the next one of its project
forecast_dates as (
    select project_key, booked_on, lead(booked_on) over (partition by project_key order by booked_on) as superseded_on
    from (select distinct project_key, booked_on from booked where kind = 'forecast') as dates_of_projects
),

counted as (
    select
        booked.*,
        case when kind = 'forecast' then forecast_dates.superseded_on end as superseded_on
    from booked
    left join forecast_dates
        on booked.project_key = forecast_dates.project_key
        and booked.booked_on = forecast_dates.booked_on
    -- booked labor would count beside the timesheets it comes from: after the last closed period, or always where hours stand for it
    where not (
        coalesce(category, '') = 'labor'
        and kind in ('actual', 'accrual')
        and (actual_cost_source = 'timesheets' or (actual_cost_source = 'ledger' and booked.stated_on > cost_closed_on))
    )
),

{{ slices_of_periods('counted') }},

lines as (
    select
        project_key, wbs_code, phase, module, category, kind, 'booked' as cost_source, vendor, document_no, description, booked_on, stated_on,
        is_adjustment, counts_on, superseded_on, estimated_until, amount, currency, original_amount, original_currency, exchange_rate, rate_batch_id, rate_source_row,
        -- of a line cut into slices, with the last of them
        case when estimated_until is null then exchange_variance end as exchange_variance,
        project as project_code, batch_id, source_row
    from sliced
    union all
    select
        project_key, wbs_code, phase, module, 'labor', rated.kind, 'timesheets', vendor, row_key, row_label, work_date, work_date, false, work_date, cast(null as date),
        cast(null as date),
        case
            when coalesce(rate_currency, rated.currency, '') = coalesce(rated.currency, '') then cast(round(cast(hours as double) * cast(hourly_rate as double), 2) as decimal(18, 2))
            else cast(round(cast(hours as double) * cast(hourly_rate as double) * cast(fx_days.exchange_rate as double), 2) as decimal(18, 2))
        end,
        coalesce(rated.currency, 'CNY'),
        case
            when hourly_rate is null then cast(hours as decimal(18, 2))
            when rate_currency <> rated.currency then cast(round(cast(hours as double) * cast(hourly_rate as double), 2) as decimal(18, 2))
        end,
        case when rate_currency = 'h' or rate_currency <> rated.currency then rate_currency end,
        fx_days.exchange_rate, fx_days.batch_id, fx_days.source_row, cast(null as decimal(18, 2)), project_code, rated.batch_id, rated.source_row
    from rated
    left join {{ ref('int_fx_days') }} as fx_days
        on rated.rate_currency = fx_days.from_currency
        and rated.currency = fx_days.to_currency
        and rated.work_date = fx_days.rate_on
    where choice = 1
),

-- what commitments have become is told by the day on which cost counts
lines_by_day as (
    select {{ all_but('lines', ['booked_on']) }}, lines.counts_on as booked_on from lines
),

levels as (
    select
        project_key, wbs_code, phase, module, category, kind, cost_source, vendor, document_no, description, booked_on, booked_on as stated_on, false as is_adjustment,
        booked_on as counts_on,
        superseded_on, cast(null as date) as estimated_until, amount,
        currency, cast(null as decimal(18, 2)) as original_amount, cast(null as {{ dbt.type_string() }}) as original_currency,
        cast(null as decimal(20, 12)) as exchange_rate, cast(null as {{ dbt.type_string() }}) as rate_batch_id, cast(null as bigint) as rate_source_row,
        cast(null as decimal(18, 2)) as exchange_variance, cast(null as {{ dbt.type_string() }}) as project_code, batch_id, source_row
    from ({{ committed_levels('lines_by_day') }}) as levels_of_elements
),

costs as (
    select * from lines
    union all
    select * from levels
)

select
    costs.project_key,
    coalesce(costs.module, wbs.module, '-') as module,
    coalesce(costs.phase, wbs.phase, 'unallocated') as phase,
    costs.wbs_code,
    costs.category,
    {{ kind_of_cost('costs.category') }} as cost_kind,
    budgeted.cost_kind is not null as has_budget_of_its_kind,
    costs.kind,
    costs.cost_source,
    costs.vendor,
    costs.document_no,
    costs.description,
    costs.booked_on,
    costs.stated_on,
    costs.is_adjustment,
    costs.counts_on,
    costs.superseded_on,
    costs.estimated_until,
    cast(costs.amount as decimal(18, 2)) as amount,
    costs.currency,
    costs.original_amount,
    costs.original_currency,
    costs.exchange_rate,
    costs.rate_batch_id,
    costs.rate_source_row,
    costs.exchange_variance,
    costs.project_code,
    costs.batch_id,
    costs.source_row
from costs
left join {{ ref('int_wbs') }} as wbs
    on costs.project_key = wbs.project_key
    and costs.wbs_code = wbs.wbs_code
left join (
    select distinct project_key, {{ kind_of_cost('category') }} as cost_kind from {{ ref('int_budget') }} where is_active and planned_value > 0
) as budgeted
    on costs.project_key = budgeted.project_key
    and {{ kind_of_cost('costs.category') }} = budgeted.cost_kind
