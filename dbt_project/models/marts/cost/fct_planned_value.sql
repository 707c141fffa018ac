-- Grain: one slice of a budget line, or of a task's part of its element's budget where the project spreads it by its schedule, cut at week and month ends, at its period's end, at the data dates of its schedule, at the project's status
-- date and at the close of its books. Planned value accrues linearly over the project's own working days of the period, over its calendar days
-- where it has none; the slices of a line sum to it to the cent.
{{ config(meta={'by_project': true}) }}
with
-- each task with a cost takes its part of the element's budget, over its baseline dates as the newest report has them; never the forecast
tasks as (
    select
        tasks.project_key, tasks.element_code, tasks.task_id, tasks.baseline_start, tasks.baseline_finish, tasks.batch_id, tasks.source_row,
        cast(sum(tasks.planned_cost) over so_far as double) / cast(sum(tasks.planned_cost) over of_element as double) as share_to_date,
        cast(sum(tasks.planned_cost) over so_far - tasks.planned_cost as double) / cast(sum(tasks.planned_cost) over of_element as double) as share_before
    from {{ ref('fct_schedule_tasks') }} as tasks
    inner join {{ ref('int_project_settings') }} as settings
        on tasks.project_key = settings.project_key
        and settings.planned_value_source = 'schedule'
    where tasks.is_latest
        and not tasks.is_buffer
        and tasks.planned_cost > 0
        and tasks.baseline_start <= tasks.baseline_finish
        and tasks.element_code is not null
    window
        of_element as (partition by tasks.project_key, tasks.element_code),
        so_far as (partition by tasks.project_key, tasks.element_code order by tasks.baseline_start, tasks.task_id rows unbounded preceding)
),

by_element as (
    select
        project_key, module, phase, wbs_code, max(wbs_name) as wbs_name, category, max(counts_from) as counts_from, max(baseline) as baseline,
        sum(planned_value) as planned_value, sum(planned_hours) as planned_hours
    from {{ ref('fct_budget') }}
    group by project_key, module, phase, wbs_code, category
),

lines as (
    select
        project_key, module, phase, wbs_code, wbs_name, category, period_start, period_end, planned_value, planned_hours, batch_id, source_row
    from {{ ref('fct_budget') }} as fct_budget
    where not exists (
        select 1 from tasks
        where tasks.project_key = fct_budget.project_key
            and tasks.element_code = fct_budget.wbs_code
    )
    union all
    select
        by_element.project_key, by_element.module, by_element.phase, by_element.wbs_code, by_element.wbs_name, by_element.category,
        tasks.baseline_start, tasks.baseline_finish,
        cast(round(cast(by_element.planned_value as double) * tasks.share_to_date, 2) as decimal(18, 2))
            - cast(round(cast(by_element.planned_value as double) * tasks.share_before, 2) as decimal(18, 2)),
        cast(round(cast(by_element.planned_hours as double) * tasks.share_to_date, 4) as {{ amount() }})
            - cast(round(cast(by_element.planned_hours as double) * tasks.share_before, 4) as {{ amount() }}),
        tasks.batch_id, tasks.source_row
    from by_element
    inner join tasks
        on by_element.project_key = tasks.project_key
        and by_element.wbs_code = tasks.element_code
),

budget as (
    select
        fct_budget.*,
        projects.status_on,
        projects.cost_closed_on,
        row_number() over (order by fct_budget.project_key, fct_budget.batch_id, fct_budget.source_row, fct_budget.period_start, fct_budget.category) as line_number
    from lines as fct_budget
    left join {{ ref('dim_projects') }} as projects on fct_budget.project_key = projects.project_key
),

days as (
    select
        days.*,
        dates.week_end,
        dates.month_end,
        data_dates.data_on
    from {{ ref('dim_project_days') }} as days
    inner join {{ ref('dim_dates') }} as dates on days.calendar_date = dates.calendar_date
    left join {{ ref('int_data_dates') }} as data_dates
        on days.project_key = data_dates.project_key
        and days.calendar_date = data_dates.data_on
),

cuts as (
    select
        budget.line_number,
        days.calendar_date as accrued_on,
        first_day.working_day_number - case when first_day.is_working_day then 1 else 0 end as days_before,
        last_day.working_day_number as days_at_end,
        days.working_day_number as days_at_cut
    from budget
    inner join days
        on budget.project_key = days.project_key
        and days.calendar_date between budget.period_start and budget.period_end
        and (days.calendar_date in (days.week_end, days.month_end, days.data_on, budget.period_end)
            or days.calendar_date in (budget.status_on, budget.cost_closed_on))
    inner join days as first_day on budget.project_key = first_day.project_key and budget.period_start = first_day.calendar_date
    inner join days as last_day on budget.project_key = last_day.project_key and budget.period_end = last_day.calendar_date
),

shared as (
    select
        budget.*,
        cuts.accrued_on,
        case
            when cuts.days_at_end > cuts.days_before
                then cast(cuts.days_at_cut - cuts.days_before as double) / (cuts.days_at_end - cuts.days_before)
            else cast({{ dbt.datediff('budget.period_start', 'cuts.accrued_on', 'day') }} + 1 as double)
                / ({{ dbt.datediff('budget.period_start', 'budget.period_end', 'day') }} + 1)
        end as accrued_share
    from budget
    inner join cuts on budget.line_number = cuts.line_number
),

accrued as (
    select
        shared.*,
        cast(round(cast(planned_value as double) * accrued_share, 2) as decimal(18, 2)) as planned_value_to_date,
        cast(round(cast(planned_hours as double) * accrued_share, 4) as {{ amount() }}) as planned_hours_to_date
    from shared
)

select
    project_key,
    module,
    phase,
    wbs_code,
    wbs_name,
    category,
    {{ kind_of_cost('category') }} as cost_kind,
    cast(coalesce({{ dbt.dateadd('day', 1, 'lag(accrued_on) over (partition by line_number order by accrued_on)') }}, period_start) as date) as accrued_from,
    accrued_on,
    cast(planned_value_to_date - coalesce(lag(planned_value_to_date) over (partition by line_number order by accrued_on), 0) as decimal(18, 2)) as planned_value,
    cast(planned_hours_to_date - coalesce(lag(planned_hours_to_date) over (partition by line_number order by accrued_on), 0) as {{ amount() }}) as planned_hours,
    batch_id,
    source_row
from accrued
