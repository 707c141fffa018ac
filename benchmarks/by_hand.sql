-- The same marts as dbt_project/ publishes, written by hand for DuckDB alone: one statement per table, no views between them, no
-- tests, no documentation, no other engine in mind. {landing} is the folder of landed batches; `batches` and `calendar` are registered.
-- The merge rules are kept (newest row of a key, later batch replaces project and day), for they are part of what is published.

create temp table codes as
with projects as (select project_key, name, time_zone from '{landing}/projects/*.parquet'),
known as (
    select '*' as system, lower(trim(project_key)) as code, project_key, date '1900-01-01' as valid_from, 3 as preference from projects
    union all
    select '*', lower(trim(name)), project_key, date '1900-01-01', 4 from projects
    union all
    select coalesce(lower(trim(system)), '*'), lower(trim(external_code)), project_key, coalesce(valid_from, date '1900-01-01'), 2
    from '{landing}/project_aliases/*.parquet' where coalesce(kind, 'project') = 'project'
),
chosen as (
    select s.source_system, k.code, k.valid_from, arg_min(k.project_key, case when k.system = '*' then 10 else 0 end + k.preference) as project_key
    from (select distinct source_system from batches) as s join known as k on k.system in ('*', s.source_system)
    group by all
)
select *, coalesce(lead(valid_from) over (partition by source_system, code order by valid_from), date '9999-12-31') as valid_to from chosen;

create table dim_dates as
select
    calendar_date, is_working_day,
    sum(is_working_day::int) over (order by calendar_date)::bigint as working_day_number,
    date_trunc('week', calendar_date)::date + 6 as week_end,
    last_day(calendar_date) as month_end
from calendar;

create temp table wbs as
with budget as (
    select coalesce(c.project_key, 'unallocated') as project_key, b.*
    from '{landing}/budget/*.parquet' as b
    join batches using (batch_id)
    left join codes as c on c.source_system = batches.source_system and c.code = lower(trim(b.project)) and b.period_start >= c.valid_from and b.period_start < c.valid_to
)
select project_key, wbs_code, any_value(wbs_name) as wbs_name, max(phase) as phase, max(module) as module, sum(planned_value) as budget_at_completion
from budget
group by all;

create table fct_issues as
with
first_work as (
    select issue_key, min(changed_at) as started_at
    from '{landing}/issue_changes/*.parquet'
    where lower(field) in ('status', '状态')
        and lower(coalesce(to_value, '')) not in ('to do', 'todo', 'open', 'new', 'backlog', 'selected for development', 'reopened', '待办', '未开始', '新建', '打开', '激活')
    group by 1
),
newest as (
    select i.*, batches.source_system
    from '{landing}/issues/*.parquet' as i join batches using (batch_id)
    qualify row_number() over (partition by source_system, issue_key order by updated_at desc nulls last, exported_at desc, landed_at desc, source_row desc) = 1
),
placed as (
    select
        newest.* replace (coalesce(newest.started_at, first_work.started_at) as started_at),
        coalesce(codes.project_key, 'unallocated') as project_key,
        coalesce(projects.time_zone, 'Asia/Shanghai') as zone,
        case when coalesce(projects.method, '') <> 'scrum' then projects.freeze_on end as freeze_on,
        wbs.module as wbs_module,
        wbs.phase as wbs_phase,
        coalesce(newest.resolved_at, newest.closed_at, case when status_category = 'done' then updated_at end) as done_at,
        coalesce(resolution, '') in ('as_designed', 'duplicate', 'cannot_reproduce', 'to_requirement', 'cancelled', 'invalid') or coalesce(status_category, '') = 'cancelled' as is_void,
        issue_type in ('defect', 'bug') as is_defect,
        closed_at is not null or (status_category = 'done' and lower(status) not in ('resolved', 'solved', 'fixed', '已解决', '已修复')) as is_closed,
        coalesce(resolution, '') = 'third_party' or coalesce(defect_cause, '') = 'third_party' as is_third_party
    from newest
    left join codes on codes.source_system = newest.source_system and codes.code = lower(trim(newest.project)) and created_at::date >= valid_from and created_at::date < valid_to
    left join '{landing}/projects/*.parquet' as projects on codes.project_key = projects.project_key
    left join first_work using (issue_key)
    left join wbs on wbs.project_key = codes.project_key and wbs.wbs_code = newest.wbs_code
)
select
    issue_key, project_key,
    coalesce(nullif(trim(module), ''), wbs_module, '-') as module,
    coalesce(wbs_phase, case found_in_phase when 'unit_test' then 'development' when 'sit' then 'testing' when 'uat' then 'testing' when 'trial_run' then 'trial_run' when 'production' then 'warranty' end, 'unallocated') as phase,
    issue_type, summary, status, status_category, resolution, severity, defect_cause, found_in_phase, is_defect,
    is_defect and not is_void and not is_third_party as is_confirmed_defect,
    coalesce(defect_cause, 'code') in ('code', 'interface', 'security', 'performance', 'standard') as is_code_caused,
    is_defect and not is_void and is_third_party as is_third_party_defect,
    status_category = 'done' and not is_void and coalesce(resolution, '') not in ('deferred', 'wont_fix') and coalesce(issue_type, '') not in ('epic', 'sub_task') as is_completed_item,
    issue_type in ('requirement', 'story') and not is_void and original_estimate_hours > 0 and freeze_on is not null as is_scope,
    original_estimate_hours / 8.0 as estimated_days, freeze_on,
    coalesce(timezone(zone, timezone('UTC', created_at))::date > freeze_on, false) as is_after_freeze,
    false as is_deleted,
    timezone(zone, timezone('UTC', created_at))::date as created_on,
    timezone(zone, timezone('UTC', started_at))::date as started_on,
    timezone(zone, timezone('UTC', resolved_at))::date as resolved_on,
    case when status_category = 'done' then timezone(zone, timezone('UTC', done_at))::date end as completed_on,
    case when is_closed and coalesce(resolution, '') not in ('deferred', 'wont_fix') then timezone(zone, timezone('UTC', coalesce(closed_at, resolved_at, updated_at)))::date end as open_until,
    timezone(zone, timezone('UTC', coalesce(updated_at, resolved_at, created_at)))::date as updated_on,
    due_on, story_points,
    case when resolved_at >= created_at then (epoch(resolved_at) - epoch(created_at)) / 86400.0 end as resolution_days,
    case when status_category = 'done' and done_at >= started_at then (epoch(done_at) - epoch(started_at)) / 86400.0 end as cycle_days,
    coalesce(resolved_at < created_at, false) as is_time_reversed,
    coalesce(list_has_any(list_transform(labels, lambda word: lower(word)), ['technical-debt', 'technical_debt', 'tech-debt', 'techdebt', '技术债']), false) as is_technical_debt,
    sprints, assignee, batch_id, source_row
from placed;

create table fct_coverage as
select
    coalesce(codes.project_key, 'unallocated') as project_key, module, 'unallocated' as phase, measured_on,
    lead(measured_on) over (partition by codes.project_key, module order by measured_on) as superseded_on,
    lines_valid, lines_covered, run_id, c.batch_id, source_row
from (select * from '{landing}/coverage/*.parquet' qualify row_number() over (partition by project, module, measured_on order by source_row desc) = 1) as c
join batches using (batch_id)
left join codes on codes.source_system = batches.source_system and codes.code = lower(trim(c.project)) and measured_on >= valid_from and measured_on < valid_to;

create table fct_code_size as
select
    coalesce(codes.project_key, 'unallocated') as project_key, module, 'unallocated' as phase, measured_on,
    lead(measured_on) over (partition by codes.project_key, module order by measured_on) as superseded_on,
    effective_lines, 'code_size' as source, false as is_substitute, c.batch_id, source_row
from (select * from '{landing}/code_size/*.parquet' qualify row_number() over (partition by project, module, measured_on order by source_row desc) = 1) as c
join batches using (batch_id)
left join codes on codes.source_system = batches.source_system and codes.code = lower(trim(c.project)) and measured_on >= valid_from and measured_on < valid_to
union all by name
select * exclude (lines_valid, lines_covered, run_id), lines_valid as effective_lines, 'lines_valid' as source, true as is_substitute
from fct_coverage
where (project_key, module) not in (
    select codes.project_key, module
    from '{landing}/code_size/*.parquet' as s join batches using (batch_id)
    join codes on codes.source_system = batches.source_system and codes.code = lower(trim(s.project))
);

create table fct_worklogs as
with
newest as (
    select w.*, batches.source_system
    from '{landing}/worklogs/*.parquet' as w join batches using (batch_id)
    where source_id is not null
    qualify row_number() over (partition by source_system, source_id order by exported_at desc, landed_at desc, source_row desc) = 1
    union all
    select w.*, batches.source_system
    from '{landing}/worklogs/*.parquet' as w join batches using (batch_id)
    where source_id is null and not exists (
        select 1
        from (select distinct batch_id, project from '{landing}/worklogs/*.parquet') as l join batches as b on l.batch_id = b.batch_id
        where b.source_system = batches.source_system and l.project is not distinct from w.project and l.batch_id <> w.batch_id
            and (b.exported_at, b.landed_at, b.batch_id) > (batches.exported_at, batches.landed_at, w.batch_id)
            and w.work_date between b.covers_from and b.covers_to
    )
),
coded as (select distinct project_key, module from fct_code_size),
placed as (
    select
        newest.*,
        case when newest.project is null then coalesce(i.project_key, codes.project_key, 'unallocated') else coalesce(codes.project_key, 'unallocated') end as project_key,
        coalesce(nullif(trim(newest.module), ''), nullif(i.module, '-'), wbs.module, '-') as own_module,
        coalesce(wbs.phase, nullif(i.phase, 'unallocated'), 'unallocated') as phase,
        coalesce(activity, '') = 'technical_debt' or coalesce(i.is_technical_debt, false) as is_technical_debt
    from newest
    left join codes on codes.source_system = newest.source_system and codes.code = lower(trim(newest.project)) and work_date >= valid_from and work_date < valid_to
    left join fct_issues as i on i.issue_key = newest.issue_key
    left join wbs on wbs.project_key = codes.project_key and wbs.wbs_code = newest.wbs_code
)
select
    placed.project_key, own_module as module, phase, person, work_date, hours::decimal(28, 4) as hours, activity, labor_type, vendor, issue_key, wbs_code,
    project as project_code, is_technical_debt,
    (is_technical_debt or activity in ('development', 'test'))
        and (placed.project_key not in (select project_key from coded) or coded.module is not null or own_module = '-') as is_own_code_work,
    coalesce(source_id, person) as row_key, coalesce(description, issue_key, activity) as row_label, source_system, batch_id, source_row
from placed left join coded on coded.project_key = placed.project_key and coded.module = own_module;

create temp table booked as
with
accounts as (
    select a.ledger_book, a.account_code, a.account_name, lower(m.category) as category, lower(m.kind) as kind
    from (select distinct coalesce(ledger_book, '') as ledger_book, account_code, coalesce(account_name, '') as account_name from '{landing}/ledger/*.parquet') as a
    join '{landing}/account_mapping/*.parquet' as m on a.account_code like m.account_code || '%' and coalesce(m.ledger_book, a.ledger_book) = a.ledger_book
    qualify row_number() over (partition by a.ledger_book, a.account_code, a.account_name order by length(m.account_code) desc, m.ledger_book is null, m.batch_id desc) = 1
),
lines as (
    select l.*, coalesce(l.ledger_book, '') as book, accounts.category, accounts.kind, batches.source_system, batches.exported_at
    from '{landing}/ledger/*.parquet' as l join batches using (batch_id)
    left join accounts on accounts.ledger_book = coalesce(l.ledger_book, '') and accounts.account_code = l.account_code and accounts.account_name = coalesce(l.account_name, '')
    where not exists (
        select 1
        from (select distinct batch_id, project from '{landing}/ledger/*.parquet') as other join batches as b on other.batch_id = b.batch_id
        where b.source_system = batches.source_system and other.project is not distinct from l.project and other.batch_id <> l.batch_id
            and (b.exported_at, b.landed_at, b.batch_id) > (batches.exported_at, batches.landed_at, l.batch_id)
            and l.booked_on between b.covers_from and b.covers_to
    )
)
select
    coalesce(codes.project_key, 'unallocated') as project_key, project as project_code, wbs_code, category, kind, supplier as vendor, voucher_no as document_no,
    summary as description, booked_on, (coalesce(debit, 0) - coalesce(credit, 0))::decimal(18, 2) as amount, coalesce(currency, 'CNY') as currency,
    null::varchar as phase, null::varchar as module, exported_at, batch_id, source_row
from lines
left join codes on codes.source_system = lines.source_system and codes.code = lower(trim(project)) and booked_on >= valid_from and booked_on < valid_to
where kind in ('actual', 'accrual', 'commitment')
    and (book, period, voucher_no) not in (select (book, period, voucher_no) from lines where kind = 'carry_over' or summary like '%结转%')
union all by name
select
    coalesce(codes.project_key, 'unallocated') as project_key, project as project_code, wbs_code, category, coalesce(kind, 'actual') as kind, vendor, document_no,
    vendor as description, booked_on, amount, coalesce(currency, 'CNY') as currency, phase, module, exported_at, c.batch_id, source_row
from '{landing}/costs/*.parquet' as c join batches using (batch_id)
left join codes on codes.source_system = batches.source_system and codes.code = lower(trim(project)) and booked_on >= valid_from and booked_on < valid_to
qualify document_no is null or dense_rank() over (partition by batches.source_system, document_no, project order by exported_at desc, landed_at desc, c.batch_id desc) = 1;

create temp table status_dates as
select project_key, max(happened_on) as status_on
from (
    select project_key, greatest(updated_on, created_on) as happened_on from fct_issues
    union all select project_key, work_date from fct_worklogs
    union all select project_key, booked_on from booked
    union all select project_key, measured_on from fct_coverage
    union all select project_key, measured_on from fct_code_size
    union all
    select codes.project_key, s.status_on
    from '{landing}/schedule/*.parquet' as s join batches using (batch_id)
    join codes on codes.source_system = batches.source_system and codes.code = lower(trim(s.project))
)
where happened_on <= (select max(landed_at)::date + 1 from batches)
group by 1;

create table dim_projects as
select p.*, s.status_on, (
    select max(case when last_day(booked_on) < exported_at::date and last_day(booked_on) <= s.status_on then last_day(booked_on) else date_trunc('month', booked_on)::date - 1 end)
    from booked where booked.project_key = p.project_key and kind in ('actual', 'accrual') and date_trunc('month', booked_on)::date - 1 <= s.status_on
) as cost_closed_on
from (
    select * from '{landing}/projects/*.parquet'
    union all by name
    select 'unallocated' as project_key where exists (select 1 from status_dates where project_key = 'unallocated')
) as p left join status_dates as s using (project_key);

create table fct_costs as
with
people as (select person, max(role) as role, max(vendor) as vendor from '{landing}/people/*.parquet' group by 1),
provisional as (
    select w.*, round(w.hours::double * r.hourly_rate::double, 2)::decimal(18, 2) as amount
    from (select w.*, row_number() over () as line from fct_worklogs as w join dim_projects as p using (project_key) where work_date > cost_closed_on) as w
    left join people using (person)
    join '{landing}/rates/*.parquet' as r
        on r.valid_from <= work_date
        and (r.person = w.person or (r.person is null and r.role = people.role and coalesce(r.vendor, people.vendor, '') = coalesce(people.vendor, '')))
    qualify row_number() over (partition by line order by r.person is null, r.valid_from desc, r.batch_id desc) = 1
),
lines as (
    select project_key, wbs_code, phase, module, category, kind, vendor, document_no, description, booked_on, amount, booked.currency, project_code, booked.batch_id, booked.source_row
    from booked left join dim_projects using (project_key)
    where not (coalesce(category, '') = 'labor' and kind in ('actual', 'accrual') and booked_on > coalesce(cost_closed_on, date '9999-12-31'))
    union all
    select project_key, wbs_code, phase, module, 'labor', 'provisional', vendor, row_key, row_label, work_date, amount, 'CNY', project_code, batch_id, source_row
    from provisional
)
select lines.* replace (coalesce(lines.module, wbs.module, '-') as module, coalesce(lines.phase, wbs.phase, 'unallocated') as phase), null::date as superseded_on
from lines left join wbs using (project_key, wbs_code);

create table fct_person_days as
with
allocations as (
    select pe.*, coalesce(codes.project_key, 'unallocated') as project_key
    from '{landing}/people/*.parquet' as pe join batches using (batch_id)
    left join codes on codes.source_system = batches.source_system and codes.code = lower(trim(pe.project))
        and coalesce(pe.valid_from, date '2000-01-01') >= codes.valid_from and coalesce(pe.valid_from, date '2000-01-01') < codes.valid_to
    where coalesce(labor_type, 'own') <> 'day_labor'
    qualify row_number() over (partition by person, coalesce(project, ''), coalesce(pe.valid_from, date '1900-01-01') order by exported_at desc, landed_at desc, source_row desc) = 1
),
logged as (select person, project_key, work_date, sum(hours) as logged_hours from fct_worklogs group by all),
first_logged as (select project_key, min(work_date) as logged_from from logged group by 1),
days as (
    select
        a.person, a.project_key, a.department, a.role, d.calendar_date as work_date,
        (greatest(coalesce(daily_hours, 8) - coalesce(leave_hours, 0), 0) * coalesce(allocation_share, 1))::decimal(28, 4) as required_hours,
        a.batch_id, a.source_row
    from allocations as a
    join first_logged using (project_key)
    left join dim_projects as p using (project_key)
    join dim_dates as today on today.calendar_date = coalesce(p.status_on, (select max(status_on) from dim_projects))
    join dim_dates as d
        on d.is_working_day and d.working_day_number <= today.working_day_number - 2 and d.calendar_date >= logged_from
        and d.calendar_date between coalesce(a.valid_from, date '1900-01-01') and coalesce(a.valid_to, date '9999-12-31')
    left join (select person, leave_on, max(hours) as leave_hours from '{landing}/leaves/*.parquet' group by all) as l on l.person = a.person and l.leave_on = d.calendar_date
)
select
    days.person, days.project_key, '-' as module, 'unallocated' as phase, department, role, days.work_date, required_hours,
    coalesce(logged_hours, 0)::decimal(28, 4) as logged_hours,
    least(coalesce(logged_hours, 0), required_hours)::decimal(28, 4) as credited_hours, batch_id, source_row
from days left join logged using (person, project_key, work_date)
where required_hours > 0;

create temp table budget as
select coalesce(codes.project_key, 'unallocated') as project_key, b.*, last_day(period_start) as period_end, row_number() over () as line
from '{landing}/budget/*.parquet' as b join batches using (batch_id)
left join codes on codes.source_system = batches.source_system and codes.code = lower(trim(b.project)) and period_start >= valid_from and period_start < valid_to;

create table fct_budget as
select
    budget.*, min(period_start) over (partition by project_key) as counts_from
from budget;

create table fct_planned_value as
with accrued as (
    select
        budget.*, d.calendar_date as accrued_on,
        round(planned_value::double * case
            when l.working_day_number > f.working_day_number - f.is_working_day::int
                then (d.working_day_number - f.working_day_number + f.is_working_day::int)::double / (l.working_day_number - f.working_day_number + f.is_working_day::int)
            else (d.calendar_date - period_start + 1)::double / (period_end - period_start + 1)
        end, 2)::decimal(18, 2) as to_date
    from budget left join dim_projects as p using (project_key)
    join dim_dates as d on d.calendar_date between period_start and period_end and (d.calendar_date in (d.week_end, period_end) or d.calendar_date = p.status_on)
    join dim_dates as f on f.calendar_date = period_start
    join dim_dates as l on l.calendar_date = period_end
)
select
    project_key, coalesce(module, '-') as module, coalesce(phase, 'unallocated') as phase, wbs_code, wbs_name, category,
    coalesce(lag(accrued_on) over slices + 1, period_start) as accrued_from, accrued_on,
    (to_date - coalesce(lag(to_date) over slices, 0))::decimal(18, 2) as planned_value, batch_id, source_row
from accrued
window slices as (partition by line order by accrued_on);

create table fct_schedule_tasks as
with
tasks as (
    select s.* exclude (project), coalesce(codes.project_key, 'unallocated') as project_key
    from '{landing}/schedule/*.parquet' as s join batches using (batch_id)
    left join codes on codes.source_system = batches.source_system and codes.code = lower(trim(s.project)) and coalesce(s.status_on, date '2000-01-01') >= valid_from and coalesce(s.status_on, date '2000-01-01') < valid_to
    qualify row_number() over (partition by project_key, task_id, s.status_on order by exported_at desc, landed_at desc, source_row desc) = 1
),
dated as (
    select tasks.* replace (coalesce(tasks.status_on, p.status_on) as status_on, coalesce(is_buffer, false) as is_buffer, coalesce(module, '-') as module, coalesce(phase, 'unallocated') as phase)
    from tasks left join dim_projects as p using (project_key)
),
data_dates as (
    select project_key, status_on, lead(status_on) over (partition by project_key order by status_on) as superseded_on, max(has_buffer) over (partition by project_key) as has_buffer
    from (select project_key, status_on, bool_or(is_buffer) as has_buffer from dated group by all)
)
select
    dated.*, superseded_on, has_buffer,
    coalesce(nullif((l.working_day_number - f.working_day_number + 1)::double, 0), duration_days, 1) as baseline_days,
    case
        when earned_value_rule in ('0/100', 'weighted_milestones') or (earned_value_rule = '60/30/10' and milestone_type is not null) then (actual_finish is not null and actual_finish <= dated.status_on)::int::double
        when earned_value_rule = '50/50' then case when actual_finish <= dated.status_on then 1.0 when actual_start <= dated.status_on then 0.5 else 0.0 end
        when earned_value_rule = '60/30/10' then case when actual_finish <= dated.status_on or percent_complete >= 1 then 1.0 when percent_complete >= 0.9 then 0.9 when percent_complete >= 0.6 then 0.6 else 0.0 end
        when percent_complete is not null then percent_complete
        else (actual_finish is not null and actual_finish <= dated.status_on)::int::double
    end as progress
from dated join data_dates using (project_key, status_on)
left join dim_dates as f on f.calendar_date = baseline_start
left join dim_dates as l on l.calendar_date = baseline_finish;

create table fct_earned_value as
with
elements as (
    select c.project_key, c.task_code, arg_max(wbs_code, length(wbs_code)) as wbs_code, arg_max(phase, length(wbs_code)) as phase,
        arg_max(module, length(wbs_code)) as module, arg_max(budget_at_completion, length(wbs_code)) as budget_at_completion
    from (select distinct project_key, coalesce(wbs_code, task_id) as task_code from fct_schedule_tasks) as c
    join wbs on wbs.project_key = c.project_key and (c.task_code = wbs.wbs_code or starts_with(c.task_code, wbs.wbs_code || '.'))
    group by all
),
weighted as (
    select
        t.project_key, coalesce(e.module, '-') as module, coalesce(e.phase, 'unallocated') as phase, e.wbs_code, task_id, name as task_name, status_on, superseded_on, progress, budget_at_completion, batch_id, source_row,
        case
            when earned_value_rule = 'weighted_milestones' then milestone_weight
            when earned_value_rule = '60/30/10' and milestone_type in ('到货', '安装', '初验') then case milestone_type when '到货' then 60 when '安装' then 30 else 10 end
            when min((planned_hours > 0)::int) over (partition by t.project_key, status_on, e.wbs_code) = 1 then planned_hours else baseline_days end as weight
    from fct_schedule_tasks as t join elements as e on e.project_key = t.project_key and e.task_code = coalesce(t.wbs_code, task_id)
    where not is_buffer
)
select *, round(budget_at_completion::double * progress * weight / nullif(sum(weight) over (partition by project_key, status_on, wbs_code), 0), 2)::decimal(18, 2) as earned_value
from weighted;

-- What came and is not booked, and what of the commitments is cost by now: on each day on which one of the element's figures changes, until the next.
insert into fct_costs by name
with
committed as (
    select project_key, wbs_code, category, max(phase) as phase, max(module) as module, max(vendor) as vendor, max(currency) as currency
    from fct_costs where kind = 'commitment' group by all
),
entries as (
    select f.* from fct_costs as f semi join committed as c
        on f.project_key = c.project_key and f.wbs_code is not distinct from c.wbs_code and f.category is not distinct from c.category
    where kind in ('actual', 'accrual', 'provisional', 'commitment')
),
reported as (
    select c.project_key, c.wbs_code, c.category, e.status_on, e.superseded_on, e.earned_value, e.earned_value::double / e.budget_at_completion::double as share,
        e.task_id, e.batch_id, e.source_row
    from committed as c join fct_earned_value as e using (project_key, wbs_code)
    where c.category in ('equipment', 'software') and e.budget_at_completion > 0
),
days as (
    select project_key, wbs_code, category, booked_on as day from entries
    union select project_key, wbs_code, category, unnest([status_on, superseded_on]) from reported
),
money as (
    select d.project_key, d.wbs_code, d.category, d.day,
        coalesce(sum(amount) filter (kind = 'commitment'), 0) as signed,
        coalesce(sum(amount) filter (kind <> 'commitment'), 0) as spent,
        coalesce(sum(amount) filter (kind in ('actual', 'accrual')), 0) as invoiced,
        arg_max({'document_no': document_no, 'batch_id': entries.batch_id, 'source_row': entries.source_row}, (booked_on, amount, entries.batch_id, entries.source_row)) as line
    from days as d left join entries
        on entries.project_key = d.project_key and entries.wbs_code is not distinct from d.wbs_code
        and entries.category is not distinct from d.category and booked_on <= d.day
    where d.day is not null
    group by all
),
work as (
    select project_key, wbs_code, category, day, sum(share) as done,
        arg_max({'document_no': task_id, 'batch_id': batch_id, 'source_row': source_row}, earned_value) as line
    from reported join (select distinct project_key, wbs_code, category, day from days) as d using (project_key, wbs_code, category)
    where status_on <= day and (superseded_on is null or superseded_on > day)
    group by all
),
standing as (
    select money.*, work.line as report,
        round(greatest(0, signed::double * least(coalesce(done, 0), 1) - invoiced::double), 2)::decimal(18, 2) as arrived,
        lead(money.day) over (partition by money.project_key, money.wbs_code, money.category order by money.day) as superseded_on
    from money left join work using (project_key, wbs_code, category, day)
),
-- cost before the first signing uses up nothing of what was signed
used as (
    select *, spent + arrived + least(0, min(signed - spent - arrived) over (partition by project_key, wbs_code, category order by day)) as drawn
    from standing
),
levels as (
    select project_key, wbs_code, category, 'accrual' as kind, 'accrued at arrival' as description, day as booked_on, superseded_on, arrived as amount, report as line
    from used where arrived > 0
    union all
    select project_key, wbs_code, category, 'drawn', 'in cost by now', day, superseded_on, drawn, line from used where drawn > 0
)
select levels.* exclude (line), phase, module, vendor, currency, line.document_no, line.batch_id, line.source_row
from levels join committed
    on committed.project_key = levels.project_key and committed.wbs_code is not distinct from levels.wbs_code and committed.category is not distinct from levels.category;

create table fct_test_results as
with
dated as (
    select
        t.*, coalesce(codes.project_key, 'unallocated') as project_key, coalesce(level, '') as test_level, landed_at,
        timezone('Asia/Shanghai', timezone('UTC', run_at))::date as run_on, coalesce(round, timezone('Asia/Shanghai', timezone('UTC', run_at))::date::varchar) as round_key
    from '{landing}/test_results/*.parquet' as t join batches using (batch_id)
    left join codes on codes.source_system = batches.source_system and codes.code = lower(trim(t.project)) and run_at::date >= valid_from and run_at::date < valid_to
    where run_at is not null
),
rounds as (
    select *, lead(round_on) over (partition by project_key, test_level order by round_on, round_key) as superseded_on
    from (select project_key, test_level, round_key, min(run_on) as round_on from dated group by all)
)
select project_key, coalesce(module, '-') as module, 'unallocated' as phase, suite, "case" as case_name, test_level, round_key, run_on, round_on, superseded_on, outcome, batch_id, source_row
from dated join rounds using (project_key, test_level, round_key)
qualify row_number() over (partition by project_key, test_level, round_key, suite, "case", module order by run_at desc, landed_at desc, source_row desc) = 1;

create table fct_change_requests as
select
    coalesce(codes.project_key, 'unallocated') as project_key, '-' as module, 'unallocated' as phase, c.* exclude (project),
    coalesce(raised_on > freeze_on, false) as is_after_freeze,
    c.started_on is not null and (coalesce(decision, '') <> 'approved' or decided_on is null or c.started_on < decided_on) as is_started_before_approval
from '{landing}/change_requests/*.parquet' as c join batches using (batch_id)
left join codes on codes.source_system = batches.source_system and codes.code = lower(trim(c.project)) and raised_on >= codes.valid_from and raised_on < valid_to
left join dim_projects as p on p.project_key = codes.project_key
qualify row_number() over (partition by codes.project_key, change_id order by exported_at desc, landed_at desc, c.source_row desc) = 1;

create table fct_sites as
select coalesce(codes.project_key, 'unallocated') as project_key, '-' as module, 'unallocated' as phase, s.* exclude (project)
from '{landing}/sites/*.parquet' as s join batches using (batch_id)
left join codes on codes.source_system = batches.source_system and codes.code = lower(trim(s.project)) and planned_live_on >= valid_from and planned_live_on < valid_to
qualify row_number() over (partition by codes.project_key, site order by exported_at desc, landed_at desc, source_row desc) = 1;

-- One row per project, module, phase and day on which any measure changes, every measure a column.
create temp table daily as
select project_key, module, phase, created_on as day,
    count(*) filter (is_confirmed_defect and is_code_caused) as confirmed_code_defects,
    count(*) filter (is_confirmed_defect) as confirmed_defects,
    count(*) filter (is_confirmed_defect) as confirmed_defects_in_period,
    count(*) filter (is_confirmed_defect and found_in_phase = 'uat') as uat_defects,
    count(*) filter (is_confirmed_defect and found_in_phase in ('trial_run', 'production')) as escaped_defects,
    count(*) filter (is_confirmed_defect and found_in_phase is null) as defects_of_unknown_phase,
    count(*) filter (is_confirmed_defect and severity = 'fatal') as open_fatal_defects,
    count(*) filter (is_confirmed_defect and severity = 'serious') as open_serious_defects
from fct_issues group by all
union all by name
select project_key, module, phase, greatest(open_until, created_on) as day,
    -count(*) filter (severity = 'fatal') as open_fatal_defects, -count(*) filter (severity = 'serious') as open_serious_defects
from fct_issues where is_confirmed_defect and open_until is not null group by all
union all by name
select project_key, module, phase, completed_on as day, count(*) as items_completed from fct_issues where is_completed_item and completed_on is not null group by all
union all by name
select project_key, module, phase, resolved_on as day, count(*) as defects_resolved, sum(resolution_days::decimal(28, 4)) as defect_resolution_time
from fct_issues where is_confirmed_defect and resolution_days is not null group by all
union all by name
select project_key, module, phase, measured_on as day, sum(effective_lines) as effective_lines from fct_code_size group by all
union all by name
select project_key, module, phase, superseded_on as day, -sum(effective_lines) as effective_lines from fct_code_size where superseded_on is not null group by all
union all by name
select project_key, module, phase, measured_on as day, sum(lines_covered) as lines_covered, sum(lines_valid) as lines_valid from fct_coverage group by all
union all by name
select project_key, module, phase, superseded_on as day, -sum(lines_covered) as lines_covered, -sum(lines_valid) as lines_valid from fct_coverage where superseded_on is not null group by all
union all by name
select project_key, module, phase, round_on as day, count(*) filter (outcome = 'passed') as cases_passed, count(*) filter (outcome in ('passed', 'failed', 'error')) as cases_executed
from fct_test_results group by all
union all by name
select project_key, module, phase, superseded_on as day, -count(*) filter (outcome = 'passed') as cases_passed, -count(*) filter (outcome in ('passed', 'failed', 'error')) as cases_executed
from fct_test_results where superseded_on is not null group by all
union all by name
select project_key, coalesce(module, '-') as module, coalesce(phase, 'unallocated') as phase, counts_from as day, sum(planned_value) as budget_at_completion from fct_budget group by all
union all by name
select project_key, module, phase, freeze_on as day, sum(estimated_days) as frozen_scope_days from fct_issues where is_scope and not is_after_freeze group by all
union all by name
select project_key, module, phase, created_on as day, sum(estimated_days) as scope_days_added from fct_issues where is_scope and is_after_freeze group by all
union all by name
select project_key, module, phase, accrued_on as day, sum(planned_value) as planned_value from fct_planned_value group by all
union all by name
select project_key, module, phase, status_on as day, sum(earned_value) as earned_value from fct_earned_value group by all
union all by name
select project_key, module, phase, superseded_on as day, -sum(earned_value) as earned_value from fct_earned_value where superseded_on is not null group by all
union all by name
select project_key, module, phase, booked_on as day, sum(amount) as actual_cost from fct_costs where kind in ('actual', 'accrual', 'provisional') group by all
union all by name
select project_key, module, phase, superseded_on as day, -sum(amount) as actual_cost from fct_costs where kind in ('actual', 'accrual', 'provisional') and superseded_on is not null group by all
union all by name
select project_key, module, phase, work_date as day, sum(hours) filter (is_technical_debt) as technical_debt_hours, sum(hours) filter (is_own_code_work) as own_code_hours, sum(hours) as hours_in_period
from fct_worklogs group by all
union all by name
select project_key, module, phase, work_date as day, sum(credited_hours) as hours_credited, sum(required_hours) as hours_required from fct_person_days group by all
union all by name
select project_key, module, phase, unnest([status_on, superseded_on]) as day,
    unnest([1, -1]) * sum(baseline_days) filter (is_buffer) as buffer_days, unnest([1, -1]) * sum(baseline_days * progress) filter (is_buffer) as buffer_days_used,
    unnest([1, -1]) * sum(baseline_days) filter (not is_buffer) as chain_days, unnest([1, -1]) * sum(baseline_days * progress) filter (not is_buffer) as chain_days_done
from fct_schedule_tasks where has_buffer group by project_key, module, phase, status_on, superseded_on
union all by name
select project_key, module, phase, started_on as day, count(*) as changes_started, count(*) filter (is_started_before_approval) as changes_started_unapproved
from fct_change_requests where started_on is not null group by all
union all by name
select project_key, module, phase, planned_live_on as day, count(*) as sites_planned_live from fct_sites where planned_live_on is not null group by all
union all by name
select project_key, module, phase, actual_live_on as day, count(*) as sites_live from fct_sites where actual_live_on is not null group by all;

create temp table periods as
with extents as (
    select project_key, min(day) as first_on, any_value(status_on) as status_on
    from daily join dim_projects using (project_key) where day <= status_on group by 1
)
select distinct project_key, unnest(['week', 'month']) as period_kind, unnest([week_end - 6, date_trunc('month', calendar_date)::date]) as period_start,
    unnest([week_end, month_end]) as period_end, unnest([least(week_end, status_on), least(month_end, status_on)]) as as_of
from extents join dim_dates on calendar_date between first_on and status_on;

create temp table cells as
with
bucketed as (
    select d.* exclude (day), unnest(['week', 'month']) as period_kind, unnest([week_end, month_end]) as period_end
    from daily as d join dim_projects as p using (project_key) join dim_dates on calendar_date = day
    where day <= p.status_on
),
by_grain as (
    select
        case when grouping(module) = 0 then 'module' when grouping(phase) = 0 then 'phase' else 'project' end as grain,
        project_key, coalesce(module, '*') as module, coalesce(phase, '*') as phase, period_kind, period_end,
        sum(columns(* exclude (project_key, module, phase, period_kind, period_end)))
    from bucketed
    group by grouping sets ((project_key, period_kind, period_end), (project_key, module, period_kind, period_end), (project_key, phase, period_kind, period_end))
),
dense as (
    select c.*, p.period_kind, p.period_start, p.period_end, p.as_of
    from (select distinct grain, project_key, module, phase from by_grain) as c join periods as p using (project_key)
)
select
    dense.*,
    sum(coalesce(columns([
        'confirmed_code_defects', 'confirmed_defects', 'uat_defects', 'escaped_defects', 'defects_of_unknown_phase', 'open_fatal_defects', 'open_serious_defects',
        'effective_lines', 'lines_covered', 'lines_valid', 'cases_passed', 'cases_executed', 'budget_at_completion', 'planned_value', 'earned_value', 'actual_cost',
        'frozen_scope_days', 'buffer_days', 'buffer_days_used', 'chain_days', 'chain_days_done', 'scope_days_added', 'changes_started', 'changes_started_unapproved',
        'sites_planned_live', 'sites_live']), 0)) over (partition by grain, project_key, module, phase, dense.period_kind order by dense.period_end),
    coalesce(columns(['confirmed_defects_in_period', 'items_completed', 'defects_resolved', 'defect_resolution_time', 'technical_debt_hours', 'own_code_hours', 'hours_in_period', 'hours_credited', 'hours_required']), 0)
from dense left join by_grain using (grain, project_key, module, phase, period_kind, period_end);

-- Between which dates the rows of a project are complete: no row means 0 there, and unknown elsewhere.
create temp table known as
select project_key, mart, min(f) as known_from, max(t) as known_to
from (
    select project_key, 'issues' as mart, min(created_on) as f, max(updated_on) as t from fct_issues group by 1
    union all select project_key, 'size', min(measured_on), max(measured_on) from fct_code_size group by 1
    union all select project_key, 'coverage', min(measured_on), max(measured_on) from fct_coverage group by 1
    union all select project_key, 'tests', min(run_on), max(run_on) from fct_test_results group by 1
    union all select project_key, 'budget', min(counts_from), max(period_end) from fct_budget group by 1
    union all select project_key, 'planned', min(accrued_from), max(accrued_on) from fct_planned_value group by 1
    union all select project_key, 'earned', min(status_on), max(status_on) from fct_earned_value group by 1
    union all select project_key, 'costs', min(booked_on), max(booked_on) from fct_costs group by 1
    union all select project_key, 'worklogs', min(work_date), max(work_date) from fct_worklogs group by 1
    union all select project_key, 'person_days', min(work_date), max(work_date) from fct_person_days group by 1
    union all select project_key, 'tasks', min(status_on), max(status_on) from fct_schedule_tasks group by 1
    union all select project_key, 'changes', min(raised_on), max(raised_on) from fct_change_requests group by 1
    union all select project_key, 'sites', min(least(planned_live_on, actual_live_on)), max(planned_live_on) from fct_sites group by 1
)
group by all;

create temp table known_cells as
with k as (pivot known on mart in ('issues', 'size', 'coverage', 'tests', 'budget', 'planned', 'earned', 'costs', 'worklogs', 'person_days', 'tasks', 'changes', 'sites') using any_value({'f': known_from, 't': known_to}) group by project_key)
select cells.* replace (
    case when issues.f <= as_of then confirmed_code_defects end as confirmed_code_defects,
    case when issues.f <= as_of then confirmed_defects end as confirmed_defects,
    case when issues.f <= as_of then uat_defects end as uat_defects,
    case when issues.f <= as_of then escaped_defects end as escaped_defects,
    case when issues.f <= as_of then defects_of_unknown_phase end as defects_of_unknown_phase,
    case when issues.f <= as_of then open_fatal_defects end as open_fatal_defects,
    case when issues.f <= as_of then open_serious_defects end as open_serious_defects,
    case when issues.f <= as_of and issues.t >= period_start then confirmed_defects_in_period end as confirmed_defects_in_period,
    case when issues.f <= as_of and issues.t >= period_start then items_completed end as items_completed,
    case when issues.f <= as_of and issues.t >= period_start then defects_resolved end as defects_resolved,
    case when issues.f <= as_of and issues.t >= period_start then defect_resolution_time end as defect_resolution_time,
    case when size.f <= as_of then effective_lines end as effective_lines,
    case when coverage.f <= as_of then lines_covered end as lines_covered,
    case when coverage.f <= as_of then lines_valid end as lines_valid,
    case when tests.f <= as_of then cases_passed end as cases_passed,
    case when tests.f <= as_of then cases_executed end as cases_executed,
    case when budget.f <= as_of then budget_at_completion end as budget_at_completion,
    case when issues.f <= as_of then frozen_scope_days end as frozen_scope_days,
    case when planned.f <= as_of then planned_value end as planned_value,
    case when earned.f <= as_of then earned_value end as earned_value,
    case when costs.f <= as_of then actual_cost end as actual_cost,
    case when worklogs.f <= as_of and worklogs.t >= period_start then technical_debt_hours end as technical_debt_hours,
    case when worklogs.f <= as_of and worklogs.t >= period_start then own_code_hours end as own_code_hours,
    case when worklogs.f <= as_of and worklogs.t >= period_start then hours_in_period end as hours_in_period,
    case when person_days.f <= as_of and person_days.t >= period_start then hours_credited end as hours_credited,
    case when person_days.f <= as_of and person_days.t >= period_start then hours_required end as hours_required,
    case when tasks.f <= as_of then buffer_days end as buffer_days,
    case when tasks.f <= as_of then buffer_days_used end as buffer_days_used,
    case when tasks.f <= as_of then chain_days end as chain_days,
    case when tasks.f <= as_of then chain_days_done end as chain_days_done,
    case when issues.f <= as_of then scope_days_added end as scope_days_added,
    case when changes.f <= as_of then changes_started end as changes_started,
    case when changes.f <= as_of then changes_started_unapproved end as changes_started_unapproved,
    case when sites.f <= as_of then sites_planned_live end as sites_planned_live,
    case when sites.f <= as_of then sites_live end as sites_live
)
from cells left join k using (project_key);

create temp table terms as
with
below as (
    select
        grain, project_key, module, phase, period_kind, period_start, period_end, as_of,
        unnest([
            {'kpi': 'code_defect_rate', 'n': confirmed_code_defects::double, 'd': effective_lines::double, 'x': confirmed_code_defects::double, 'member': effective_lines > 0},
            {'kpi': 'defect_ratio', 'n': confirmed_defects_in_period, 'd': items_completed, 'x': 0, 'member': true},
            {'kpi': 'uat_defect_share', 'n': uat_defects, 'd': confirmed_defects, 'x': defects_of_unknown_phase, 'member': true},
            {'kpi': 'escaped_defect_rate', 'n': escaped_defects, 'd': confirmed_defects, 'x': defects_of_unknown_phase, 'member': true},
            {'kpi': 'open_critical_defects', 'n': open_fatal_defects, 'd': 1, 'x': open_serious_defects, 'member': true},
            {'kpi': 'defect_resolution_days', 'n': defect_resolution_time, 'd': defects_resolved, 'x': 0, 'member': true},
            {'kpi': 'test_coverage', 'n': lines_covered, 'd': lines_valid, 'x': 0, 'member': lines_valid > 0},
            {'kpi': 'test_pass_rate', 'n': cases_passed, 'd': cases_executed, 'x': 0, 'member': true},
            {'kpi': 'cost_performance_index', 'n': earned_value, 'd': actual_cost, 'x': budget_at_completion, 'member': budget_at_completion > 0},
            {'kpi': 'cost_variance', 'n': earned_value, 'd': actual_cost, 'x': budget_at_completion, 'member': budget_at_completion > 0},
            {'kpi': 'cost_variance_rate', 'n': earned_value, 'd': actual_cost, 'x': budget_at_completion, 'member': budget_at_completion > 0},
            {'kpi': 'estimate_at_completion', 'n': earned_value, 'd': actual_cost, 'x': budget_at_completion, 'member': budget_at_completion > 0},
            {'kpi': 'variance_at_completion', 'n': earned_value, 'd': actual_cost, 'x': budget_at_completion, 'member': budget_at_completion > 0},
            {'kpi': 'budget_consumption', 'n': actual_cost, 'd': budget_at_completion, 'x': 0, 'member': budget_at_completion > 0},
            {'kpi': 'schedule_performance_index', 'n': earned_value, 'd': planned_value, 'x': 0, 'member': true},
            {'kpi': 'schedule_variance_rate', 'n': earned_value, 'd': planned_value, 'x': 0, 'member': true},
            {'kpi': 'technical_debt_share', 'n': technical_debt_hours, 'd': hours_in_period, 'x': 0, 'member': grain = 'project' or own_code_hours > 0},
            {'kpi': 'technical_debt_share_other', 'n': technical_debt_hours, 'd': own_code_hours, 'x': 0, 'member': grain = 'project' or own_code_hours > 0},
            {'kpi': 'timesheet_completeness', 'n': hours_credited, 'd': hours_required, 'x': 0, 'member': true},
            {'kpi': 'throughput', 'n': items_completed, 'd': 1, 'x': 0, 'member': true},
            {'kpi': 'buffer_consumption', 'n': buffer_days_used, 'd': buffer_days, 'x': chain_days_done / nullif(chain_days, 0), 'member': buffer_days > 0},
            {'kpi': 'scope_growth_after_freeze', 'n': scope_days_added, 'd': frozen_scope_days, 'x': 0, 'member': frozen_scope_days > 0},
            {'kpi': 'unapproved_change_rate', 'n': changes_started_unapproved, 'd': changes_started, 'x': 0, 'member': true},
            {'kpi': 'rollout_progress', 'n': sites_live, 'd': sites_planned_live, 'x': 0, 'member': true}
        ], recursive := true)
    from known_cells
),
marked as (
    select *, n is not null and d is not null and x is not null and coalesce(member, false) as is_known from below
),
kept as (
    select * from marked
    where grain = 'project'
        or (grain = 'module' and is_known and kpi not in ('timesheet_completeness', 'buffer_consumption', 'scope_growth_after_freeze', 'unapproved_change_rate', 'rollout_progress'))
        or (grain = 'phase' and is_known and kpi not in (
            'code_defect_rate', 'uat_defect_share', 'escaped_defect_rate', 'test_coverage', 'test_pass_rate',
            'timesheet_completeness', 'buffer_consumption', 'scope_growth_after_freeze', 'unapproved_change_rate', 'rollout_progress'))
),
complete as (
    select * exclude (member) from kept where not (grain = 'project' and kpi in ('code_defect_rate', 'test_coverage'))
    union all
    select 'project', project_key, '*', '*', period_kind, period_start, period_end, as_of, kpi, sum(n) filter (is_known), sum(d) filter (is_known), sum(x), bool_or(is_known)
    from marked where grain = 'module' and kpi in ('code_defect_rate', 'test_coverage')
    group by project_key, period_kind, period_start, period_end, as_of, kpi
),
ends as (select project_key, period_kind, max(period_end) as last_end from periods group by all),
all_periods as (select distinct period_kind, period_start, period_end from periods),
carried as (
    select complete.* replace (a.period_start as period_start, a.period_end as period_end)
    from complete join ends using (project_key, period_kind)
    join all_periods as a on a.period_kind = complete.period_kind and (a.period_end = complete.period_end or (
        complete.period_end = last_end and a.period_end > last_end
        and kpi not in ('defect_ratio', 'defect_resolution_days', 'technical_debt_share', 'technical_debt_share_other', 'timesheet_completeness', 'throughput')))
    where grain = 'project' and project_key <> 'unallocated'
)
select * from complete
union all
select 'portfolio', '*', '*', '*', period_kind, period_start, period_end, max(as_of), kpi, sum(n) filter (is_known), sum(d) filter (is_known), sum(x) filter (is_known), bool_or(is_known)
from carried group by period_kind, period_start, period_end, kpi;

create temp table percentiles as
with placed as (
    select i.project_key, module, phase, cycle_days, unnest(['week', 'month']) as period_kind, unnest([week_end, month_end]) as period_end
    from fct_issues as i join dim_projects as p using (project_key) join dim_dates on calendar_date = completed_on
    where is_completed_item and cycle_days is not null and completed_on <= p.status_on
)
select
    case when grouping(project_key) = 1 then 'portfolio' when grouping(module) = 0 then 'module' when grouping(phase) = 0 then 'phase' else 'project' end as grain,
    coalesce(project_key, '*') as project_key, coalesce(module, '*') as module, coalesce(phase, '*') as phase, period_kind, period_end,
    quantile_cont(cycle_days::decimal(28, 4), [0.5, 0.85]) as cycle
from placed
group by grouping sets ((period_kind, period_end), (project_key, period_kind, period_end), (project_key, module, period_kind, period_end), (project_key, phase, period_kind, period_end));

create table kpi_values as
with
valued as (
    select
        *,
        case kpi
            when 'open_critical_defects' then n + x
            when 'throughput' then n
            when 'cost_variance' then n - d
            when 'cost_variance_rate' then (n - d) / nullif(n, 0)
            when 'estimate_at_completion' then x * d / nullif(n, 0)
            when 'variance_at_completion' then x * (n - d) / nullif(n, 0)
            when 'schedule_variance_rate' then (n - d) / nullif(d, 0)
            else n / nullif(d, 0)
        end as value
    from terms where n is not null and d is not null and x is not null
),
levels (kpi, better, warning_at, critical_at) as (values
    ('code_defect_rate', 'lower', 0.004, 0.005), ('uat_defect_share', 'lower', 0.15, 0.25), ('escaped_defect_rate', 'lower', 0.05, 0.10), ('open_critical_defects', 'lower', 0, 3),
    ('test_coverage', 'higher', 0.85, 0.80), ('test_pass_rate', 'higher', 0.98, 0.95), ('cost_performance_index', 'higher', 0.95, 0.90), ('schedule_performance_index', 'higher', 0.95, 0.90),
    ('timesheet_completeness', 'higher', 0.95, 0.85), ('technical_debt_share', 'band', 0.20, null), ('scope_growth_after_freeze', 'lower', 0.05, 0.10),
    ('unapproved_change_rate', 'lower', 0, 0.05), ('rollout_progress', 'higher', 0.95, 0.85), ('buffer_consumption', 'lower', 0.75, 0.90)),
judged as (
    select
        valued.*, warning_at, critical_at,
        case
            when value is null then 'no_data'
            when better is null then 'unrated'
            when better = 'lower' and value > critical_at or better = 'higher' and value < critical_at then 'critical'
            when better = 'lower' and value > warning_at or better = 'higher' and value < warning_at or better = 'band' and not value between 0.08 and 0.20 then 'warning'
            else 'ok'
        end as status
    from valued left join levels using (kpi)
    union all by name
    select grain, project_key, module, phase, period_kind, period_start, period_end, as_of, kpi, null as value, 'no_data' as status from terms where n is null or d is null or x is null
    union all by name
    select
        grain, project_key, module, phase, period_kind, period_start, period_end, as_of,
        unnest(['cycle_time_days', 'cycle_time_days_p85']) as kpi, unnest(coalesce(cycle, [null, null])) as value, case when cycle is null then 'no_data' else 'unrated' end as status
    from (select grain, project_key, module, phase, period_kind, period_start, period_end, as_of from cells) as grid
    full join percentiles using (grain, project_key, module, phase, period_kind, period_end)
    where grain in ('project', 'portfolio') or cycle is not null
),
leading_kpi (kpi, leader) as (values
    ('cost_variance', 'cost_performance_index'), ('cost_variance_rate', 'cost_performance_index'), ('estimate_at_completion', 'cost_performance_index'),
    ('variance_at_completion', 'cost_performance_index'), ('schedule_variance_rate', 'schedule_performance_index'))
select
    judged.* replace (case when judged.status = 'no_data' then judged.status else coalesce(followed.status, judged.status) end as status),
    judged.period_end = max(judged.period_end) over (partition by judged.kpi, judged.grain, judged.project_key, judged.module, judged.phase, judged.period_kind) as is_current
from judged
left join leading_kpi using (kpi)
left join judged as followed
    on followed.kpi = leader and followed.grain = judged.grain and followed.project_key = judged.project_key and followed.module = judged.module
    and followed.phase = judged.phase and followed.period_kind = judged.period_kind and followed.period_end = judged.period_end;
