-- Every frozen baseline, line by line; the active one of each project is its budget.

create macro kind_of_cost(category) as case
    when category in ('labor', 'subcontract') then category when category in ('equipment', 'software') then 'bought' when category <> '-' then 'other' end;

create temp table frozen_lines as
with placed as (
    select
        b.* exclude (project) replace (
            worded('budget', 'category', category, category) as category, worded('budget', 'phase', phase, phase) as phase,
            worded('budget', 'earned_value_rule', earned_value_rule, earned_value_rule) as earned_value_rule),
        project_of(source_system, project, period_start, batch_id) as project_key, source_system
    from frozen.baselines as b join frozen.batches using (batch_id)
),
-- of two active ones, because two codes turned out to be one project, the one frozen last
kept as (
    select * replace (is_active and dense_rank() over (partition by project_key, is_active, case when project_key = 'unallocated' then baseline_id end
        order by frozen_at desc, baseline_id desc) = 1 as is_active)
    from placed where not (is_undone and project_key = 'unallocated')
),
-- lines without a last day that begin on one weekday, one or two weeks apart, last as long; all others to the end of their month
gaps as (
    select project_key, baseline_id, period_start - lag(period_start) over (partition by project_key, baseline_id order by period_start) as gap
    from (select distinct project_key, baseline_id, period_start from kept where period_end is null)
),
cadences as (
    select project_key, baseline_id, min(gap) as days from gaps group by all having min(gap) in (7, 14) and bool_and(gap % 7 = 0)
)
select
    kept.* exclude (source_system, layer) replace (
        coalesce(own_name('module', project_key, source_system, module, period_start), '-') as module,
        coalesce(own_name('wbs', project_key, source_system, wbs_code, period_start), '-') as wbs_code, coalesce(phase, 'unallocated') as phase,
        case when period_end >= period_start then period_end when days is not null then period_start + days::int - 1
            else last_day(period_start) end as period_end,
        planned_hours::decimal(28, 4) as planned_hours),
    row_number() over () as line
from kept left join cadences using (project_key, baseline_id);

create temp view budget_lines as select * from frozen_lines where is_active;

create temp table elements as
select project_key, wbs_code, max(wbs_name) as wbs_name, max(phase) as phase, max(module) as module, sum(planned_value) as budget
from budget_lines group by all;

-- A budget counts as a whole from the first day of its plan. One percentage of an element that holds two kinds is the progress of neither, and a
-- kind with such an element is measured nowhere in its project. An element is due with its last line of planned value.
create table fct_budget as
with kinds as (
    select distinct project_key, wbs_code, kind_of_cost(category) as cost_kind from budget_lines where planned_value > 0
),
mixed as (
    select distinct a.project_key, a.cost_kind from kinds as a join kinds as b using (project_key, wbs_code)
    where a.cost_kind is not null and a.cost_kind is distinct from b.cost_kind
)
select
    budget_lines.* exclude (line), kind_of_cost(category) as cost_kind, mixed.cost_kind is not null as is_kind_mixed,
    min(period_start) over (partition by budget_lines.project_key) as counts_from
from budget_lines left join mixed on mixed.project_key = budget_lines.project_key and mixed.cost_kind = kind_of_cost(category);

create temp table dues as
select project_key, wbs_code, arg_max({'module': module, 'phase': phase}, (period_end, -line)) as part, max(period_end) as due_on
from budget_lines where planned_value > 0 group by all;

-- The codes that an export's can stand for: people by their list, modules and elements by the budget.
create table reference_codes as
select distinct 'person' as kind, '*' as project_key, coalesce(spelled('person', '*', person), trim(person)) as code, null::varchar as name from landed.people
union all select distinct 'module', project_key, trim(module), null from budget_lines where module <> '-'
union all select 'wbs', project_key, wbs_code, wbs_name from elements where wbs_code <> '-';
