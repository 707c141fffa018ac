-- Grain: one KPI, cell and period whose value is better than it would be with the rows that are gone or smaller.
{{ config(meta={'has_portfolio': true}) }}
{%- set losing = loss_measures() %}
{%- set told = [] %}
{%- for key, kpi in kpis().items() if not kpi.percentile and kpi.measures | select('in', losing) | list %}{% do told.append((key, kpi)) %}{% endfor %}
{%- set direction = {'lower': 1, 'higher': -1} %}
with
kpis_of_losses as (
    {{ kpis_of_losses() }}
),

counted as (
    select
        kpis_of_losses.kpi_key,
        kpis_of_losses.position,
        lost_rows.project_key,
        lost_rows.module,
        lost_rows.phase,
        lost_rows.fact || '|' || lost_rows.identity as thing,
        lost_rows.lost_amount,
        periods.period_kind,
        periods.period_end
    from {{ ref('kpi_lost_rows') }} as lost_rows
    inner join kpis_of_losses on lost_rows.measure_key = kpis_of_losses.measure_key
    inner join {{ ref('dim_periods') }} as periods
        on lost_rows.project_key = periods.project_key
        and lost_rows.counts_from <= {{ standing_on('kpis_of_losses.dated', 'periods') }}
        and coalesce(lost_rows.counts_until > {{ standing_on('kpis_of_losses.dated', 'periods') }}, true)
        and (not kpis_of_losses.is_in_period or lost_rows.counts_from >= periods.period_start)
),

lost_terms as (
    select
        kpi_key,
        project_key,
        period_kind,
        period_end
        {%- for position in range(1, term_count() + 1) %},
        cast(sum(case when position = {{ position }} then lost_amount else 0 end) as {{ amount() }}) as lost_{{ position }}
        {%- endfor %}
    from counted
    group by 1, 2, 3, 4
),

-- the formula twice: as it stands, and with the rows that are gone
valued as (
    {%- for key, kpi in told %}
    select
        kpi_key, project_key, period_kind, period_end, '{{ kpi.better }}' as better,
        max(case when is_whole then null else value end) as value,
        max(case when is_whole then value end) as value_with_lost_rows
    from (
        select kpi_key, project_key, period_kind, period_end, is_whole, {{ kpi.value }} as value
        from (
            select
                terms.kpi_key, terms.project_key, terms.period_kind, terms.period_end, readings.is_whole
                {%- for measure in kpi.terms %},
                terms.term_{{ loop.index }}{% if measure in losing and loop.index <= kpi.measures | length %} + case when readings.is_whole then lost_terms.lost_{{ loop.index }} else 0 end{% endif %} as {{ measure }}
                {%- endfor %}
            from {{ ref('kpi_terms') }} as terms
            inner join lost_terms
                on terms.kpi_key = lost_terms.kpi_key
                and terms.project_key = lost_terms.project_key
                and terms.period_kind = lost_terms.period_kind
                and terms.period_end = lost_terms.period_end
            cross join (select true as is_whole union all select false) as readings
            where terms.kpi_key = '{{ key }}' and terms.grain = 'project' and terms.is_known
        ) as named
    ) as read_twice
    group by 1, 2, 3, 4
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

bands as (
    select kpi_key, warning_at, low_warning_at, status_from from {{ ref('dim_kpis') }}
),

better as (
    select
        valued.*,
        bands.status_from,
        abs(valued.value_with_lost_rows - valued.value) / greatest(abs(valued.value_with_lost_rows), abs(valued.value)) as moved_by
    from valued
    inner join bands on valued.kpi_key = bands.kpi_key
    where valued.value <> valued.value_with_lost_rows
        and case valued.better
            when 'lower' then valued.value_with_lost_rows > valued.value
            when 'higher' then valued.value_with_lost_rows < valued.value
            else greatest(valued.value_with_lost_rows - bands.warning_at, bands.low_warning_at - valued.value_with_lost_rows, 0)
                > greatest(valued.value - bands.warning_at, bands.low_warning_at - valued.value, 0)
        end
),

-- a KPI that takes its status from another moves as far as that one: a difference near zero would move by any line
moved as (
    select
        {{ all_but('better', ['moved_by', 'status_from']) }},
        case when better.status_from is null then better.moved_by else leader.moved_by end as moved_by
    from better
    left join better as leader
        on better.status_from = leader.kpi_key
        and better.project_key = leader.project_key
        and better.period_kind = leader.period_kind
        and better.period_end = leader.period_end
),

things as (
    select
        counted.kpi_key, counted.project_key, counted.module, counted.phase, counted.period_kind, counted.period_end, counted.thing,
        max(counted.lost_amount) as lost_amount,
        max(moved.value_with_lost_rows) as value_with_lost_rows,
        max(moved.moved_by) as moved_by
    from counted
    inner join moved
        on counted.kpi_key = moved.kpi_key
        and counted.project_key = moved.project_key
        and counted.period_kind = moved.period_kind
        and counted.period_end = moved.period_end
    group by 1, 2, 3, 4, 5, 6, 7
)

select
    kpi_key,
    case
        when grouping(module) = 0 then 'module'
        when grouping(phase) = 0 then 'phase'
        when grouping(project_key) = 0 then 'project'
        else 'portfolio'
    end as grain,
    coalesce(project_key, '*') as project_key,
    coalesce(module, '*') as module,
    coalesce(phase, '*') as phase,
    period_kind,
    period_end,
    count(*) as loss_rows,
    cast(sum(lost_amount) as double) as loss_amount,
    -- what the value would be is told of projects: a part, or the whole portfolio, has terms of its own
    case when grouping(project_key) = 0 and grouping(module) = 1 and grouping(phase) = 1 then max(value_with_lost_rows) end as value_with_lost_rows,
    max(moved_by) as moved_by
from things
where project_key <> 'unallocated'
group by grouping sets (
    (kpi_key, period_kind, period_end),
    (kpi_key, project_key, period_kind, period_end),
    (kpi_key, project_key, module, period_kind, period_end),
    (kpi_key, project_key, phase, period_kind, period_end)
)
