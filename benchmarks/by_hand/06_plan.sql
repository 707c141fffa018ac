-- Tasks, planned value, earned value, earned schedule.

create macro rule(word) as case replace(lower(trim(word)), '-', '/') when '0/100' then '0/100' when '50/50' then '50/50' when '60/30/10' then '60/30/10'
    else case when lower(trim(word)) in ('weighted_milestones', 'physical', 'issues_done', 'effort') then lower(trim(word)) end end;
create macro stage(milestone) as case
    when lower(trim(milestone)) in ('arrival', 'arrived', 'delivery', 'delivered', 'goods arrival', 'equipment arrival', '到货', '到货验收', '设备到货', '到货签收',
        '到货里程碑') then 'arrival'
    when lower(trim(milestone)) in ('installation', 'installed', 'install', 'installation and commissioning', '安装', '安装调试', '安装完成', '设备安装', '安装验收',
        '安装里程碑') then 'installation'
    when lower(trim(milestone)) in ('first acceptance', 'first_acceptance', 'preliminary acceptance', 'preliminary_acceptance', 'initial acceptance',
        'acceptance test', '初验', '初步验收', '初验通过', '初验里程碑') then 'acceptance' end;
create macro part_of_stage(stage) as case stage when 'arrival' then 0.6 when 'installation' then 0.3 when 'acceptance' then 0.1 end;

-- One task at one data date, the newest export of it, with the element that it earns for (its own, else the nearest above) and its progress.
create table fct_schedule_tasks as
with placed as (
    select
        s.* exclude (project) replace (worded('schedule', 'phase', phase, phase) as phase,
            worded('schedule', 'earned_value_rule', earned_value_rule, earned_value_rule) as earned_value_rule),
        project_of(source_system, project, status_on, batch_id) as project_key, source_system, exported_at, landed_at
    from landed.schedule as s join frozen.batches using (batch_id)
),
newest as (
    select * from placed
    qualify row_number() over (partition by project_key, task_id, status_on order by exported_at desc, landed_at desc, source_row desc) = 1
),
tasks as (
    select
        n.* exclude (is_buffer, earned_value_rule, source_system, exported_at, landed_at, status_on) replace (
            coalesce(own_name('module', project_key, source_system, module, n.status_on), '-') as module,
            own_name('wbs', project_key, source_system, wbs_code, n.status_on) as wbs_code,
            coalesce(phase, 'unallocated') as phase),
        coalesce(n.status_on, p.status_on) as data_on, n.status_on is not null as has_data_date, coalesce(n.status_on, date '1900-01-01') as stated_on,
        coalesce(is_buffer, false) as is_buffer, rule(earned_value_rule) as own_rule, stage(milestone_type) as stage
    from newest as n left join status_dates as p using (project_key)
),
-- the rule is frozen with the baseline: that of the element's budget, where its lines agree, else the task's own at the newest data date by then
baselines as (
    select
        project_key, wbs_code, max(local_day(frozen_at, zone_of(project_key))) as frozen_on,
        case when count(distinct rule(earned_value_rule)) = 1 then max(rule(earned_value_rule)) end as budget_rule
    from budget_lines group by all
),
element_of as (
    select c.project_key, c.task_code, arg_max(wbs_code, length(wbs_code)) as element_code, arg_max({'rule': budget_rule}, length(wbs_code)).rule as budget_rule
    from (select distinct project_key, coalesce(wbs_code, task_id) as task_code from tasks) as c
    join baselines as b on b.project_key = c.project_key and (c.task_code = b.wbs_code or starts_with(c.task_code, b.wbs_code || '.'))
    group by all
),
frozen_rules as (
    select t.project_key, task_id, first({'rule': own_rule} order by t.stated_on > f.frozen_on,
        case when t.stated_on <= f.frozen_on then -epoch(t.stated_on) else epoch(t.stated_on) end).rule as own_rule
    from tasks as t join (select project_key, max(frozen_on) as frozen_on from baselines group by 1) as f using (project_key)
    group by all
),
ruled as (
    select t.*, e.element_code, coalesce(e.budget_rule, case when f.task_id is null then t.own_rule else f.own_rule end) as frozen_rule
    from tasks as t
    left join element_of as e on e.project_key = t.project_key and e.task_code = coalesce(t.wbs_code, t.task_id)
    left join frozen_rules as f on f.project_key = t.project_key and f.task_id = t.task_id
),
-- a typed milestone without a rule is one of the 60/30/10 of its element
joined as (
    select
        * exclude (frozen_rule, own_rule, stated_on),
        case
            when frozen_rule is null and stage is not null and element_code is not null
                and bool_or(frozen_rule = '60/30/10') over (partition by project_key, data_on, element_code) then '60/30/10'
            else frozen_rule
        end as earned_value_rule
    from ruled
    where data_on is not null
),
dated as (
    select
        joined.*, d.superseded_on, d.has_buffer,
        coalesce(actual_finish <= joined.data_on, percent_complete >= 1, false) as is_done,
        coalesce(actual_start <= joined.data_on, percent_complete > 0, false) as is_begun,
        coalesce(nullif((l.working_day_number - f.working_day_number + 1)::double, 0), duration_days, 1) as baseline_days
    from joined
    join (
        select project_key, data_on, lead(data_on) over (partition by project_key order by data_on) as superseded_on,
            bool_or(has_buffer) over (partition by project_key) as has_buffer
        from (select project_key, data_on, bool_or(is_buffer) as has_buffer from joined group by all)
    ) as d on d.project_key = joined.project_key and d.data_on = joined.data_on
    left join dim_dates as f on f.calendar_date = baseline_start
    left join dim_dates as l on l.calendar_date = baseline_finish
)
select
    * exclude (is_done, is_begun),
    case
        when is_buffer then coalesce(percent_complete, 0.0)
        when earned_value_rule in ('0/100', 'weighted_milestones') or (earned_value_rule = '60/30/10' and stage is not null) then is_done::int::double
        when earned_value_rule = '50/50' then case when is_done then 1.0 when is_begun then 0.5 else 0.0 end
        when earned_value_rule = '60/30/10' then case when is_done then 1.0 when percent_complete >= 0.9 then 0.9 when percent_complete >= 0.6 then 0.6
            else 0.0 end
        else coalesce(percent_complete, is_done::int::double)
    end as progress
from dated;

-- Planned value accrues over the project's own working days of each line of the budget; where the project spreads it by its schedule, over the
-- baseline dates of the tasks, each with its part by planned cost. Slices to the ends of weeks and months and to every day a value may stand at.
create table fct_planned_value as
with tasks as (
    select
        t.project_key, element_code, baseline_start, baseline_finish, t.batch_id, t.source_row,
        sum(planned_cost) over (partition by t.project_key, element_code order by baseline_start, task_id rows unbounded preceding)::double as cost_until,
        planned_cost::double as planned_cost,
        sum(planned_cost) over (partition by t.project_key, element_code)::double as cost_in_all
    from fct_schedule_tasks as t
    where superseded_on is null and not is_buffer and planned_cost > 0 and baseline_start <= baseline_finish and element_code is not null
        and chosen(t.project_key, 'planned_value_source', 'budget') = 'schedule'
),
lines as (
    select project_key, module, phase, wbs_code, category, period_start, period_end, planned_value, planned_hours
    from fct_budget where (project_key, wbs_code) not in (select (project_key, element_code) from tasks)
    union all by name
    select
        b.project_key, module, phase, wbs_code, category, baseline_start as period_start, baseline_finish as period_end,
        round(b.planned_value::double * cost_until / cost_in_all, 2)::decimal(18, 2)
            - round(b.planned_value::double * (cost_until - planned_cost) / cost_in_all, 2)::decimal(18, 2) as planned_value,
        round(b.planned_hours::double * cost_until / cost_in_all, 4)::decimal(28, 4)
            - round(b.planned_hours::double * (cost_until - planned_cost) / cost_in_all, 4)::decimal(28, 4) as planned_hours
    from (select project_key, module, phase, wbs_code, category, sum(planned_value) as planned_value,
        sum(planned_hours) as planned_hours from fct_budget group by all) as b
    join tasks on tasks.project_key = b.project_key and tasks.element_code = b.wbs_code
),
numbered as (select *, row_number() over () as line from lines),
to_date as (
    select
        n.*, d.calendar_date as accrued_on,
        case
            when l.worked_until > f.worked_until - f.is_working_day::int then (d.worked_until - f.worked_until + f.is_working_day::int)::double / (l.worked_until - f.worked_until + f.is_working_day::int)
            else (d.calendar_date - period_start + 1)::double / (period_end - period_start + 1)
        end as share
    from numbered as n
    join dim_projects as p using (project_key)
    join project_days as d on d.project_key = n.project_key and d.calendar_date between period_start and period_end
    join dim_dates as c on c.calendar_date = d.calendar_date
    join project_days as f on f.project_key = n.project_key and f.calendar_date = period_start
    join project_days as l on l.project_key = n.project_key and l.calendar_date = period_end
    where d.calendar_date in (c.week_end, c.month_end, period_end, p.status_on, p.cost_closed_on)
        or (n.project_key, d.calendar_date) in (select (project_key, data_on) from data_dates)
),
rounded as (
    select *, round(planned_value::double * share, 2)::decimal(18, 2) as value_to_date,
        round(planned_hours::double * share, 4)::decimal(28, 4) as hours_to_date from to_date
)
select
    project_key, module, phase, wbs_code, category, kind_of_cost(category) as cost_kind, accrued_on,
    coalesce(lag(accrued_on) over slices + 1, period_start) as accrued_from,
    (value_to_date - coalesce(lag(value_to_date) over slices, 0))::decimal(18, 2) as planned_value,
    (hours_to_date - coalesce(lag(hours_to_date) over slices, 0))::decimal(28, 4) as planned_hours
from rounded window slices as (partition by line order by accrued_on);

-- Each frozen baseline by month and element, and how much of it had accrued by the project's status date.
create table fct_baselines as
with due as (
    select
        b.*,
        case
            when status_on >= period_end then planned_value
            when status_on < period_start or status_on is null then 0
            when l.worked_until > f.worked_until - f.is_working_day::int then round(planned_value::double
                * ((d.worked_until - f.worked_until + f.is_working_day::int)::double / (l.worked_until - f.worked_until + f.is_working_day::int)), 2)
            else round(planned_value::double * ((status_on - period_start + 1)::double / (period_end - period_start + 1)), 2)
        end::decimal(18, 2) as planned_value_due
    from frozen_lines as b
    left join status_dates as s on s.project_key = b.project_key
    left join project_days as f on f.project_key = b.project_key and f.calendar_date = period_start
    left join project_days as l on l.project_key = b.project_key and l.calendar_date = period_end
    left join project_days as d on d.project_key = b.project_key and d.calendar_date = status_on
)
select
    project_key, baseline_id, wbs_code, max(baseline_name) as baseline, bool_or(is_active) as is_active, max(frozen_at) as frozen_at,
    period_end as month_end, min(period_start) as starts_on, sum(planned_value)::decimal(18, 2) as planned_value,
    sum(planned_value_due)::decimal(18, 2) as planned_value_due, sum(planned_hours)::decimal(28, 4) as planned_hours,
    max(batch_id) as batch_id, min(source_row) as source_row
from due group by project_key, baseline_id, wbs_code, period_end;

-- Progress by what is known of an element: the weight of its issues done at a day, or the hours used of all that will be.
create temp table known_progress as
with asked as (
    select distinct project_key, element_code, data_on from fct_schedule_tasks
    where earned_value_rule in ('issues_done', 'effort') and element_code is not null and has_data_date and not is_buffer
),
items as (
    select a.project_key, element_code, i.*
    from (select distinct project_key, element_code from asked) as a
    join fct_issues as i on i.project_key = a.project_key and (i.wbs_code = element_code or starts_with(i.wbs_code, element_code || '.'))
    where not i.is_deleted and coalesce(issue_type, '') not in ('epic', 'sub_task') and coalesce(status_category, '') <> 'cancelled'
        and coalesce(resolution, '') not in ('as_designed', 'duplicate', 'cannot_reproduce', 'to_requirement', 'cancelled', 'invalid')
),
by_issues as (
    select
        a.project_key, a.element_code, a.data_on,
        case
            when bool_and(coalesce(story_points > 0, false)) then sum(story_points::double) filter (is_done) / sum(story_points::double)
            when bool_and(coalesce(original_estimate_hours > 0, false)) then sum(original_estimate_hours::double)
                filter (is_done) / sum(original_estimate_hours::double)
            else count(*) filter (is_done) / count(*)::double
        end as issues_done
    from asked as a
    join (
        select *, completed_on is not null and coalesce(resolution, '') not in ('deferred', 'wont_fix') as is_done_now from items
    ) as i using (project_key, element_code)
    cross join lateral (select is_done_now and completed_on <= a.data_on as is_done)
    where created_on <= a.data_on
    group by all
),
left_to_do as (
    select
        project_key, element_code, case when bool_and(status_category = 'done' or remaining_estimate_hours is not null)
            then sum(case when status_category = 'done' then 0 else remaining_estimate_hours end) end as hours_left
    from items group by all
),
codes as (
    select issue_key, project_key, wbs_code from fct_issues where wbs_code is not null
    qualify row_number() over (partition by issue_key order by updated_on desc nulls last, batch_id desc) = 1
),
used as (
    select a.project_key, a.element_code, work_date, sum(hours) as hours
    from fct_worklogs as w left join codes as c using (issue_key)
    join (select distinct project_key, element_code from asked) as a
        on a.project_key = w.project_key
            and (coalesce(w.wbs_code, c.wbs_code) = element_code or starts_with(coalesce(w.wbs_code, c.wbs_code), element_code || '.'))
    group by all
)
select
    a.*, coalesce(issues_done, case when by_issues.data_on is not null then 0.0 end) as issues_done,
    (select coalesce(sum(hours) filter (work_date <= a.data_on), 0)::double / nullif(coalesce(sum(hours), 0) + hours_left, 0)::double
     from used where used.project_key = a.project_key and used.element_code = a.element_code) as hours_used
from asked as a left join by_issues using (project_key, element_code, data_on) left join left_to_do using (project_key, element_code);

-- A task earns its part of its element's budget, by weight, of each category alike: milestone weights where the element earns by them, planned hours
-- where all tasks have them, else baseline working days.
create table fct_earned_value as
with weighed as (
    select
        *, coalesce(earned_value_rule = '60/30/10', false) as is_staged,
        case
            when bool_or(earned_value_rule = 'weighted_milestones') over of_element and bool_and(coalesce(milestone_weight >= 0, false)) over of_element
                and sum(milestone_weight) over of_element > 0 then milestone_weight
            when bool_and(coalesce(planned_hours > 0, false)) over of_element then planned_hours
            when stage is not null then coalesce(nullif(baseline_days, 0), 1)
            else baseline_days
        end::double as weight
    from fct_schedule_tasks
    where not is_buffer and element_code is not null
    window of_element as (partition by project_key, data_on, element_code)
),
-- of purchased goods by 60/30/10 each stage with milestones of its own has its part of the weight; what is left is the other tasks', earned as their
-- percent passes the stages that have none
staged as (
    select
        *, sum(weight) over of_element as weight_of_element, sum(weight) over of_part as weight_of_part,
        sum(weight) over (partition by project_key, data_on, element_code, is_staged, stage) as weight_of_stage,
        coalesce(bool_or(stage = 'arrival') over of_part, false) as has_arrival,
        coalesce(bool_or(stage = 'installation') over of_part, false) as has_installation,
        coalesce(bool_or(stage = 'acceptance') over of_part, false) as has_acceptance
    from weighed
    window of_element as (partition by project_key, data_on, element_code), of_part as (partition by project_key, data_on, element_code, is_staged)
),
divided as (
    select
        *, is_staged and (has_arrival or has_installation or has_acceptance) as is_by_stages,
        0.6 * (not has_arrival)::int + 0.3 * (not has_installation)::int + 0.1 * (not has_acceptance)::int as left_part,
        0.6 * (not has_arrival and progress >= 0.6)::int + 0.3 * (not has_installation and progress >= 0.9)::int + 0.1 * (not has_acceptance
            and progress >= 1)::int as left_part_earned
    from staged
),
earning as (
    select
        d.*,
        case when is_by_stages then weight_of_part * coalesce(part_of_stage(stage), left_part) * weight / nullif(weight_of_stage, 0)
            else weight end / nullif(weight_of_element, 0) as share,
        case
            when not has_data_date then (actual_finish is not null)::int::double
            when earned_value_rule = 'issues_done' then issues_done
            when earned_value_rule = 'effort' and hours_used is not null then hours_used
            when is_by_stages and stage is null and left_part > 0 then left_part_earned / left_part
            else progress
        end as earned_share,
        case when has_data_date then data_on else actual_finish end as status_on
    from divided as d left join known_progress using (project_key, element_code, data_on)
),
budgets as (
    select project_key, wbs_code, coalesce(category, '-') as category, max(module) as module, max(phase) as phase, sum(planned_value) as budget,
        sum(planned_hours) as hours from budget_lines group by all
)
select
    e.project_key, b.module, b.phase, b.wbs_code, b.category, kind_of_cost(b.category) as cost_kind, task_id, e.status_on, superseded_on, has_data_date,
    round(budget::double * earned_share * share, 2)::decimal(18, 2) as earned_value,
    round(hours::double * earned_share * share, 4)::decimal(28, 4) as earned_hours, e.batch_id, e.source_row
from earning as e join budgets as b on b.project_key = e.project_key and b.wbs_code = e.element_code;

-- Earned schedule (Lipke): how many months of the plan are earned. Inside a month in proportion; on a plateau its latest month; past the end the whole
-- plan. The plan runs from the first month with value to the first in which the budget is reached.
create temp table earned_schedule as
with earned as (
    select project_key, status_on, max(superseded_on) as superseded_on, sum(earned_value)::double as earned, count(*) * 0.005 as rounding
    from fct_earned_value where has_data_date and earned_value is not null group by all
),
months as (
    select project_key, last_day(accrued_on) as month_end, sum(planned_value) as of_month from fct_planned_value group by all
),
so_far as (
    select *, (sum(of_month) over (partition by project_key order by month_end))::double as planned from months
),
plans as (
    select project_key, date_trunc('month', min(month_end) filter (planned > 0))::date as starts_on, min(month_end) filter (planned >= whole) as ends_on
    from (select *, max(planned) over (partition by project_key) as whole from so_far) group by 1
),
-- every month of the plan, with what is planned until its end
ladder as (
    select p.project_key, m.month_end, datediff('month', starts_on, m.month_end) + 1 as number,
        (select max(planned) from so_far as s where s.project_key = p.project_key and s.month_end <= m.month_end) as planned
    from plans as p join (select distinct month_end from dim_dates) as m on m.month_end between starts_on and ends_on
),
climbed as (
    select
        e.project_key, e.status_on,
        coalesce(max(number) filter (planned <= earned + rounding), 0) as whole_months,
        coalesce(max(planned) filter (planned <= earned + rounding), 0) as passed,
        min(number) filter (planned > earned + rounding) as next_month, min(planned) filter (planned > earned + rounding) as next_planned
    from earned as e join ladder using (project_key) group by all
),
timed as (
    select e.*, starts_on, datediff('month', starts_on, ends_on) + 1 as months_planned,
        least(status_on, coalesce((select its_finish from its_projects where its_key = project_key), status_on)) as timed_on
    from earned as e join plans using (project_key)
)
select
    project_key, status_on, superseded_on,
    round(case when next_planned is null then months_planned::double
        else whole_months + greatest(earned - passed, 0) / (next_planned - passed) * (next_month - whole_months) end, 4)::decimal(28, 4) as earned_schedule,
    round(datediff('month', starts_on, timed_on) + extract(day from timed_on)::double / extract(day from last_day(timed_on)), 4)::decimal(28, 4) as actual_time
from timed join climbed using (project_key, status_on)
where timed_on >= starts_on;
