{#- What the models of models/kpis are generated from: one deltas model per fact, wide cells, terms and values per KPI. -#}

{% macro kpi_deltas(fact) %}
with
measure_rows as (
    {{ plimsoll.measure_rows(fact) }}
),

{{ plimsoll.deltas_of_measure_rows(['project_key', 'module', 'phase', 'measure_key']) }}
{% endmacro %}


{% macro deltas_of_measure_rows(keys) %}
    {#-
    From a step named measure_rows: +amount on the day a row begins to count, −amount on the day it ceases to, by these columns and day; never
    beyond the project's status date.
    -#}
dated as (
    select
        measure_rows.*,
        projects.status_on
    from measure_rows
    inner join {{ ref('dim_projects') }} as projects on measure_rows.project_key = projects.project_key
    where measure_rows.counts_from <= projects.status_on
),

deltas as (
    select {{ keys | join(', ') }}, counts_from as delta_on, amount as delta
    from dated
    union all
    select {{ keys | join(', ') }}, counts_until as delta_on, -amount as delta
    from dated
    where counts_until <= status_on
)

select
    {%- for key in keys %}
    {{ key }},
    {%- endfor %}
    delta_on,
    cast(sum(delta) as {{ amount() }}) as delta
from deltas
group by {% for key in keys %}{{ loop.index }}, {% endfor %}{{ keys | length + 1 }}
{% endmacro %}


{% macro kpi_terms_select(kpi_key, kpi, grain) %}
    {#- One KPI at one grain below the portfolio: its measures as term_1, term_2 …, from the cells of that grain. -#}
    select
        '{{ kpi_key }}' as kpi_key,
        '{{ grain }}' as grain,
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
        {%- set terms = plimsoll.kpi_terms_of(kpi) %}
        {%- for position in range(plimsoll.kpi_term_count()) %}
        {% if position < terms | length %}{{ terms[position] }}{% else %}cast(null as {{ amount() }}){% endif %} as term_{{ position + 1 }},
        {%- endfor %}
        cast({{ plimsoll.numerator_total(kpi) }} as {{ amount() }}) as all_numerator,
        {{ plimsoll.is_known(kpi) }}
            {%- if kpi.applies_if and kpi.not_applicable_to %}
            and ({{ kpi.applies_if }} or project_key not in (
                select project_key from {{ ref('dim_projects') }} where delivery_profile in ('{{ kpi.not_applicable_to | join("', '") }}')
            )){% endif %} as is_known,
        {{ empty_list() }} as left_out
    from {{ plimsoll.cells_of(kpi) }} as cells
    where grain = '{{ grain }}'
        {% if grain != 'project' %}and {{ plimsoll.is_member(kpi) }}{% endif %}
{% endmacro %}


{% macro is_known(kpi) %}
    {#- Every term is known, and the member is one at all. -#}
    ({% for measure in plimsoll.kpi_required(kpi) %}{{ measure }} is not null{{ ' and ' if not loop.last }}{% endfor %}
        {%- if kpi.needs_none %} and {{ kpi.needs_none }} = 0{% endif %}
        {%- if kpi.needs_positive %} and ({{ kpi.needs_positive }} > 0{% if kpi.unless %} or {{ kpi.unless }}{% endif %}){% endif %})
{% endmacro %}


{% macro is_member(kpi) %}
    {#- Of a part of a project: known, and there is what the KPI is about. -#}
    ({{ plimsoll.is_known(kpi) }}{% if kpi.applies_if %} and {{ kpi.applies_if }}{% endif %})
{% endmacro %}


{% macro numerator_total(kpi) %}
    {#- The first measure, or the one named as total, whether the member is complete or not: how much is left out. -#}
    coalesce({{ kpi.total or kpi.measures[0] }}, 0)
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
        {%- set terms = plimsoll.kpi_terms_of(kpi) %}
        {%- for position in range(plimsoll.kpi_term_count()) %}
        {% if position < terms | length -%}
        case
            when max(case when {{ plimsoll.is_known(kpi) }} then 1 else 0 end) = 1 then sum(case when {{ plimsoll.is_known(kpi) }} then {{ terms[position] }} end)
            else sum({{ terms[position] }})  -- no member is complete: what is there tells which feed is missing
        end
        {%- else %}cast(null as {{ amount() }}){% endif %} as term_{{ position + 1 }},
        {%- endfor %}
        sum({{ plimsoll.numerator_total(kpi) }}) as all_numerator,
        max(case when {{ plimsoll.is_known(kpi) }} then 1 else 0 end) = 1 as is_known,
        {{ sorted_list('case when not ' ~ plimsoll.is_known(kpi) ~ ' and coalesce(' ~ (kpi.expects or kpi.measures[0]) ~ ", 0) > 0 then project_key || '/' || module end") }} as left_out
    from {{ plimsoll.cells_of(kpi) }} as cells
    where grain = 'module'
    group by project_key, period_kind, period_start, period_end, as_of
{% endmacro %}


{% macro bad_direction(kpi) %}
    {#- Where a value of this KPI is bad unless a rule says otherwise: above or below its levels, or outside a band. -#}
    {{ return({'lower': 'above', 'higher': 'below', 'band': 'outside'}.get(kpi.better)) }}
{% endmacro %}


{% macro beyond_levels(kpi, level) %}
    {#- Whether the row lies beyond its warning or critical level, on the side or sides that are bad. -#}
    (bad_direction in ('above', 'outside') and {{ plimsoll.is_beyond({'better': 'lower', 'denominator': kpi.denominator}, level ~ '_at') }}
                or bad_direction = 'below' and {{ plimsoll.is_beyond({'better': 'higher', 'denominator': kpi.denominator}, level ~ '_at') }}
                or bad_direction = 'outside' and {{ plimsoll.is_beyond({'better': 'higher', 'denominator': kpi.denominator}, 'low_' ~ level ~ '_at') }})
{% endmacro %}


{% macro level_status(kpi) %}
    {#- Levels over numerator, denominator and value of the row; the KPI's own rule of status where no person set levels. -#}
        case
            {%- if kpi.status_sql %}
            when rule_id is null then {{ kpi.status_sql }}
            {%- endif %}
            when bad_direction is null or coalesce(warning_at, critical_at, low_warning_at, low_critical_at) is null then 'unrated'
            when {{ plimsoll.beyond_levels(kpi, 'critical') }} then 'critical'
            when {{ plimsoll.beyond_levels(kpi, 'warning') }} then 'warning'
            else 'ok'
        end
{% endmacro %}


{% macro missing_feeds(kpi) %}
    {#- 'missing:' and the feeds of the terms that are unknown. -#}
    'missing:' || substr(
        {%- for feed in plimsoll.kpi_feeds({'measures': plimsoll.kpi_required(kpi)}) %}
        case when
            {%- for measure in plimsoll.kpi_required(kpi) if plimsoll.fact_tables()[plimsoll.measures()[measure].fact].feed == feed %}
            {%- if kpi.needs_positive == measure %} coalesce({{ measure }}, 0) <= 0{% else %} {{ measure }} is null{% endif %}
            {{- ' or' if not loop.last }}
            {%- endfor %} then ',{{ feed }}' else '' end
        {{- ' ||' if not loop.last }}
        {%- endfor %}, 2)
{% endmacro %}


{% macro kpi_value_select(kpi_key, kpi) %}
    {#- Formula, levels and status of one KPI at every grain, from its terms. A KPI that takes its status from another judges the other's
        formula over the same terms: the two share their measures. -#}
    {%- set leading_key = kpi.status_from or kpi_key -%}
    {%- set leading = plimsoll.kpis()[leading_key] -%}
    {%- set companions = plimsoll.kpi_companions(kpi) -%}
    {%- for measure in leading.measures if measure not in kpi.measures -%}
        {{ exceptions.raise_compiler_error(kpi_key ~ " takes its status from " ~ leading_key ~ " and lacks its measure " ~ measure) }}
    {%- endfor -%}
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
        is_known and {{ plimsoll.unknown_rows(kpi) }} > {{ var('unknown_share') }} * {{ plimsoll.word_rows(kpi) if plimsoll.kpi_companions(kpi) else '0' }} as has_many_unknown_words,
        {%- for level in ['warning_at', 'critical_at', 'low_warning_at', 'low_critical_at'] %}
        {% if kpi.status_from %}cast(null as double){% else %}{{ level }}{% endif %} as {{ level }},
        {%- endfor %}
        {% if kpi.status_from %}cast(null as {{ dbt.type_string() }}){% else %}bad_direction{% endif %} as bad_direction,
        {% if kpi.status_from %}cast(null as bigint){% else %}rule_id{% endif %} as rule_id,
        {%- for attribute in ['too_early', 'unrated_when'] %}
        case when is_known then {% if kpi.beside and attribute == 'unrated_when' %}'other_basis:' || {{ plimsoll.level_status(kpi) }}{% else %}{{ plimsoll.kpi_reasons(kpi, attribute) or 'cast(null as ' ~ dbt.type_string() ~ ')' }}{% endif %} end as {{ attribute }},
        {%- endfor %}
        {% if kpi.status_from %}case when leading_value is null then 'unrated' else {{ plimsoll.level_status(leading) }} end{% else %}{{ plimsoll.level_status(kpi) }}{% endif %} as level_status,
        {% if kpi.edge %}case when is_known then {{ kpi.edge }} end{% else %}cast(null as {{ dbt.type_string() }}){% endif %} as edge,
        case when not is_known then {% if kpi.unknown_because %}coalesce({{ kpi.unknown_because }}, {{ plimsoll.missing_feeds(kpi) }}){% else %}{{ plimsoll.missing_feeds(kpi) }}{% endif %} end as missing
    from (
        select
            named.*,
            {% if kpi.percentile %}cast(term_1 as double){% else %}{{ plimsoll.kpi_formula(kpi) }}{% endif %} as value,
            cast({{ kpi.numerator }} as double) as own_numerator,
            {% if kpi.denominator %}cast({{ kpi.denominator }} as double){% else %}cast(null as double){% endif %} as own_denominator,
            cast({{ leading.numerator }} as double) as numerator,
            {% if leading.denominator %}cast({{ leading.denominator }} as double){% else %}cast(null as double){% endif %} as denominator,
            {% if kpi.status_from %}{{ plimsoll.kpi_formula(leading) }} as leading_value,{% endif %}
            levels.rule_id,
            coalesce(levels.direction, {{ sql_text(plimsoll.bad_direction(leading)) }}) as bad_direction,
            case when levels.rule_id is not null then levels.warning_at else {% if leading.warning_at_sql %}{{ leading.warning_at_sql }}{% else %}{{ sql_number(leading.warning_at) }}{% endif %} end as warning_at,
            case when levels.rule_id is not null then levels.critical_at else {% if leading.critical_at_sql %}{{ leading.critical_at_sql }}{% else %}{{ sql_number(leading.critical_at) }}{% endif %} end as critical_at,
            case when levels.rule_id is not null then levels.low_warning_at else {{ sql_number(leading.low_warning_at) }} end as low_warning_at,
            levels.low_critical_at
        from (
            select
                {{ all_but('worded', kpi.measures if companions else []) }}
                {%- if companions %},
                {%- for measure in kpi.measures %}
                {{ plimsoll.read_measure(kpi, measure) }} as {{ measure }}{{ ',' if not loop.last }}
                {%- endfor %}
                {%- endif %}
            from (
            select
                kpi_terms.*,
                {%- for measure in plimsoll.kpi_terms_of(kpi) %}
                term_{{ loop.index }} as {{ measure }},
                {%- endfor %}
                {% if companions %}readings.reading{% else %}'as_read' as reading{% endif %}
            from (
                select * from {{ ref('kpi_terms') }} where kpi_key = '{{ kpi_key }}'
                {%- for grain in ['module', 'phase'] if grain in plimsoll.kpi_grains(kpi) and not kpi.percentile %}
                union all
                {{ plimsoll.kpi_terms_select(kpi_key, kpi, grain) }}
                {%- endfor %}
            ) as kpi_terms
            {%- if companions %}
            cross join (select 'as_read' as reading union all select 'high' union all select 'low') as readings
            where readings.reading = 'as_read'
                {%- for measure in plimsoll.kpi_terms_of(kpi) if measure in companions | map(attribute=2) %}
                or term_{{ loop.index0 + kpi.measures | length + 1 }} <> 0
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
{% endmacro %}
