{% macro beyond_levels(kpi, level) %}
    {#- Whether the row lies beyond its warning or critical level, on the side or sides that are bad: numerator against level × denominator in
        decimals, so that a value exactly on the line passes. -#}
    {%- set held = 'cast(numerator as decimal(30, 6)) ' if kpi.denominator else 'cast(value as decimal(30, 6)) ' -%}
    {%- set line = '_at as decimal(12, 6)) * cast(denominator as decimal(24, 4))' if kpi.denominator else '_at as decimal(24, 6))' -%}
    (bad_direction in ('above', 'outside') and {{ held }}> cast({{ level }}{{ line }}
                or bad_direction = 'below' and {{ held }}< cast({{ level }}{{ line }}
                or bad_direction = 'outside' and {{ held }}< cast(low_{{ level }}{{ line }})
{% endmacro %}


{% macro level_status(kpi) %}
    {#- Levels over numerator, denominator and value of the row; the KPI's own rule of status where no person set levels. -#}
        case
            {%- if kpi.status %}
            when rule_id is null then {{ kpi.status }}
            {%- endif %}
            when bad_direction is null or coalesce(warning_at, critical_at, low_warning_at, low_critical_at) is null then 'unrated'
            when {{ plimsoll.beyond_levels(kpi, 'critical') }} then 'critical'
            when {{ plimsoll.beyond_levels(kpi, 'warning') }} then 'warning'
            else 'ok'
        end
{% endmacro %}


{% macro kpi_value_select(kpi_key, kpi, which) %}
    {#- Formula, levels and status of one KPI, from its terms: of the values that are stored, or of modules and phases by week. A KPI that takes
        its status from another judges the other's formula over the same terms: the two share their measures. -#}
    {%- set leading_key = kpi.status_from or kpi_key -%}
    {%- set leading = plimsoll.kpis()[leading_key] -%}
    {%- set of_parts = ['module', 'phase'] | select('in', kpi.grains) | list -%}
    {%- if kpi.readings %}
    select * from (
    select
        read.*,
        {%- for side in ['min', 'max'] %}
        {{ side }}(case when reading <> 'as_read' then coalesce(substr(edge, 1, position(':' in edge) - 1), case when value is null then 'no_data' else level_status end) end)
            over (partition by grain, project_key, module, phase, period_kind, period_end) as {{ 'least' if side == 'min' else 'other' }}_status{{ ',' if not loop.last }}
        {%- endfor %}
    from (
    {%- endif %}
    select
        kpi_key, grain, project_key, module, phase, period_kind, period_start, period_end, as_of, left_out, reading,
        valued_from, valued_on, is_estimated, is_outdated, is_provisional as is_provisional_at_date,
        -- unknown is never a number: a difference with an unknown term is one no more than a ratio
        case when is_known then value end as value,
        case when is_known then own_numerator end as numerator,
        case when is_known then own_denominator end as denominator,
        case when is_known then cast({{ kpi.counted or 'null' }} as bigint) end as counted,
        case when is_known then cast({{ kpi.counted_of or 'null' }} as bigint) end as counted_of,
        case when is_known then cast({{ kpi.reversed or 'null' }} as bigint) end as reversed_items,
        is_known and {{ kpi.unknown_words or 'false' }} as has_many_unknown_words,
        {%- for level in ['warning_at', 'critical_at', 'low_warning_at', 'low_critical_at'] %}
        {% if kpi.status_from %}cast(null as double){% else %}{{ level }}{% endif %} as {{ level }},
        {%- endfor %}
        {% if kpi.status_from %}cast(null as {{ dbt.type_string() }}){% else %}bad_direction{% endif %} as bad_direction,
        {% if kpi.status_from %}cast(null as bigint){% else %}rule_id{% endif %} as rule_id,
        case when is_known then {{ kpi.too_early or 'cast(null as ' ~ dbt.type_string() ~ ')' }} end as too_early,
        case when is_known then {% if kpi.beside %}'other_basis:' || {{ plimsoll.level_status(kpi) }}{% else %}{{ kpi.unrated or 'cast(null as ' ~ dbt.type_string() ~ ')' }}{% endif %} end as unrated_when,
        {% if kpi.status_from %}case when leading_value is null then 'unrated' else {{ plimsoll.level_status(leading) }} end{% else %}{{ plimsoll.level_status(kpi) }}{% endif %} as level_status,
        {% if kpi.edge %}case when is_known then {{ kpi.edge }} end{% else %}cast(null as {{ dbt.type_string() }}){% endif %} as edge,
        case when not is_known then {{ kpi.missing }} end as missing
        {%- if not kpi.readings %},
        cast(null as {{ dbt.type_string() }}) as least_status,
        cast(null as {{ dbt.type_string() }}) as other_status
        {%- endif %}
    from (
        select
            named.*,
            {% if kpi.percentile %}cast(term_1 as double){% else %}{{ kpi.value }}{% endif %} as value,
            cast({{ kpi.numerator }} as double) as own_numerator,
            {% if kpi.denominator %}cast({{ kpi.denominator }} as double){% else %}cast(null as double){% endif %} as own_denominator,
            cast({{ leading.numerator }} as double) as numerator,
            {% if leading.denominator %}cast({{ leading.denominator }} as double){% else %}cast(null as double){% endif %} as denominator,
            {% if kpi.status_from %}{{ leading.value }} as leading_value,{% endif %}
            levels.rule_id,
            coalesce(levels.direction, {{ sql_text(kpi.bad_direction) }}) as bad_direction,
            case when levels.rule_id is not null then levels.warning_at else {{ leading.levels.warning_expr or sql_number(leading.levels.warning) }} end as warning_at,
            case when levels.rule_id is not null then levels.critical_at else {{ leading.levels.critical_expr or sql_number(leading.levels.critical) }} end as critical_at,
            case when levels.rule_id is not null then levels.low_warning_at else {{ sql_number(leading.levels.low_warning) }} end as low_warning_at,
            levels.low_critical_at
        from (
            select
                {{ all_but('worded', kpi.measures if kpi.readings else []) }}
                {%- for reading in kpi.readings %},
                {{ reading }}
                {%- endfor %}
            from (
            select
                kpi_terms.*,
                {%- for measure in kpi.terms %}
                term_{{ loop.index }} as {{ measure }},
                {%- endfor %}
                {% if kpi.readings %}readings.reading{% else %}'as_read' as reading{% endif %}
            from (
                {%- if which == 'stored' or kpi.percentile %}
                select * from {{ ref('kpi_terms') }}
                where kpi_key = '{{ kpi_key }}'
                    {%- if kpi.percentile %} and {{ 'not ' if which == 'stored' }}(grain in ('module', 'phase') and period_kind = 'week'){% endif %}
                {%- endif %}
                {%- if of_parts and not kpi.percentile %}
                {{ 'union all' if which == 'stored' }}
                {{ plimsoll.kpi_terms_select(kpi_key, kpi, of_parts, 'month' if which == 'stored' else 'week') }}
                {%- endif %}
            ) as kpi_terms
            {%- if kpi.readings %}
            cross join (select 'as_read' as reading union all select 'high' union all select 'low') as readings
            where readings.reading = 'as_read'
                {%- for companion in kpi.companions %}
                or term_{{ kpi.measures | length + loop.index }} <> 0
                {%- endfor %}
            {%- endif %}
            ) as worded
        ) as named
        left join levels
            on levels.kpi_key = '{{ kpi.beside or leading_key }}'
            and levels.grain = named.grain
            and levels.project_key = named.project_key
            and levels.module = named.module
            and levels.phase = named.phase
            and levels.period_kind = named.period_kind
            and levels.period_end = named.period_end
    ) as judged
    {%- if kpi.readings %}
    ) as read
    ) as read_both_ways
    where reading = 'as_read'
    {%- endif %}
{% endmacro %}
