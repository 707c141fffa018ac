-- Hours. By the source's own id the newest batch; without one, the newest batch that covers project and day.

create table fct_worklogs as
with placed as (
    select
        source_id, project, issue_key, wbs_code, person, module, work_date, hours, worded('worklogs', 'activity', activity, activity) as activity,
        project_of(source_system, project, work_date, batch_id) as project_key, source_system, exported_at, landed_at, batch_id, source_row
    from landed.worklogs as w join frozen.batches using (batch_id)
),
scopes as (
    select distinct source_system, project, batch_id, (exported_at, landed_at, batch_id) as age, covers_from, covers_to
    from landed.worklogs join frozen.batches using (batch_id)
),
counting as (
    select * from placed where source_id is not null
    qualify dense_rank() over (partition by source_system, source_id order by exported_at desc, landed_at desc, batch_id desc) = 1
    union all
    select * from placed
    where source_id is null and not exists (
        from scopes
        where scopes.source_system = placed.source_system and scopes.project is not distinct from placed.project and scopes.batch_id <> placed.batch_id
            and age > (placed.exported_at, placed.landed_at, placed.batch_id) and placed.work_date between covers_from and covers_to)
),
-- as own_person and own_name say, joined at once: asked row by row they are too many
named as (
    select
        c.* exclude (exported_at, landed_at) replace (
            of_person.spelling as person, nullif(trim(of_module.spelling), '') as module, of_element.spelling as wbs_code),
        row_number() over () as line
    from counting as c
    left join meant as person_meant
        on person_meant.kind = 'person' and person_meant.system = c.source_system and person_meant.code = c.person
            and coalesce(c.work_date, date '2000-01-01') >= person_meant.valid_from and coalesce(c.work_date, date '2000-01-01') < person_meant.valid_to
    left join meant as module_meant
        on module_meant.kind = 'module' and module_meant.system = c.source_system and module_meant.code = c.module
            and coalesce(c.work_date, date '2000-01-01') >= module_meant.valid_from and coalesce(c.work_date, date '2000-01-01') < module_meant.valid_to
    left join meant as element_meant
        on element_meant.kind = 'wbs' and element_meant.system = c.source_system and element_meant.code = c.wbs_code
            and coalesce(c.work_date, date '2000-01-01') >= element_meant.valid_from and coalesce(c.work_date, date '2000-01-01') < element_meant.valid_to
    left join spellings as of_person
        on of_person.kind = 'person' and of_person.project_key = '*' and of_person.written_as = coalesce(person_meant.known_as, c.person)
    left join spellings as of_module
        on of_module.kind = 'module' and of_module.project_key = c.project_key and of_module.written_as = coalesce(module_meant.known_as, c.module)
    left join spellings as of_element
        on of_element.kind = 'wbs' and of_element.project_key = c.project_key and of_element.written_as = coalesce(element_meant.known_as, c.wbs_code)
),
-- The same hours in two systems: person, day, issue (without one: project) and hours,
several as (
    select
        line, project_key, source_system, batch_id, source_row, work_date, person, hours, folded(person) as who, folded(issue_key) as issue,
        place_of('worklogs', project_key, source_system) as place
    from named where (select count(distinct source_system) from named) > 1
),
keyed as (
    select
        *, case when issue is not null then hash(who, work_date, 'i', issue, round(hours, 2))
            when project_key <> 'unallocated' then hash(who, work_date, 'p', project_key, round(hours, 2)) end as match_key
    from several
),
in_order as (
    select *, row_number() over (partition by match_key, source_system order by batch_id, source_row, work_date, person, issue, hours) as occurrence
    from keyed
    where match_key in (select match_key from keyed group by 1 having min(source_system) <> max(source_system))
),
-- against hours without an issue the sum of a person's day, where it is the same on most of at least three days that both tell,
days as (
    select project_key, who, work_date, source_system, any_value(place) as place, round(sum(hours), 2) as hours, count(issue) as with_issue
    from several where who is not null and project_key <> 'unallocated' group by all
),
day_pairs as (
    select a.*, a.place > b.place as is_later, a.hours = b.hours and (a.with_issue = 0 or b.with_issue = 0) as is_same, b.source_system as other_system
    from days as a join days as b on b.project_key = a.project_key and b.who = a.who and b.work_date = a.work_date and b.source_system <> a.source_system
),
same_days as (
    select * from day_pairs
    window pair as (partition by project_key, who, source_system, other_system)
    qualify is_same and count(*) filter (is_same) over pair >= 3 and 2 * count(*) filter (is_same) over pair > count(*) over pair
),
-- and of people whom the other system calls otherwise a day, an issue and hours, where half of what either has of such people agrees.
strange as (
    select *,
        row_number() over (partition by work_date, issue, round(hours, 2), source_system order by batch_id, source_row, work_date, person, hours) as occurrence,
        count(*) over (partition by source_system) as of_system
    from several
    where issue is not null and coalesce(who, '') in (select coalesce(who, '') from several group by 1 having min(source_system) = max(source_system))
),
strange_pairs as (
    select later.line, later.source_system, earlier.source_system as other_system, least(later.of_system, earlier.of_system) as of_either
    from strange as later join strange as earlier
        on earlier.work_date = later.work_date and earlier.issue = later.issue and round(earlier.hours, 2) = round(later.hours, 2)
            and earlier.occurrence = later.occurrence
    where earlier.place < later.place
    qualify 2 * count(*) over (partition by later.source_system, earlier.source_system) >= of_either
),
told_already as (
    select later.line from in_order as later join in_order as earlier using (match_key, occurrence) where earlier.place < later.place
    union select line from several join same_days using (project_key, who, work_date, source_system) where is_later
    union select line from strange_pairs
),
counted as (
    select * exclude (line) from named where line not in (select line from told_already)
),
issues as (
    select issue_key, project_key, nullif(module, '-') as module, nullif(phase, 'unallocated') as phase, is_technical_debt
    from fct_issues
    qualify row_number() over (partition by issue_key order by updated_on desc nulls last, batch_id desc) = 1
),
-- a row without a project of its own belongs to that of its issue
homed as (
    select
        w.* replace (
            case when w.project is null then coalesce(i.project_key, w.project_key) else w.project_key end as project_key,
            coalesce(w.module, i.module, e.module, '-') as module),
        coalesce(e.phase, i.phase, 'unallocated') as phase,
        coalesce(activity, '') = 'technical_debt' or coalesce(i.is_technical_debt, false) as is_technical_debt
    from counted as w
    left join issues as i using (issue_key)
    left join elements as e on e.project_key = w.project_key and e.wbs_code = w.wbs_code
),
coded as (select distinct project_key, module from fct_code_size)
select
    h.* replace (hours::decimal(28, 4) as hours),
    -- a module that is known to have no own code is left out; where no module has a size, all count
    (h.is_technical_debt or coalesce(activity, '') in ('development', 'test'))
        and (h.project_key not in (select project_key from coded) or coded.module is not null or h.module = '-') as is_own_code_work,
    -- which hours the share of technical debt is a part of: as the project chose, else as was chosen for all, from the month of the choice on
    coalesce(chosen_on(h.project_key, 'technical_debt_basis', work_date), chosen_on('*', 'technical_debt_basis', work_date), 'all_hours') = 'all_hours'
        as is_of_all_hours
from homed as h left join coded on coded.project_key = h.project_key and coded.module = h.module;
