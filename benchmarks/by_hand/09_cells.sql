-- Every measure of every project, module and phase at every week and month: first what each day adds or takes away, then the sums.

create temp table daily as
select project_key, module, phase, created_on as day,
    count(*) filter (is_confirmed_defect and is_code_caused) as confirmed_code_defects,
    count(*) filter (is_confirmed_defect) as confirmed_defects,
    count(*) filter (is_confirmed_defect) as new_defects,
    count(*) filter (is_confirmed_defect and found_in_phase = 'uat') as uat_defects,
    count(*) filter (is_confirmed_defect and found_in_phase in ('trial_run', 'production')) as escaped_defects,
    count(*) filter (is_confirmed_defect and found_in_phase is null) as defects_of_unknown_phase,
    count(*) filter (is_confirmed_defect) as open_defects,
    count(*) filter (is_confirmed_defect and severity = 'fatal') as open_fatal_defects,
    count(*) filter (is_confirmed_defect and severity = 'serious') as open_serious_defects,
    count(*) filter (is_confirmed_defect and severity is null) as open_defects_of_unknown_severity
from fct_issues group by all
union all by name
select project_key, module, phase, greatest(open_until, created_on) as day,
    -count(*) as open_defects, -count(*) filter (severity = 'fatal') as open_fatal_defects, -count(*) filter (severity = 'serious') as open_serious_defects,
    -count(*) filter (severity is null) as open_defects_of_unknown_severity
from fct_issues where is_confirmed_defect and open_until is not null group by all
union all by name
select project_key, module, phase, completed_on as day, count(*) as items_completed, count(cycle_days) as items_timed,
    count(*) filter (is_finished_before_start) as items_reversed
from fct_issues where is_completed_item and completed_on is not null group by all
union all by name
select project_key, module, phase, resolved_on as day, count(*) as defects_solved, count(resolution_days) as defects_resolved,
    sum(resolution_days) as defect_resolution_time
from fct_issues where is_confirmed_defect and resolved_on is not null group by all
union all by name
select project_key, module, phase, unnest([measured_on, superseded_on]) as day, unnest([1, -1]) * sum(effective_lines) as effective_lines
from fct_code_size group by project_key, module, phase, measured_on, superseded_on
union all by name
select project_key, module, phase, unnest([measured_on, superseded_on]) as day, unnest([1, -1]) * sum(lines_covered) as lines_covered,
    unnest([1, -1]) * sum(lines_valid) as lines_valid,
    unnest([1, -1]) * sum(branches_covered) filter (branches_valid is not null) as branches_covered, unnest([1, -1]) * sum(branches_valid) as branches_valid
from fct_coverage group by project_key, module, phase, measured_on, superseded_on
union all by name
select project_key, module, phase, unnest([round_on, superseded_on]) as day, unnest([1, -1]) * count(*) filter (outcome = 'passed') as cases_passed,
    unnest([1, -1]) * count(*) filter (outcome in ('passed', 'failed', 'error')) as cases_executed
from fct_test_results group by project_key, module, phase, round_on, superseded_on
union all by name
select t.project_key, module, phase, unnest([l.round_on, l.superseded_on]) as day,
    unnest([1, -1]) * count(*) filter (outcome in ('passed', 'failed', 'error')) as cases_of_whole_round
from fct_test_results as t join largest_rounds as l on l.project_key = t.project_key and l.test_level = t.test_level and l.held_against = t.place
group by t.project_key, module, phase, l.round_on, l.superseded_on
union all by name
select project_key, module, phase, counts_from as day, sum(planned_value) as budget, sum(planned_hours) as budget_hours,
    sum(planned_value) filter (cost_kind = 'labor' and not is_kind_mixed) as budget_labor,
    sum(planned_value) filter (cost_kind = 'bought' and not is_kind_mixed) as budget_bought,
    sum(planned_value) filter (cost_kind = 'subcontract' and not is_kind_mixed) as budget_subcontract,
    sum(planned_value) filter (cost_kind = 'other' and not is_kind_mixed) as budget_other
from fct_budget group by all
union all by name
select project_key, part.module as module, part.phase as phase, due_on as day, count(*) as elements_due from dues group by all
union all by name
select project_key, module, phase, accrued_on as day, sum(planned_value) as planned, sum(planned_hours) as planned_hours,
    sum(planned_value) filter (cost_kind = 'labor') as planned_labor, sum(planned_value) filter (cost_kind = 'bought') as planned_bought,
    sum(planned_value) filter (cost_kind = 'subcontract') as planned_subcontract, sum(planned_value) filter (cost_kind = 'other') as planned_other
from fct_planned_value group by all
union all by name
select project_key, module, phase, unnest([status_on, superseded_on]) as day, unnest([1, -1]) * sum(earned_value) as earned,
    unnest([1, -1]) * sum(earned_hours) as earned_hours,
    unnest([1, -1]) * sum(earned_value) filter (cost_kind = 'labor') as earned_labor,
    unnest([1, -1]) * sum(earned_value) filter (cost_kind = 'bought') as earned_bought,
    unnest([1, -1]) * sum(earned_value) filter (cost_kind = 'subcontract') as earned_subcontract,
    unnest([1, -1]) * sum(earned_value) filter (cost_kind = 'other') as earned_other
from fct_earned_value group by project_key, module, phase, status_on, superseded_on
union all by name
select project_key, '-' as module, 'unallocated' as phase, unnest([status_on, superseded_on]) as day, unnest([1, -1]) * sum(earned_schedule) as earned_schedule,
    unnest([1, -1]) * sum(actual_time) as actual_time
from earned_schedule group by project_key, status_on, superseded_on
union all by name
select project_key, module, phase, unnest([counts_on, superseded_on]) as day,
    unnest([1, -1]) * sum(amount) filter (kind in ('actual', 'accrual', 'provisional')) as cost,
    unnest([1, -1]) * sum(amount) filter (kind in ('actual', 'accrual', 'provisional') and kind_of_cost(category) = 'labor') as cost_labor,
    unnest([1, -1]) * sum(amount) filter (kind in ('actual', 'accrual', 'provisional') and kind_of_cost(category) = 'bought') as cost_bought,
    unnest([1, -1]) * sum(amount) filter (kind in ('actual', 'accrual', 'provisional') and kind_of_cost(category) = 'subcontract') as cost_subcontract,
    unnest([1, -1]) * sum(amount) filter (kind in ('actual', 'accrual', 'provisional') and kind_of_cost(category) = 'other') as cost_other,
    unnest([1, -1]) * sum(amount) filter (kind in ('actual', 'accrual', 'provisional')
        and (project_key, coalesce(kind_of_cost(category), '')) not in (select (project_key, kind_of_cost(category)) from budget_lines where planned_value > 0
            and kind_of_cost(category) is not null)) as cost_without_budget,
    unnest([1, -1]) * sum(amount) filter (kind = 'commitment') as signed, unnest([1, -1]) * sum(amount) filter (kind = 'drawn') as drawn,
    unnest([1, -1]) * sum(amount) filter (kind = 'forecast') as left_to_spend
from fct_costs group by project_key, module, phase, counts_on, superseded_on
union all by name
select project_key, module, phase, counts_from as day, sum(net_amount) as contract_value, count(*) filter (net_amount is null) as contracts_of_unknown_value
from contracts where direction = 'sales' group by all
union all by name
select project_key, module, phase, work_date as day, sum(hours) as hours_logged, sum(hours) filter (is_technical_debt) as debt_hours,
    sum(hours) filter (is_own_code_work) as own_code_hours, sum(hours) filter (is_of_all_hours or is_own_code_work) as debt_base_hours,
    sum(hours) filter (not is_of_all_hours or is_own_code_work) as debt_other_hours
from fct_worklogs group by all
union all by name
select project_key, module, phase, work_date as day, sum(credited_hours) as hours_credited,
    sum(required_hours) as hours_required from fct_person_days group by all
union all by name
select project_key, module, phase, unnest([data_on, superseded_on]) as day,
    unnest([1, -1]) * sum(baseline_days::decimal(28, 4)) filter (is_buffer) as buffer_days,
    unnest([1, -1]) * sum((baseline_days * progress)::decimal(28, 4)) filter (is_buffer) as buffer_days_used,
    unnest([1, -1]) * sum(baseline_days::decimal(28, 4)) filter (not is_buffer) as chain_days,
    unnest([1, -1]) * sum((baseline_days * progress)::decimal(28, 4)) filter (not is_buffer) as chain_days_done
from fct_schedule_tasks where has_buffer group by project_key, module, phase, data_on, superseded_on
union all by name
select project_key, module, phase, freeze_on as day,
    sum(estimated_days::decimal(28, 4)) as frozen_scope_days from fct_issues where is_scope and not is_after_freeze group by all
union all by name
select project_key, module, phase, created_on as day,
    sum(estimated_days::decimal(28, 4)) as scope_days_added from fct_issues where is_scope and is_after_freeze group by all
union all by name
select project_key, module, phase, started_on as day, count(*) as changes_started, count(*) filter (is_started_before_approval) as changes_started_unapproved
from fct_change_requests where started_on is not null group by all
union all by name
select project_key, module, phase, planned_live_on as day, count(*) as sites_planned_live from fct_sites where planned_live_on is not null group by all
union all by name
select project_key, module, phase, actual_live_on as day, count(*) as sites_live from fct_sites where actual_live_on is not null group by all;

-- Weeks and months of a project, each with the day at which its values stand: its end or the status date; for the schedule its newest data date by
-- then; for cost the newest one by the close of the books, in the period that holds it. None goes back.
create temp table periods as
with extents as (
    select project_key, greatest(min(day), (any_value(status_on) - interval 10 year)::date) as first_on, any_value(status_on) as status_on,
        any_value(cost_closed_on) as closed_on
    from daily join dim_projects using (project_key) where day <= status_on group by 1
),
placed as (
    select distinct
        project_key, unnest(['week', 'month']) as period_kind, unnest([week_end - 6, date_trunc('month', calendar_date)::date]) as period_start,
        unnest([week_end, month_end]) as period_end,
        status_on, closed_on
    from extents join dim_dates on calendar_date between first_on and status_on
),
told as (
    select *, least(period_end, status_on) as as_of,
        case when closed_on between period_start and period_end then closed_on else least(period_end, status_on) end as cost_until from placed
),
-- once the whole budget is earned, earned value is known on every later day
reports as (
    select d.*, coalesce(e.earned >= b.budget - 0.01 * e.tasks, false) as is_all_earned
    from data_dates as d
    left join (select project_key, status_on as data_on, sum(earned_value) as earned,
        count(*) as tasks from fct_earned_value where has_data_date group by all) as e using (project_key, data_on)
    left join (select project_key, sum(planned_value) as budget from fct_budget group by 1) as b using (project_key)
),
standing as (
    select
        t.project_key, t.period_kind, t.period_end,
        max(data_on) filter (is_every_day) as known_until, max(data_on) filter (data_on <= as_of) as reported_on,
        max(data_on) filter (data_on <= cost_until) as reported_to_cost_on,
        max(data_on) filter (data_on <= cost_until and is_all_earned) as all_earned_on
    from told as t left join reports as r using (project_key) group by all
)
select
    t.*,
    case when known_until is not null then least(known_until, as_of) else coalesce(reported_on, as_of) end as schedule_on,
    case when known_until is not null then least(known_until, cost_until) when all_earned_on = reported_to_cost_on then cost_until
        else coalesce(reported_to_cost_on, cost_until) end as cost_on
from told as t join standing using (project_key, period_kind, period_end);

create temp table standings as
select
    project_key, period_kind, period_start, period_end, as_of, cost_until, period_end = max(period_end) over (partition by project_key, period_kind) as is_last,
    unnest(['plain', 'schedule', 'cost']) as dating, unnest([as_of, schedule_on, cost_on]) as stands_on
from periods;

create temp table cells as
with
bucketed as (
    -- what happens in a period counts in it, up to the status date; before the first period kept, in the first one
    select d.* exclude (day), period_kind, 'plain' as dating, greatest(case period_kind when 'week' then week_end else month_end end, first_end) as period_end
    from daily as d join dim_projects as p using (project_key) join dim_dates on calendar_date = day
    join (select project_key, period_kind, min(period_end) as first_end from periods group by all) as f on f.project_key = d.project_key
    where day <= status_on
    union all by name
    -- at a data date, in the first period that stands at its day or later
    select d.* exclude (day, of_kind, of_dating), s.period_kind, s.dating, s.period_end
    from (select daily.*, unnest(['week', 'month']) as of_kind, dating as of_dating from daily join dim_projects as p using (project_key),
        (values ('schedule'), ('cost')) as v(dating) where day <= status_on) as d
    asof join (select project_key, period_kind, dating, stands_on, min(period_end) as period_end from standings group by all) as s
        on s.project_key = d.project_key and s.period_kind = d.of_kind and s.dating = d.of_dating and d.day <= s.stands_on
),
by_grain as (
    select
        case when grouping(module) = 0 then 'module' when grouping(phase) = 0 then 'phase' else 'project' end as grain,
        project_key, coalesce(module, '*') as module, coalesce(phase, '*') as phase, period_kind, period_end, dating,
        sum(columns(* exclude (project_key, module, phase, period_kind, period_end, dating)))
    from bucketed
    group by grouping sets ((project_key, period_kind, period_end, dating), (project_key, module, period_kind, period_end, dating),
        (project_key, phase, period_kind, period_end, dating))
),
dense as (
    select c.*, s.* exclude (project_key) from (select distinct grain, project_key, module, phase from by_grain) as c join standings as s using (project_key)
)
select
    dense.*,
    sum(coalesce(columns(by_grain.* exclude (
        grain, project_key, module, phase, period_kind, period_end, dating, new_defects, items_completed, items_timed, items_reversed, defects_solved,
        defects_resolved, defect_resolution_time,
        debt_hours, own_code_hours, debt_base_hours, debt_other_hours, hours_credited, hours_required)), 0)) over so_far,
    coalesce(columns(['new_defects', 'items_completed', 'items_timed', 'items_reversed', 'defects_solved', 'defects_resolved', 'defect_resolution_time',
        'debt_hours', 'own_code_hours', 'debt_base_hours', 'debt_other_hours',
        'hours_credited', 'hours_required']), 0)
from dense left join by_grain using (grain, project_key, module, phase, period_kind, period_end, dating)
window so_far as (partition by grain, project_key, module, phase, dense.period_kind, dating order by dense.period_end);

-- Between which dates the rows of a project are complete: no row means 0 there, and unknown elsewhere.
create temp table known as
with extents as (
    select project_key, 'issues' as fact, min(created_on) as f, max(updated_on) as t from fct_issues group by 1
    union all select project_key, 'size', min(measured_on), max(measured_on) from fct_code_size group by 1
    union all select project_key, 'coverage', min(measured_on), max(measured_on) from fct_coverage group by 1
    union all select project_key, 'tests', min(run_on), max(run_on) from fct_test_results group by 1
    union all select project_key, 'budget', min(counts_from), max(period_end) from fct_budget group by 1
    union all select project_key, 'planned', min(accrued_from), max(accrued_on) from fct_planned_value group by 1
    union all select project_key, 'earned', min(status_on), max(status_on) from fct_earned_value where earned_value is not null group by 1
    union all select project_key, 'earned_schedule', min(status_on), max(status_on) from earned_schedule group by 1
    union all select project_key, 'costs', min(counts_on), max(booked_on) from fct_costs group by 1
    union all select project_key, 'worklogs', min(work_date), max(work_date) from fct_worklogs group by 1
    union all select project_key, 'person_days', min(work_date), max(work_date) from fct_person_days group by 1
    union all select project_key, 'tasks', min(data_on), max(data_on) from fct_schedule_tasks group by 1
    union all select project_key, 'changes', min(raised_on), max(exported_on) from fct_change_requests group by 1
    union all select project_key, 'contracts', min(counts_from), max(counts_from) from contracts group by 1
    union all select project_key, 'sites', min(least(planned_live_on, coalesce(actual_live_on, planned_live_on))), max(exported_on) from fct_sites group by 1
    -- from the first foreign amount without a rate on, sums of money are not known
    union all select project_key, 'unconverted_costs', min(counts_on), null from fct_costs where amount is null group by 1
    union all select project_key, 'unconverted_contracts', min(coalesce(counts_from, date '1900-01-01')), null from contracts where is_unconverted group by 1
)
select project_key, map(list(fact), list(f)) as since, map(list(fact), list(t)) as until from extents group by 1;

-- What money of a project is worth in the portfolio, on the day at which a period of it stands.
create temp table reporting_rates as
select currency, as_of, case when currency = getvariable('reporting_currency') then 1
    else rate_of(currency, getvariable('reporting_currency'), as_of) end as reporting_rate
from (select distinct currency, as_of from periods join dim_projects using (project_key));

create temp table known_cells as
with placed as (
    select
        cells.*, coalesce(since['issues'] <= stands_on, false) as has_issues, has_issues and until['issues'] >= period_start as has_issues_of_period,
        coalesce(since['size'] <= stands_on, false) as has_size, coalesce(since['coverage'] <= stands_on, false) as has_coverage,
        coalesce(since['tests'] <= stands_on, false) as has_tests,
        coalesce(since['budget'] <= stands_on, false) as has_budget, coalesce(since['planned'] <= stands_on, false) as has_plan,
        coalesce(since['earned'] <= stands_on, false) as has_earned,
        coalesce(since['earned_schedule'] <= stands_on, false) as has_earned_schedule,
        coalesce(since['costs'] <= stands_on and coalesce(since['unconverted_costs'] > stands_on, true), false) as has_costs,
        coalesce(since['worklogs'] <= stands_on, false) as has_hours, has_hours and until['worklogs'] >= period_start as has_hours_of_period,
        coalesce(since['person_days'] <= stands_on and until['person_days'] >= period_start, false) as has_person_days_of_period,
        coalesce(since['tasks'] <= stands_on, false) as has_tasks,
        coalesce(since['changes'] <= stands_on, false) as has_changes, coalesce(since['sites'] <= stands_on, false) as has_sites,
        coalesce(since['contracts'] <= stands_on and coalesce(since['unconverted_contracts'] > stands_on, true), false) as has_contracts
    from cells left join known using (project_key)
)
select p.*, delivery_profile, reporting_rate from placed as p left join projects using (project_key) left join reporting_rates using (currency, as_of);
