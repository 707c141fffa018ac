-- Actual cost by the day on which it counts, what has arrived and is not booked, and what of the commitments is cost by now.

-- Books that finance closed stand as they were kept: until a period of theirs is reopened, or closed again by later ones.
create temp table kept_books as
select
    b.book_id, b.project_key, b.closed_from,
    least(
        closed_to, finance_closed_on,
        (select min(a_period_before(books_until((c.period || '-01')::date, ends_on))) from frozen.closings as c
         where c.project_key in (b.project_key, '*') and not c.is_closed and c.closing_id > b.closing_id),
        (select min(later.closed_from) from frozen.closed_books as later where later.project_key = b.project_key and later.book_id > b.book_id)) as kept_to
from frozen.closed_books as b join closes as c on c.project_key = b.project_key join book_ends as e on e.project_key = b.project_key
where finance_closed_on is not null;

-- What the files say of closed days now and did not then counts on the first open day: copies more, or copies less.
create temp table counted_costs as
with standing as (
    select * from kept_books where closed_from is null or kept_to > closed_from
),
ends as (select project_key, max(kept_to) as kept_to from standing group by 1),
live as (
    select b.*, kept_to, coalesce(kind in ('actual', 'accrual') and booked_on <= finance_closed_on and booked_on <= kept_to, false) as is_closed
    from booked as b left join closes using (project_key) left join ends using (project_key)
    where not is_told_already
),
kept as (
    select k.* from frozen.closed_costs as k join standing as s using (book_id) where k.booked_on <= s.kept_to
),
changed as (
    select
        project_key, any_value(wbs_code) as wbs_code, any_value(module) as module, any_value(phase) as phase, any_value(category) as category, kind,
        document_no, amount,
        sum(copies) as copies, max(batch_id) as batch_id, min(source_row) as source_row
    from (
        select project_key, wbs_code, module, phase, category, kind, document_no, booked_on as stated_on, amount, 1 as copies, batch_id,
            source_row from live where is_closed
        union all
        select project_key, wbs_code, module, phase, category, kind, document_no, stated_on, amount * copies, -copies, batch_id, source_row from kept
    )
    group by project_key, folded(wbs_code), folded(module), coalesce(phase, ''), coalesce(category, ''), kind, document_no, stated_on, amount
    having sum(copies) <> 0
)
select project_key, wbs_code, module, phase, category, kind, document_no, booked_on, amount, batch_id, source_row from live where not is_closed
union all by name
select project_key, wbs_code, module, phase, category, kind, document_no, booked_on, amount, batch_id, source_row from kept
union all by name
select c.* exclude (copies) replace ((c.amount * copies)::decimal(18, 2) as amount), kept_to + 1 as booked_on
from changed as c join ends using (project_key);

create table fct_costs as
with sources as (
    select project_key, chosen(project_key, 'actual_cost_source', 'ledger') as cost_source, currency from dim_projects
),
-- after the last closed period hours at their rates stand for labor that is not booked yet; always, where the project takes cost from timesheets
logged as (
    select w.*, s.currency, s.cost_source, work_date <= c.cost_closed_on as is_closed, row_number() over () as line
    from fct_worklogs as w join sources as s using (project_key) left join closes as c using (project_key)
    where cost_source = 'timesheets' or (cost_source = 'ledger' and work_date > cost_closed_on)
),
people as (
    -- whoever the list gives two roles has the rate of neither
    select
        spelled('person', '*', person) as person, case when count(distinct role) = 1 then max(role) end as role,
        case when count(distinct vendor) = 1 then max(vendor) end as vendor
    from landed.people group by 1
),
rates as (
    select r.* replace (spelled('person', '*', person) as person) from landed.rates as r
),
-- hours without a rate are cost of unknown amount where hours are cost: in timesheets, else beside books that hold labor
priced as (
    select l.*, hourly_rate, r.currency as rate_currency
    from logged as l left join people as p on p.person = l.person
    left join rates as r on r.valid_from <= work_date
        and (r.person = l.person or (r.person is null and r.role = p.role and coalesce(r.vendor, p.vendor, '') = coalesce(p.vendor, '')))
    where hourly_rate is not null or (hours <> 0 and (cost_source = 'timesheets'
        or l.project_key in (select project_key from counted_costs where category = 'labor' and kind in ('actual', 'accrual'))))
    qualify row_number() over (partition by line order by r.person is null, r.valid_from desc, r.batch_id desc) = 1
),
labor as (
    select
        project_key, wbs_code, phase, module, 'labor' as category, case when coalesce(is_closed, false) then 'actual' else 'provisional' end as kind,
        row_key as document_no, work_date as counts_on, work_date as booked_on,
        round(hours::double * hourly_rate::double * case when coalesce(rate_currency, currency) is not distinct from currency then 1
            else rate_of(rate_currency, currency, work_date)::double end, 2)::decimal(18, 2) as amount,
        batch_id, source_row
    from (select *, coalesce(source_id, person) as row_key from priced)
),
-- a bottom-up estimate stands until the next one of its project
estimates as (
    select project_key, booked_on, lead(booked_on) over (partition by project_key order by booked_on) as superseded_on
    from (select distinct project_key, booked_on from counted_costs where kind = 'forecast')
),
counting as (
    select
        b.*, case when kind = 'forecast' then e.superseded_on end as superseded_on, books_until(b.booked_on, ends_on) as until_on, row_number() over () as line
    from counted_costs as b
    left join sources as s using (project_key) left join closes as c using (project_key) left join book_ends using (project_key)
    left join estimates as e on e.project_key = b.project_key and e.booked_on = b.booked_on
    where not (
        coalesce(category, '') = 'labor' and kind in ('actual', 'accrual')
        and (cost_source = 'timesheets' or (cost_source = 'ledger' and b.booked_on > coalesce(cost_closed_on, date '9999-12-31'))))
),
-- Payroll, depreciation and overhead stand for their whole period: booked in its last ten days, and not on two earlier days as they go. They are
-- cut at the data dates of the period: by its hours up to the day where hours reach its last week, else by working days.
whole_period as (
    select c.line, c.project_key, c.booked_on, c.until_on, a_period_before(c.until_on) as after_on, c.amount
    from counting as c
    where kind in ('actual', 'accrual') and category in ('labor', 'indirect') and booked_on >= until_on - 10
        and (select count(distinct e.booked_on) from counting as e
             where e.project_key = c.project_key and e.category = c.category and e.until_on = c.until_on and e.kind in ('actual', 'accrual')
                 and e.booked_on < e.until_on - 10) < 2
),
cut_days as (
    select distinct w.project_key, after_on, until_on, d.calendar_date as cut_on
    from whole_period as w join data_dates as r using (project_key)
    join dim_dates as d on d.calendar_date > after_on and d.calendar_date < until_on
        and (d.calendar_date = data_on or (is_every_day and d.calendar_date <= data_on and d.calendar_date in (d.week_end, d.month_end)))
),
hours_cut as (
    select c.project_key, c.until_on, c.cut_on, sum(hours) filter (work_date <= c.cut_on)::double / nullif(sum(hours)::double, 0) as share
    from cut_days as c join fct_worklogs as w on w.project_key = c.project_key and work_date > after_on and work_date <= until_on
    group by all having max(work_date) > until_on - 7
),
shares as (
    select
        c.*, coalesce(
            case when h.cut_on is not null then coalesce(h.share, 0) end,
            (d.worked_until - f.worked_until)::double / nullif(l.worked_until - f.worked_until, 0),
            (c.cut_on - after_on)::double / (c.until_on - after_on)) as share
    from cut_days as c
    join project_days as d on d.project_key = c.project_key and d.calendar_date = c.cut_on
    join project_days as f on f.project_key = c.project_key and f.calendar_date = after_on
    join project_days as l on l.project_key = c.project_key and l.calendar_date = c.until_on
    left join hours_cut as h on h.project_key = c.project_key and h.until_on = c.until_on and h.cut_on = c.cut_on
),
-- what is left counts from the booking on, or from the end of the period where a data date lies behind the booking
slices as (
    select line, cut_on, round(amount::double * share, 2)::decimal(18, 2) as to_date from whole_period join shares using (project_key, until_on)
    union all
    select line, case when max(cut_on) < any_value(w.booked_on) then any_value(w.booked_on) else any_value(w.until_on) end, any_value(amount)
    from whole_period as w join shares using (project_key, until_on) group by line
),
lines as (
    select c.* exclude (line, until_on, amount), coalesce(cut_on, booked_on) as counts_on,
        case when cut_on is null then amount else to_date - coalesce(lag(to_date) over (partition by c.line order by cut_on), 0) end::decimal(18, 2) as amount
    from counting as c left join slices using (line)
    union all by name
    select * from labor
)
select lines.* replace (coalesce(lines.module, e.module, '-') as module, coalesce(lines.phase, e.phase, 'unallocated') as phase)
from lines left join elements as e using (project_key, wbs_code);

-- Of an element and category that something was signed for, on every day on which one of its figures changes: arrived = signed × progress − booked
-- (equipment and software); in cost by now = what was spent or arrived, but for cost from before the first signing.
insert into fct_costs by name
with signed_for as (
    select project_key, coalesce(wbs_code, '') as element, coalesce(category, '') as category, max(phase) as phase, max(module) as module,
        any_value(wbs_code) as wbs_code
    from fct_costs where kind = 'commitment' group by all
),
-- the budget whose earned value tells how much has come: the category's own, else the whole element's
arriving as (
    select
        s.project_key, element, s.category, coalesce(sum(planned_value) filter (b.category = s.category), 0) > 0 as has_own,
        case when has_own then sum(planned_value) filter (b.category = s.category) else sum(planned_value) end as budget
    from signed_for as s join budget_lines as b on b.project_key = s.project_key and b.wbs_code = element
    where s.category in ('equipment', 'software') and chosen(s.project_key, 'accrue_at_arrival', 'yes') = 'yes'
    group by all
),
reported as (
    select a.project_key, element, a.category, v.status_on, v.superseded_on, sum(earned_value)::double / nullif(any_value(budget)::double, 0) as done,
        max(v.batch_id) as batch_id, min(v.source_row) as source_row
    from arriving as a join fct_earned_value as v on v.project_key = a.project_key and v.wbs_code = element and (v.category = a.category or not has_own)
    where v.status_on is not null
    group by all
),
happened as (
    select s.project_key, element, s.category, counts_on as day,
        case when kind = 'commitment' then amount else 0 end as signed, case when kind <> 'commitment' then amount else 0 end as spent,
        case when kind in ('actual', 'accrual') then amount else 0 end as invoiced, 0.0::double as done
    from signed_for as s join fct_costs as c on c.project_key = s.project_key and coalesce(c.wbs_code, '') = element and coalesce(c.category, '') = s.category
    where kind in ('actual', 'accrual', 'provisional', 'commitment')
    union all select project_key, element, category, status_on, 0, 0, 0, done from reported
    union all select project_key, element, category, superseded_on, 0, 0, 0, -done from reported where superseded_on is not null
),
to_date as (
    select
        project_key, element, category, day, lead(day) over so_far as superseded_on,
        sum(sum(signed)) over so_far as signed, sum(sum(spent)) over so_far as spent, sum(sum(invoiced)) over so_far as invoiced,
        sum(sum(coalesce(done, 0))) over so_far as done
    from happened group by project_key, element, category, day
    window so_far as (partition by project_key, element, category order by day)
),
standing as (
    select *, round(greatest(0, signed::double * least(done, 1) - invoiced::double), 2)::decimal(18, 2) as arrived from to_date
),
used as (
    select *, spent + arrived + least(0, min(signed - spent - arrived) over (partition by project_key, element, category order by day)) as drawn from standing
),
levels as (
    select project_key, element, category, 'accrual' as kind, day, superseded_on, arrived as amount from used where arrived > 0
    union all
    select project_key, element, category, 'drawn', day, superseded_on, drawn from used where drawn > 0
)
select l.project_key, s.wbs_code, nullif(l.category, '') as category, kind, day as counts_on, day as booked_on, superseded_on, amount,
    coalesce(s.phase, 'unallocated') as phase, coalesce(s.module, '-') as module
from levels as l join signed_for as s on s.project_key = l.project_key and s.element = l.element and s.category = l.category;
