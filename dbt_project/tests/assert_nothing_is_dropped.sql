-- A returned row is a month of hours, or a project's booked cost, that holds another sum than the rows before it that count:
-- assert_every_row_is_accounted_for counts the rows.
with
compared as (
    select 'hours' as fact, cast({{ dbt.date_trunc('month', 'work_date') }} as {{ dbt.type_string() }}) as place, hours as before, 0 as after
    from {{ told_once('worklogs') }} as worklogs
    union all
    select 'hours', cast({{ dbt.date_trunc('month', 'work_date') }} as {{ dbt.type_string() }}), 0, hours from {{ ref('fct_worklogs') }}
    union all
    -- what stands as it was closed, and what is different since, is together what the files say now
    select 'costs', project_key, amount, 0 from {{ told_once('costs') }} as costs
    union all
    select 'costs', project_key, 0, amount from {{ ref('int_counted_costs') }}
)

select fact, place, sum(before) as before, sum(after) as after
from compared
group by 1, 2
having abs(coalesce(sum(before), 0) - coalesce(sum(after), 0)) > 0.001
