-- The KPIs, one section per group: the members that a value is made of (every term known), then the formulas. A KPI is judged by its numerator against
-- its level × denominator in decimals, so that a value exactly on the line passes. Levels are those of the catalogue, else what a person set (at the end).

create macro lower_is_better(n, d, warning_at, critical_at) as case
    when n::decimal(30, 6) > critical_at::decimal(12, 6) * d::decimal(24, 4) then 'critical'
        when n::decimal(30, 6) > warning_at::decimal(12, 6) * d::decimal(24, 4) then 'warning' else 'ok' end;
create macro higher_is_better(n, d, warning_at, critical_at) as case
    when n::decimal(30, 6) < critical_at::decimal(12, 6) * d::decimal(24, 4) then 'critical'
        when n::decimal(30, 6) < warning_at::decimal(12, 6) * d::decimal(24, 4) then 'warning' else 'ok' end;
create macro ratio(n, d) as n::double / nullif(d::double, 0);

-- early: not enough to judge. unrated: there is a value, and no level judges it. edge: the status where the formula has no number. led, led_by: numerator
-- and denominator of the KPI whose verdict it takes; without led_by that KPI has no value.
create macro kpi(kpi_key, n, d, value, level := 'unrated', early := false, unrated := false, edge := null, led := null, led_by := null) as {
    'kpi_key': kpi_key, 'n': n::double, 'd': d::double, 'value': value::double, 'level': level, 'early': early, 'unrated': unrated, 'edge': edge::varchar,
    'led': led::double, 'led_by': led_by::double};

create temp view cells_in_plain as
select * exclude (dating, stands_on, cost_until), false as is_outdated, 0::decimal(28, 4) as total from known_cells where dating = 'plain';
create temp view cells_at_data_date as
select * exclude (dating, stands_on, cost_until), false as is_outdated, 0::decimal(28, 4) as total from known_cells where dating = 'schedule';
-- a data date more than a period before the close judges nothing
create temp view cells_at_cost_date as
select * exclude (dating, stands_on, cost_until),
    stands_on < a_period_before(cost_until) as is_outdated, 0::decimal(28, 4) as total from known_cells where dating = 'cost';

-- Members of a group and the portfolio: the sum of the projects whose every term is known, each as it stood last, but for what is counted in a period;
-- total is of all of them, as far as the KPI applies, against which a share that was left out is held. Money of other currencies is in the reporting one,
-- at the rate of the member's day; without a rate the member is left out.
create macro is_of_money(called) as regexp_full_match(called,
    '(kind_)?(budget|planned|earned|cost)(_labor|_bought|_subcontract|_other|_without_budget)?|signed|drawn|left_to_spend|contract_value');
create macro at_rate(amount, rate) as case when rate = 1 then amount else round(amount::double * rate::double, 4)::decimal(28, 4) end;
create macro with_portfolio(members, is_of_period, is_money := false) as table
with below as (from query_table(members)),
spans as (select distinct period_kind as of_kind, period_start as of_start, period_end as of_end from periods),
carried as (
    select b.* replace (of_start as period_start, of_end as period_end, is_known and (not is_money or reporting_rate is not null) as is_known)
    from below as b join spans on of_kind = b.period_kind and (of_end = b.period_end or (b.is_last and of_end > b.period_end and not is_of_period))
    where grain = 'project' and project_key <> 'unallocated'
)
select *, {'grain': grain, 'project_key': project_key, 'module': module, 'phase': phase, 'period_kind': period_kind, 'period_start': period_start,
    'period_end': period_end,
    'as_of': as_of, 'delivery_profile': delivery_profile, 'is_outdated': is_outdated, 'is_known': is_known} as cell
from (
    select * from below where grain = 'project' or is_known
    union all by name
    select
        'portfolio' as grain, '*' as project_key, '*' as module, '*' as phase, period_kind, period_start, period_end, max(as_of) as as_of,
        bool_or(is_known) as is_known, bool_and(is_outdated or not is_known) as is_outdated, sum(total) as total,
        sum(at_rate(columns(c -> is_of_money(c)), reporting_rate)) filter (is_known),
        sum(columns(c -> not is_of_money(c) and c not in ('grain', 'project_key', 'module', 'phase', 'period_kind', 'period_start',
            'period_end', 'as_of', 'is_last', 'is_known', 'delivery_profile', 'reporting_rate', 'is_outdated', 'total'))) filter (is_known)
    from carried group by period_kind, period_start, period_end
);

-- Defects to date and open: whole counts of confirmed defects.
create temp view members as select *, has_issues as is_known from cells_in_plain;
create temp table readings as
select cell, unnest([
    kpi('uat_defect_share', uat_defects, confirmed_defects, ratio(uat_defects, confirmed_defects), lower_is_better(uat_defects, confirmed_defects, 0.15, 0.25),
        early := defects_of_unknown_phase > 0.1 * confirmed_defects, unrated := confirmed_defects < 10),
    kpi('escaped_defect_rate', escaped_defects, confirmed_defects, ratio(escaped_defects, confirmed_defects),
        lower_is_better(escaped_defects, confirmed_defects, 0.05, 0.10),
        early := defects_of_unknown_phase > 0.1 * confirmed_defects, unrated := confirmed_defects < 10),
    kpi('open_critical_defects', open_fatal_defects + open_serious_defects, null, open_fatal_defects + open_serious_defects,
        case when open_fatal_defects > 0 or open_serious_defects > 3 then 'critical' when open_serious_defects > 0 then 'warning' else 'ok' end,
        early := open_defects_of_unknown_severity > 0.1 * open_defects)]) as k
from with_portfolio('members', false);

-- What was done in the period.
create or replace temp view members as select *, has_issues_of_period as is_known from cells_in_plain;
insert into readings
select cell, unnest([
    kpi('defect_ratio', new_defects, items_completed, ratio(new_defects, items_completed)),
    kpi('defect_resolution_days', defect_resolution_time, defects_resolved, ratio(defect_resolution_time, defects_resolved),
        early := defects_resolved < 10 or defects_resolved < 0.5 * defects_solved),
    kpi('throughput', items_completed, null, items_completed)]) as k
from with_portfolio('members', true);

-- Days from start of work to done: a percentile is taken over the items themselves.
create temp table percentiles as
with placed as (
    select i.project_key, module, phase, cycle_days, unnest(['week', 'month']) as period_kind, unnest([week_end, month_end]) as period_end
    from fct_issues as i join dim_projects as p using (project_key) join dim_dates on calendar_date = completed_on
    where is_completed_item and cycle_days is not null and completed_on <= p.status_on and i.project_key <> 'unallocated'
)
select
    case when grouping(project_key) = 1 then 'portfolio' when grouping(module) = 0 then 'module' when grouping(phase) = 0 then 'phase'
        else 'project' end as grain,
    coalesce(project_key, '*') as project_key, coalesce(module, '*') as module, coalesce(phase, '*') as phase, period_kind, period_end,
    quantile_cont(cycle_days::double, [0.5, 0.85]) as days
from placed
group by grouping sets ((period_kind, period_end), (project_key, period_kind, period_end), (project_key, module, period_kind, period_end),
    (project_key, phase, period_kind, period_end));

insert into readings
select cell, unnest([
    kpi('cycle_time_days', days[1]::decimal(28, 4), null, days[1]::decimal(28, 4), early := items_timed < 10 or items_timed < 0.5 * items_completed),
    kpi('cycle_time_days_p85', days[2]::decimal(28, 4), null, days[2]::decimal(28, 4), early := items_timed < 10 or items_timed < 0.5 * items_completed)]) as k
from with_portfolio('members', true) left join percentiles using (grain, project_key, module, phase, period_kind, period_end)
where grain = 'project' or days is not null;

-- Defects of code per line: a project is the sum of its modules of known size. Too early with over a tenth of the defects elsewhere, or under 10 KLOC.
create or replace temp view members as
with modules as (
    select *, has_issues and has_size and effective_lines > 0 as is_member from cells_in_plain where grain = 'module'
)
select * exclude (is_member), is_member as is_known from modules
union all by name
select 'project' as grain, project_key, '*' as module, '*' as phase, period_kind, period_start, period_end, as_of, is_last, delivery_profile, is_outdated,
    sum(confirmed_code_defects) filter (is_member) as confirmed_code_defects, sum(effective_lines) filter (is_member) as effective_lines,
    bool_or(is_member) as is_known,
    case when any_value(delivery_profile) = 'equipment' and not bool_or(is_member) then 0
        else coalesce(sum(confirmed_code_defects) filter (has_issues), 0) end as total
from modules group by all;
insert into readings
select cell,
    kpi('code_defect_rate', confirmed_code_defects, effective_lines, ratio(confirmed_code_defects, effective_lines),
        lower_is_better(confirmed_code_defects, effective_lines, 0.004, 0.005),
        early := total - confirmed_code_defects > 0.1 * total or effective_lines < 10000) as k
from with_portfolio('members', false);

-- Coverage of the newest report of each module. Too early where it leaves out over a tenth of the code, or holds under a tenth of its modules' lines.
create or replace temp view members as
with modules as (
    select * replace (case when has_size then effective_lines end as effective_lines),
        has_coverage and lines_valid > 0 as is_member from cells_in_plain where grain = 'module'
)
select * exclude (is_member), is_member as is_known from modules
union all by name
select 'project' as grain, project_key, '*' as module, '*' as phase, period_kind, period_start, period_end, as_of, is_last, delivery_profile, is_outdated,
    sum(lines_covered) filter (is_member) as lines_covered, sum(lines_valid) filter (is_member) as lines_valid,
    sum(effective_lines) filter (is_member) as effective_lines, bool_or(is_member) as is_known,
    case when any_value(delivery_profile) = 'equipment' and not bool_or(is_member) then 0 else coalesce(sum(effective_lines), 0) end as total
from modules group by all;
insert into readings
select cell,
    kpi('test_coverage', lines_covered, lines_valid, ratio(lines_covered, lines_valid), higher_is_better(lines_covered, lines_valid, 0.85, 0.80),
        early := total - coalesce(effective_lines, 0) > 0.1 * total or coalesce(lines_valid < 0.1 * effective_lines, false)) as k
from with_portfolio('members', false);

create or replace temp view members as
with modules as (select *, has_coverage and branches_valid > 0 as is_member from cells_in_plain where grain = 'module')
select * exclude (is_member), is_member as is_known from modules
union all by name
select 'project' as grain, project_key, '*' as module, '*' as phase, period_kind, period_start, period_end, as_of, is_last, delivery_profile, is_outdated,
    sum(branches_covered) filter (is_member) as branches_covered, sum(branches_valid) filter (is_member) as branches_valid, bool_or(is_member) as is_known
from modules group by all;
insert into readings
select cell,
    kpi('branch_coverage', branches_covered, branches_valid, ratio(branches_covered, branches_valid)) as k
from with_portfolio('members', false);

-- Tests of the newest round. Too early while it holds under 90 % of the cases of the largest of the three before.
create or replace temp view members as select *, has_tests as is_known from cells_in_plain;
insert into readings
select cell,
    kpi('test_pass_rate', cases_passed, cases_executed, ratio(cases_passed, cases_executed), higher_is_better(cases_passed, cases_executed, 0.98, 0.95),
        early := cases_executed < 0.9 * cases_of_whole_round, unrated := cases_executed < 10) as k
from with_portfolio('members', false);

-- Cost performance: earned value, cost, budget and plan at one day. Without cost above zero nothing can be divided by it or extrapolated from it; too
-- early until a tenth of the budget is planned or earned or an element is due; up to 15 % complete an estimate is not judged; near the end TCPI is
-- judged only where the estimate exceeds the budget by over 3 %.
create or replace temp view members as select *, has_earned and has_costs and has_budget and has_plan and budget > 0 as is_known from cells_at_cost_date;
insert into readings
with terms as (
    select
        *, planned < 0.1 * budget and earned < 0.1 * budget and elements_due = 0 as is_early, earned <= 0.15 * budget as is_early_estimate,
        case when cost <= 0 then 'no_data' end as no_cost,
        case when cost > 0 then higher_is_better(earned, cost, 0.95, 0.90) else 'unrated' end as level, case when cost > 0 then cost end as led_by,
        cost::double as ac, earned::double as ev, budget::double as bac, planned::double as pv,
        earned >= 0.85 * budget and cost <= 1.03 * earned as is_small_overrun
    from with_portfolio('members', false, is_money := true)
)
select cell, unnest([
    kpi('cost_performance_index', ev, ac, case when ac > 0 then ev / ac end, level, early := is_early, edge := no_cost),
    kpi('cost_variance', earned - cost, null, earned - cost, level, led := earned, led_by := led_by, early := is_early),
    kpi('cost_variance_rate', earned - cost, earned, ratio(earned - cost, earned), level, led := earned, led_by := led_by, early := is_early),
    kpi('estimate_at_completion', budget, ev / nullif(ac, 0), case when ac > 0 then bac * ac / nullif(ev, 0) end, level,
        led := earned, led_by := led_by, early := is_early, unrated := is_early_estimate, edge := no_cost),
    kpi('estimate_at_completion_rest_at_budget', cost + budget - earned, null, case when ac > 0 then cost + budget - earned end, level,
        led := earned, led_by := led_by, early := is_early, unrated := is_early_estimate, edge := no_cost),
    kpi('estimate_at_completion_cost_and_schedule', ac + (bac - ev) * ac * pv / nullif(ev * ev, 0), null,
        case when ac > 0 then case when pv > 0 then ac + (bac - ev) / nullif((ev / ac) * (ev / pv), 0) when earned >= budget then ac end end, level,
        led := earned, led_by := led_by, early := is_early, unrated := is_early_estimate, edge := no_cost),
    kpi('estimate_to_complete', budget - earned, ev / nullif(ac, 0),
        case when ac > 0 then case when earned >= budget then 0 else (bac - ev) * ac / nullif(ev, 0) end end, level,
        led := earned, led_by := led_by, early := is_early, unrated := is_early_estimate, edge := no_cost),
    kpi('variance_at_completion', bac - bac * ac / nullif(ev, 0), null, case when ac > 0 then bac - bac * ac / nullif(ev, 0) end, level,
        led := earned, led_by := led_by, early := is_early, unrated := is_early_estimate, edge := no_cost),
    kpi('to_complete_performance_index', budget - earned, budget - cost,
        case when cost > 0 and earned < budget and cost < budget then (bac - ev) / (bac - ac) end,
        lower_is_better(budget - earned, budget - cost, 1.05, 1.10), early := is_early, unrated := is_small_overrun,
        edge := case when earned >= budget then 'not_applicable' when cost <= 0 then 'no_data' when cost >= budget and is_small_overrun then 'unrated'
            when cost >= budget then 'critical' end)]) as k
from terms;

-- With the estimate that the people who do the work gave of what is left.
create or replace temp view members as
select *, has_earned and has_costs and has_budget and has_plan and (left_to_spend > 0 or (budget > 0 and earned >= budget)) as is_known from cells_at_cost_date;
insert into readings
select cell,
    kpi('estimate_at_completion_bottom_up', case when earned >= budget then cost else cost + left_to_spend end, null,
        case when cost <= 0 then null when budget > 0 and earned >= budget then cost when left_to_spend > 0 then cost + left_to_spend end,
        case when cost > 0 and budget > 0 then higher_is_better(earned, cost, 0.95, 0.90) else 'unrated' end,
        led := earned, led_by := case when cost > 0 and budget > 0 then cost end,
        early := planned < 0.1 * budget and earned < 0.1 * budget and elements_due = 0, edge := case when cost <= 0 then 'no_data' end) as k
from with_portfolio('members', false, is_money := true);

create or replace temp view members as select *, has_earned and has_costs and has_budget and has_plan and left_to_spend > 0 as is_known from cells_at_cost_date;
insert into readings
select cell,
    kpi('to_complete_performance_index_eac', budget - earned, left_to_spend,
        case when cost > 0 and earned < budget and left_to_spend > 0 then ratio(budget - earned, left_to_spend) end,
        lower_is_better(budget - earned, left_to_spend, 1.05, 1.10), early := planned < 0.1 * budget and earned < 0.1 * budget and elements_due = 0,
        unrated := earned >= 0.85 * budget and cost + left_to_spend <= 1.03 * budget,
        edge := case when earned >= budget then 'not_applicable' when cost <= 0 then 'no_data' end) as k
from with_portfolio('members', false, is_money := true);

create or replace temp view members as select *, has_earned and has_budget and budget > 0 as is_known from cells_at_cost_date;
insert into readings
select cell,
    kpi('percent_complete', earned, budget, ratio(earned, budget)) as k
from with_portfolio('members', false, is_money := true);

create or replace temp view members as select *, has_costs and has_budget and budget > 0 as is_known from cells_at_cost_date;
insert into readings
select cell, unnest([
    kpi('budget_consumption', cost, budget, ratio(cost, budget)), kpi('cost_without_budget_of_its_kind', cost_without_budget, null, cost_without_budget)]) as k
from with_portfolio('members', false, is_money := true);

-- By kind of cost: where the budget is split by kind, and no element mixes it with another. Above 5 % of cost without a budget of its kind none is rated.
create temp view labor_members as
select *, budget_labor as kind_budget, planned_labor as kind_planned, earned_labor as kind_earned, cost_labor as kind_cost,
    has_earned and has_costs and has_budget and has_plan and budget_labor > 0 as is_known
from cells_at_cost_date;
create temp view equipment_members as
select *, budget_bought as kind_budget, planned_bought as kind_planned, earned_bought as kind_earned, cost_bought as kind_cost,
    has_earned and has_costs and has_budget and has_plan and budget_bought > 0 as is_known
from cells_at_cost_date;
create temp view subcontract_members as
select *, budget_subcontract as kind_budget, planned_subcontract as kind_planned, earned_subcontract as kind_earned, cost_subcontract as kind_cost,
    has_earned and has_costs and has_budget and has_plan and budget_subcontract > 0 as is_known
from cells_at_cost_date;
create temp view other_members as
select *, budget_other as kind_budget, planned_other as kind_planned, earned_other as kind_earned, cost_other as kind_cost,
    has_earned and has_costs and has_budget and has_plan and budget_other > 0 as is_known
from cells_at_cost_date;
insert into readings
with terms as (
    select 'labor' as kind, * from with_portfolio('labor_members', false, is_money := true)
    union all by name select 'equipment' as kind, * from with_portfolio('equipment_members', false, is_money := true)
    union all by name select 'subcontract' as kind, * from with_portfolio('subcontract_members', false, is_money := true)
    union all by name select 'other' as kind, * from with_portfolio('other_members', false, is_money := true)
)
select cell,
    kpi('cost_performance_index_' || kind, kind_earned, kind_cost, case when kind_cost > 0 and kind_budget > 0 then ratio(kind_earned, kind_cost) end,
        higher_is_better(kind_earned, kind_cost, 0.95, 0.90),
        early := kind_planned < 0.1 * kind_budget and kind_earned < 0.1 * kind_budget, unrated := cost_without_budget > 0.05 * cost,
        edge := case when kind_cost <= 0 then 'no_data' end) as k
from terms;

-- What the sales contracts leave at the estimate at completion.
create or replace temp view members as select *,
    has_contracts and has_earned and has_costs and has_budget and has_plan and contract_value > 0 and contracts_of_unknown_value = 0 as is_known
        from cells_at_cost_date;
insert into readings
select cell,
    kpi('gross_margin_forecast', contract_value::double - budget::double * cost::double / nullif(earned::double, 0), contract_value,
        case when cost > 0
            and budget > 0 then (contract_value::double - budget::double * cost::double / nullif(earned::double, 0)) / contract_value::double end,
        early := planned < 0.1 * budget and earned < 0.1 * budget and elements_due = 0,
        edge := case when cost <= 0 then 'no_data' end) as k
from with_portfolio('members', false, is_money := true);

-- What is spent or signed for, at the end of the period. Without anything signed it is unknown, unless cost alone passes the budget.
create or replace temp view members as select *, has_costs and has_budget and budget > 0 as is_known from cells_in_plain;
insert into readings
select cell,
    kpi('commitment_rate', cost + signed - drawn, budget, case when signed <> 0 or cost > budget then ratio(cost + signed - drawn, budget) end,
        lower_is_better(cost + signed - drawn, budget, 0.95, 1.0),
        edge := case when signed = 0 and cost <= budget then 'no_data' end) as k
from with_portfolio('members', false, is_money := true);

-- Schedule performance in money, at the newest data date of the schedule.
create or replace temp view members as select *, has_earned and has_plan as is_known from cells_at_data_date;
insert into readings
select cell, unnest([
    kpi('schedule_performance_index', earned, planned, ratio(earned, planned), higher_is_better(earned, planned, 0.95, 0.90)),
    kpi('schedule_variance', earned - planned, null, earned - planned,
        case when planned <> 0 then higher_is_better(earned, planned, 0.95, 0.90) else 'unrated' end, led := earned, led_by := nullif(planned, 0)),
    kpi('schedule_variance_rate', earned - planned, planned, ratio(earned - planned, planned), higher_is_better(earned, planned, 0.95, 0.90),
        led := earned, led_by := nullif(planned, 0))]) as k
from with_portfolio('members', false, is_money := true);

-- In hours, where the plan has hours.
create or replace temp view members as select *, has_earned and has_plan and planned_hours > 0 as is_known from cells_at_data_date;
insert into readings
select cell, unnest([
    kpi('schedule_performance_index_hours', earned_hours, planned_hours, ratio(earned_hours, planned_hours),
        higher_is_better(earned_hours, planned_hours, 0.95, 0.90)),
    kpi('schedule_variance_hours', earned_hours - planned_hours, null, earned_hours - planned_hours,
        higher_is_better(earned_hours, planned_hours, 0.95, 0.90), led := earned_hours, led_by := planned_hours)]) as k
from with_portfolio('members', false);

create or replace temp view members as select *, has_earned and has_plan and has_hours and has_budget and planned_hours > 0 as is_known from cells_at_data_date;
insert into readings
select cell, unnest([
    kpi('cost_performance_index_hours', earned_hours, hours_logged, ratio(earned_hours, hours_logged), higher_is_better(earned_hours, hours_logged, 0.95, 0.90),
        early := planned_hours < 0.1 * budget_hours and earned_hours < 0.1 * budget_hours and elements_due = 0),
    kpi('cost_variance_hours', earned_hours - hours_logged, null, earned_hours - hours_logged,
        case when hours_logged <> 0 then higher_is_better(earned_hours, hours_logged, 0.95, 0.90) else 'unrated' end,
        led := earned_hours, led_by := nullif(hours_logged, 0),
        early := planned_hours < 0.1 * budget_hours and earned_hours < 0.1 * budget_hours and elements_due = 0)]) as k
from with_portfolio('members', false);

-- In time: months of the plan earned, against the months gone. Too early before two.
create or replace temp view members as select *, has_earned_schedule and actual_time > 0 as is_known from cells_at_data_date;
insert into readings
select cell, unnest([
    kpi('schedule_performance_index_time', earned_schedule, actual_time, ratio(earned_schedule, actual_time),
        higher_is_better(earned_schedule, actual_time, 0.95, 0.90), early := actual_time < 2),
    kpi('schedule_variance_time', earned_schedule - actual_time, null, earned_schedule - actual_time,
        higher_is_better(earned_schedule, actual_time, 0.95, 0.90), led := earned_schedule, led_by := actual_time, early := actual_time < 2)]) as k
from with_portfolio('members', false);

-- The buffer, against zones that rise with the work done: warning from 15 to 75 %, critical from 30 to 90 %.
create or replace temp view members as select *, has_tasks and buffer_days > 0 as is_known from cells_at_data_date;
insert into readings
select cell,
    kpi('buffer_consumption', buffer_days_used, buffer_days, ratio(buffer_days_used, buffer_days), lower_is_better(
        buffer_days_used, buffer_days, 0.15 + 0.60 * ratio(chain_days_done, chain_days), 0.30 + 0.60 * ratio(chain_days_done, chain_days))) as k
from with_portfolio('members', false);

-- Hours on technical debt, of all hours or of the development and test hours of modules with own code, as the project chose; the other share stands
-- beside it and is not rated. A module or phase without own code has neither.
create or replace temp view members as
select *, has_hours_of_period and (own_code_hours > 0 or (grain = 'project' and delivery_profile is distinct from 'equipment')) as is_known
from cells_in_plain;
insert into readings
select cell, unnest([
    kpi('technical_debt_share', debt_hours, debt_base_hours, ratio(debt_hours, debt_base_hours),
        case when debt_hours < 0.08 * debt_base_hours or debt_hours > 0.20 * debt_base_hours then 'warning' else 'ok' end),
    kpi('technical_debt_share_other', debt_hours, debt_other_hours, ratio(debt_hours, debt_other_hours))]) as k
from with_portfolio('members', true);

-- Timesheets filled in.
create or replace temp view members as select *, has_person_days_of_period as is_known from cells_in_plain;
insert into readings
select cell,
    kpi('timesheet_completeness', hours_credited, hours_required, ratio(hours_credited, hours_required),
        higher_is_better(hours_credited, hours_required, 0.95, 0.85)) as k
from with_portfolio('members', true);

-- Scope, changes, roll-out.
create or replace temp view members as select *, has_issues and frozen_scope_days > 0 as is_known from cells_in_plain;
insert into readings
select cell,
    kpi('scope_growth_after_freeze', scope_days_added, frozen_scope_days, ratio(scope_days_added, frozen_scope_days),
        lower_is_better(scope_days_added, frozen_scope_days, 0.05, 0.10)) as k
from with_portfolio('members', false);

create or replace temp view members as select *, has_changes as is_known from cells_in_plain;
insert into readings
select cell,
    kpi('unapproved_change_rate', changes_started_unapproved, changes_started, ratio(changes_started_unapproved, changes_started),
        lower_is_better(changes_started_unapproved, changes_started, 0, 0.05)) as k
from with_portfolio('members', false);

create or replace temp view members as select *, has_sites as is_known from cells_in_plain;
insert into readings
select cell,
    kpi('rollout_progress', sites_live, sites_planned_live, ratio(sites_live, sites_planned_live), higher_is_better(sites_live, sites_planned_live, 0.95, 0.85),
        unrated := sites_planned_live < 10) as k
from with_portfolio('members', false);

-- Which KPI is told of which parts of a project, and to which delivery profiles it does not apply.
create temp table grains as
select unnest(['uat_defect_share', 'escaped_defect_rate', 'code_defect_rate', 'test_coverage', 'branch_coverage', 'test_pass_rate']) as kpi_key,
    ['portfolio', 'project', 'module'] as grains
union all
select unnest(['gross_margin_forecast', 'schedule_performance_index_time', 'buffer_consumption', 'timesheet_completeness', 'scope_growth_after_freeze',
    'unapproved_change_rate', 'rollout_progress']), ['portfolio', 'project']
union all
select 'schedule_variance_time', ['project'];

create temp table not_applicable as
select unnest(['code_defect_rate', 'test_coverage', 'branch_coverage', 'test_pass_rate', 'technical_debt_share',
    'technical_debt_share_other']) as kpi_key, ['equipment'] as profiles
union all select 'buffer_consumption', ['software', 'integration', 'equipment', 'roll_out']
union all select 'rollout_progress', ['software', 'integration', 'equipment'];

-- Levels that a person set, for a KPI and those that take its verdict: of the rules that count at the end of the period the narrowest, then the newest. A
-- rule of a customer, project, module or phase does not judge the portfolio, one of the portfolio nothing else; "nothing is judged" sets no levels.
create temp table judged_alike as
select 'cost_performance_index' as leader, unnest(['cost_variance', 'cost_variance_rate', 'estimate_at_completion', 'estimate_at_completion_rest_at_budget',
    'estimate_at_completion_cost_and_schedule', 'variance_at_completion', 'estimate_to_complete', 'estimate_at_completion_bottom_up']) as kpi_key
union all select 'schedule_performance_index', unnest(['schedule_variance', 'schedule_variance_rate'])
union all select 'schedule_performance_index_hours', 'schedule_variance_hours'
union all select 'cost_performance_index_hours', 'cost_variance_hours'
union all select 'schedule_performance_index_time', 'schedule_variance_time';

create temp table set_levels as
with rules as (
    select * exclude (name), unnest([name] || coalesce((select list(kpi_key) from judged_alike where leader = name), [])) as kpi_key
    from frozen.rules where kind = 'level' and site = '*'
)
select readings.rowid as reading, first({
    'bad': coalesce(direction, case
        when rules.kpi_key like 'technical_debt_share%' then 'outside'
        when rules.kpi_key in ('code_defect_rate', 'defect_ratio', 'uat_defect_share', 'escaped_defect_rate', 'open_critical_defects', 'defect_resolution_days',
            'to_complete_performance_index', 'to_complete_performance_index_eac', 'commitment_rate', 'buffer_consumption', 'cycle_time_days',
            'cycle_time_days_p85', 'scope_growth_after_freeze', 'unapproved_change_rate') then 'above'
        else 'below' end),
    'levels': case when not is_off then [critical_at, low_critical_at, warning_at, low_warning_at] end}
    order by rules.module = '*' and rules.phase = '*', rules.project_key = '*', rules.customer = '*', not is_portfolio, valid_from desc, rule_id desc) as rule
from rules join readings on k.kpi_key = rules.kpi_key and valid_from <= cell.period_end and (not is_portfolio or cell.grain = 'portfolio')
    and rules.project_key in ('*', cell.project_key) and rules.module in ('*', cell.module) and rules.phase in ('*', cell.phase)
left join projects on projects.project_key = cell.project_key
where rules.customer = '*' or rules.customer = projects.customer
group by readings.rowid;

create macro line(level, against) as case when against is null then level::decimal(24, 6) else level::decimal(12, 6) * against::decimal(24, 4) end;
create macro is_beyond(held, against, bad, high, low) as
    (bad <> 'below' and held::decimal(30, 6) > line(high, against))
    or (bad <> 'above' and held::decimal(30, 6) < line(case when bad = 'below' then high else low end, against));
create macro judged(held, against, rule) as case
    when coalesce(rule.levels[1], rule.levels[2], rule.levels[3], rule.levels[4]) is null then 'unrated'
    when is_beyond(held, against, rule.bad, rule.levels[1], rule.levels[2]) then 'critical'
    when is_beyond(held, against, rule.bad, rule.levels[3], rule.levels[4]) then 'warning' else 'ok' end;

create table kpi_values as
select
    k.kpi_key, cell.grain, cell.project_key, cell.module, cell.phase, cell.period_kind, cell.period_start, cell.period_end, cell.as_of,
    case when cell.is_known then k.value end as value, case when cell.is_known then k.n end as numerator, case when cell.is_known then k.d end as denominator,
    case
        when (not cell.is_known or k.value is null) and list_contains(profiles, cell.delivery_profile) then 'not_applicable'
        when cell.is_known and k.edge is not null then k.edge
        when not cell.is_known or k.value is null then 'no_data'
        when k.early then 'too_early'
        when cell.is_outdated or k.unrated then 'unrated'
        when rule is null then k.level
        when k.led is null then judged(case when k.d is null then k.value else k.n end, k.d, rule)
        when k.led_by is null then 'unrated'
        else judged(k.led, k.led_by, rule)
    end as status
from readings
left join set_levels on reading = readings.rowid
left join grains on grains.kpi_key = k.kpi_key
left join not_applicable as a on a.kpi_key = k.kpi_key
where grains.grains is null or list_contains(grains.grains, cell.grain);
