-- Grain: one KPI and period of a project, with the measures of its formula as term_1, term_2 … (first the measures themselves); of a percentile, of
-- modules and phases too. (Terms of modules and phases are the cells themselves.)
{{ config(meta={'by_project': true}) }}
{%- set percentiles = kpis().values() | selectattr('percentile') | list -%}
{%- set percentile_terms = percentiles[0].terms %}  {#- all of them are of one distribution: what stands beside the percentile is the same #}
with
stated_terms as (
    {%- for key, kpi in kpis().items() if not kpi.percentile %}
    {% if kpi.complete_at == 'module' %}{{ member_terms_select(key, kpi) }}{% else %}{{ kpi_terms_select(key, kpi, ['project']) }}{% endif %}
    union all
    {%- endfor %}
    select
        percentile_kpis.kpi_key, cells.grain, cells.project_key, cells.module, cells.phase, cells.period_kind, cells.period_start, cells.period_end, cells.as_of,
        cells.as_of, cells.as_of, false, false, false,
        percentiles.value,
        {%- for position in range(1, term_count()) %}
        {% if position < percentile_terms | length %}cells.{{ percentile_terms[position] }}{% else %}cast(null as {{ amount() }}){% endif %},
        {%- endfor %}
        0, percentiles.value is not null, {{ empty_list() }}
    from {{ ref('kpi_cells') }} as cells
    cross join (
        {%- for key, kpi in kpis().items() if kpi.percentile %}
        select '{{ key }}' as kpi_key
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as percentile_kpis
    left join {{ ref('kpi_percentiles') }} as percentiles
        on percentile_kpis.kpi_key = percentiles.kpi_key
        and cells.grain = percentiles.grain
        and cells.project_key = percentiles.project_key
        and cells.module = percentiles.module
        and cells.phase = percentiles.phase
        and cells.period_kind = percentiles.period_kind
        and cells.period_end = percentiles.period_end
    where cells.grain = 'project' or percentiles.value is not null
),

-- what a KPI does not apply to is nothing that was left out of it
outside as (
    select kpis.kpi_key, projects.project_key
    from {{ ref('dim_kpis') }} as kpis
    inner join {{ ref('dim_projects') }} as projects on {{ list_contains('kpis.not_applicable_to', 'projects.delivery_profile') }}
),

below_portfolio as (
    select
        {{ all_but('terms', ['all_numerator']) }},
        case when outside.kpi_key is not null and not terms.is_known then 0 else terms.all_numerator end as all_numerator
    from stated_terms as terms
    left join outside
        on terms.kpi_key = outside.kpi_key
        and terms.project_key = outside.project_key
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
from below_portfolio
