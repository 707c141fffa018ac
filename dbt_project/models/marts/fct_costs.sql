-- Grain: one booked cost line, or one worklog of a period not closed yet at its person's rate (kind provisional).
with
booked as (
    select
        costs.*,
        close_dates.cost_closed_on
    from {{ ref('int_booked_costs') }} as costs
    left join {{ ref('int_close_dates') }} as close_dates on costs.project_key = close_dates.project_key
),

open_worklogs as (
    select
        worklogs.*,
        row_number() over (order by worklogs.batch_id, worklogs.source_row, worklogs.work_date) as line_number
    from {{ ref('fct_worklogs') }} as worklogs
    inner join {{ ref('int_close_dates') }} as close_dates
        on worklogs.project_key = close_dates.project_key
        and worklogs.work_date > close_dates.cost_closed_on
),

people as (
    select person, max(role) as role, max(vendor) as vendor
    from {{ ref('stg_people') }}
    group by 1
),

rates as (
    select * from {{ ref('stg_rates') }}
),

rated as (
    select
        open_worklogs.*,
        rates.hourly_rate,
        row_number() over (
            partition by open_worklogs.line_number
            order by case when rates.person is not null then 0 else 1 end, rates.valid_from desc, rates.batch_id desc
        ) as choice
    from open_worklogs
    left join people on open_worklogs.person = people.person
    inner join rates
        on rates.valid_from <= open_worklogs.work_date
        and (rates.person = open_worklogs.person
            or (rates.person is null and rates.role = people.role and coalesce(rates.vendor, coalesce(people.vendor, '')) = coalesce(people.vendor, '')))
),

-- an estimate of what is left stands until the next one of its project
forecast_dates as (
    select project_key, booked_on, lead(booked_on) over (partition by project_key order by booked_on) as superseded_on
    from (select distinct project_key, booked_on from booked where kind = 'forecast') as dates_of_projects
),

lines as (
    select
        project_key, wbs_code, phase, module, category, kind, vendor, document_no, description, booked_on, amount, currency, project as project_code, batch_id, source_row
    from booked
    -- labor booked in a period that is not closed would count beside the timesheets it comes from
    where not (coalesce(category, '') = 'labor' and booked_on > coalesce(cost_closed_on, cast('9999-12-31' as date)))
    union all
    select
        project_key, wbs_code, phase, module, 'labor', 'provisional', vendor, row_key, row_label, work_date,
        cast(round(cast(hours as double) * cast(hourly_rate as double), 2) as decimal(18, 2)), 'CNY', project_code, batch_id, source_row
    from rated
    where choice = 1
)

select
    lines.project_key,
    coalesce(lines.module, wbs.module, '-') as module,
    coalesce(lines.phase, wbs.phase, 'unallocated') as phase,
    lines.wbs_code,
    lines.category,
    lines.kind,
    lines.vendor,
    lines.document_no,
    lines.description,
    lines.booked_on,
    case when lines.kind = 'forecast' then forecast_dates.superseded_on end as superseded_on,
    cast(lines.amount as decimal(18, 2)) as amount,
    lines.currency,
    lines.project_code,
    lines.batch_id,
    lines.source_row
from lines
left join {{ ref('int_wbs') }} as wbs
    on lines.project_key = wbs.project_key
    and lines.wbs_code = wbs.wbs_code
left join forecast_dates
    on lines.project_key = forecast_dates.project_key
    and lines.booked_on = forecast_dates.booked_on
