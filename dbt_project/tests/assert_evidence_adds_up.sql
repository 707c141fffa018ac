-- A returned row is a measure whose evidence rows, taken at the end of a period, do not add up to its published cell.
-- Two ways to one number: here the rows that count at the date are summed; the cell is a running sum of deltas. The date is the end of the period
-- or the status date, and for the measures of KPIs at a data date that one too.
with
rows_by_day as (
    select measure_key, project_key, module, phase, counts_from, counts_until, sum(amount) as amount
    from {{ ref('kpi_measure_rows') }}
    group by 1, 2, 3, 4, 5, 6
),

measures as (
    select * from {{ ref('dim_measures') }}
),

told as (
    select measure_key, cast(null as varchar) as dating from measures
    {%- for measure, dating in dated_columns().values() %}
    union all
    select '{{ measure }}', '{{ dating }}'
    {%- endfor %}
),

periods as (
    select periods.*, told.measure_key, told.dating, {{ standing_on('told.dating', 'periods') }} as stands_on
    from {{ ref('dim_periods') }} as periods
    cross join told
),

evidence as (
    select
        case when grouping(rows_by_day.module) = 0 then 'module' when grouping(rows_by_day.phase) = 0 then 'phase' else 'project' end as grain,
        rows_by_day.measure_key,
        coalesce(periods.dating, '') as dating,
        rows_by_day.project_key,
        coalesce(rows_by_day.module, '*') as module,
        coalesce(rows_by_day.phase, '*') as phase,
        periods.period_kind,
        periods.period_end,
        sum(rows_by_day.amount) as amount
    from rows_by_day
    inner join measures on rows_by_day.measure_key = measures.measure_key
    inner join periods
        on rows_by_day.project_key = periods.project_key
        and rows_by_day.measure_key = periods.measure_key
        and rows_by_day.counts_from <= periods.stands_on
        and (rows_by_day.counts_until is null or rows_by_day.counts_until > periods.stands_on)
        and (not measures.is_in_period or rows_by_day.counts_from >= periods.period_start)
    group by grouping sets (
        (rows_by_day.measure_key, periods.dating, rows_by_day.project_key, periods.period_kind, periods.period_end),
        (rows_by_day.measure_key, periods.dating, rows_by_day.project_key, rows_by_day.module, periods.period_kind, periods.period_end),
        (rows_by_day.measure_key, periods.dating, rows_by_day.project_key, rows_by_day.phase, periods.period_kind, periods.period_end)
    )
),

cells as (
    {%- for key in measures() %}
    select '{{ key }}' as measure_key, '' as dating, grain, project_key, module, phase, period_kind, period_end, {{ key }} as amount
    from {{ ref('kpi_cells') }}
    where {{ key }} is not null
    union all
    {%- endfor %}
    {%- for column, (key, dating) in dated_columns().items() %}
    select '{{ key }}', '{{ dating }}', grain, project_key, module, phase, period_kind, period_end, {{ column }}
    from {{ ref('kpi_cells') }}
    where {{ column }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    cells.*,
    evidence.amount as evidence_amount
from cells
left join evidence
    on cells.measure_key = evidence.measure_key
    and cells.dating = evidence.dating
    and cells.grain = evidence.grain
    and cells.project_key = evidence.project_key
    and cells.module = evidence.module
    and cells.phase = evidence.phase
    and cells.period_kind = evidence.period_kind
    and cells.period_end = evidence.period_end
where abs(cells.amount - coalesce(evidence.amount, 0)) > 0.0001
