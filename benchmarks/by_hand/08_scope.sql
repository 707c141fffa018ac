-- Person-days, contracts, changes, sites.

-- Every working day of an allocation, up to two working days before the status date, from the first day with hours of the project on; day labor never.
create table fct_person_days as
with placed as (
    select p.* exclude (project), p.project, project_of(source_system, project, valid_from, batch_id) as project_key, exported_at, landed_at
    from landed.people as p join frozen.batches using (batch_id)
),
allocations as (
    select * replace (spelled('person', '*', person) as person) from placed
    qualify row_number() over (
        partition by spelled('person', '*', person), coalesce(project, ''), coalesce(valid_from, date '1900-01-01') order by exported_at desc, landed_at desc,
            source_row desc) = 1
),
logged as (select person, project_key, work_date, sum(hours) as hours from fct_worklogs group by all),
first_logged as (select project_key, min(work_date) as first_on from logged group by 1),
leaves as (select spelled('person', '*', person) as person, leave_on, max(hours) as hours from landed.leaves group by all),
days as (
    select
        a.person, a.project_key, d.calendar_date as work_date,
        (greatest(coalesce(daily_hours, 8) - coalesce(l.hours, 0), 0) * coalesce(allocation_share, 1))::decimal(28, 4) as required_hours
    from allocations as a
    join first_logged using (project_key)
    left join status_dates as s using (project_key)
    join dim_dates as today on today.calendar_date = coalesce(s.status_on, (select max(status_on) from status_dates))
    join dim_dates as d
        on d.is_working_day and d.working_day_number <= today.working_day_number - 2 and d.calendar_date >= first_on
        and d.calendar_date between coalesce(a.valid_from, date '1900-01-01') and coalesce(a.valid_to, date '9999-12-31')
    left join leaves as l on l.person = a.person and l.leave_on = d.calendar_date
    where coalesce(labor_type, 'own') <> 'day_labor'
    -- where two allocations overlap, the later one holds
    qualify row_number() over (partition by a.person, a.project_key, d.calendar_date order by a.valid_from desc nulls last, a.batch_id desc,
        a.source_row desc) = 1
)
select
    person, project_key, work_date, required_hours, '-' as module, 'unallocated' as phase,
    least(coalesce(hours, 0), required_hours)::decimal(28, 4) as credited_hours
from days left join logged using (person, project_key, work_date)
where required_hours > 0;

-- Sales contracts excluding VAT, from their signing, never before the plan of the project; one that states neither net amount nor tax rate is unknown.
create temp table contracts as
with placed as (
    select
        c.* exclude (project) replace (worded('contracts', 'direction', direction, direction) as direction),
        project_of(source_system, project, signed_on, batch_id) as project_key, exported_at, landed_at
    from landed.contracts as c join frozen.batches using (batch_id)
),
newest as (
    select * from placed qualify row_number() over (partition by contract_no order by exported_at desc, landed_at desc, source_row desc) = 1
),
stated as (
    select
        *, coalesce(amount_excl_tax, round(amount_incl_tax::double / (1 + tax_rate), 2))::decimal(18, 2) as stated_net,
        currency_of(project_key) as own_currency,
        (select min(period_start) from budget_lines as b where b.project_key = newest.project_key) as plan_starts_on
    from newest
)
select
    project_key, '-' as module, 'unallocated' as phase, direction,
    greatest(coalesce(signed_on, plan_starts_on), coalesce(plan_starts_on, signed_on)) as counts_from,
    case when coalesce(currency <> own_currency, false) then round(stated_net * rate_of(currency, own_currency, signed_on), 2)::decimal(18, 2)
        else stated_net end as net_amount,
    coalesce(currency <> own_currency, false) and rate_of(currency, own_currency, signed_on) is null as is_unconverted
from stated;

create table fct_change_requests as
with placed as (
    select
        c.* exclude (project) replace (worded('change_requests', 'decision', decision, decision) as decision),
        project_of(source_system, project, raised_on, batch_id) as project_key, exported_at, landed_at
    from landed.change_requests as c join frozen.batches using (batch_id)
)
select
    *, '-' as module, 'unallocated' as phase, local_day(exported_at, zone_of(project_key)) as exported_on,
    started_on is not null and (coalesce(decision, '') <> 'approved' or decided_on is null or started_on < decided_on) as is_started_before_approval
from placed
qualify row_number() over (partition by project_key, change_id order by exported_at desc, landed_at desc, source_row desc) = 1;

create table fct_sites as
with placed as (
    select s.* exclude (project), project_of(source_system, project, planned_live_on, batch_id) as project_key, exported_at, landed_at
    from landed.sites as s join frozen.batches using (batch_id)
)
select *, '-' as module, 'unallocated' as phase, local_day(exported_at, zone_of(project_key)) as exported_on
from placed
qualify row_number() over (partition by project_key, site order by exported_at desc, landed_at desc, source_row desc) = 1;
