-- What everything rests on: days, how people write codes, which project a row belongs to, what a person chose. One table per question.
-- `landed.<feed>` are the landed rows, `frozen.<table>` what a build reads of the control store; today, as_of, zone and reporting_currency are set.

create macro local_day(instant, zone) as timezone(zone, timezone('UTC', instant))::date;
-- the day of an instant where nothing says yet which project's zone holds
create macro house_day(instant) as local_day(instant, getvariable('zone'));

create table dim_dates as
select
    calendar_date, is_working_day,
    sum(is_working_day::int) over (order by calendar_date)::bigint as working_day_number,
    date_trunc('week', calendar_date)::date + 6 as week_end,
    last_day(calendar_date) as month_end
from frozen.calendar;

-- Codes: half-width, lower case, single blanks; blank, hyphen and underscore are one separator, and count between two digits or two letters only
-- (W-15 is W15, 1-1 is not 11, Li Na is not Lina).
set variable wide = (select string_agg(chr(n::int), '' order by n) from range(65281, 65375) as t(n));
set variable narrow = (select string_agg(chr(n::int), '' order by n) from range(33, 127) as t(n));
create macro plain(written) as
    trim(regexp_replace(regexp_replace(lower(translate(written, getvariable('wide'), getvariable('narrow'))), '[\p{Pd}−]', '-', 'g'), '[\s\p{Z}]+', ' ', 'g'));
create macro joined(written) as trim(regexp_replace(plain(written), '[ _-]+', '-', 'g'), '-');
create macro folded(written) as coalesce(
    nullif(regexp_replace(regexp_replace(regexp_replace(joined(written), '([0-9])-([^0-9])', '\1\2', 'g'), '([^0-9])-([0-9])', '\1\2', 'g'), '-?(\p{Han})-?',
        '\1', 'g'), ''),
    plain(written));

-- A word that a person mapped on screen goes before what the export says.
create temp table its_words as select feed as its_feed, "column" as its_column, plain(word) as its_word,
    any_value(canonical) as its_meaning from frozen.words group by all;
create macro worded(feed_name, column_name, written, otherwise) as coalesce(
    (select its_meaning from its_words where its_feed = feed_name and its_column = column_name and its_word = plain(written)), otherwise);

-- Every code that exports write, by the system that writes it.
create temp table written as
with used as (
    select 'project' as kind, batch_id, project, project as code, false as is_reference, count(*) as n from landed.issues group by all
    union all select 'project', batch_id, project, project, false, count(*) from landed.worklogs group by all
    union all select 'project', batch_id, project, project, false, count(*) from landed.ledger group by all
    union all select 'project', batch_id, project, project, false, count(*) from landed.costs group by all
    union all select 'project', batch_id, project, project, false, count(*) from frozen.baselines group by all
    union all select 'project', batch_id, project, project, false, count(*) from landed.schedule group by all
    union all select 'project', batch_id, project, project, false, count(*) from landed.coverage group by all
    union all select 'project', batch_id, project, project, false, count(*) from landed.code_size group by all
    union all select 'project', batch_id, project, project, false, count(*) from landed.test_results group by all
    union all select 'project', batch_id, project, project, false, count(*) from landed.contracts group by all
    union all select 'project', batch_id, project, project, false, count(*) from landed.change_requests group by all
    union all select 'project', batch_id, project, project, false, count(*) from landed.risks group by all
    union all select 'project', batch_id, project, project, false, count(*) from landed.sites group by all
    union all select 'project', batch_id, project, project, false, count(*) from landed.people group by all
    union all select 'project', batch_id, project, project, false, count(*) from landed.calendars group by all
    union all select 'project', batch_id, null, project_hint, false, 0 from frozen.batches
    union all select 'module', batch_id, project, module, false, count(*) from landed.issues group by all
    union all select 'module', batch_id, project, module, false, count(*) from landed.worklogs group by all
    union all select 'module', batch_id, project, module, false, count(*) from landed.costs group by all
    union all select 'module', batch_id, project, module, true, count(*) from frozen.baselines group by all
    union all select 'module', batch_id, project, module, false, count(*) from landed.schedule group by all
    union all select 'module', batch_id, project, module, false, count(*) from landed.coverage group by all
    union all select 'module', batch_id, project, module, false, count(*) from landed.code_size group by all
    union all select 'module', batch_id, project, module, false, count(*) from landed.test_results group by all
    union all select 'wbs', batch_id, project, wbs_code, false, count(*) from landed.issues group by all
    union all select 'wbs', batch_id, project, wbs_code, false, count(*) from landed.worklogs group by all
    union all select 'wbs', batch_id, project, wbs_code, false, count(*) from landed.costs group by all
    union all select 'wbs', batch_id, project, wbs_code, false, count(*) from landed.ledger group by all
    union all select 'wbs', batch_id, project, wbs_code, true, count(*) from frozen.baselines group by all
    union all select 'wbs', batch_id, project, wbs_code, false, count(*) from landed.schedule group by all
    union all select 'person', batch_id, null, assignee, false, count(*) from landed.issues group by all
    union all select 'person', batch_id, null, person, false, count(*) from landed.worklogs group by all
    union all select 'person', batch_id, null, person, true, count(*) from landed.people group by all
    union all select 'person', batch_id, null, person, false, count(*) from landed.leaves group by all
    union all select 'person', batch_id, null, person, false, count(*) from landed.rates group by all
    union all select 'person', batch_id, null, person, false, count(*) from landed.attendance group by all
)
select used.*, source_system as system from used join frozen.batches using (batch_id) where code is not null;

-- The project list says what projects there are; without one, the codes do. A project that a person named while loading is one in any case.
create temp table projects as
with listed as (
    select p.* from landed.projects as p join frozen.batches using (batch_id)
    qualify row_number() over (partition by plain(project_key) order by exported_at desc, landed_at desc, source_row desc) = 1
),
found as (
    select min(trim(code)) as project_key
    from written
    where kind = 'project' and trim(code) <> ''
        and (n = 0 or (not exists (from listed) and batch_id not in (select batch_id from frozen.batches where feed in ('people', 'calendars'))))
        and folded(code) not in (
            select folded(external_code) from landed.project_aliases union all select folded(external_code) from frozen.aliases
            union all select folded(project_key) from listed union all select folded(name) from listed where name is not null)
    group by folded(code)
)
select * replace (coalesce(currency, 'CNY') as currency, coalesce(time_zone, getvariable('zone')) as time_zone)
from (select * exclude (batch_id, source_row) from listed union all by name select project_key, project_key as name from found);

-- In a macro's subquery all columns are its_…, so that none takes the place of an argument.
create temp view its_projects as select project_key as its_key, time_zone as its_zone, currency as its_currency, actual_finish_on as its_finish,
    case when coalesce(method, '') <> 'scrum' then freeze_on end as its_freeze from projects;
create macro zone_of(project) as coalesce((select its_zone from its_projects where its_key = project), getvariable('zone'));
create macro currency_of(project) as (select its_currency from its_projects where its_key = project);

-- What a code stands for in a system, from a day on: a project by its key or name, anything by an alias. An alias of the system goes before one of
-- all, one made on screen before one of a file. Two things written alike keep each their own writing.
create temp table meant as
with known as (
    select 'project' as kind, '*' as system, project_key as code, project_key as known_as, null::date as valid_from, 3 as preference from projects
    union all select 'project', '*', name, project_key, null, 4 from projects where name is not null
    union all select lower(coalesce(kind, 'project')), coalesce(folded(system), '*'), external_code, project_key, valid_from, 2 from landed.project_aliases
    union all select lower(coalesce(kind, 'project')), coalesce(folded(system), '*'), external_code, project_key, valid_from, 1 from frozen.aliases
),
existing as (
    select * replace (coalesce(valid_from, date '1900-01-01') as valid_from), plain(code) as as_plain, folded(code) as as_folded
    from known
    where kind <> 'project' or known_as in (select project_key from projects)
),
candidates as (
    select
        w.kind, w.system, w.code, e.known_as, e.valid_from, e.system = '*' as is_general, e.preference, e.as_plain = plain(w.code) as is_own_writing,
        min(as_plain) over same <> max(as_plain) over same and min(known_as) over same <> max(known_as) over same as are_several
    from (select distinct kind, system, code from written) as w
    join existing as e on e.kind = w.kind and e.system in ('*', w.system) and e.as_folded = folded(w.code)
    window same as (partition by w.kind, w.system, w.code)
),
chosen as (
    select kind, system, code, valid_from, first(known_as order by is_general, preference, known_as) as known_as
    from candidates
    where is_own_writing or not are_several
    group by all
)
select *, coalesce(lead(valid_from) over (partition by kind, system, code order by valid_from), date '9999-12-31') as valid_to from chosen;

create temp view its_meanings as select kind as its_kind, system as its_system, code as its_code, known_as as its_meaning, valid_from as its_first,
    valid_to as its_end from meant;
create macro meaning(of_kind, in_system, written_as, on_day) as (
    select its_meaning from its_meanings
    where its_kind = of_kind and its_system = in_system and its_code = written_as
        and coalesce(on_day, date '2000-01-01') >= its_first and coalesce(on_day, date '2000-01-01') < its_end);

create temp table hints as
select batch_id, known_as as project_key
from frozen.batches join meant on kind = 'project' and system = source_system and code = project_hint and valid_to = date '9999-12-31';

create temp view its_hints as select batch_id as its_batch, project_key as its_hint from hints;

-- The project of a row: what its code stands for on its day, else the one named while loading, else none.
create macro project_of(a_system, as_told, a_day, in_batch) as coalesce(
    meaning('project', a_system, as_told, a_day), (select its_hint from its_hints where its_batch = in_batch), 'unallocated');

-- Modules, WBS elements and people in one spelling: that of the budget or the list of people, else the one most used. What a list tells apart stays so.
create temp table spellings as
with standing_for as (
    select distinct
        w.kind, case when w.kind = 'person' then '*' else coalesce(p.known_as, h.project_key, 'unallocated') end as project_key,
        coalesce(m.known_as, w.code) as written_as, is_reference, w.n, w.batch_id, w.project
    from written as w
    left join meant as p on p.kind = 'project' and p.system = w.system and p.code = w.project
    left join hints as h on h.batch_id = w.batch_id
    left join meant as m on m.kind = w.kind and m.system = w.system and m.code = w.code
    where w.kind <> 'project'
),
counted as (
    select kind, project_key, written_as, folded(written_as) as as_folded, plain(written_as) as as_plain, bool_or(is_reference) as is_reference, sum(n) as n
    from standing_for group by all
),
apart as (
    select kind, project_key, as_folded from counted where is_reference group by all having count(distinct as_plain) > 1
)
select
    c.kind, c.project_key, c.written_as,
    trim(first_value(c.written_as) over (
        partition by c.kind, c.project_key, c.as_folded, case when a.as_folded is not null then c.as_plain end order by c.is_reference desc, c.n desc,
            c.written_as)) as spelling
from counted as c left join apart as a using (kind, project_key, as_folded);

create temp view its_spellings as select kind as its_kind, project_key as its_project, written_as as its_code, spelling as its_spelling from spellings;
create macro spelled(of_kind, in_project,
    called) as (select its_spelling from its_spellings where its_kind = of_kind and its_project = in_project and its_code = called);
-- how a project calls a module or an element that an export names in its own way
create macro own_name(a_kind, a_project, a_system, as_told, a_day) as spelled(a_kind, a_project, coalesce(meaning(a_kind, a_system, as_told, a_day), as_told));
create macro own_person(a_system, as_told, a_day) as spelled('person', '*', coalesce(meaning('person', a_system, as_told, a_day), as_told));

-- What a project chose, else what was chosen for all.
create temp view its_settings as select project_key as its_project, name as its_name, value as its_value,
    coalesce(valid_from, date '1900-01-01') as its_day from frozen.project_settings;
create macro chosen(project, called, otherwise) as coalesce(
    (select its_value from its_settings where its_project = project and its_name = called),
    (select its_value from its_settings where its_project = '*' and its_name = called), otherwise);
create macro chosen_on(project, called, on_day) as (
    select arg_max(its_value, its_day) from its_settings where its_project = project and its_name = called and date_trunc('month', its_day) <= on_day);

-- Rates: for one unit, as the source states them, else turned round; of one day the newest export.
create temp table fx as
with stated as (
    select from_currency, coalesce(to_currency, 'CNY') as to_currency, coalesce(kind, 'spot') as kind, valid_from, rate::double / coalesce(per, 1) as rate
    from landed.fx_rates join frozen.batches using (batch_id)
    where rate > 0
    qualify row_number() over (partition by from_currency, coalesce(to_currency, 'CNY'), coalesce(kind, 'spot'), valid_from order by exported_at desc,
        landed_at desc, source_row desc) = 1
)
select from_currency, to_currency, kind, valid_from, first(rate order by is_turned)::decimal(20, 12) as rate
from (
    select *, false as is_turned from stated
    union all select to_currency, from_currency, kind, valid_from, 1 / rate, true from stated
)
where from_currency <> to_currency
group by all;

-- The rate of a day: the newest spot rate, at most ten days old, else the average of its month.
create temp view its_rates as select from_currency as its_from, to_currency as its_to, kind as its_kind, valid_from as its_day, rate as its_rate from fx;
create macro rate_of(from_this, to_that, on_day) as coalesce(
    (select arg_max(its_rate, its_day) from its_rates where its_kind = 'spot' and its_from = from_this and its_to = to_that and its_day <= on_day
        and its_day >= on_day - 10),
    (select arg_max(its_rate, its_day) from its_rates where its_kind = 'month_average' and its_from = from_this and its_to = to_that
        and date_trunc('month', its_day) = date_trunc('month', on_day)));

-- One fact from two sources counts once: the source that the project chose leads, else the ledger, else the one that landed first.
create temp table sources as
select fact, source, row_number() over (partition by fact order by source <> 'ledger', landed_first, source) as place
from (
    select case when feed = 'ledger' then 'costs' else feed end as fact, case when feed = 'ledger' then 'ledger' else source_system end as source,
        min((landed_at, batch_id)) as landed_first
    from frozen.batches
    where feed in ('issues', 'worklogs', 'costs', 'ledger')
    group by all
);

create temp view its_sources as select fact as its_fact, source as its_source, place as its_place from sources;
create macro place_of(of_fact, for_project, from_source) as case
    when chosen(for_project, 'leading_source_of_' || of_fact, '') = from_source then 0
    else (select its_place from its_sources where its_fact = of_fact and its_source = from_source) end;
