-- What is booked, how far things have come, and which periods of the books are closed.

-- An account by the edit on screen, else the mapping file, of each the longest code; where no file was loaded, by the words of its name.
create temp table accounts as
with named as (
    select distinct coalesce(ledger_book, '') as book, account_code, coalesce(account_name, '') as account_name from landed.ledger
),
said as (
    select nullif(ledger_book, '') as ledger_book, account_code, category, kind, 1 as preference, '' as batch_id, 0 as source_row from frozen.account_edits
    union all select ledger_book, account_code, category, kind, 2, batch_id, source_row from landed.account_mapping
),
by_word as (
    select book, account_code, account_name,
        first({'category': category, 'kind': case when kind = 'root' then 'actual' else kind end} order by priority, word) as as_named
    from named join account_words on contains(account_name, word)
    group by all
    having bool_or(kind in ('root', 'carry_over')) and not exists (from landed.account_mapping)
)
select distinct on (book, account_code, account_name)
    book, account_code, account_name, case when preference is null then as_named.category else lower(s.category) end as category,
    case when preference is null then as_named.kind else lower(s.kind) end as kind
from named as a
left join (select * exclude (account_code), account_code as own_code from said) as s on starts_with(a.account_code, s.own_code)
    and coalesce(s.ledger_book, a.book) = a.book
left join by_word using (book, account_code, account_name)
order by preference, length(own_code) desc, s.ledger_book is null, s.batch_id desc, s.source_row desc;

create temp table ledger_lines as
with placed as (
    select l.*, coalesce(ledger_book, '') as book, project_of(source_system, project, booked_on, batch_id) as project_key, source_system, exported_at, landed_at
    from landed.ledger as l join frozen.batches using (batch_id)
),
-- a later batch of the source takes the place of the days that it covers
scopes as (
    select distinct source_system, project, batch_id, (exported_at, landed_at, batch_id) as age, covers_from, covers_to
    from landed.ledger join frozen.batches using (batch_id)
),
standing as (
    select placed.*, category, kind
    from placed left join accounts on accounts.book = placed.book and accounts.account_code = placed.account_code
        and accounts.account_name = coalesce(placed.account_name, '')
    where not exists (
        from scopes
        where scopes.source_system = placed.source_system and scopes.project is not distinct from placed.project and scopes.batch_id <> placed.batch_id
            and age > (placed.exported_at, placed.landed_at, placed.batch_id) and placed.booked_on between covers_from and covers_to)
)
-- debit less credit of cost accounts, without the vouchers that carry over to cost of sales
select * from standing
where kind in ('actual', 'accrual', 'commitment')
    and not exists (
        from standing as carried
        where (carried.kind = 'carry_over' or carried.summary like '%结转%')
            and carried.book = standing.book and carried.period = standing.period and carried.voucher_no = standing.voucher_no);

create temp table booked as
with placed as (
    select
        c.* replace (worded('costs', 'category', category, category) as category, worded('costs', 'kind', kind, kind) as kind),
        project_of(source_system, project, booked_on, batch_id) as project_key, source_system, exported_at, landed_at
    from landed.costs as c join frozen.batches using (batch_id)
),
scopes as (
    select distinct source_system, project, batch_id, (exported_at, landed_at, batch_id) as age, covers_from, covers_to
    from landed.costs join frozen.batches using (batch_id)
),
-- a document belongs to the newest batch that holds it; lines without one give way to a later batch that covers their day
standing as (
    select * from placed where document_no is not null
    qualify dense_rank() over (partition by source_system, document_no, coalesce(project, '') order by exported_at desc, landed_at desc, batch_id desc) = 1
    union all
    select * from placed
    where document_no is null and not exists (
        from scopes
        where scopes.source_system = placed.source_system and scopes.project is not distinct from placed.project and scopes.batch_id <> placed.batch_id
            and age > (placed.exported_at, placed.landed_at, placed.batch_id) and placed.booked_on between covers_from and covers_to)
),
lines as (
    select
        project_key, 'ledger' as source, source_system, wbs_code, null as phase, null as module, category, kind, voucher_no as document_no, booked_on,
        (coalesce(debit, 0) - coalesce(credit, 0))::decimal(18, 2) as amount, currency, true as is_in_own_currency, exchange_rate, exported_at, landed_at,
        batch_id, source_row
    from ledger_lines
    union all by name
    select
        project_key, source_system as source, source_system, wbs_code, phase, module, category, coalesce(kind, 'actual') as kind, document_no, booked_on,
        amount, currency, original_amount is not null as is_in_own_currency, exchange_rate, exported_at, landed_at, batch_id, source_row
    from standing
),
-- the books' own amount stands; a foreign amount alone is put in the project's currency at the rate of its day, rounded once, or is unknown
converted as (
    select * replace (
        own_name('module', project_key, source_system, module, booked_on) as module,
        own_name('wbs', project_key, source_system, wbs_code, booked_on) as wbs_code,
        case
            when is_in_own_currency or currency is null or currency = coalesce(currency_of(project_key), 'CNY') then amount
            else round(amount::decimal(18, 2) * coalesce(exchange_rate::decimal(20, 12),
                rate_of(currency, coalesce(currency_of(project_key), 'CNY'), booked_on)), 2)::decimal(18, 2)
        end as amount)
    from lines
),
-- the same cost on a list and in the ledger: one document of a project, day and amount, or the total of a category and month to the cent
keyed as (
    select
        project_key, source, batch_id, source_row, false as is_of_group,
        'd|' || project_key || '|' || folded(document_no) || '|' || booked_on || '|' || case when kind in ('actual', 'accrual') then amount end as match_key
    from converted where (select count(distinct source) from converted) > 1
    union all
    select
        project_key, source, batch_id, source_row, true,
        'm|' || project_key || '|' || coalesce(category, '') || '|' || date_trunc('month', booked_on) || '|' || sum(amount) over (partition by source,
            project_key, category, date_trunc('month', booked_on))
    from converted
    where kind in ('actual', 'accrual') and project_key <> 'unallocated' and (select count(distinct source) from converted) > 1
    qualify sum(amount) over (partition by source, project_key, category, date_trunc('month', booked_on)) <> 0
),
in_order as (
    select *, row_number() over (partition by match_key, source order by batch_id, source_row) as occurrence, place_of('costs', project_key, source) as place
    from keyed
    where match_key in (select match_key from keyed group by 1 having min(source) <> max(source))
),
told_already as (
    select distinct later.batch_id, later.source_row
    from in_order as later join in_order as earlier using (match_key)
    where earlier.place < later.place and earlier.occurrence = case when later.is_of_group then 1 else later.occurrence end
)
select *, (batch_id, source_row) in (select (batch_id, source_row) from told_already) as is_told_already from converted;

-- The status date: the newest thing that happened (updated, worked, booked, measured), never after its landing.
create temp table status_dates as
with happened as (
    select project_key, greatest(updated_on, created_on) as happened_on, batch_id from fct_issues
    union all select project_key, created_on, batch_id from fct_issues
    union all select project_key, work_date, batch_id from fct_worklogs
    union all select project_key, booked_on, batch_id from booked
    union all select project_of(source_system, project, status_on, batch_id), status_on, batch_id from landed.schedule join frozen.batches using (batch_id)
    union all select project_of(source_system, project, measured_on, batch_id), measured_on, batch_id from landed.coverage join frozen.batches using (batch_id)
    union all select project_of(source_system, project, measured_on, batch_id), measured_on, batch_id from landed.code_size join frozen.batches using (batch_id)
    union all select project_key, run_on, batch_id from fct_test_results
    union all select project_of(source_system, project, raised_on, batch_id), raised_on,
        batch_id from landed.change_requests join frozen.batches using (batch_id)
    union all select project_of(source_system, project, planned_live_on, batch_id), actual_live_on,
        batch_id from landed.sites join frozen.batches using (batch_id)
)
select project_key, least(max(happened_on), getvariable('as_of')) as status_on
from happened join frozen.batches using (batch_id)
where happened_on <= local_day(landed_at, zone_of(project_key))
group by 1;

-- Data dates of the schedule: when it says how far the work is. One without any tells it by actual dates, for every day up to its export.
create temp table data_dates as
with told as (
    select project_of(source_system, project, status_on, batch_id) as project_key, status_on,
        exported_at from landed.schedule join frozen.batches using (batch_id)
)
select distinct project_key, status_on as data_on, false as is_every_day from told where status_on is not null
union all
select project_key, max(local_day(exported_at, zone_of(project_key))), true from told group by 1 having max(status_on) is null;

-- Accounting periods end with the month or on a day that the project chose (null: the month).
create temp table book_ends as
select project_key, try_cast(chosen(project_key, 'period_ends_on', 'month_end') as int) as ends_on
from (select project_key from projects union all select 'unallocated');

create macro books_until(day, ends_on) as case
    when ends_on is null then last_day(day)
    else date_trunc('month', case when extract(day from day) > ends_on then day + interval 1 month else day end)::date + ends_on - 1 end;
create macro a_period_before(day) as (case when day = last_day(day) then date_trunc('month', day) - interval 1 day else day - interval 1 month end)::date;

-- Closed when finance says so, presumed closed from the tenth working day after its end, December never by itself; only if its books were exported
-- after it ended. What was reopened opens all after it.
create temp table closes as
with periods as (
    select b.project_key, books_until(booked_on, ends_on) as period_end, max(exported_at::date) as exported_on
    from booked as b join book_ends using (project_key)
    where kind in ('actual', 'accrual')
    group by all
),
happened as (
    select p.*, case when ends_on is null then date_trunc('month', period_end)::date - 1 else (period_end - interval 1 month)::date end as end_before
    from periods as p join book_ends using (project_key) join status_dates using (project_key)
    where case when ends_on is null then date_trunc('month', period_end)::date - 1 else (period_end - interval 1 month)::date end <= status_on
),
ends as (
    select project_key, unnest([period_end, end_before]) as period_end, max(exported_on) over (partition by project_key) as exported_on from happened
),
told as (
    select
        e.*,
        (select arg_max(is_closed, closing_id) from frozen.closings as c
         where c.project_key in (e.project_key, '*') and c.period = strftime(e.period_end, '%Y-%m')) as said,
        (select count(*) from frozen.calendar where is_working_day and calendar_date > e.period_end and calendar_date <= getvariable('today')) as days_since
    from (select distinct * from ends) as e
),
judged as (
    select
        *, coalesce(said, month(period_end) <> 12 and days_since >= 10) and period_end < exported_on
            and period_end <= coalesce(getvariable('as_of'), period_end) as is_closed,
        coalesce(min(period_end) filter (not said) over (partition by project_key), date '9999-12-31') as reopened
    from told
)
select
    project_key, coalesce(max(period_end) filter (is_closed and period_end < reopened), min(period_end)) as cost_closed_on,
    max(period_end) filter (is_closed and said and period_end < reopened) as finance_closed_on
from judged group by 1;

create table dim_projects as
select p.*, status_on, cost_closed_on
from (select * from projects union all by name select 'unallocated' as project_key, 'CNY' as currency, getvariable('zone') as time_zone
      where exists (from status_dates where project_key = 'unallocated') or exists (from budget_lines where project_key = 'unallocated')) as p
left join status_dates using (project_key) left join closes using (project_key);

-- The days of a project: the statutory ones, then what is said for all, then for this one (what is said for a site holds for its tasks alone).
create temp table project_days as
with named as (
    select min(named_on) - interval 1 year as first_on, max(named_on) + interval 1 year as last_on
    from (
        select unnest([period_start, period_end]) as named_on from frozen_lines union all select booked_on from booked union all select status_on
            from status_dates
        union all select unnest([baseline_start, baseline_finish]) from landed.schedule
    )
),
exceptions as (
    select
        case when project is null and project_of(source_system, project, calendar_date, batch_id) = 'unallocated' then '*'
            else project_of(source_system, project, calendar_date, batch_id) end as project_key,
        calendar_date, is_working_day
    from landed.calendars join frozen.batches using (batch_id)
    where nullif(trim(site), '') is null
    qualify row_number() over (partition by case when project is null then '*' else project end, calendar_date order by exported_at desc, landed_at desc,
        source_row desc) = 1
),
days as (
    select p.project_key, d.calendar_date, coalesce(own.is_working_day, general.is_working_day, d.is_working_day) as is_working_day
    from (select project_key from dim_projects union select project_key from frozen_lines) as p
    join dim_dates as d on d.calendar_date between (select first_on from named) and (select last_on from named)
    left join exceptions as own on own.project_key = p.project_key and own.calendar_date = d.calendar_date
    left join exceptions as general on general.project_key = '*' and general.calendar_date = d.calendar_date
)
select *, sum(is_working_day::int) over (partition by project_key order by calendar_date)::bigint as worked_until from days;
