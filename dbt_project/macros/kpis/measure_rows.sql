{% macro measure_rows(fact, only=none, identified=false) %}
    {#-
    The rows of every measure over one fact (of those in `only`, where it is given), in one shape: the evidence, and what the deltas are made
    from. A row without a WBS element, and every row of a fact that has none, stands under '-'. identified: with what each is found again by,
    and without those that are not looked for.
    -#}
    {%- set table = plimsoll.fact_tables()[fact] -%}
    {%- set wanted = [] -%}
    {%- for key, measure in plimsoll.measures().items() if measure.fact == fact and (only is none or key in only) -%}
        {%- do wanted.append((key, measure)) -%}
    {%- endfor -%}
    {%- for key, measure in wanted %}
    select
        '{{ key }}' as measure_key,
        project_key,
        module,
        phase,
        {% if table.element %}coalesce({{ table.element }}, '-'){% else %}'-'{% endif %} as wbs_code,
        {{ measure.counts_from }} as counts_from,
        {% if measure.counts_until -%}
        case when {{ measure.counts_until }} < {{ measure.counts_from }} then {{ measure.counts_from }} else {{ measure.counts_until }} end
        {%- else -%} cast(null as date) {%- endif %} as counts_until,
        cast({{ measure.amount }} as {{ amount() }}) as amount,
        '{{ fact }}' as fact,
        cast({{ table.row_key }} as {{ dbt.type_string() }}) as row_key,
        cast({{ table.row_label }} as {{ dbt.type_string() }}) as row_label,
        batch_id,
        source_row
        {%- if identified %},
        {{ table.identity }} as identity,
        {{ table.detail or 'cast(null as ' ~ dbt.type_string() ~ ')' }} as detail
        {%- endif %}
    from {{ ref(fact) }}
    where {{ measure.counts_from }} is not null
        and {{ measure.amount }} is not null
        {% if identified %}and {{ table.identity }} is not null{% endif %}
        {% if measure.filter %}and {{ measure.filter }}{% endif %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}


{% macro kpi_deltas(fact) %}
    {#- The model of deltas of one fact: by how much each of its measures changes, by project, module, phase and day. -#}
{{ config(meta={'by_project': true}) }}
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
