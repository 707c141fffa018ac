-- Grain: one KPI and period of the portfolio, with the measures of its formula as term_1, term_2 …. It holds each project at its own status date, and
-- only those whose every term is known; the others are named in left_out.
{{ config(meta={'has_portfolio': true}) }}
{%- set term_names = [] -%}
{%- for position in range(1, term_count() + 1) -%}{%- do term_names.append('term_' ~ position) -%}{%- endfor -%}
{%- set percentiles = kpis().values() | selectattr('percentile') | list -%}
{%- set percentile_terms = percentiles[0].terms %}  {#- all of them are of one distribution: what stands beside the percentile is the same #}
with
-- of the KPIs that are told of the portfolio: months of two plans are no sum
windows as (
    {%- for key, kpi in kpis().items() if 'portfolio' in kpi.grains %}
    select '{{ key }}' as kpi_key, '{{ kpi.window }}' as counts_window, {{ 'true' if kpi.percentile else 'false' }} as is_percentile
        {%- for position in range(term_count()) %}, {{ 'true' if position < kpi.terms | length and measures()[kpi.terms[position]].is_money else 'false' }} as is_money_{{ position + 1 }}{% endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

portfolio_periods as (
    select distinct period_kind, period_start, period_end from {{ ref('dim_periods') }}
),

last_periods as (
    select project_key, period_kind, period_end as last_end from {{ ref('dim_periods') }} where is_last
),

-- a project whose status date lies before the period stands in the portfolio as it was then; what is counted in a period does not
carried as (
    select
        {{ all_but('terms', term_names + ['is_known']) }},
        -- money in the reporting currency, all terms of a value at one rate; without one the project is left out and named
        {%- for position in range(1, term_count() + 1) %}
        case
            when windows.is_money_{{ position }} and rates.exchange_rate <> 1
                then cast(round(cast(terms.term_{{ position }} as double) * cast(rates.exchange_rate as double), 4) as {{ amount() }})
            else terms.term_{{ position }}
        end as term_{{ position }},
        {%- endfor %}
        terms.is_known
            and (rates.exchange_rate is not null or not ({% for position in range(1, term_count() + 1) %}windows.is_money_{{ position }}{{ ' or ' if not loop.last }}{% endfor %})) as is_known,
        windows.counts_window,
        portfolio_periods.period_start as portfolio_start,
        portfolio_periods.period_end as portfolio_end
    from {{ ref('kpi_project_terms') }} as terms
    inner join windows on terms.kpi_key = windows.kpi_key
    inner join {{ ref('dim_projects') }} as projects on terms.project_key = projects.project_key
    left join {{ ref('reporting_rates') }} as rates
        on projects.currency = rates.currency
        and terms.as_of = rates.as_of
    inner join last_periods
        on terms.project_key = last_periods.project_key
        and terms.period_kind = last_periods.period_kind
    inner join portfolio_periods
        on terms.period_kind = portfolio_periods.period_kind
        and (portfolio_periods.period_end = terms.period_end
            or (terms.period_end = last_periods.last_end
                and portfolio_periods.period_end > last_periods.last_end
                and windows.counts_window <> 'in_period'))
    where terms.grain = 'project'
        and not windows.is_percentile
        and terms.project_key <> 'unallocated'
),

portfolio as (
    select
        kpi_key,
        'portfolio' as grain,
        '*' as project_key,
        '*' as module,
        '*' as phase,
        period_kind,
        portfolio_start as period_start,
        portfolio_end as period_end,
        max(as_of) as as_of,
        min(case when is_known then valued_on end) as valued_from,
        max(case when is_known then valued_on end) as valued_on,
        coalesce(bool_or(is_estimated and is_known), false) as is_estimated,
        coalesce(bool_and(is_outdated or not is_known), false) as is_outdated,
        coalesce(bool_or(is_provisional and is_known), false) as is_provisional,
        {%- for position in range(1, term_count() + 1) %}
        sum(case when is_known then term_{{ position }} end) as term_{{ position }},
        {%- endfor %}
        sum(all_numerator) as all_numerator,
        max(case when is_known then 1 else 0 end) = 1 as is_known,
        {{ lists_joined("case when is_known then left_out else " ~ list_of_one('project_key') ~ " end") }} as left_out
    from carried
    group by kpi_key, period_kind, portfolio_start, portfolio_end
),

portfolio_percentiles as (
    select
        kpi_key, grain, project_key, module, phase, period_kind, period_start, period_end, beside.cut_on as as_of,
        as_of as valued_from, as_of as valued_on, false as is_estimated, false as is_outdated, false as is_provisional,
        value as term_1,
        {%- for position in range(1, term_count()) %}
        {% if position < percentile_terms | length %}beside.{{ percentile_terms[position] }}{% else %}cast(null as {{ amount() }}){% endif %} as term_{{ position + 1 }},
        {%- endfor %}
        0 as all_numerator,
        true as is_known,
        {{ empty_list() }} as left_out
    from {{ ref('kpi_percentiles') }}
    left join (
        select
            {%- for term in percentile_terms[1:] %}
            sum({{ term }}) as {{ term }},
            {%- endfor %}
            max(as_of) as cut_on,
            period_kind as beside_kind,
            period_end as beside_end
        from {{ ref('kpi_cells') }}
        where grain = 'project' and project_key <> 'unallocated'
        group by period_kind, period_end
    ) as beside on period_kind = beside_kind and period_end = beside_end
    where grain = 'portfolio'
),

together as (
    {%- for step in ['portfolio', 'portfolio_percentiles'] %}
    select
        kpi_key, grain, project_key, module, phase, period_kind, period_start, period_end, as_of,
        valued_from, valued_on, is_estimated, is_outdated, is_provisional,
        {%- for position in range(1, term_count() + 1) %} term_{{ position }},{% endfor %} all_numerator, is_known, left_out
    from {{ step }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
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
    is_outdated,
    is_provisional,
    {%- for position in range(1, term_count() + 1) %}
    cast(term_{{ position }} as {{ amount() }}) as term_{{ position }},
    {%- endfor %}
    cast(all_numerator as {{ amount() }}) as all_numerator,
    is_known,
    left_out
from together
