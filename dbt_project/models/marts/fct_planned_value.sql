-- Grain: one slice of a budget line, cut at week and month ends, at its period's end, at the data dates of its schedule, at the project's status
-- date and at the close of its books. Planned value accrues linearly over the project's own working days of the period, over its calendar days
-- where it has none; the slices of a line sum to it to the cent.
with
budget as (
    select
        fct_budget.*,
        projects.status_on,
        projects.cost_closed_on,
        row_number() over (order by fct_budget.project_key, fct_budget.batch_id, fct_budget.source_row, fct_budget.period_start, fct_budget.category) as line_number
    from {{ ref('fct_budget') }} as fct_budget
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
    cast(coalesce({{ dbt.dateadd('day', 1, 'lag(accrued_on) over (partition by line_number order by accrued_on)') }}, period_start) as date) as accrued_from,
    accrued_on,
    cast(planned_value_to_date - coalesce(lag(planned_value_to_date) over (partition by line_number order by accrued_on), 0) as decimal(18, 2)) as planned_value,
    cast(planned_hours_to_date - coalesce(lag(planned_hours_to_date) over (partition by line_number order by accrued_on), 0) as {{ amount() }}) as planned_hours,
    batch_id,
    source_row
from accrued
