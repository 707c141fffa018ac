-- Grain: one KPI, cell and period: the value with its status and flags. Absent dimensions are '*'.
with
judged as (
    {%- for key, kpi in kpis().items() %}
    {{ kpi_value_select(key, kpi) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

reasons as (
    {%- for key, kpi in kpis().items() %}
    select
        kpi_key, grain, project_key, module, phase, period_kind, period_end,
        case when not is_known then 'missing:' || substr(
            {%- for feed in kpi_feeds(kpi) %}
            case when
                {%- for measure in kpi.measures if fact_tables()[measures()[measure].fact].feed == feed %}
                {%- if kpi.needs_positive == measure %} coalesce(term_{{ kpi.measures.index(measure) + 1 }}, 0) <= 0{% else %} term_{{ kpi.measures.index(measure) + 1 }} is null{% endif %}
                {{- ' or' if not loop.last }}
                {%- endfor %} then ',{{ feed }}' else '' end
            {{- ' ||' if not loop.last }}
            {%- endfor %}, 2)
        end as reason
    from {{ ref('kpi_terms') }}
    where kpi_key = '{{ key }}' and not is_known
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

catalogue as (
    select * from {{ ref('dim_kpis') }}
),

projects as (
    select project_key, delivery_profile, status_on, cost_closed_on, actual_finish_on
    from {{ ref('dim_projects') }}
),

cells_of_projects as (
    select project_key, delivery_profile, status_on, cost_closed_on, actual_finish_on,
        cost_closed_on as everyone_closed_on
    from projects
    union all
    -- the portfolio: costs stand at the newest closed month, provisional while a member is not closed
    select
        '*', cast(null as {{ dbt.type_string() }}), max(status_on), max(cost_closed_on), cast(null as date),
        min(case when cost_closed_on < status_on then cost_closed_on end)
    from projects
    where project_key <> 'unallocated'
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

together as (
    select
        judged.*,
        catalogue.is_cost,
        catalogue.status_from,
        catalogue.too_early_reason,
        catalogue.measures,
        cells.status_on,
        cells.cost_closed_on,
        cells.delivery_profile,
        judged.value is null and {{ list_contains('catalogue.not_applicable_to', 'cells.delivery_profile') }} as is_not_applicable,
        judged.period_end > judged.as_of as is_incomplete,
        catalogue.is_cost and (cells.everyone_closed_on is null and judged.project_key <> '*'
            or cells.everyone_closed_on < least(judged.period_end, cells.status_on)) as is_provisional,
        reasons.reason as missing,
        stale_facts.feeds as stale_feeds,
        catalogue.feeds,
        previous.value as previous_value,
        coalesce(not previous.is_incomplete and not previous.is_provisional, false) as was_settled
    from judged
    inner join catalogue on judged.kpi_key = catalogue.kpi_key
    left join cells_of_projects as cells on judged.project_key = cells.project_key
    left join reasons
        on judged.kpi_key = reasons.kpi_key
        and judged.grain = reasons.grain
        and judged.project_key = reasons.project_key
        and judged.module = reasons.module
        and judged.phase = reasons.phase
        and judged.period_kind = reasons.period_kind
        and judged.period_end = reasons.period_end
    left join stale_facts on judged.project_key = stale_facts.project_key
    left join previous
        on judged.kpi_key = previous.kpi_key
        and judged.grain = previous.grain
        and judged.project_key = previous.project_key
        and judged.module = previous.module
        and judged.phase = previous.phase
        and judged.period_kind = previous.period_kind
        and judged.period_end = previous.period_end
),

currency_of_rows as (
    select
        together.*,
        max(case when not is_cost or cost_closed_on is null or period_end <= cost_closed_on then period_end end)
            over (partition by kpi_key, grain, project_key, module, phase, period_kind) as current_end,
        max(period_end) over (partition by kpi_key, grain, project_key, module, phase, period_kind) as last_end
    from together
),

own_status as (
    select
        currency_of_rows.*,
        case
            when is_not_applicable then 'not_applicable'
            when value is null then 'no_data'
            when is_too_early then 'too_early'
            else level_status
        end as status
    from currency_of_rows
)

select
    own_status.kpi_key,
    own_status.grain,
    own_status.project_key,
    own_status.module,
    own_status.phase,
    own_status.period_kind,
    own_status.period_start,
    own_status.period_end,
    own_status.as_of,
    own_status.value,
    own_status.numerator,
    own_status.denominator,
    case
        when own_status.status_from is null or own_status.status in ('no_data', 'not_applicable') then own_status.status
        else coalesce(leading_kpi.status, 'unrated')
    end as status,
    own_status.is_incomplete,
    coalesce(own_status.is_provisional, false) as is_provisional,
    coalesce({{ lists_overlap('own_status.stale_feeds', 'own_status.feeds') }}, false) and own_status.period_end = own_status.last_end and own_status.value is not null as is_stale,
    own_status.was_settled and own_status.previous_value is not null
        and (own_status.value is null or abs(own_status.value - own_status.previous_value) > 0.000001 * greatest(abs(own_status.previous_value), 0.000001)) as is_restated,
    own_status.period_end = coalesce(own_status.current_end, own_status.last_end) as is_current,
    own_status.warning_at,
    own_status.critical_at,
    own_status.left_out,
    case
        when own_status.is_not_applicable then 'profile:' || own_status.delivery_profile
        when own_status.missing is not null then own_status.missing
        when own_status.value is null then 'zero:denominator'
        when own_status.is_too_early then own_status.too_early_reason
    end as reason
from own_status
left join own_status as leading_kpi
    on own_status.status_from = leading_kpi.kpi_key
    and own_status.grain = leading_kpi.grain
    and own_status.project_key = leading_kpi.project_key
    and own_status.module = leading_kpi.module
    and own_status.phase = leading_kpi.phase
    and own_status.period_kind = leading_kpi.period_kind
    and own_status.period_end = leading_kpi.period_end
