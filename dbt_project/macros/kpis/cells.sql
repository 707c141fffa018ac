{% macro earned_value_measures() %}
    {#- What earned value is made of, in money and in hours: kept by WBS element too. -#}
    {{ return(['budget_at_completion', 'planned_value', 'earned_value', 'actual_cost', 'elements_due', 'planned_hours', 'earned_hours', 'hours_logged', 'budget_hours']) }}
{% endmacro %}


{% macro datings() %}
    {#- Which column of dim_periods holds the day at which the KPIs of a dating stand. -#}
    {{ return({'schedule': 'schedule_on', 'cost': 'cost_on'}) }}
{% endmacro %}


{% macro dated_columns() %}
    {#- {column of kpi_cells: (measure, dating)}: the measures of KPIs that stand at a data date, once for each dating they are told in; those of
        earned value in every one, for its parts are shown with all of them. -#}
    {%- set found = {} -%}
    {%- for dating in plimsoll.datings() -%}
        {%- for measure in plimsoll.earned_value_measures() -%}
            {%- do found.update({measure ~ '__' ~ dating: (measure, dating)}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for key, kpi in plimsoll.kpis().items() if kpi.dated -%}
        {%- for measure in kpi.terms -%}
            {%- do found.update({measure ~ '__' ~ kpi.dated: (measure, kpi.dated)}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{% macro standing_columns() %}
    {#- Of dim_periods: where its KPIs stand. -#}
    {{ return(['schedule_on', 'cost_on', 'cost_until', 'is_cost_estimated', 'is_cost_outdated', 'is_cost_provisional']) }}
{% endmacro %}


{% macro cells_of(kpi) %}
    {#- kpi_cells with the measures of one KPI under their own names, at the day at which it stands. -#}
    (
        select
            grain, project_key, module, phase, period_kind, period_start, period_end, as_of,
            {{ plimsoll.datings().get(kpi.dated, 'as_of') }} as valued_on,
            {%- for flag in ['estimated', 'outdated', 'provisional'] %}
            {% if kpi.dated == 'cost' %}is_cost_{{ flag }}{% else %}false{% endif %} as is_{{ flag }},
            {%- endfor %}
            {%- for measure in kpi.terms %}
            {{ measure }}{% if kpi.dated %}__{{ kpi.dated }}{% endif %} as {{ measure }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('kpi_cells') }}
    )
{% endmacro %}


{% macro standing_on(dating, periods) %}
    {#- The day at which a KPI of this dating (a column of dim_kpis, or the word itself) stands in a row of dim_periods. -#}
    case {{ dating }}{% for word, column in plimsoll.datings().items() %} when '{{ word }}' then {{ periods }}.{{ column }}{% endfor %} else {{ periods }}.as_of end
{% endmacro %}
