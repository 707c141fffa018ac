-- Issues, code, coverage, tests.

create macro gravity(severity, of_unknown_word) as case coalesce(severity, '')
    when 'fatal' then 5 when 'serious' then 4 when 'normal' then 3 when 'minor' then 2 when 'suggestion' then 1 when '' then 0 else of_unknown_word end;

create table fct_issues as
with recursive
placed as (
    select
        i.* replace (
            worded('issues', 'issue_type', issue_type, issue_type) as issue_type, worded('issues', 'status', status, status_category) as status_category,
            worded('issues', 'resolution', resolution, resolution) as resolution, worded('issues', 'severity', severity, severity) as severity,
            worded('issues', 'defect_cause', defect_cause, defect_cause) as defect_cause,
            worded('issues', 'found_in_phase', found_in_phase, found_in_phase) as found_in_phase),
        project_of(source_system, project, house_day(created_at), batch_id) as project_key, source_system, exported_at, landed_at, snapshot_scope
    from landed.issues as i join frozen.batches using (batch_id)
),
-- the newest export that holds an issue says what it is; ZenTao numbers bugs and tasks apart
newest as (
    select * from placed
    qualify row_number() over (
        partition by source_system, issue_key, case when source_system = 'zentao' then issue_type = 'defect' end
        order by updated_at desc nulls last, exported_at desc, landed_at desc, source_row desc) = 1
),
-- what is missing from a newer full snapshot was deleted
snapshots as (
    select snapshot_scope, max(exported_at) as newest_at
    from frozen.batches where feed = 'issues' and is_full_snapshot and snapshot_scope is not null group by 1
),
-- the same issue through two trackers: one key and summary, one key and day, or one summary and day of a project
keyed as (
    select project_key, source_system, batch_id, source_row, unnest([
        case when issue_key like '%-%' then 'k|' || folded(issue_key) || '|' || folded(summary) end,
        case when issue_key like '%-%' then 'd|' || folded(issue_key) || '|' || house_day(created_at) end,
        's|' || project_key || '|' || folded(summary) || '|' || house_day(created_at)]) as match_key
    from newest
    where (select count(distinct source_system) from newest) > 1
),
in_order as (
    select *, row_number() over (partition by match_key, source_system order by batch_id, source_row) as occurrence,
        place_of('issues', project_key, source_system) as place
    from keyed
    where match_key in (select match_key from keyed group by 1 having min(source_system) <> max(source_system))
),
told_already as (
    select distinct later.batch_id, later.source_row
    from in_order as later join in_order as earlier using (match_key, occurrence)
    where earlier.place < later.place
),
-- without a day of its own, work began when the state first left the waiting ones
first_work as (
    select issue_key, min(changed_at) as started_at
    from landed.issue_changes
    where lower(field) in ('status', '状态')
        and lower(coalesce(to_value, '')) not in ('to do', 'todo', 'open', 'new', 'backlog', 'selected for development', 'reopened', '待办', '未开始', '新建', '打开',
            '激活')
    group by 1
),
dated as (
    select
        newest.* replace (
            coalesce(newest.started_at, first_work.started_at) as started_at,
            case when status_category = 'done' and resolution = 'cancelled' then 'cancelled' else status_category end as status_category,
            nullif(trim(own_name('module', project_key, source_system, module, house_day(created_at))), '') as module,
            own_name('wbs', project_key, source_system, wbs_code, house_day(created_at)) as wbs_code),
        coalesce(exported_at < newest_at, false) as is_deleted,
        zone_of(project_key) as zone,
        (select its_freeze from its_projects where its_key = project_key) as freeze_on,
        coalesce(resolved_at, closed_at,
            case when newest.status_category = 'done' and newest.resolution is distinct from 'cancelled' then updated_at end) as done_at
    from newest
    left join snapshots using (snapshot_scope)
    left join first_work using (issue_key)
    where (batch_id, source_row) not in (select (batch_id, source_row) from told_already)
),
judged as (
    select
        *,
        issue_type in ('defect', 'bug') as is_defect,
        -- never done, because there was nothing to do
        coalesce(resolution, '') in ('as_designed', 'duplicate', 'cannot_reproduce', 'to_requirement', 'cancelled', 'invalid')
            or coalesce(status_category, '') = 'cancelled' as is_void,
        -- put off or refused, and open for that
        coalesce(resolution, '') in ('deferred', 'wont_fix') as is_left_over,
        -- solved is not closed
        closed_at is not null or (status_category = 'done' and lower(status) not in (
            'resolved', 'solved', 'fixed', '已解决', '已修复', '已解決', '已修復', 'resuelta', 'resuelto', 'resolvida', 'resolvido', 'gelöst', 'behoben',
            'résolu', 'résolue', 'решен', 'решена', 'решено', 'rozwiązane', 'rozwiązany', '解決済み', '修正済み')) as is_closed,
        coalesce(resolution, '') = 'third_party' or coalesce(defect_cause, '') = 'third_party' as is_third_party
    from dated
),
-- A duplicate leaves the count where a valid defect of at least its severity is named as the same, itself or through other duplicates. A link that
-- states another type names none; one of unknown severity may be the worst.
originals as (
    select distinct source_system, plain(issue_key) as duplicate_key, gravity(severity, 5) as own_gravity,
        plain(regexp_replace(link, '^.* [→←] ', '')) as original_key
    from (select *, unnest(links) as link from judged where is_defect and not is_deleted and resolution = 'duplicate')
    where not regexp_matches(link, ' [→←] ') or regexp_matches(lower(link), '(dupl|重复|重複|дубл|doublon|повтор).*[→←]')
),
standing as (
    select source_system, plain(issue_key) as reached_key, gravity(severity, 0) as reached_gravity
    from judged
    where is_defect and not is_void and not is_deleted and (source_system, plain(issue_key)) in (select (source_system, original_key) from originals)
    union
    select o.source_system, duplicate_key, reached_gravity
    from standing as s join originals as o on o.source_system = s.source_system and original_key = reached_key and own_gravity <= reached_gravity
),
proved as (
    select * exclude (is_void), is_void and not is_unproved as is_void, is_void as is_void_work
    from (
        select *, is_defect and not is_deleted and coalesce(resolution, '') = 'duplicate'
            and (source_system, plain(issue_key)) not in (select (source_system, reached_key) from standing) as is_unproved
        from judged
    )
)
select
    judged.* exclude (project, zone, done_at, exported_at, landed_at, snapshot_scope, created_at, started_at, resolved_at, closed_at, updated_at, is_void,
        is_left_over, is_closed, is_third_party, is_unproved, is_void_work)
        replace (coalesce(judged.module, element.module, '-') as module),
    coalesce(element.phase, case found_in_phase when 'unit_test' then 'development' when 'sit' then 'testing' when 'uat' then 'testing'
        when 'trial_run' then 'trial_run' when 'production' then 'warranty' end, 'unallocated') as phase,
    is_defect and not is_void and not is_third_party and not is_deleted as is_confirmed_defect,
    coalesce(defect_cause, 'code') in ('code', 'interface', 'security', 'performance', 'standard') as is_code_caused,
    status_category = 'done' and not is_void_work and not is_left_over and not is_deleted
        and coalesce(issue_type, '') not in ('epic', 'sub_task') as is_completed_item,
    issue_type in ('requirement', 'story') and not is_void and not is_deleted and original_estimate_hours > 0 and freeze_on is not null as is_scope,
    original_estimate_hours / 8.0 as estimated_days,
    coalesce(local_day(created_at, zone) > freeze_on, false) as is_after_freeze,
    local_day(created_at, zone) as created_on,
    case when not is_unproved then local_day(resolved_at, zone) end as resolved_on,
    case when status_category = 'done' then local_day(done_at, zone) end as completed_on,
    case when is_closed and not is_left_over then local_day(coalesce(closed_at, resolved_at, updated_at), zone) end as open_until,
    local_day(coalesce(updated_at, resolved_at, created_at), zone) as updated_on,
    case when resolved_at >= created_at and not is_unproved then ((epoch(resolved_at) - epoch(created_at)) / 86400.0)::decimal(28, 4) end as resolution_days,
    case when status_category = 'done' and done_at >= started_at then ((epoch(done_at) - epoch(started_at)) / 86400.0)::decimal(28, 4) end as cycle_days,
    coalesce(status_category = 'done' and done_at < started_at, false) as is_finished_before_start,
    coalesce(list_has_any(list_transform(labels, lambda word: lower(word)), ['technical-debt', 'technical_debt', 'tech-debt', 'techdebt', '技术债']),
        false) as is_technical_debt
from proved as judged left join elements as element using (project_key, wbs_code);

-- Rows of one report for one module are parts of it; of one day the newest report counts.
create table fct_coverage as
with placed as (
    select c.* exclude (project), project_of(source_system, project, measured_on, batch_id) as project_key, source_system, exported_at, landed_at
    from landed.coverage as c join frozen.batches using (batch_id)
),
named as (select * replace (own_name('module', project_key, source_system, module, measured_on) as module) from placed),
reports as (
    select project_key, module, measured_on, run_id, batch_id, exported_at, landed_at, min(source_row) as source_row,
        sum(lines_valid) as lines_valid, sum(lines_covered) as lines_covered, sum(branches_valid) as branches_valid, sum(branches_covered) as branches_covered
    from named group by project_key, module, measured_on, run_id, batch_id, exported_at, landed_at
    qualify row_number() over (partition by project_key, module, measured_on order by exported_at desc, landed_at desc, min(source_row) desc) = 1
)
select *, 'unallocated' as phase, lead(measured_on) over (partition by project_key, module order by measured_on) as superseded_on from reports;

-- A module that was never counted takes the coverable lines of its reports.
create table fct_code_size as
with placed as (
    select c.* exclude (project), project_of(source_system, project, measured_on, batch_id) as project_key, source_system, exported_at, landed_at
    from landed.code_size as c join frozen.batches using (batch_id)
),
named as (select * replace (own_name('module', project_key, source_system, module, measured_on) as module) from placed),
counts as (
    select project_key, module, measured_on, batch_id, exported_at, landed_at, min(source_row) as source_row, sum(effective_lines) as effective_lines
    from named group by project_key, module, measured_on, batch_id, exported_at, landed_at
    qualify row_number() over (partition by project_key, module, measured_on order by exported_at desc, landed_at desc, min(source_row) desc) = 1
),
sizes as (
    select project_key, module, measured_on, effective_lines from counts
    union all
    select project_key, module, measured_on, lines_valid from fct_coverage where (project_key, module) not in (select (project_key, module) from counts)
)
select *, 'unallocated' as phase, lead(measured_on) over (partition by project_key, module order by measured_on) as superseded_on from sizes;

set variable rerun = '(?i) +([(\[] *(re-?run|retry|重跑|重试)[^)\]]*[)\]]|(re-?run|retry|重跑|重试) *#[0-9]+) *$';

-- Test cases in rounds of a project and level; a round counts until the next.
create table fct_test_results as
with placed as (
    select
        t.* exclude (project) replace (worded('test_results', 'outcome', outcome, outcome) as outcome),
        project_of(source_system, project, house_day(run_at), batch_id) as project_key,
        source_system, landed_at
    from landed.test_results as t join frozen.batches using (batch_id)
    where run_at is not null
),
dated as (
    select
        * replace (own_name('module', project_key, source_system, module, house_day(run_at)) as module),
        coalesce(level, '') as test_level, local_day(run_at, zone_of(project_key)) as run_on,
        coalesce(round, local_day(run_at, zone_of(project_key))::varchar) as round_key,
        regexp_extract("case", getvariable('rerun'), 0) as rerun_mark, regexp_replace("case", getvariable('rerun'), '') as test_name
    from placed
),
rounds as (
    select project_key, test_level, round_key, min(run_on) as round_on from dated group by all
),
in_order as (
    select *, lead(round_on) over later as superseded_on, row_number() over later as place
    from rounds
    window later as (partition by project_key, test_level order by round_on, round_key)
),
-- one that failed once in a run has failed; a run that calls itself a rerun stands in for the one before; of several runs the latest counts
verdicts as (
    select
        *, max(run_at) over (partition by project_key, test_level, round_key, batch_id, coalesce(run_id, run_at::varchar), suite, test_name, module) as ran_at,
        coalesce(nullif(regexp_extract(rerun_mark, '[0-9]+', 0), '')::int, (rerun_mark <> '')::int) as rerun,
        case when outcome = 'error' then 6 when outcome = 'failed' then 5 when outcome = 'passed' then 3 when outcome = 'blocked' then 2
            when outcome in ('skipped', 'not_run') or outcome is null then 1 else 4 end as weight
    from dated
)
select v.* exclude (level, round, landed_at, ran_at, weight, rerun, rerun_mark) replace (coalesce(v.module, '-') as module), 'unallocated' as phase, round_on,
    superseded_on, place
from verdicts as v join in_order using (project_key, test_level, round_key)
qualify row_number() over (
    partition by project_key, test_level, round_key, suite, test_name, v.module order by ran_at desc, landed_at desc, batch_id desc, rerun desc, weight desc,
        source_row desc) = 1;

-- A round is held against the largest of the three before it: on which days how many executed cases of which modules are that.
create temp table largest_rounds as
with rounds as (
    select project_key, test_level, place, any_value(round_on) as round_on, any_value(superseded_on) as superseded_on,
        count(distinct coalesce(suite, '') || '|' || test_name || '|' || module) as tests
    from fct_test_results group by all
)
select later.project_key, later.test_level, later.place, later.round_on, later.superseded_on,
    first(earlier.place order by earlier.tests desc, earlier.place desc) as held_against
from rounds as later join rounds as earlier
    on earlier.project_key = later.project_key and earlier.test_level = later.test_level and earlier.place between later.place - 3 and later.place - 1
group by all;
