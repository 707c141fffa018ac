{% macro kpi_terms_select(kpi_key, kpi, grains, period_kind=none) %}
    {#- One KPI at these grains below the portfolio: its measures as term_1, term_2 …, from the cells. period_kind: of weeks or of months only. -#}
    select
        '{{ kpi_key }}' as kpi_key,
        grain,
        project_key,
        module,
        phase,
        period_kind,
        period_start,
        period_end,
        as_of,
        valued_on as valued_from,
        valued_on,
        is_estimated,
        is_outdated,
        is_provisional,
        {%- for position in range(plimsoll.term_count()) %}
        {% if position < kpi.terms | length %}{{ kpi.terms[position] }}{% else %}cast(null as {{ amount() }}){% endif %} as term_{{ position + 1 }},
        {%- endfor %}
        cast(coalesce({{ kpi.total }}, 0) as {{ amount() }}) as all_numerator,
        {{ kpi.known }}
            {%- if kpi.applies_if and kpi.not_applicable_to %}
            and ({{ kpi.applies_if }} or project_key not in (
                select project_key from {{ ref('dim_projects') }} where delivery_profile in ('{{ kpi.not_applicable_to | join("', '") }}')
            )){% endif %} as is_known,
        {{ empty_list() }} as left_out
    from {{ plimsoll.cells_of(kpi) }} as cells
    where grain in ('{{ grains | join("', '") }}')
        {%- if period_kind %} and period_kind = '{{ period_kind }}'{% endif %}
        {%- if 'project' not in grains %} and {{ kpi.member }}{% endif %}
{% endmacro %}


{% macro member_terms_select(kpi_key, kpi) %}
    {#- A KPI made complete by module: the project is the sum of the modules whose every term is known; the others are named. -#}
    select
        '{{ kpi_key }}' as kpi_key,
        'project' as grain,
        project_key,
        '*' as module,
        '*' as phase,
        period_kind,
        period_start,
        period_end,
        as_of,
        min(valued_on) as valued_from,
        max(valued_on) as valued_on,
        bool_or(is_estimated) as is_estimated,
        bool_and(is_outdated) as is_outdated,
        bool_or(is_provisional) as is_provisional,
        {%- for position in range(plimsoll.term_count()) %}
        {% if position < kpi.terms | length -%}
        case
            when max(case when {{ kpi.known }} then 1 else 0 end) = 1 then sum(case when {{ kpi.known }} then {{ kpi.terms[position] }} end)
            else sum({{ kpi.terms[position] }})  -- no member is complete: what is there tells which feed is missing
        end
        {%- else %}cast(null as {{ amount() }}){% endif %} as term_{{ position + 1 }},
        {%- endfor %}
        sum(coalesce({{ kpi.total }}, 0)) as all_numerator,
        max(case when {{ kpi.known }} then 1 else 0 end) = 1 as is_known,
        {{ sorted_list('case when not ' ~ kpi.known ~ ' and coalesce(' ~ kpi.expects ~ ", 0) > 0 then project_key || '/' || module end") }} as left_out
    from {{ plimsoll.cells_of(kpi) }} as cells
    where grain = 'module'
    group by project_key, period_kind, period_start, period_end, as_of
{% endmacro %}
