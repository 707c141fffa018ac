-- Grain: one KPI, cell and period: the value with its status and flags. Absent dimensions are '*'; a module or phase has a row only where
-- every term is known.
with
levels as (
    select * from {{ ref('kpi_levels') }}
),

judged as (
    {%- for key, kpi in kpis().items() %}
    {{ kpi_value_select(key, kpi) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

catalogue as (
    select kpi_key, feeds, is_cost, dated, too_early_reason, not_applicable_to
    from {{ ref('dim_kpis') }}
),

projects as (
    select
        project_key, delivery_profile, status_on, cost_closed_on, actual_finish_on,
        cost_closed_on as everyone_closed_on, currency
    from {{ ref('dim_projects') }}
    union all
    -- the portfolio: costs stand at the newest closed month, provisional while a member is not closed
    select
        '*', cast(null as {{ dbt.type_string() }}), max(status_on), max(cost_closed_on), cast(null as date),
        coalesce(min(case when cost_closed_on < status_on then cost_closed_on end), max(cost_closed_on)),
        '{{ var("reporting_currency") }}'
    from {{ ref('dim_projects') }}
    where project_key <> 'unallocated'
),

-- the period that cards show: the last one; for costs the last closed one, where there is any; for costs at a data date the one with the close
last_periods as (
    select
        periods.project_key,
        periods.period_kind,
        max(periods.period_end) as last_end,
        coalesce(max(case when projects.cost_closed_on is null or periods.period_end <= projects.cost_closed_on then periods.period_end end), max(periods.period_end)) as last_closed_end,
        coalesce(max(case when projects.cost_closed_on is null or periods.period_start <= projects.cost_closed_on then periods.period_end end), max(periods.period_end)) as closing_end
    from (
        select project_key, period_kind, period_start, period_end from {{ ref('dim_periods') }}
        union
        select '*', period_kind, period_start, period_end from {{ ref('dim_periods') }} where project_key <> 'unallocated'
    ) as periods
    inner join projects on periods.project_key = projects.project_key
    group by 1, 2
),

stale_facts as (
    select
        freshness.project_key,
        {{ sorted_list("case when freshness.covers_to < newest.status_on - case freshness.feed "
            ~ stale_cases() ~ " else interval 100000 day end then freshness.feed end") }} as feeds
    from {{ ref('feed_freshness') }} as freshness
    inner join projects on freshness.project_key = projects.project_key
    cross join (select max(status_on) as status_on from projects) as newest
    where projects.actual_finish_on is null
    group by 1
),

previous as (
    select * from {{ ref('stg_previous_values') }}
),

unconverted as (
    select
        project_key,
        min(coalesce(first_on, cast('1900-01-01' as date))) as since,
        {{ joined_text('currency') }} as currencies
    from {{ ref('unconverted_totals') }}
    where feed in ('costs', 'rates', 'contracts')
    group by 1
),

placed as (
    select
        judged.*,
        catalogue.too_early_reason,
        projects.delivery_profile,
        projects.currency,
        coalesce(projects.actual_finish_on < judged.period_start, false) as is_finished,
        judged.value is null and {{ list_contains('catalogue.not_applicable_to', 'projects.delivery_profile') }} as is_not_applicable,
        unconverted.currencies as currencies_without_rate,
        judged.value is not null and catalogue.is_cost and case when catalogue.dated = 'cost' then judged.is_provisional_at_date else (projects.everyone_closed_on is null or projects.everyone_closed_on < least(judged.period_end, projects.status_on)) end as is_provisional,
        judged.period_end = case when catalogue.dated = 'cost' then last_periods.closing_end when catalogue.is_cost then last_periods.last_closed_end else last_periods.last_end end as is_current,
        judged.period_end = last_periods.last_end and judged.value is not null
            and {{ lists_overlap('stale_facts.feeds', 'catalogue.feeds') }} as is_stale,
        previous.value is not null
            and (judged.value is null or abs(judged.value - previous.value) > 0.000001 * greatest(abs(previous.value), 0.000001)) as is_restated
    from judged
    inner join catalogue on judged.kpi_key = catalogue.kpi_key
    inner join projects on judged.project_key = projects.project_key
    inner join last_periods
        on judged.project_key = last_periods.project_key
        and judged.period_kind = last_periods.period_kind
    left join stale_facts on judged.project_key = stale_facts.project_key
    left join unconverted
        on judged.project_key = unconverted.project_key
        and judged.as_of >= unconverted.since
        and {{ lists_overlap('catalogue.feeds', list_text(['costs', 'contracts'])) }}
    left join previous
        on judged.kpi_key = previous.kpi_key
        and judged.grain = previous.grain
        and judged.project_key = previous.project_key
        and judged.period_kind = previous.period_kind
        and judged.period_end = previous.period_end
)

select
    kpi_key,
    grain,
    project_key,
    module,
    phase,
    period_kind,
    period_start,
    period_end,
    as_of,
    valued_from,
    valued_on,
    is_estimated,
    value,
    numerator,
    denominator,
    case
        when is_not_applicable then 'not_applicable'
        when edge is not null then substr(edge, 1, position(':' in edge) - 1)
        when value is null then 'no_data'
        when is_too_early then 'too_early'
        when is_outdated then 'unrated'
        else level_status
    end as status,
    period_end > as_of as is_incomplete,
    coalesce(is_provisional, false) as is_provisional,
    coalesce(is_stale, false) as is_stale,
    coalesce(is_restated, false) as is_restated,
    coalesce(is_current, false) as is_current,
    warning_at,
    critical_at,
    low_warning_at,
    low_critical_at,
    bad_direction,
    rule_id,
    left_out,
    case
        when is_not_applicable then 'profile:' || delivery_profile
        when value is null and is_finished then 'finished'
        when edge is not null then substr(edge, position(':' in edge) + 1)
        when missing is not null and currencies_without_rate is not null and (missing like '%costs%' or missing like '%contracts%') then 'rate_missing:' || currencies_without_rate
        when missing is not null then missing
        when value is null then 'zero:denominator'
        when is_too_early then too_early_reason
        when is_outdated then 'outdated:data_date'
    end as reason,
    currency
from placed
