{% macro judged_values(which) %}
    {#- {KPI: its rows of judged in values_of}: of the values that are 'stored', or of those of 'member_weeks'. -#}
    {%- set found = {} -%}
    {%- for key, kpi in plimsoll.kpis().items() if which == 'stored' or 'module' in kpi.grains or 'phase' in kpi.grains -%}
        {%- do found.update({key: plimsoll.kpi_value_select(key, kpi, which)}) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{% macro values_of(which, judged) %}
    {#- Values with status and flags, from rows of kpi_value_select as judged: those that are 'stored', or those of modules and phases by week
        ('member_weeks'), which are put together when they are read. -#}
{%- set is_read = which == 'member_weeks' -%}
with
levels as (
    select * from {{ ref('kpi_levels') }}
),

judged as {{ plimsoll.made_once() if not is_read }} (
    {{ judged }}
),

unknown_words as (
    select
        kpis.kpi_key,
        coalesce(words.project_key, '*') as project_key,
        'words:' || {{ plimsoll.list_as_text(plimsoll.sorted_list("case when words.place <= 5 then words.column_name || '=' || words.word end"), '; ') }} as words
    from (
        select *, row_number() over (partition by feed, column_name, project_key order by row_count desc, word) as place
        from {{ ref('unmapped_words') }}
    ) as words
    inner join {{ ref('dim_kpis') }} as kpis on {{ plimsoll.list_contains('kpis.words', "words.feed || '.' || words.column_name") }}
    group by grouping sets ((kpis.kpi_key, words.project_key), (kpis.kpi_key))
),

catalogue as (
    select kpi_key, feeds, is_cost, dated, not_applicable_to
    from {{ ref('dim_kpis') }}
),

projects as (
    select
        project_key, delivery_profile, status_on, cost_closed_on, actual_finish_on,
        cost_closed_on as everyone_closed_on, finance_closed_on, currency
    from {{ ref('dim_projects') }}
    union all
    -- the portfolio: costs stand at the newest closed month, provisional while a member is not closed
    select
        '*', cast(null as {{ dbt.type_string() }}), max(status_on), max(cost_closed_on), cast(null as date),
        coalesce(min(case when cost_closed_on < status_on then cost_closed_on end), max(cost_closed_on)),
        min(case when cost_closed_on is not null then coalesce(finance_closed_on, cast('1900-01-01' as date)) end),
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

{% if not is_read -%}
previous as (
    select * from {{ ref('stg_previous_values') }}
),

{% endif -%}
unconverted as (
    select
        project_key,
        min(coalesce(first_on, cast('1900-01-01' as date))) as since,
        {{ plimsoll.joined_text('currency') }} as currencies
    from {{ ref('unconverted_totals') }}
    where feed in ('costs', 'rates', 'contracts')
    group by 1
),

placed as (
    select
        judged.*,
        -- critical whichever way they are read is certain, and too early would only look better
        case
            when not (judged.least_status = 'critical' and judged.other_status = 'critical' and judged.level_status = 'critical')
                and (judged.has_many_unknown_words
                    or judged.least_status <> coalesce(substr(judged.edge, 1, position(':' in judged.edge) - 1), judged.level_status)
                    or judged.other_status <> coalesce(substr(judged.edge, 1, position(':' in judged.edge) - 1), judged.level_status))
                then coalesce(unknown_words.words, 'words')
        end as unclear_words,
        projects.delivery_profile,
        projects.currency,
        coalesce(projects.actual_finish_on < judged.period_start, false) as is_finished,
        judged.value is null and {{ plimsoll.list_contains('catalogue.not_applicable_to', 'projects.delivery_profile') }} as is_not_applicable,
        unconverted.currencies as currencies_without_rate,
        judged.value is not null and catalogue.is_cost and case when catalogue.dated = 'cost' then judged.is_provisional_at_date else (projects.everyone_closed_on is null or projects.everyone_closed_on < least(judged.period_end, projects.status_on)) end as is_provisional,
        judged.value is not null and catalogue.is_cost
            and coalesce(projects.finance_closed_on, cast('1900-01-01' as date))
                < case when catalogue.dated = 'cost' then judged.valued_on else least(judged.period_end, projects.status_on) end as is_before_finance,
        judged.period_end = case when catalogue.dated = 'cost' then last_periods.closing_end when catalogue.is_cost then last_periods.last_closed_end else last_periods.last_end end as is_current,
        judged.period_end = last_periods.last_end and judged.value is not null
            and {{ plimsoll.lists_overlap('stale_feeds.feeds', 'catalogue.feeds') }} as is_stale,
        {% if is_read %}false{% else %}previous.value is not null
            and (judged.value is null or abs(judged.value - previous.value) > 0.000001 * greatest(abs(previous.value), 0.000001)){% endif %} as is_restated,
        -- a line that is put right moves nothing; what crosses a level is told however small
        judged.value is not null
            and coalesce(losses.moved_by > {{ var('loss_share') }}{% for level in ['warning_at', 'critical_at'] %}
                or (judged.bad_direction in ('above', 'outside') and judged.value <= judged.{{ level }} and losses.value_with_lost_rows > judged.{{ level }})
                or (judged.bad_direction = 'below' and judged.value >= judged.{{ level }} and losses.value_with_lost_rows < judged.{{ level }})
                or (judged.bad_direction = 'outside' and judged.value >= judged.low_{{ level }} and losses.value_with_lost_rows < judged.low_{{ level }}){% endfor %}, false) as is_better_by_loss,
        losses.loss_rows,
        losses.loss_amount,
        losses.value_with_lost_rows
    from judged
    inner join catalogue on judged.kpi_key = catalogue.kpi_key
    inner join projects on judged.project_key = projects.project_key
    left join unknown_words
        on judged.kpi_key = unknown_words.kpi_key
        and judged.project_key = unknown_words.project_key
    inner join last_periods
        on judged.project_key = last_periods.project_key
        and judged.period_kind = last_periods.period_kind
    left join {{ ref('stale_feeds') }} as stale_feeds on judged.project_key = stale_feeds.project_key
    left join unconverted
        on judged.project_key = unconverted.project_key
        and judged.as_of >= unconverted.since
        and {{ plimsoll.lists_overlap('catalogue.feeds', plimsoll.list_text(['costs', 'contracts'])) }}
    left join {{ ref('kpi_losses') }} as losses
        on judged.kpi_key = losses.kpi_key
        and judged.grain = losses.grain
        and judged.project_key = losses.project_key
        and judged.module = losses.module
        and judged.phase = losses.phase
        and judged.period_kind = losses.period_kind
        and judged.period_end = losses.period_end
    {%- if not is_read %}
    left join previous
        on judged.kpi_key = previous.kpi_key
        and judged.grain = previous.grain
        and judged.project_key = previous.project_key
        and judged.period_kind = previous.period_kind
        and judged.period_end = previous.period_end
    {%- endif %}
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
    counted,
    counted_of,
    reversed_items,
    case
        when is_not_applicable then 'not_applicable'
        when unclear_words is not null and (value is not null or edge is not null) then 'too_early'
        when edge is not null then substr(edge, 1, position(':' in edge) - 1)
        when value is null then 'no_data'
        when too_early is not null then 'too_early'
        when is_outdated or unrated_when is not null then 'unrated'
        else level_status
    end as status,
    period_end > as_of as is_incomplete,
    coalesce(is_provisional, false) as is_provisional,
    coalesce(is_before_finance and not is_provisional, false) as is_presumed_closed,
    coalesce(is_stale, false) as is_stale,
    coalesce(is_restated, false) as is_restated,
    is_better_by_loss,
    case when is_better_by_loss then loss_rows end as loss_rows,
    case when is_better_by_loss then loss_amount end as loss_amount,
    case when is_better_by_loss then value_with_lost_rows end as value_with_lost_rows,
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
        when unclear_words is not null and missing is null then unclear_words
        when edge is not null then substr(edge, position(':' in edge) + 1)
        when missing is not null and currencies_without_rate is not null and (missing like '%costs%' or missing like '%contracts%') then 'rate_missing:' || currencies_without_rate
        when missing is not null then missing
        when value is null then 'zero:denominator'
        when too_early is not null then too_early
        when is_outdated then 'outdated:data_date'
        else unrated_when
    end as reason,
    currency
from placed
{% endmacro %}
